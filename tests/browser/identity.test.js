// SPDX-License-Identifier: BSD-2-Clause
//
// identity.test.js: a second gateway comes with the ID and password of a client,
// and its administrator lets it take the place of the first one: what the page
// says before, and what all three consoles say after.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const at = (appliance, place) => new URL(place, appliance.url).href;

const onNode = (estate, name, ...words) => execFileSync(process.env.LEASEHOLD,
  [...words, '--state', path.join(estate.state, name)], { encoding: 'utf8' }).trim();

// The other gateway takes the ID of the first, as a spare would be set up.
function makeSecond(estate) {
  onNode(estate, 'client2', 'link', 'set', '--server', new URL(estate.server.url).host, '--client-id', 'gweast',
    '--password-file', path.join(estate.state, 'client-password'), '--verify', 'off', '--leave-licenses');
}

async function pull(page, appliance) {
  await page.goto(at(appliance, 'licensing/server'));
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('main').waitFor();
  return (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
}

async function openClient(browser, appliance, options) {
  const page = await openPage(browser, options);

  await people.signIn(page, appliance);
  await page.waitForURL(/\/licensing\/summary$/);
  return page;
}

for (const javaScriptEnabled of [true, false]) {
  test(`another device for a client, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();
    const look = javaScriptEnabled ? axe : () => [];

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openClient(browser, estate.server, { javaScriptEnabled });
    const first = onNode(estate, 'client1', 'hwid');
    const second = onNode(estate, 'client2', 'hwid');
    const field = page.getByLabel('Hardware ID of the new device');
    const button = page.getByRole('button', { name: 'Replace device', exact: true });

    await t.test('the second device is named, and what to do', async () => {
      makeSecond(estate);
      const gateway = await openClient(browser, estate.client2, { javaScriptEnabled });

      await pull(gateway, estate.client2);
      await gateway.getByRole('button', { name: 'Confirm public key' }).click();
      await gateway.getByRole('button', { name: 'Confirm public key' }).waitFor({ state: 'detached' });
      assert.match(await pull(gateway, estate.client2), /replace the device of that client there/);
      await page.goto(at(estate.server, 'licensing/clients'));
      await page.getByRole('link', { name: 'What to do about the second device of gweast' }).click();
      await page.getByRole('link', { name: 'replace the device', exact: true }).click();
      await page.getByRole('heading', { name: 'Replace the device of client gweast?' }).waitFor();
      assert.equal(await field.inputValue(), second);
    });

    await t.test('the page says what stays, and until when', async () => {
      const text = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');

      assert.ok(text.includes(first));
      assert.match(text, /counts and expiration date stay/);
      assert.match(text, /lent to nobody before, the new device included/);
      assert.match(text, /Reserved Count of \d+/);
      assert.ok(await page.locator('td[data-label="The last until"] time').count() >= 1);
      assert.deepEqual(await look(page), []);
    });

    await t.test('and what the new device has to wait for', async () => {
      onNode(estate, 'server', 'client', 'set', '--id', 'gwwest', '--feature', 'CONSEC=1400/0/1400');
      await page.reload();
      const text = (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');

      assert.match(text, /Waits CONSEC: its Reserved Count of 50 is lent as a whole, and only 0 units are free/);
      assert.match(text, /At once ACCESS/);
      assert.deepEqual(await look(page), []);
    });

    await t.test('a typing error is named, and what was typed stays', async () => {
      await field.fill('0331-J8K2-9P4T-77QX');
      await button.click();
      await page.locator('#device-error').getByText('Check it for a typing error').waitFor();
      assert.equal(await field.inputValue(), '0331-J8K2-9P4T-77QX');
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.deepEqual(await look(page), []);
      await field.fill(first);
      await button.click();
      await page.locator('#device-error').getByText('is the one that client gweast has').waitFor();
      await page.getByRole('link', { name: 'Cancel' }).click();
      await page.getByRole('heading', { name: 'License client gweast' }).waitFor();
      assert.equal(await page.getByText(first).count(), 2);
    });

    await t.test('it is done by keyboard, in small letters and groups', async () => {
      await page.getByRole('link', { name: 'Replace device…' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Replace the device of client gweast?' }).waitFor();
      await field.fill(second.toLowerCase().replace(/(....)(?=.)/g, '$1 '));
      await button.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText('The device of client gweast is replaced').waitFor();
      assert.match(await page.locator('section[aria-labelledby=formers]').innerText(),
        new RegExp(`${first}.*may use up to \\d+ CONSEC, the last until`));
      assert.deepEqual(await look(page), []);
    });

    await t.test('both gateways say how it is', async () => {
      const old = await openClient(browser, estate.client1, { javaScriptEnabled });
      const young = await openClient(browser, estate.client2, { javaScriptEnabled });

      assert.match(await pull(old, estate.client1), /Another device is bound to this Unique ID/);
      assert.doesNotMatch(await pull(young, estate.client2), /Another device is bound to this Unique ID/);
      await page.goto(at(estate.server, 'licensing/clients'));
      assert.match(await page.locator('section[aria-labelledby=releasing]').innerText(),
        new RegExp(`gweast, replaced device ${first}: .*\\d+ CONSEC, releasing until`));
      await page.goto(at(estate.server, 'licensing/leases'));
      assert.ok(await page.getByText('(replaced device)').count() >= 1);
      assert.deepEqual(await look(page), []);
      assert.deepEqual([...old.complaints, ...young.complaints], []);
    });

    assert.deepEqual(page.complaints, []);
  });
}
