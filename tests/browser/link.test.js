// SPDX-License-Identifier: BSD-2-Clause
//
// link.test.js: Configure Server by hand: which network is in use and why, a
// password typed twice, with scripts and without.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const form = (appliance) => new URL('licensing/server', appliance.url).href;

const mainText = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');

const save = (page) => page.getByRole('button', { name: 'Save Changes' }).click();

for (const javaScriptEnabled of [true, false]) {
  test(`Configure Server, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();
    const networks = path.join(estate.state, 'client1', 'networks.json');

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openPage(browser, { javaScriptEnabled });
    const look = javaScriptEnabled ? axe : () => [];

    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('the network in use is said, and why', async () => {
      await page.goto(form(estate.client1));
      assert.match(await mainText(page), /In use now: Internal\. The preferred/);
      await page.getByLabel('Preferred Network').selectOption('management');
      await save(page);
      await page.getByRole('status').getByText('License server saved, on trial').waitFor();
      await page.getByRole('button', { name: 'Keep', exact: true }).click();
      await page.getByRole('status').getByText('The changed connection is kept.').waitFor();
      assert.match(await mainText(page), /In use now: Internal, because Management is not configured\./);
      assert.equal(await page.locator('#network option:checked').innerText(), 'Management (not configured)');

      fs.writeFileSync(networks, '{"management":"nosuch0","external":"lo"}');
      await page.goto(form(estate.client1));
      assert.match(await mainText(page), /In use now: Internal, because this appliance has no nosuch0, as which Management is configured\./);
      assert.equal(await page.locator('#network option[value=external]').innerText(), 'External');

      fs.writeFileSync(networks, '{"management":"lo"}');
      await page.goto(form(estate.client1));
      assert.match(await mainText(page), /In use now: Management\. The preferred/);

      fs.writeFileSync(networks, '{"internal":"nosuch1"}');
      await page.goto(form(estate.client1));
      assert.match(await mainText(page), /Management is not configured\. Nothing leaves this appliance: it has no nosuch1/);
      assert.deepEqual(await look(page), []);
      fs.rmSync(networks);
    });

    await t.test('a password is typed twice alike, or not at all', async () => {
      await page.goto(form(estate.client1));
      await page.getByLabel('Password', { exact: true }).fill('one-password');
      await page.getByLabel('Confirm password').fill('another-password');
      await page.getByLabel('Preferred Network').selectOption('external');
      await save(page);
      await page.getByText('Enter the same password in both fields').first().waitFor();
      assert.equal(await page.getByLabel('Preferred Network').inputValue(), 'external');
      assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
      assert.equal(await page.getByLabel('Confirm password').inputValue(), '');
      await page.goto(form(estate.client1));
      assert.equal(await page.getByLabel('Preferred Network').inputValue(), 'management');
      await page.getByLabel('Preferred Network').selectOption('internal');
      await save(page);
      await page.getByRole('status').getByText('License server saved, on trial').waitFor();
    });

    assert.deepEqual(page.complaints, []);
  });
}
