// SPDX-License-Identifier: BSD-2-Clause
//
// keyboard.test.js: a page worked with the keyboard alone, without scripts: the
// way past the frame, a form sent with Enter, and from the summary of what is
// wrong to the field that is.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { startEstate, openBrowser, openPage } = require('./estate.js');

const focused = (page, selector) => page.locator(`${selector}:focus`).count();

async function tabTo(page, selector) {
  for (let i = 0; i < 60; i++) {
    if (await focused(page, selector))
      return true;
    await page.keyboard.press('Tab');
  }
  return false;
}

async function typeInto(page, selector, text) {
  assert.ok(await tabTo(page, selector), `${selector} is reached by Tab`);
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

test('a client is added with the keyboard alone', async (t) => {
  const estate = await startEstate();
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  const page = await openPage(browser, { javaScriptEnabled: false });

  await page.goto(new URL('licensing/clients/new', estate.server.url).href);
  await page.keyboard.press('Tab');
  assert.equal(await focused(page, '.lh-skip'), 1, 'the first stop leads past the frame');
  await page.keyboard.press('Enter');
  await typeInto(page, '#username', estate.server.user);
  await typeInto(page, '#password', estate.server.password);
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/licensing\/clients\/new$/);

  await typeInto(page, '#client_id', 'gwkeys');
  await typeInto(page, '#password', 'one password');
  await typeInto(page, '#password2', 'another password');
  await typeInto(page, '#reserved-CONSEC', '10');
  await page.keyboard.press('Enter');
  await page.locator('#errors').waitFor();
  assert.match(await page.title(), /^Error: /);
  assert.equal(await focused(page, '#errors'), 1, 'the summary has the focus');

  const links = await page.locator('#errors a').allTextContents();
  const beside = await page.locator('.lh-error').allTextContents();

  assert.deepEqual(links.map((text) => text.trim()).sort(), beside.map((text) => text.trim()).sort(),
    'the same words above and beside the fields');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await page.locator('[aria-invalid=true]:focus').count(), 1, 'a link leads to its field');
  assert.equal(await page.locator('#client_id').inputValue(), 'gwkeys', 'what was typed is kept');
  assert.equal(await page.locator('#reserved-CONSEC').inputValue(), '10');
  assert.equal(await page.locator('#password').inputValue(), '', 'but no password');

  await typeInto(page, '#password', 'one password');
  await typeInto(page, '#password2', 'one password');
  await typeInto(page, '#maximum-CONSEC', '10');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('Client gwkeys added').waitFor();
  await page.reload();
  assert.equal(await page.getByText('Client gwkeys added').count(), 0, 'said once');
  assert.deepEqual(page.complaints, []);
});
