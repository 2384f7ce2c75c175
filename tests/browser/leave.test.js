// SPDX-License-Identifier: BSD-2-Clause
//
// leave.test.js: a gateway leaves its license server by hand: for another one,
// for none, and with a license surrendered to it. What ends is said before, and
// nothing is lost by a slip.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const form = (appliance) => new URL('licensing/server', appliance.url).href;
const summary = (appliance) => new URL('licensing/summary', appliance.url).href;
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const sku = 'CONSEC-ADD-100U';

const state = async (page) => (await page.locator('tr', { has: page.getByRole('rowheader', { name: sku }) })
  .locator('td[data-label="State"]').innerText()).replace(/\s+/g, ' ');

function issue(estate) {
  const leasehold = (...words) => execFileSync(process.env.LEASEHOLD, words, { encoding: 'utf8' }).trim();

  return leasehold('center', 'key', 'issue', '--state', path.join(estate.state, 'center'),
    '--hwid', leasehold('hwid', '--state', path.join(estate.state, 'client1')), '--sku', sku);
}

for (const javaScriptEnabled of [true, false]) {
  test(`a license server left, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const server = page.getByLabel('License server', { exact: true });
    const box = page.getByRole('checkbox', { name: /^Leave 127/ });

    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);
    await page.goto(form(estate.client1));
    const before = await server.inputValue();

    await t.test('another one takes its place only if that is meant', async () => {
      await people.fillServer(page, { server: '127.0.0.1:1', id: 'gweast', password: 'any-password', verify: true });
      await press(page, 'Save Changes');
      await page.getByRole('alert').getByText(/What is leased from .* ends here when another license server or Unique ID takes its place: .*CONSEC \d+/).waitFor();
      assert.equal(await server.inputValue(), '127.0.0.1:1', 'nothing typed is lost');
      assert.equal(await box.isChecked(), false);
      assert.match(await main(page), /CONSEC: \d+ leased units end here at once\. 127\.0\.0\.2:\d+ holds them for gweast until \d{4}-/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'leave-form');
      await page.goto(form(estate.client1));
      assert.equal(await server.inputValue(), before, 'and nothing was saved');
    });

    await t.test('a change of the password or the network leaves nothing', async () => {
      await page.getByLabel('Preferred Network').selectOption('external');
      await press(page, 'Save Changes');
      await page.getByRole('status').getByText('License server saved, on trial').waitFor();
      await press(page, 'Go back now');
      await page.getByRole('status').getByText('The connection of before the trial is back.').waitFor();
    });

    await t.test('removing it says what ends and who is affected', async () => {
      for (let i = 0; i < 20; i++)
        people.session(estate, 'client1', 'begin', '--user', `late${i}`);
      await page.goto(form(estate.client1));
      await page.getByRole('link', { name: 'Remove the license server…' }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: /^Remove license server 127/ }).waitFor();
      assert.match(await main(page), /may admit \d+ users from then on, now \d+; \d+ are here\./);
      assert.match(await main(page), /CONSEC: \d+ leased units end here at once/);
      assert.match(await main(page), /On the license server the client stays/);
      assert.equal(await page.getByRole('checkbox').count(), 0, 'nothing was surrendered');
      assert.deepEqual(await look(page), []);
      await shot(page, 'leave-remove');
      await page.getByRole('link', { name: 'Cancel' }).click();
      assert.equal(await server.inputValue(), before);
    });

    await t.test('a license that it has is named, and not left unasked', async () => {
      await page.goto(summary(estate.client1));
      await people.addKeys(page, issue(estate));
      await page.getByRole('status').getByText('installed').waitFor();
      await page.getByRole('link', { name: 'Surrender license' }).click();
      await press(page, 'Surrender');
      await page.getByRole('status').getByText('its units count on the license server now').waitFor();
      await page.goto(form(estate.client1));
      await page.getByRole('link', { name: 'Remove the license server…' }).click();
      assert.match(await main(page), /License CONSEC-ADD-100U, serial \S+, stays surrendered to 127\.0\.0\.2:\d+ and counts nowhere here until that server, or the spare in its place, is this gateway's again\. Recall it first if/);
      const answer = page.waitForResponse((response) => response.request().method() === 'POST');

      await press(page, 'Remove');
      assert.equal((await answer).status(), 422);
      await page.getByText(/was surrendered to license server .* Recall it before you leave that server/).first().waitFor();
      assert.deepEqual(await look(page), []);
      await shot(page, 'leave-refused');
    });

    await t.test('left all the same, it counts nowhere', async () => {
      await page.getByLabel('Leave its licenses there').focus();
      await page.keyboard.press('Space');
      await page.getByRole('button', { name: 'Remove', exact: true }).focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText(/License server .* removed\./).waitFor();
      await page.goto(summary(estate.client1));
      assert.match(await state(page), /Left with 127\.0\.0\.2:\d+ \d{4}-.* It counts nowhere here until that server/);
      await shot(page, 'leave-summary');
    });

    await t.test('and is found when that server is back', async () => {
      const secret = path.join(estate.state, 'another-password');
      const counted = execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(estate.state, 'server', 'store.db'),
        'SELECT count(*) FROM surrendered WHERE state = 1'], { encoding: 'utf8' }).trim();

      assert.equal(counted, '1', 'the server counts it all the while');
      await page.goto(form(estate.client1));
      fs.writeFileSync(secret, 'Correct-Horse-9\n', { mode: 0o600 });
      execFileSync(process.env.LEASEHOLD, ['client', 'set', '--state', path.join(estate.state, 'server'),
        '--id', 'gweast', '--password-file', secret]);
      await people.fillServer(page, { server: before, id: 'gweast', password: 'Correct-Horse-9', verify: false });
      await press(page, 'Save Changes');
      await press(page, 'Confirm public key');
      await page.getByRole('status').waitFor();
      await page.goto(summary(estate.client1));
      await people.reloadUntil(page, async () => /^Surrendered /.test(await state(page)));
      assert.match(await state(page), /^Surrendered \d{4}-/);
      await page.getByRole('link', { name: 'Recall license' }).waitFor();
    });

    assert.deepEqual(page.complaints, []);
  });
}
