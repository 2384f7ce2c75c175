// SPDX-License-Identifier: BSD-2-Clause
//
// center.test.js: the vendor's people at work: a partner and its customer, a
// device, an authentication code that is shown once, accounts for both, and
// what each of them sees.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const open = (page, name) => page.getByRole('navigation', { name: 'Center', exact: true })
  .getByRole('link', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const PASSWORD = 'a long enough password';

for (const javaScriptEnabled of [true, false]) {
  test(`the vendor's console, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const base = new URL(estate.center.url).origin;

    await people.signIn(page, estate.client2);
    await page.waitForURL(/\/licensing\/summary$/);
    const hardware = await page.locator('#hardware-id').innerText();

    await people.signIn(page, estate.center);
    await page.waitForURL(/\/center\/devices$/);

    await t.test('a partner, and a customer that it looks after', async () => {
      await open(page, 'Customers');
      await heading(page, 'Customers');
      await page.getByLabel('Name').fill('Spare Parts Inc');
      await page.getByLabel('May stock spares').check();
      await press(page, 'Add');
      await page.getByText('Only a partner can stock spares. Make this customer a partner first.').first().waitFor();
      assert.equal(await page.getByLabel('Name').inputValue(), 'Spare Parts Inc');
      assert.equal(await page.getByLabel('May stock spares').isChecked(), true);
      assert.deepEqual(await look(page), []);
      await page.getByLabel('Is a partner').check();
      await press(page, 'Add');
      await page.getByText('Customer Spare Parts Inc added.').waitFor();
      await page.getByRole('link', { name: 'Example Ltd' }).click();
      await page.getByLabel('Looked after by').fill('Spare Parts Inc');
      await press(page, 'Save Changes');
      await page.getByText('Customer Example Ltd saved.').waitFor();
      assert.match(await main(page), /Example Ltd Customer Spare Parts Inc/);
      await shot(page, 'center-customers');
    });

    await t.test('a device, by its hardware ID as a person copies it', async () => {
      await open(page, 'Devices');
      await page.getByLabel('Hardware ID').fill('not an ID');
      await page.getByLabel('Serial number').fill('SN-1');
      await press(page, 'Add');
      await page.locator('#hwid-error').waitFor();
      assert.equal(await page.getByLabel('Serial number').inputValue(), 'SN-1');
      await page.getByLabel('Hardware ID').fill(hardware.toLowerCase().replace(/(.{4})(?=.)/g, '$1-'));
      await page.getByLabel('Customer').fill('example ltd');
      await page.getByLabel('Service contract until').fill('2020-01-31');
      await press(page, 'Add');
      await page.getByText(`Device ${hardware} added.`).waitFor();
      assert.match(await main(page), /Customer Example Ltd .*Service contract until 2020-01-31 Over/);
      await page.getByLabel('Service contract until').fill('2090-01-31');
      await press(page, 'Save Changes');
      await page.getByText(`Device ${hardware} saved.`).waitFor();
      assert.match(await main(page), /Service contract until 2090-01-31 (?!Over)/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'center-device');
    });

    await t.test('an edit under another one is not overwritten', async () => {
      const other = await page.context().newPage();

      await other.goto(page.url());
      await other.getByLabel('Serial number').fill('SN-2');
      await press(other, 'Save Changes');
      await other.getByText(`Device ${hardware} saved.`).waitFor();
      await other.close();
      await page.getByLabel('Serial number').fill('SN-3');
      await press(page, 'Save Changes');
      await page.getByRole('alert').waitFor();
      assert.equal(await page.getByLabel('Serial number').inputValue(), 'SN-2');
    });

    await t.test('a code is shown once', async () => {
      await open(page, 'Entitlements');
      await page.getByRole('link', { name: 'New authentication code' }).click();
      await heading(page, 'New authentication code');
      await page.getByLabel('Customer').fill('Example Ltd');
      await page.getByLabel('SKUs').fill('CONSEC-ADD-250U\nNONSENSE-5U');
      await press(page, 'Make code');
      await page.locator('#sku-error').waitFor();
      assert.equal(await page.getByLabel('SKUs').inputValue(), 'CONSEC-ADD-250U\nNONSENSE-5U');
      assert.deepEqual(await look(page), []);
      await page.getByLabel('SKUs').fill('CONSEC-ADD-250U\n\nACCESS-50U-1YR\n');
      await press(page, 'Make code');
      await heading(page, 'Authentication code for Example Ltd');
      const code = await page.locator('#code').innerText();

      assert.match(code, /^([0-9A-Z]{5}-){3}[0-9A-Z]{5}$/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'center-code');
      await page.getByRole('link', { name: 'Back to Entitlements' }).click();
      const list = await main(page);

      assert.ok(list.includes(code.slice(-5)) && !list.includes(code));
      await page.getByRole('row', { name: code.slice(-5) }).getByRole('link', { name: /^Revoke/ }).click();
      await press(page, 'Revoke');
      await page.getByText(`The authentication code ending in ${code.slice(-5)} is worth nothing any more.`).waitFor();
    });

    await t.test('who holds what', async () => {
      await open(page, 'License report');
      await heading(page, 'License report');
      assert.match(await main(page), /Counting now .*Example Ltd/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'center-report');
    });

    await t.test('accounts for the partner and the customer', async () => {
      for (const [name, role, customer] of [['pat', 'partner', 'Spare Parts Inc'], ['cus', 'customer', 'Example Ltd']]) {
        await page.goto(`${base}/maintenance/accounts`);
        await page.getByLabel('User name').fill(name);
        await page.getByLabel('Role').selectOption(role);
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByLabel('Confirm password').fill(PASSWORD);
        await press(page, 'Add');
        await page.locator('#customer-error').waitFor();
        assert.equal(await page.getByLabel('Role').inputValue(), role);
        await page.getByLabel('Customer').fill(customer);
        await page.getByLabel('Password', { exact: true }).fill(PASSWORD);
        await page.getByLabel('Confirm password').fill(PASSWORD);
        await press(page, 'Add');
        await page.getByText(`Account ${name} added.`).waitFor();
      }
      assert.deepEqual(await look(page), []);
      await shot(page, 'center-accounts');
    });

    await t.test('each sees what is theirs, and no more', async () => {
      await press(page, 'Sign out');
      await people.signIn(page, { url: `${base}/signin`, user: 'pat', password: PASSWORD });
      await page.waitForURL(/\/center\/devices$/);
      assert.match(await main(page), new RegExp(`Devices of Spare Parts Inc, and of the customers you look after\\. .*${hardware}`));
      assert.deepEqual(await page.getByRole('navigation', { name: 'System' }).getByRole('link').allInnerTexts(), ['Center']);
      assert.equal(await page.getByRole('button', { name: 'Add' }).count(), 0);
      assert.deepEqual(await look(page), []);
      await page.goto(`${base}/log/events`);
      await heading(page, 'Not allowed for your role');
      await press(page, 'Sign out');
      await people.signIn(page, { url: `${base}/signin`, user: 'cus', password: PASSWORD });
      await page.waitForURL(/\/center\/devices$/);
      await page.getByRole('link', { name: hardware }).click();
      await heading(page, `Device ${hardware}`);
      assert.equal(await page.getByRole('button', { name: 'Save Changes' }).count(), 0);
      await shot(page, 'center-customer-device');
      await press(page, 'Sign out');
    });

    await t.test('an account that is removed is out', async () => {
      await people.signIn(page, estate.center);
      await page.waitForURL(/\/center\/devices$/);
      await page.goto(`${base}/maintenance/accounts`);
      await page.getByRole('link', { name: 'Remove cus', exact: true }).click();
      await heading(page, 'Remove cus?');
      assert.deepEqual(await look(page), []);
      await press(page, 'Remove');
      await page.getByText('Account cus removed.').waitFor();
      await page.getByRole('link', { name: 'Remove admin' }).click();
      await press(page, 'Remove');
      await page.getByText('admin is the last administrator. Add another one first.').first().waitFor();
      await press(page, 'Sign out');
      await people.signIn(page, { url: `${base}/signin`, user: 'cus', password: PASSWORD });
      await page.locator('#username-error, #errors').first().waitFor();
    });
    assert.deepEqual(page.complaints, []);
  });
}
