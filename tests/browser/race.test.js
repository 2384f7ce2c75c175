// SPDX-License-Identifier: BSD-2-Clause
//
// race.test.js: two administrators save the last units that can be reserved at
// the same moment. One of them gets them; the other's form names the bound that
// holds now, and keeps what was typed.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage } = require('./estate.js');
const people = require('./people.js');

const count = (text) => Number(text.replace(/,/g, ''));

// Opens the client's form and types a reservation of all that it offers.
async function fill(page, estate, client, feature) {
  await page.goto(new URL(`licensing/client/${client}`, estate.server.url).href);
  const all = count(await people.cell(page, feature, 'Available').innerText());

  await page.getByLabel(`${feature} Reserved Count`).fill(String(all));
  await page.getByLabel(`${feature} Incremental Count`).fill('10');
  await page.getByLabel(`${feature} Maximum Count`).fill(String(all + 100));
  await page.getByLabel('Configuration expiration date').fill('2099-12-31');
  return { page, client, all };
}

async function save({ page }) {
  const answer = page.waitForResponse((response) => response.request().method() === 'POST');

  await page.getByRole('button', { name: 'Save Changes' }).click();
  return (await answer).status();
}

test('the last reservation goes to one of two', async (t) => {
  const estate = await startEstate();
  const browser = await openBrowser();
  const second = { ...estate.server, user: 'second' };

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  execFileSync(process.env.LEASEHOLD, ['admin', 'add', 'second', '--role', 'operator',
    '--password-file', path.join(estate.state, 'password'),
    '--state', path.join(estate.state, 'server')]);

  for (const [feature, total, javaScriptEnabled] of [['CONSEC', 1500, true], ['ACCESS', 250, false]])
    await t.test(`${feature}, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async () => {
      const pages = [await openPage(browser, { javaScriptEnabled }), await openPage(browser, { javaScriptEnabled })];

      await people.signIn(pages[0], estate.server);
      await people.signIn(pages[1], second);
      const forms = [await fill(pages[0], estate, 'gweast', feature), await fill(pages[1], estate, 'gwwest', feature)];
      const statuses = await Promise.all(forms.map(save));

      assert.deepEqual([...statuses].sort(), [303, 422], 'one of them');
      const winner = forms[statuses.indexOf(303)];
      const loser = forms[statuses.indexOf(422)];
      const bound = total - winner.all;

      await winner.page.getByRole('status').getByText(`Client ${winner.client} saved`).waitFor();
      const sentence = `${feature} Reserved Count must be ${bound} or less.`;

      await loser.page.getByRole('alert').getByText(sentence).waitFor();
      const field = loser.page.getByLabel(`${feature} Reserved Count`);

      assert.equal(await field.inputValue(), String(loser.all), 'what was typed is kept');
      assert.equal(await loser.page.getByLabel(`${feature} Maximum Count`).inputValue(), String(loser.all + 100));
      assert.equal(await loser.page.getByLabel('Configuration expiration date').inputValue(), '2099-12-31');
      assert.equal(await field.getAttribute('aria-invalid'), 'true');
      assert.equal(count(await people.cell(loser.page, feature, 'Available').innerText()), bound, 'the bound of now');

      await field.fill(String(bound));
      assert.equal(await save(loser), 303, 'with the bound it can be saved');
      for (const page of pages) {
        assert.deepEqual(page.complaints, []);
        await page.context().close();
      }
    });
});
