// SPDX-License-Identifier: BSD-2-Clause
//
// trial.test.js: a changed connection on trial by hand: what the banner says,
// kept, left, and reverted by nobody, with scripts and without.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { openEstate } = require('./estate.js');
const people = require('./people.js');

const form = (appliance) => new URL('licensing/server', appliance.url).href;
const banner = (page) => page.locator('#on-trial');
const words = async (page) => (await banner(page).innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const status = (page, text) => page.getByRole('status').getByText(text).waitFor();

for (const javaScriptEnabled of [true, false]) {
  test(`a change on trial, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const server = page.getByLabel('License server', { exact: true });
    const network = page.getByLabel('Preferred Network');
    const older = (seconds) => execFileSync('sqlite3', ['-cmd', '.timeout 5000',
      path.join(estate.state, 'client1', 'store.db'),
      `UPDATE link_trial SET elapsed_ms = elapsed_ms - ${seconds * 1000}`]);

    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);
    await page.goto(form(estate.client1));
    const before = await server.inputValue();

    await t.test('a network that works is on trial, and kept', async () => {
      await network.selectOption('external');
      await press(page, 'Save Changes');
      await status(page, 'License server saved, on trial');
      assert.match(await words(page), /On trial until \d\d:\d\d:\d\d The connection of before comes back unless you keep this one.*Connected .*Preferred Network Internal/);
      assert.deepEqual(await look(page), []);
      if (process.env.SHOTS)
        await page.screenshot({ path: path.join(process.env.SHOTS, `trial-${javaScriptEnabled}.png`), fullPage: true });
      await press(page, 'Keep');
      await status(page, 'The changed connection is kept.');
      assert.equal(await banner(page).count(), 0);
      assert.equal(await network.inputValue(), 'external');
    });

    await t.test('a dead server is left at once', async () => {
      await people.fillServer(page, { server: '127.0.0.1:1', id: 'gweast', password: 'any-password', verify: true });
      await page.getByLabel(/^Leave /).check();
      await press(page, 'Save Changes');
      await status(page, 'License server saved, on trial');
      await people.reloadUntil(page, async () => /Not connected/.test(await words(page)));
      assert.match(await words(page), /Not connected .*There was no contact so far\. Keep the change only if you know why\. Keep without contact Go back now/);
      assert.ok((await words(page)).includes(before), 'what comes back is named');
      assert.deepEqual(await look(page), []);
      await press(page, 'Go back now');
      await status(page, 'The connection of before the trial is back.');
      assert.equal(await server.inputValue(), before);
    });

    await t.test('and comes back by itself where nobody does anything', async () => {
      await people.fillServer(page, { server: '127.0.0.1:1', id: 'gweast', password: 'any-password', verify: true });
      await page.getByLabel(/^Leave /).check();
      await press(page, 'Save Changes');
      await banner(page).waitFor();
      older(90);
      await people.reloadUntil(page, async () => await banner(page).count() === 0);
      assert.equal(await server.inputValue(), before);
    });

    await t.test('what came too late is said', async () => {
      await network.selectOption('internal');
      await press(page, 'Save Changes');
      await banner(page).waitFor();
      older(90);
      await press(page, 'Keep');
      await page.getByRole('alert').getByText(/The trial is over|No changed connection is on trial/).waitFor();
    });

    await t.test('how long is a setting, within its bounds', async () => {
      await page.goto(form(estate.client1));
      await people.reloadUntil(page, async () => await banner(page).count() === 0);
      await page.getByLabel('Trial of a changed connection').fill('59');
      await press(page, 'Save Changes');
      await page.getByRole('alert').getByText(/must be a whole number from 60 to 600/).waitFor();
      await page.getByLabel('Trial of a changed connection').fill('600');
      await press(page, 'Save Changes');
      await page.getByRole('status').waitFor();
      await page.goto(form(estate.client1));
      assert.equal(await page.getByLabel('Trial of a changed connection').inputValue(), '600');
    });

    assert.deepEqual(page.complaints, []);
  });
}
