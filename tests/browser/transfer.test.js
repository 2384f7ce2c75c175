// SPDX-License-Identifier: BSD-2-Clause
//
// transfer.test.js: a defective device is replaced by a spare, by click: the
// partner's people begin and test, a support agent authorises and transfers,
// and the audit shows what is left to do.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const PASSWORD = 'a long enough password';
const STOCKED = '3VHHYX4PGY8WZ15Y';

for (const javaScriptEnabled of [true, false]) {
  test(`a spare, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const base = new URL(estate.center.url).origin;
    const center = (...words) => execFileSync(process.env.LEASEHOLD,
      [...words, '--state', path.join(estate.state, 'center')], { encoding: 'utf8' }).trim();
    const file = path.join(estate.state, 'password');
    const [defective, SPARE] = ['client1', 'spare'].map((name) => execFileSync(process.env.LEASEHOLD,
      ['hwid', '--state', path.join(estate.state, name)], { encoding: 'utf8' }).trim());
    const signIn = async (user) => {
      await people.signIn(page, { url: `${base}/signin`, user, password: PASSWORD });
      await page.waitForURL(/\/center\/devices$/);
    };
    const signOut = () => press(page, 'Sign out');

    fs.writeFileSync(file, PASSWORD, { mode: 0o600 });
    center('center', 'device', 'set', '--hwid', defective, '--contract-ends', '2020-06-30');
    center('center', 'device', 'add', '--hwid', STOCKED, '--serial', 'SPARE-2', '--platform', 'PSA-3000');
    center('admin', 'add', 'agent', '--role', 'support-agent', '--password-file', file);
    center('admin', 'add', 'pat', '--role', 'partner', '--customer', 'Northern Networks', '--password-file', file);

    await t.test('a support agent puts a device into the stock of the partner', async () => {
      await signIn('agent');
      await page.goto(`${base}/center/devices/${STOCKED}`);
      await page.getByText('Put into the stock of a partner').click();
      await page.getByLabel('Partner').fill('Example Ltd');
      await press(page, 'Put into stock');
      await page.getByText('Example Ltd may not stock spares.').first().waitFor();
      if (!await page.getByLabel('Partner').isVisible())
        await page.getByText('Put into the stock of a partner').click();
      assert.equal(await page.getByLabel('Partner').inputValue(), 'Example Ltd');
      assert.deepEqual(await look(page), []);
      await page.getByLabel('Partner').fill('Northern Networks');
      await press(page, 'Put into stock');
      await page.getByText(`Device ${STOCKED} is a spare now, in the stock of Northern Networks.`).waitFor();
      assert.equal(await page.getByText('Put into the stock of a partner').count(), 0);
      await signOut();
    });

    await t.test('without a contract the partner is told what to do, and loses nothing', async () => {
      await signIn('pat');
      await page.getByRole('link', { name: 'Transfers' }).click();
      await page.getByRole('link', { name: 'Replace a device' }).click();
      await page.getByLabel('Case number').fill('CASE-7');
      await page.getByLabel('Defective device').fill(defective);
      await page.getByLabel('What is wrong').fill('It does not start.');
      await press(page, 'Continue');
      await page.getByText(/no active service contract.*buy or renew one first/).first().waitFor();
      assert.equal(await page.getByLabel('Case number').inputValue(), 'CASE-7');
      assert.deepEqual(await look(page), []);
      center('center', 'device', 'set', '--hwid', defective, '--contract-ends', '2090-06-30');
      await press(page, 'Continue');
      await heading(page, 'Replacement, case CASE-7');
    });

    await t.test('the partner tests it and chooses a spare', async () => {
      await page.getByLabel('What was found').fill('The power supply is dead.');
      assert.deepEqual(await look(page), []);
      await press(page, 'Tested, it is defective');
      await page.getByText('Noted. What is next stands below.').waitFor();
      await page.getByLabel(/^Spare from the stock/).selectOption(SPARE);
      await press(page, 'Take this spare');
      await page.getByText('The vendor authorises it next.').waitFor();
      assert.equal(await page.getByRole('button', { name: 'Authorise' }).count(), 0);
      await shot(page, 'transfer-partner');
      await signOut();
    });

    await t.test('a support agent finds it, authorises, reviews and confirms', async () => {
      await signIn('agent');
      await page.getByRole('link', { name: 'Transfers' }).click();
      assert.deepEqual(await look(page), []);
      await page.getByRole('link', { name: 'CASE-7' }).click();
      await press(page, 'Authorise');
      await page.getByText('Was a license surrendered to a license server?').click();
      const option = page.getByLabel('License', { exact: true }).locator('option', { hasText: 'CONSEC-ADD-100U' });
      const held = await option.getAttribute('value');

      await page.getByLabel('License', { exact: true }).selectOption(held);
      await page.getByLabel('License server').fill('lic01.example');
      await press(page, 'Note who holds it');
      await page.getByText(`Noted for license ${held}`).waitFor();
      assert.match(await main(page), /Surrendered to lic01\.example: the spare has it when that has given it back\./);
      await page.getByRole('link', { name: 'Review and transfer' }).click();
      await heading(page, `Transfer the licenses of ${defective} to ${SPARE}?`);
      assert.match(await main(page), /CONSEC-ADD-100U .*permanent.*Nothing is extended/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'transfer-review');
      await page.getByLabel('Case number').fill('CASE-8');
      await press(page, 'Transfer');
      await page.getByText('To confirm, type the case number CASE-7.').first().waitFor();
      await page.getByLabel('Case number').fill('CASE-7');
      await press(page, 'Transfer');
      await page.getByText(`The licenses are moved: ${SPARE} has them`).waitFor();
      assert.match(await main(page), /Old device to be tested again/);
      assert.match(await main(page), /waits for lic01\.example/);
      await page.getByText('Text for an e-mail to the customer').click();
      assert.match(await page.getByLabel('To be copied').inputValue(),
        new RegExp(`CASE-7: device ${defective} was replaced by ${SPARE}[^]*as soon as lic01\\.example has given it back`));
      assert.deepEqual(await look(page), []);
      await shot(page, 'transfer-done');
      await page.getByRole('button', { name: /^It was given back/ }).click();
      await page.getByText('Noted for license').waitFor();
      assert.doesNotMatch(await main(page), /waits for/);
      await page.goto(`${page.url().replace(/\/run$/, '')}/run`);
      await page.getByText('There is nothing to transfer now.').waitFor();
    });

    await t.test('the device page shows where the licenses went', async () => {
      await page.goto(`${base}/center/devices/${defective}`);
      assert.match(await main(page), new RegExp(`State Replaced .*Revoked .*Moved to spare ${SPARE}, case CASE-7`));
      await page.goto(`${base}/center/devices/${SPARE}`);
      assert.match(await main(page), /In service Customer Example Ltd .*2090-06-30.*CONSEC-ADD-100U/);
      await signOut();
    });

    await t.test('the spare fetches its license keys, the defective device loses them, and both say so', async () => {
      for (const [appliance, pattern] of [[estate.spare, /\d license keys came, \d of them new\./], [estate.client1, /Nothing came The center has no license keys for this appliance\. Licenses that the issuer has revoked since the last time, and that count no more: [1-9]/]]) {
        await people.signIn(page, appliance);
        await page.waitForURL(/\/licensing\/summary$/);
        await page.getByRole('link', { name: 'Download Licenses' }).click();
        await press(page, 'Download and Install');
        await page.getByRole('heading', { name: 'History' }).waitFor();
        assert.match(await main(page), pattern);
        await page.getByRole('link', { name: 'Licensing Summary' }).click();
        await shot(page, appliance === estate.spare ? 'transfer-spare' : 'transfer-defective');
        if (appliance === estate.spare)
          await page.getByRole('rowheader', { name: 'CONSEC-ADD-100U' }).waitFor();
        else
          assert.match(await main(page), /PSA-LICENSE-MBR .*Revoked/i);
        await signOut();
      }
    });

    await t.test('the partner tests again, and the reset is confirmed', async () => {
      await signIn('pat');
      await page.getByRole('link', { name: 'Transfers' }).click();
      await page.getByRole('link', { name: 'CASE-7' }).click();
      await page.getByLabel('What was found').first().fill('It works.');
      await press(page, 'No trouble found');
      await page.getByRole('heading', { name: 'Factory reset of the old device' }).waitFor();
      assert.equal(await page.getByRole('button', { name: 'Confirm by hand' }).count(), 0);
      assert.deepEqual(await look(page), []);
      await signOut();
      await signIn('agent');
      await page.getByRole('link', { name: 'Transfers' }).click();
      await page.getByRole('link', { name: 'CASE-7' }).click();
      await page.getByText('It cannot tell the center').click();
      await press(page, 'Confirm by hand');
      await page.locator('#text-error').waitFor();
      await page.getByLabel('What was found').fill('Reset before my eyes.');
      await press(page, 'Confirm by hand');
      await page.getByText('Noted. What is next stands below.').waitFor();
      assert.match(await main(page), /State Closed/);
    });

    await t.test('an audit is opened, with its day of notice', async () => {
      await page.getByText('Open an audit').click();
      await page.getByLabel('Date of notice').fill('soon');
      await press(page, 'Open the audit');
      await page.getByRole('alert').waitFor();
      if (!await page.getByLabel('Date of notice').isVisible())
        await page.getByText('Open an audit').click();
      assert.equal(await page.getByLabel('Date of notice').inputValue(), 'soon');
      await page.getByLabel('Date of notice').fill('2027-01-31');
      await press(page, 'Open the audit');
      await page.getByText('An audit of case CASE-7 is open.').waitFor();
      assert.match(await main(page), /Audit, notice of 2027-01-31/);
      await shot(page, 'transfer-closed');
    });

    await t.test('the audit has it all', async () => {
      await page.getByRole('link', { name: 'Audit', exact: true }).click();
      await heading(page, 'Audit');
      assert.match(await main(page), /Audit report of all 1 replacements as CSV/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'transfer-audit');
    });
    assert.deepEqual(page.complaints, []);
  });
}
