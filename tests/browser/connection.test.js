// SPDX-License-Identifier: BSD-2-Clause
//
// connection.test.js: Test connection by hand: what is typed is tried and kept,
// each step says what was seen or what to do, and nothing is saved by it.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const outcomes = (page) => page.locator('#tested tbody td[data-label="Outcome"]').allInnerTexts();

async function tryIt(page) {
  await page.getByRole('button', { name: 'Test connection' }).click();
  await page.locator('#tested').waitFor();
  return outcomes(page);
}

for (const javaScriptEnabled of [true, false]) {
  test(`a connection is tested, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openPage(browser, { javaScriptEnabled });
    const server = page.getByLabel('License server', { exact: true });

    await people.signIn(page, estate.client1);
    await page.goto(new URL('licensing/server', estate.client1.url).href);
    const saved = await server.inputValue();

    await t.test('as saved, all is well', async () => {
      assert.deepEqual(await tryIt(page), ['OK', 'OK', 'OK', 'OK', 'OK']);
      assert.match(await page.locator('#tested').innerText(), /can be used with these values.*Nothing was saved.*fingerprint ([0-9A-F]{2}:){31}/s);
      assert.doesNotMatch(await page.title(), /^Error/);
    });

    await t.test('a name that nobody knows stops it at once, and what was typed stays', async () => {
      await server.fill('nowhere.invalid');
      await page.getByLabel('Preferred Network').selectOption('management');
      await page.getByLabel('Password', { exact: true }).fill('typed');
      await page.getByLabel('Confirm password').fill('typed');
      assert.deepEqual(await tryIt(page), ['Failed', 'Not reached', 'Not reached', 'Not reached', 'Not reached']);
      assert.match(await page.locator('#tested').innerText(), /nowhere\.invalid is not known here.*DNS/s);
      assert.equal(await server.inputValue(), 'nowhere.invalid');
      assert.equal(await page.getByLabel('Preferred Network').inputValue(), 'management');
      assert.equal(await page.getByLabel('Password', { exact: true }).inputValue(), '');
    });

    await t.test('another server is not tried with the saved password', async () => {
      await server.fill('127.0.0.1:1');
      await page.getByRole('button', { name: 'Test connection' }).click();
      await page.getByRole('alert').waitFor();
      assert.match(await page.getByRole('alert').innerText(), /Enter the password\. The saved one is only for the license server/);
      assert.equal(await page.locator('#tested').count(), 0);
    });

    await t.test('a wrong password fails at the sign-in', async () => {
      await server.fill(saved);
      await page.getByLabel('Password', { exact: true }).fill('wrong');
      assert.deepEqual(await tryIt(page), ['OK', 'OK', 'OK', 'Failed', 'Not reached']);
      assert.match(await page.locator('#tested').innerText(), /Nothing was saved\. A password that was typed must be entered again/);
    });

    await t.test('a certificate that nobody vouches for fails, and is shown', async () => {
      await page.getByLabel('Verify SSL Certificate').check();
      await page.getByLabel('Password', { exact: true }).fill('');
      assert.deepEqual(await tryIt(page), ['OK', 'OK', 'Failed', 'Not reached', 'Not reached']);
      assert.match(await page.locator('#tested').innerText(), /does not verify.*Certificate met/s);
      if (javaScriptEnabled)
        assert.deepEqual(await axe(page), []);
    });

    await t.test('nothing of it was saved', async () => {
      await page.goto(new URL('licensing/server', estate.client1.url).href);
      assert.equal(await server.inputValue(), saved);
      assert.equal(await page.getByLabel('Verify SSL Certificate').isChecked(), false);
      assert.deepEqual(await tryIt(page), ['OK', 'OK', 'OK', 'OK', 'OK']);
    });
    assert.deepEqual(page.complaints, []);
  });
}
