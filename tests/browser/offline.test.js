// SPDX-License-Identifier: BSD-2-Clause
//
// offline.test.js: license keys for an appliance that cannot reach its center:
// a file is made, carried, answered, carried back and installed, by click.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, openPage, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

for (const javaScriptEnabled of [true, false]) {
  test(`activation by file, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, browser, page, look } = await openEstate(t, javaScriptEnabled);
    const vendor = await openPage(browser, { javaScriptEnabled });
    const code = fs.readFileSync(path.join(estate.state, 'authcode.txt'), 'utf8').trim();
    let asked, answered;

    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);
    await people.signIn(vendor, estate.center);
    await vendor.waitForURL(/\/center\/devices$/);

    await t.test('the activation file', async () => {
      await page.getByRole('link', { name: 'Download Licenses' }).click();
      await page.getByRole('link', { name: 'Activation by file' }).click();
      await heading(page, 'Activation by file');
      await page.getByLabel('Authentication code(s)').fill('HELLO');
      await press(page, 'Make activation file');
      await page.locator('#codes-error').waitFor();
      assert.equal(await page.getByLabel('Authentication code(s)').inputValue(), 'HELLO');
      await page.getByLabel('Authentication code(s)').fill(code);
      await press(page, 'Make activation file');
      asked = await page.getByLabel('Activation file', { exact: true }).inputValue();
      assert.match(asked, /^[\w-]+\.[\w-]+\.[\w-]+$/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'offline-asked');
    });

    await t.test('the center answers it', async () => {
      await vendor.getByRole('link', { name: 'Activate' }).click();
      await heading(vendor, 'Activate');
      await vendor.getByLabel('Activation file', { exact: true }).fill(asked.slice(0, -5));
      await press(vendor, 'Activate');
      await vendor.getByText(/This is no activation file/).first().waitFor();
      assert.equal(await vendor.getByLabel('Activation file', { exact: true }).inputValue(), asked.slice(0, -5));
      await vendor.getByLabel('Activation file', { exact: true }).fill(asked);
      await press(vendor, 'Activate');
      answered = await vendor.getByLabel('Key file', { exact: true }).inputValue();
      assert.match(await main(vendor), /OK Code ending in \w{5}: Activated\./);
      assert.deepEqual(await look(vendor), []);
      await shot(vendor, 'offline-answered');
    });

    await t.test('and the appliance installs it', async () => {
      await page.getByLabel('Key file', { exact: true }).fill('{"hardware_id":"PX8NPVNXGT9GQFPS","keys":[]}');
      await press(page, 'Install');
      await page.getByText(/This key file is for the appliance PX8NPVNXGT9GQFPS.*Nothing was installed\./).waitFor();
      await page.getByLabel('Key file', { exact: true }).fill(answered);
      await press(page, 'Install');
      await page.getByRole('heading', { name: 'What came of the key file' }).waitFor();
      assert.match(await main(page), /OK License CONSEC-ADD-250U/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'offline-installed');
      await page.getByRole('link', { name: 'Licensing Summary' }).last().click();
      await page.getByRole('rowheader', { name: 'CONSEC-ADD-250U' }).waitFor();
    });

    await t.test('no virtual license server was heard of', async () => {
      await vendor.getByRole('link', { name: 'Instances' }).click();
      await heading(vendor, 'Instances');
      assert.deepEqual(await look(vendor), []);
    });
    assert.deepEqual([...page.complaints, ...vendor.complaints], []);
  });
}
