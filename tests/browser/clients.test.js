// SPDX-License-Identifier: BSD-2-Clause
//
// clients.test.js: many license clients: found, narrowed, sorted, counted and
// exported; what is asked for stands in the address.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const PLATFORMS = ['PSA-300', 'PSA-3000', 'PSA-7000f'];
const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const ids = (page) => page.locator('tbody th[scope="row"]').allInnerTexts();
const pressed = (page) => page.getByRole('button', { name: 'Find', exact: true }).click();

// 57 of them, two of which are of PPS.
function enters(estate) {
  const file = path.join(estate.state, 'client-password');
  const add = (id, platform, ...words) => execFileSync(process.env.LEASEHOLD, ['client', 'add', '--id', id, '--platform', platform,
    '--password-file', file, '--state', path.join(estate.state, 'server'), ...words], { stdio: 'ignore' });

  for (let i = 0; i < 55; i++)
    add(`branch${String(i).padStart(2, '0')}`, PLATFORMS[i % 3], '--product', 'PCS', '--feature', 'CONSEC=2/2/4',
      ...(i < 3 ? ['--expires', '2099-01-0' + (i + 1)] : []));
  for (const id of ['policy1', 'policy2'])
    add(id, 'PSA-5000', '--product', 'PPS', '--feature', 'ACCESS=1/0/1');
}

// "a","b",1 -> rows of texts.
const table = (text) => text.trim().split('\r\n').map((line) =>
  [...line.matchAll(/"((?:[^"]|"")*)"|([^,]+)/g)].map(([, quoted, plain]) => plain ?? quoted.replaceAll('""', '"')));

for (const javaScriptEnabled of [true, false]) {
  test(`many clients, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    enters(estate);
    const list = new URL('licensing/clients', estate.server.url).href;

    await people.signIn(page, estate.server);
    await page.waitForURL(/\/licensing\/summary$/);
    await page.getByRole('link', { name: 'Configure Clients', exact: true }).first().click();

    await t.test('a page of them, and the way to the others', async () => {
      await page.getByText(/1–50 of 59/).waitFor();
      assert.equal((await ids(page)).length, 50);
      await page.getByRole('link', { name: 'Last page' }).click();
      await page.getByText(/51–59 of 59/).waitFor();
      await page.getByRole('link', { name: 'First page' }).click();
      await page.getByLabel('Rows').selectOption('25');
      await pressed(page);
      await page.getByText(/1–25 of 59/).waitFor();
      await page.getByRole('link', { name: 'Next page' }).click();
      await page.getByText(/26–50 of 59/).waitFor();
      assert.deepEqual(await look(page), []);
      await page.goto(`${list}?page=999`);
      await page.getByText(/51–59 of 59/).waitFor();
    });

    await t.test('narrowed by what they are, and what is asked for is taken out again', async () => {
      await page.goto(list);
      await page.getByLabel('Find', { exact: true }).fill('BRANCH');
      await page.getByLabel('Platform').selectOption('PSA-300');
      await page.getByLabel('Feature').selectOption('CONSEC');
      await pressed(page);
      await page.getByText(/1–19 of 19/).waitFor();
      assert.match(await main(page), /Client ID BRANCH Remove.* Platform PSA-300 Remove.* Feature CONSEC Remove.* Clear all/);
      assert.match((await page.locator('tfoot').innerText()).replace(/\s+/g, ' '), /All 19 together CONSEC 38 0 76/);
      const address = page.url();

      assert.deepEqual(await look(page), []);
      await shot(page, 'clients-found');
      await page.reload();
      await page.getByText(/1–19 of 19/).waitFor();
      assert.equal(page.url(), address, 'the address keeps it');
      await page.getByRole('link', { name: 'Remove Platform PSA-300' }).click();
      await page.getByText(/1–50 of 55/).waitFor();
      await page.getByRole('link', { name: 'Clear all' }).click();
      await page.getByText(/1–50 of 59/).waitFor();
    });

    await t.test('by their state and product', async () => {
      await page.getByLabel('State').selectOption('Never contacted');
      await page.getByLabel('Product').selectOption('PPS');
      await pressed(page);
      await page.getByText(/1–2 of 2/).waitFor();
      assert.deepEqual((await ids(page)).slice(0, 2), ['policy1', 'policy2']);
      await page.getByLabel('Product').selectOption('');
      await page.getByLabel('State').selectOption('OK');
      await pressed(page);
      assert.ok((await ids(page)).includes('gweast'));
      await page.getByLabel('State').selectOption('Lease expired');
      await pressed(page);
      await page.getByText('No client is like that.').waitFor();
      assert.equal(await page.locator('thead').count(), 0);
      assert.deepEqual(await look(page), []);
      await page.goto(`${list}?state=nonsense`);
      await page.getByText('No client is like that.').waitFor();
      await page.getByRole('link', { name: 'Show all clients' }).click();
    });

    await t.test('sorted by a column, which says so alone', async () => {
      await page.getByRole('link', { name: 'Config expires' }).click();
      assert.equal(await page.locator('th[aria-sort]').count(), 1);
      assert.deepEqual((await ids(page)).slice(0, 3), ['branch00', 'branch01', 'branch02']);
      await page.getByRole('link', { name: 'Client ID' }).click();
      await page.getByRole('link', { name: 'Client ID' }).click();
      assert.equal(await page.locator('th[aria-sort="descending"]').innerText(), 'Client ID');
      assert.equal((await ids(page))[0], 'policy2');
      await page.getByLabel('Find', { exact: true }).fill('branch');
      await pressed(page);
      assert.equal((await ids(page))[0], 'branch54', 'a search keeps the order');
    });

    await t.test('exported as they are found', async () => {
      await page.goto(`${list}?platform=PSA-3000&feature=CONSEC`);
      const [download] = await Promise.all([page.waitForEvent('download'),
        page.getByRole('link', { name: 'Export CSV' }).click()]);
      const rows = table(fs.readFileSync(await download.path(), 'utf8'));

      assert.deepEqual(rows[0].slice(0, 5), ['client ID', 'platform', 'product', 'cluster', 'feature']);
      assert.equal(rows.length - 1, 18 + 1, 'each line that was found, and gwwest');
      assert.ok(rows.slice(1).every((row) => row[1] === 'PSA-3000' && row[4] === 'CONSEC'));
      assert.deepEqual(rows.find((row) => row[0] === 'branch01').slice(5), ['2', '2', '4', '0', '2099-01-02', '', '', '', 'never']);
    });

    await t.test('or all of them', async () => {
      await page.goto(list);
      const [download] = await Promise.all([page.waitForEvent('download'),
        page.getByRole('link', { name: 'Export CSV' }).click()]);

      assert.equal(new Set(table(fs.readFileSync(await download.path(), 'utf8')).slice(1).map((row) => row[0])).size, 59);
    });

    await t.test('on a small screen', async () => {
      await page.goto(list);
      await page.setViewportSize({ width: 320, height: 800 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await look(page), []);
      await page.setViewportSize({ width: 1366, height: 768 });
      await shot(page, 'clients-many');
    });
    assert.deepEqual(page.complaints, []);
  });
}
