// SPDX-License-Identifier: BSD-2-Clause
//
// member.test.js: a gateway loses its member license. While it draws on
// subscriptions nobody minds; when it draws on a permanent license both
// consoles say so, and why, until it has one again. With strict membership on,
// its form warns, and nothing more of the kind is lent. With scripts and without.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const at = (appliance, address) => new URL(address, appliance.url).href;

async function pull(page, estate) {
  await page.goto(at(estate.client2, 'licensing/server'));
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('status').waitFor();
  await page.goto(at(estate.client2, 'licensing/summary'));
}

async function clientState(page, estate) {
  await page.goto(at(estate.server, 'licensing/clients'));
  return people.cell(page, 'gwwest', 'State').innerText();
}

async function reserveAccess(page, estate, count) {
  await page.goto(at(estate.server, 'licensing/client/gwwest'));
  await page.getByLabel('ACCESS Reserved Count').fill(String(count));
  await page.getByLabel('ACCESS Maximum Count').fill(String(count));
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').getByText('Client gwwest saved').waitFor();
}

async function setStrict(page, estate, isOn) {
  await page.goto(at(estate.server, 'licensing/clients'));
  await page.locator('summary').click();
  await page.getByLabel('Strict membership').setChecked(isOn);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').waitFor();
}

const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ');

// The section that says why, with its numbered steps and its ways out.
async function explained(page, name) {
  const section = page.getByRole('region', { name: new RegExp(`^Why ${name} is out of compliance`) });

  await section.waitFor();
  return {
    section,
    steps: await Promise.all((await section.locator('ol > li').all()).map(words)),
    fixes: await Promise.all((await section.locator('h3:last-of-type ~ ul > li').all()).map(words)),
  };
}

