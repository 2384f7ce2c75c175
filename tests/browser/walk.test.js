// SPDX-License-Identifier: BSD-2-Clause
//
// walk.test.js: the whole path by hand, on an estate where nothing is
// configured yet: sign in, agreement, key, enable, client, server, pull, users
// come and go. Once with scripts and once without.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage } = require('./estate.js');
const people = require('./people.js');

const counts = { CONSEC: [50, 25, 400] };
const client = { id: 'gw1', password: 'a client password', counts };

async function configureServer(page, estate) {
  await people.signIn(page, estate.server);
  await page.waitForURL(/\/agreement/);
  assert.equal(await page.getByRole('navigation').count(), 0, 'the agreement blocks everything');
  await page.goto(new URL('licensing/clients', estate.server.url).href);
  assert.match(page.url(), /\/agreement/, 'also other addresses');
  await people.acceptAgreement(page);
  await page.waitForURL(/\/licensing\/clients$/);
  await page.getByRole('link', { name: 'Licensing Summary' }).first().click();
  await page.getByRole('heading', { name: 'First steps' }).waitFor();
  await people.addKeys(page, fs.readFileSync(path.join(estate.state, 'server-keys.txt'), 'utf8'));
  await page.getByRole('status').getByText('license keys installed').waitFor();
  await page.getByRole('link', { name: 'Configure Clients' }).first().click();
  await page.getByLabel('Enable Licensing server').check();
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').getByText('can lease licenses now').waitFor();
  await page.getByRole('link', { name: 'New Client' }).click();
  await people.fillClient(page, client);
  await page.getByRole('button', { name: 'Recalculate' }).click();
  assert.equal(await page.getByLabel('CONSEC Reserved Count').inputValue(), '50', 'recalculated, kept');
  await people.fillClient(page, client);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').getByText('Client gw1 added').waitFor();
}

async function configureClient(page, estate, pin) {
  const server = new URL(estate.server.url).host;

  await people.signIn(page, estate.client1);
  await people.acceptAgreement(page);
  await page.waitForURL(/\/licensing\/summary$/);
  await page.getByRole('link', { name: 'Configure Server' }).first().click();
  await people.fillServer(page, { server, ...client, verify: false });
  await page.getByRole('button', { name: 'Save Changes' }).click();
  assert.ok(await people.reloadUntil(page,
    () => page.getByRole('button', { name: 'Confirm public key' }).isVisible()),
  'the server\'s public key is shown');
  assert.ok((await page.locator('#confirm-key').textContent()).includes(pin),
    'and it is the one that the server shows');
  await page.getByRole('button', { name: 'Confirm public key' }).click();
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('status').getByText('State pulled from the license server').waitFor();
  await page.getByText('Connected', { exact: true }).waitFor();
  assert.equal(await people.cell(page, 'CONSEC', 'Leased now').textContent(), '50');
}

async function leased(page, estate) {
  await page.goto(new URL('licensing/summary', estate.server.url).href);
  return people.cell(page, 'CONSEC', 'Leased').textContent();
}

for (const javaScriptEnabled of [true, false]) {
  test(`the whole path, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate('--empty');
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const server = await openPage(browser, { javaScriptEnabled });
    const gateway = await openPage(browser, { javaScriptEnabled });

    await configureServer(server, estate);
    await server.goto(new URL('licensing/summary', estate.server.url).href);
    const pin = (await server.getByText('Public key of this appliance').locator('code').textContent());

    await configureClient(gateway, estate, pin);
    await gateway.goto(new URL('licensing/summary', estate.client1.url).href);
    const own = await gateway.getByText('Public key of this appliance').locator('code').textContent();

    assert.match(own, /^sha256\/\/[A-Za-z0-9+/]{43}=$/, 'for the other nodes of a cluster');
    assert.notEqual(own, pin);
    assert.equal(await leased(server, estate), '50', 'the reserved part');

    // Otherwise the next increment comes before anybody waits for it.
    await gateway.goto(new URL('status/users', estate.client1.url).href);
    await gateway.getByText('How users are admitted').click();
    await gateway.getByLabel('Ask ahead').fill('0');
    await gateway.getByRole('button', { name: 'Save Changes' }).click();
    await gateway.getByRole('status').getByText('Settings saved').waitFor();

    const sessions = [];

    for (let i = 0; i < 50; i++)
      sessions.push(people.session(estate, 'client1', 'begin', '--user', `user${i}`));
    // The agent may have asked ahead before it heard of the setting.
    assert.match(await leased(server, estate), /^(50|75)$/, 'fifty users fit');
    sessions.push(people.session(estate, 'client1', 'begin', '--user', 'user50'));
    assert.equal(await leased(server, estate), '75', 'one more takes a whole increment');
    for (let i = 51; i < 80; i++)
      sessions.push(people.session(estate, 'client1', 'begin', '--user', `user${i}`));
    assert.equal(await leased(server, estate), '100');
    await gateway.goto(new URL('licensing/summary', estate.client1.url).href);
    assert.equal(await people.cell(gateway, 'CONSEC', 'Leased now').textContent(), '100');
    await gateway.getByText('of 100 that there is capacity for').waitFor();

    for (const line of sessions)
      people.session(estate, 'client1', 'end', line.split(/\s+/)[0]);
    await gateway.goto(new URL('licensing/server', estate.client1.url).href);
    await gateway.getByRole('button', { name: 'Pull State from Server' }).click();
    await gateway.getByRole('status').waitFor();
    assert.equal(await leased(server, estate), '100', 'quanta stay for their 24 hours');
    assert.deepEqual(server.complaints.concat(gateway.complaints), []);
  });
}
