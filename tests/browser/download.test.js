// SPDX-License-Identifier: BSD-2-Clause
//
// download.test.js: license keys fetched by hand: a code that is mistyped, one
// that is right, and what the page says before, meanwhile and after.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, openPage, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

for (const javaScriptEnabled of [true, false]) {
  test(`license keys from the center, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, browser, page, look } = await openEstate(t, javaScriptEnabled);
    const codes = page.getByLabel('Authentication code(s)');
    const code = fs.readFileSync(path.join(estate.state, 'authcode.txt'), 'utf8').trim();
    const wrong = code.replace(/.$/, (c) => (c === '0' ? '1' : '0'));

    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('the page says when license keys come by themselves', async () => {
      await page.getByRole('link', { name: 'Download Licenses' }).click();
      await page.getByRole('heading', { name: 'Download Licenses' }).waitFor();
      assert.match(await main(page), /every 3 months when nothing ends soon.* every month when a license ends within 3 months every week when .* every day when a grace period ends within a week/);
      assert.equal(await page.locator('li[aria-current="true"]').count(), 1);
      assert.equal(await page.getByLabel('Enabled', { exact: true }).isChecked(), true);
      assert.deepEqual(await look(page), []);
    });

    await t.test('a typing error is said, nothing is sent and nothing lost', async () => {
      await codes.fill(wrong);
      await press(page, 'Download and Install');
      await page.getByText(/This authentication code has a typing error.*Nothing was sent\./).first().waitFor();
      assert.equal(await codes.inputValue(), wrong);
      assert.deepEqual(await look(page), []);
      await shot(page, 'download-wrong');
    });

    await t.test('a code brings its license keys, by the keyboard alone', async () => {
      await codes.fill(code);
      await page.getByRole('button', { name: 'Download and Install' }).focus();
      await page.keyboard.press('Enter');
      await page.getByText('2 license keys came, 2 of them new.').first().waitFor();
      assert.match(await main(page), /Connect OK – Check the certificate OK – Ask for license keys OK – Check signatures and install OK/);
      assert.equal(await codes.inputValue(), '', 'the code has done its work');
      assert.deepEqual(await look(page), []);
      await shot(page, 'download-done');
      await page.getByRole('link', { name: 'Licensing Summary' }).click();
      await page.getByRole('rowheader', { name: 'CONSEC-ADD-250U' }).waitFor();
      await page.getByRole('rowheader', { name: 'ACCESS-50U-1YR' }).waitFor();
    });

    await t.test('another device gets nothing for it', async () => {
      const other = await openPage(browser, { javaScriptEnabled });

      await people.signIn(other, estate.client2);
      await other.waitForURL(/\/licensing\/summary$/);
      await other.goto(new URL('licensing/download', estate.client2.url).href);
      await other.getByLabel('Authentication code(s)').fill(code);
      await press(other, 'Download and Install');
      await other.getByText(/was used by another device already.*The code was not used\./).first().waitFor();
      assert.equal(await other.getByLabel('Authentication code(s)').inputValue(), code);
      assert.deepEqual(other.complaints, []);
    });

    await t.test('a proxy is entered, kept, and taken out again', async () => {
      const open = async () => {
        if (!await page.getByLabel('Proxy', { exact: true }).isVisible())
          await page.getByText('Proxy', { exact: true }).first().click();
      };

      await page.goto(new URL('licensing/download', estate.client1.url).href);
      assert.equal(await page.getByLabel('Proxy', { exact: true }).isVisible(), false, 'few need one');
      await open();
      await page.getByLabel('Proxy', { exact: true }).fill('proxy.example');
      await page.getByLabel('User name at the proxy').fill('ada');
      await press(page, 'Save Changes');
      await page.getByRole('alert').getByText(/Proxy must be a host name or address with a port/).waitFor();
      assert.equal(await page.getByLabel('Proxy', { exact: true }).inputValue(), 'proxy.example');
      assert.equal(await page.getByLabel('User name at the proxy').inputValue(), 'ada');
      assert.deepEqual(await look(page), []);
      await page.getByLabel('Proxy', { exact: true }).fill('127.0.0.1:1');
      await page.getByLabel('Password at the proxy').fill('Correct-Proxy-1');
      await press(page, 'Download and Install');
      await page.getByText(/The proxy on the way cannot be reached|the proxy on the way cannot be reached/).first().waitFor();
      await page.goto(new URL('licensing/download', estate.client1.url).href);
      assert.equal(await page.getByLabel('Proxy', { exact: true }).inputValue(), '127.0.0.1:1', 'it stands open while there is one');
      assert.equal(await page.getByLabel('Password at the proxy').inputValue(), '', 'a password is never shown');
      await page.getByText('One is stored. Empty: it stays.').waitFor();
      await shot(page, 'download-proxy');
      await page.getByLabel('Proxy', { exact: true }).fill('');
      await press(page, 'Save Changes');
      await open();
      assert.equal(await page.getByLabel('User name at the proxy').inputValue(), '', 'without a proxy nothing of it is kept');
    });

    await t.test('a center that is not there is said, and how to mend it', async () => {
      await page.goto(new URL('licensing/download', estate.client1.url).href);
      await page.getByLabel('Center', { exact: true }).fill('http://127.0.0.1');
      await press(page, 'Save Changes');
      await page.getByRole('alert').getByText(/Center must be an address as in https/).waitFor();
      await page.getByLabel('Center', { exact: true }).fill('https://127.0.0.1:1');
      await press(page, 'Download and Install');
      await page.getByText(/no connection\. Check the address, the port and the network\./).first().waitFor();
      assert.doesNotMatch(await main(page), /because the last run failed/, 'what a person tried moves no schedule');
      assert.match(await main(page), /History/);
    });

    assert.deepEqual(page.complaints, []);
  });
}
