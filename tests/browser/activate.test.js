// SPDX-License-Identifier: BSD-2-Clause
//
// activate.test.js: license keys for appliances that cannot reach the center:
// by code and hardware ID, as on the telephone.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const press = (page, name) => page.getByRole('button', { name, exact: true }).click();
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

for (const javaScriptEnabled of [true, false]) {
  test(`activation at the center, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const leasehold = (words, input = '') => execFileSync(process.env.LEASEHOLD, words, { encoding: 'utf8', input }).trim();
    const center = (...words) => leasehold(['center', ...words, '--state', path.join(estate.state, 'center')]);
    const [here, there] = ['client1', 'client2'].map((name) => path.join(estate.state, name));
    const [mine, other] = [here, there].map((state) => leasehold(['hwid', '--state', state]));
    const make = (...skus) => center('authcode', 'make', '--customer', 'Example Ltd', ...skus.flatMap((sku) => ['--sku', sku]));
    const code = make('ACCESS-25U', 'CONSEC-ADD-75U-1YR');
    const activate = async (text, hardware) => {
      await page.getByRole('navigation', { name: 'Center', exact: true }).getByRole('link', { name: 'Activate', exact: true }).click();
      await page.getByRole('link', { name: 'Activate by code and hardware ID' }).click();
      await heading(page, 'Activate by code and hardware ID');
      await page.getByLabel('Authentication code').fill(text);
      await page.getByLabel('Hardware ID').fill(hardware);
      await press(page, 'Activate');
    };
    let first;

    await people.signIn(page, estate.center);
    await page.waitForURL(/\/center\/devices$/);

    await t.test('what is mistyped is said beside its field, and kept', async () => {
      await activate('12345-12345', 'ABC');
      await page.getByText(/hardware ID/i).first().waitFor();
      assert.equal(await page.getByLabel('Authentication code').inputValue(), '12345-12345');
      assert.deepEqual(await look(page), []);
      await shot(page, 'activate');
    });

    await t.test('a code and a hardware ID give the license keys, and again the same', async () => {
      await activate(code.toLowerCase(), mine);
      await heading(page, `License keys for ${mine}`);
      await page.getByText('The code is the device\'s now.').waitFor();
      first = await page.getByLabel('License keys').inputValue();
      assert.equal(first.trim().split('\n').length, 2);
      assert.deepEqual(await look(page), []);
      await shot(page, 'activated');
      await activate(code, mine.toLowerCase());
      await page.getByText('This device had the code before').waitFor();
      assert.equal(await page.getByLabel('License keys').inputValue(), first);
      assert.match(leasehold(['key', 'add', '--state', here], first), /ACCESS-25U|Installed/);
    });

    await t.test('another device is refused, and told why', async () => {
      await activate(code, other);
      await page.getByText('used by another device').first().waitFor();
    });

    await t.test('the device shows its own key later', async () => {
      fs.writeFileSync(path.join(estate.state, 'later'), make('POLSEC-10U'), { mode: 0o600 });
      const asked = leasehold(['download', 'request', '--code-file', path.join(estate.state, 'later'), '--state', here]);

      await page.getByRole('navigation', { name: 'Center', exact: true }).getByRole('link', { name: 'Activate', exact: true }).click();
      await page.getByLabel('Activation file', { exact: true }).fill(asked);
      await press(page, 'Activate');
      fs.writeFileSync(path.join(estate.state, 'answer'), await page.getByLabel('Key file', { exact: true }).inputValue());
      leasehold(['download', 'install', '--file', path.join(estate.state, 'answer'), '--state', here]);
      assert.match(leasehold(['key', 'list', '--state', here]), /POLSEC-10U/);
    });
    assert.deepEqual(page.complaints.filter((one) => !/422/.test(one)), []);
  });
}