async function walk(t, javaScriptEnabled) {
  const estate = await startEstate();
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  const gateway = await openPage(browser, { javaScriptEnabled });
  const server = await openPage(browser, { javaScriptEnabled });

  await people.signIn(gateway, estate.client2);
  await people.signIn(server, estate.server);

  await t.test('may draw on subscriptions, and is told nothing', async () => {
    await gateway.getByRole('link', { name: 'Delete license' }).click();
    await gateway.getByRole('button', { name: 'Delete license' }).click();
    await pull(gateway, estate);
    assert.equal(await gateway.getByText('Out of compliance').count(), 0);
    await server.goto(at(estate.server, 'licensing/client/gwwest'));
    assert.equal(await people.cell(server, 'CONSEC', 'Source').innerText(), 'subscription');
    await server.getByText('Member license seen').locator('xpath=..').getByText('none').waitFor();
    assert.equal(await clientState(server, estate), 'OK');
    for (const [page, appliance] of [[gateway, estate.client2], [server, estate.server]]) {
      await page.goto(at(appliance, 'licensing/compliance'));
      assert.equal(await page.getByText('LICENSE-MBR').count(), 0, 'no word of it where it does not apply');
    }
  });

  await t.test('draws on a permanent license, and both sides say so', async () => {
    await reserveAccess(server, estate, 25);
    await pull(gateway, estate);
    await gateway.getByText('25 ACCESS units of this client come from permanent licenses').waitFor();
    assert.match(await clientState(server, estate), /^Out of compliance \(Why\?\)$/);
    await server.getByRole('link', { name: 'Why?' }).click();
    assert.match(server.url(), /\/licensing\/compliance#why-\d+$/);
    await server.getByText('25 ACCESS units of this client come from permanent licenses').waitFor();
    await server.goto(at(estate.server, 'licensing/summary'));
    await server.locator('#findings').getByText('gwwest').waitFor();
  });

  await t.test('why, step by step, and what mends it, on the server', async () => {
    await server.getByRole('link', { name: 'Why, and what to do' }).click();
    const { section, steps, fixes } = await explained(server, 'gwwest');

    assert.equal(steps.length, 4, steps.join('\n'));
    assert.match(steps[1], /leases 25 units of ACCESS that come from permanent licenses.* 25 units of the reserved part, granted \d{4}-.*, until \d{4}-/);
    assert.match(steps[2], /no LICENSE-MBR license\. On its platform, PSA-\w+, that is PSA-LICENSE-MBR\./);
    assert.match(steps[3], /^It is so since \d{4}-/);
    assert.match(fixes[0], /^Add PSA-LICENSE-MBR on gwwest.* Your vendor issues it for hardware ID [0-9A-Z]{16}\.$/);
    assert.match(fixes[1], /^Lower what gwwest gets of ACCESS by 25\.$/);
    assert.match(fixes[2], /subscription with 25 more units of ACCESS/);
    assert.deepEqual(javaScriptEnabled ? await axe(server) : [], []);
    await section.getByRole('link', { name: 'Add the license key of a subscription' }).click();
    assert.match(server.url(), /\/licensing\/summary#keys$/);
    await server.goBack();
    await server.getByRole('link', { name: 'Lower what gwwest gets of ACCESS' }).click();
    assert.equal(await server.locator(':target').inputValue(), '25', 'straight to its Maximum Count');
  });

  await t.test('and on the gateway, which is two clicks from the form', async () => {
    await gateway.goto(at(estate.client2, 'licensing/server'));
    await gateway.getByText('leases 25 units of ACCESS, which come from permanent licenses').waitFor();
    await gateway.goto(at(estate.client2, 'licensing/summary'));
    await gateway.getByRole('link', { name: 'Why, and what to do' }).click();
    const { section, steps, fixes } = await explained(gateway, 'this gateway');

    assert.match(steps[1], /leases 25 units of ACCESS .* 25 units of the reserved part, granted \d{4}-.*, until \d{4}-/);
    assert.match(steps[2], /^No LICENSE-MBR license is active here\. On this platform, PSA-\w+, that is PSA-LICENSE-MBR\.$/);
    assert.match(steps[3], /^It is so since \d{4}-/);
    assert.match(fixes[0], new RegExp(`Your vendor issues it for hardware ID ${await gateway.locator('#hardware-id').innerText()}\\.$`));
    assert.match(fixes[1], /^On the license server, 127\.0\.0\.2:\d+: have what gwwest gets of ACCESS lowered by 25/);
    assert.deepEqual(javaScriptEnabled ? await axe(gateway) : [], []);
    await section.getByRole('link', { name: 'Add the license key of PSA-LICENSE-MBR' }).click();
    assert.equal(await gateway.locator(':target').getAttribute('name'), 'keys');
  });

  await t.test('gets no more of it under strict membership, and its form warns', async () => {
    await setStrict(server, estate, true);
    await server.goto(at(estate.server, 'licensing/client/gwwest'));
    await server.getByText('no LICENSE-MBR license of this client has been seen').waitFor();
    await reserveAccess(server, estate, 40);
    await pull(gateway, estate);
    assert.equal(await people.cell(gateway, 'ACCESS', 'Leased now').innerText(), '25', 'what it had goes on');
    await gateway.getByText('this server lends those only to clients with a LICENSE-MBR license').waitFor();
    await server.goto(at(estate.server, 'licensing/client/gweast'));
    assert.equal(await server.locator('#strict-warning').count(), 0, 'a member is not warned of');
  });

  await t.test('has one again, and all is well', async () => {
    await people.addKeys(gateway, fs.readFileSync(path.join(estate.state, 'client2-keys.txt'), 'utf8'));
    await gateway.getByRole('status').getByText('installed').waitFor();
    await gateway.goto(at(estate.client2, 'licensing/compliance'));
    assert.equal(await gateway.getByText('LICENSE-MBR').count(), 0, 'what the server said before is over');
    await pull(gateway, estate);
    assert.equal(await gateway.getByText('Out of compliance').count(), 0);
    assert.equal(await people.cell(gateway, 'ACCESS', 'Leased now').innerText(), '40');
    assert.equal(await clientState(server, estate), 'OK');
    await server.goto(at(estate.server, 'licensing/summary'));
    assert.equal(await server.locator('#findings').count(), 0);
  });
  assert.deepEqual(gateway.complaints.concat(server.complaints), []);
}

for (const javaScriptEnabled of [true, false])
  test(`a gateway without its member license, ${javaScriptEnabled ? 'with' : 'without'} scripts`,
    (t) => walk(t, javaScriptEnabled));
