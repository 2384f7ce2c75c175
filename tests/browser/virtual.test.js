// SPDX-License-Identifier: BSD-2-Clause
//
// virtual.test.js: a virtual license server: its windows before and after its
// license-server license, the platform groups, and whom it serves.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const GROUPS = 'Licenses applicable for specific platform groups';
const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const press = (page, name) => page.getByRole('button', { name, exact: true }).click();

// At each width nothing is wider than the page, and axe finds nothing.
async function holds(page, name, javaScriptEnabled) {
  for (const width of [1920, 320, 1366]) {
    await page.setViewportSize({ width, height: 900 });
    if (process.env.SHOTS)
      for (const colorScheme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme });
        await page.screenshot({ path: path.join(process.env.SHOTS, `${name}-${width}-${colorScheme}.png`), fullPage: true });
      }
    if (!javaScriptEnabled)
      continue;
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth), `${name} at ${width}`);
    assert.deepEqual(await axe(page), [], `${name} at ${width}`);
  }
}

async function groups(page) {
  const rows = page.locator('details', { hasText: GROUPS }).locator('tbody tr');

  return (await rows.allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim());
}

for (const javaScriptEnabled of [true, false]) {
  test(`a virtual license server, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openPage(browser, { javaScriptEnabled });
    const code = fs.readFileSync(path.join(estate.state, 'virtual-authcode.txt'), 'utf8').trim();
    const open = (address) => page.goto(new URL(address, estate.virtual.url).href);

    await people.signIn(page, estate.virtual);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('the agreement of the boot dialogue is that of the console', async () => {
      assert.match(await main(page), /License agreement: version 1, accepted by cli:\w+ on /);
      assert.match(await main(page), /Install a license-server license by its authentication code: Download Licenses/);
      await holds(page, 'virtual-new', javaScriptEnabled);
    });

    await t.test('before its license Configure Clients says why it is empty, and what to do', async () => {
      await page.getByRole('link', { name: 'Configure Clients', exact: true }).first().click();
      await page.getByRole('heading', { name: 'Configure Clients', level: 1 }).waitFor();
      assert.match(await main(page), /this virtual license server has no license-server license/);
      assert.match(await main(page), /leasehold boot on its console \(done\)/);
      assert.equal(await page.getByLabel('Enable Licensing server').count(), 0);
      assert.equal(await page.getByRole('link', { name: 'New Client' }).count(), 0);
      await holds(page, 'virtual-closed', javaScriptEnabled);
      assert.equal((await open('licensing/clients/new')).status(), 404);
      assert.match(await main(page), /no license-server license/);
    });

    await t.test('windows of gateways are not there, and say why', async () => {
      for (const address of ['licensing/server', 'status/users', 'system/clustering']) {
        assert.equal((await open(address)).status(), 404);
        assert.match(await main(page), /is switched off on a license server/);
      }
      await open('licensing/summary');
      assert.deepEqual(await page.getByRole('navigation', { name: 'Licensing', exact: true }).getByRole('link').allInnerTexts(),
        ['Licensing Summary', 'Configure Clients', 'Leases', 'Usage', 'Download Licenses', 'Compliance']);
    });

    await t.test('the code brings its license, and the window opens', async () => {
      await open('licensing/clients');
      await page.getByRole('main').getByRole('link', { name: 'Download Licenses' }).click();
      await page.getByLabel('Authentication code(s)').fill(code);
      await press(page, 'Download and Install');
      await page.getByText('4 license keys came, 4 of them new.').first().waitFor();
      await page.getByRole('link', { name: 'Configure Clients', exact: true }).first().click();
      assert.equal(await page.getByLabel('Enable Licensing server').isChecked(), true);
      await page.getByRole('link', { name: 'New Client' }).first().click();
      assert.deepEqual(await page.getByLabel('Platform').locator('option').allInnerTexts(),
        ['PSA-300', 'PSA-3000', 'PSA-5000', 'PSA-7000f', 'PSA-7000c', 'VA-SPE']);
    });

    await t.test('of ACCESS a virtual appliance may reserve subscriptions only', async () => {
      const available = () => page.locator('tr', { hasText: 'ACCESS' }).first().locator('td[data-label="Available"]');

      assert.match(await available().innerText(), /300/);
      await people.fillClient(page, { id: 'va1', password: 'Correct-Horse-1', counts: { ACCESS: [101, 0, 101] } });
      await page.getByLabel('Platform').selectOption('VA-SPE');
      await press(page, 'Recalculate');
      await page.getByRole('alert').getByText('ACCESS Reserved Count must be 100 or less.').waitFor();
      assert.match(await available().innerText(), /100/);
      await page.getByLabel('ACCESS Reserved Count').fill('100');
      await page.getByLabel('ACCESS Maximum Count').fill('100');
      await page.getByLabel('Client password').fill('Correct-Horse-1');
      await page.getByLabel('Confirm password').fill('Correct-Horse-1');
      await press(page, 'Save Changes');
      await page.getByText('Client va1 added.').waitFor();
    });

    await t.test('a client leases from it', async () => {
      const gateway = await openPage(browser, { javaScriptEnabled });
      const wish = { id: 'gwsouth', password: 'Correct-Horse-2', counts: { CONSEC: [30, 10, 60] } };

      await open('licensing/clients/new');
      await page.getByLabel('Platform').selectOption('PSA-300');
      await people.fillClient(page, wish);
      await press(page, 'Save Changes');
      await page.getByText('Client gwsouth added.').waitFor();
      await people.signIn(gateway, estate.client3);
      await gateway.waitForURL(/\/licensing\/summary$/);
      await gateway.getByRole('link', { name: 'Configure Server' }).first().click();
      await people.fillServer(gateway, { server: new URL(estate.virtual.url).host, ...wish, verify: false });
      await press(gateway, 'Save Changes');
      const confirm = gateway.getByRole('button', { name: 'Confirm public key' });

      assert.ok(await people.reloadUntil(gateway, () => confirm.isVisible()), 'its public key is shown');
      await confirm.click();
      await press(gateway, 'Pull State from Server');
      await gateway.getByRole('status').getByText('State pulled from the license server').waitFor();
      await gateway.goto(new URL('licensing/summary', estate.client3.url).href);
      assert.equal(await people.cell(gateway, 'CONSEC', 'Leased now').textContent(), '30');
      await open('licensing/leases');
      assert.match(await main(page), /gwsouth .*CONSEC .*30/);
      assert.deepEqual(gateway.complaints, []);
    });

    await t.test('the summary lists what each platform group may lease', async () => {
      await open('licensing/summary');
      await page.getByText(GROUPS, { exact: true }).click();
      const rows = await groups(page);

      assert.equal(rows.length, 4);
      for (const [index, pattern] of [
        [0, /^PSA .*PSA-300, PSA-3000, PSA-5000, PSA-7000f, PSA-7000c .*ACCESS .*300 /],
        [1, /^PSA .*CONSEC .*500 /],
        [2, /^VA .*VA-SPE .*ACCESS .*100 .*Subscriptions only: permanent units are for hardware/],
        [3, /^VA .*VA-SPE .*CONSEC .*500 /]])
        assert.match(rows[index], pattern);
      await holds(page, 'virtual-groups', javaScriptEnabled);
      const status = JSON.parse(execFileSync(process.env.LEASEHOLD,
        ['status', '--json', '--state', path.join(estate.state, 'virtual')], { encoding: 'utf8' }));

      assert.deepEqual(status.platform_groups.map((group) => [group.group,
        ...group.licenses.map((one) => `${one.feature} ${one.installed}`)]),
      [['PSA', 'ACCESS 300', 'CONSEC 500'], ['VA', 'ACCESS 100', 'CONSEC 500']]);
      assert.deepEqual(status.platform_groups[1].platforms, ['VA-SPE']);
    });

    await t.test('a key for other hardware is refused, with the platforms', async () => {
      const hwid = await page.locator('#hardware-id').innerText();
      const key = execFileSync(process.env.LEASEHOLD, ['center', 'key', 'issue', '--state',
        path.join(estate.state, 'center'), '--hwid', hwid, '--sku', 'ACCESSX600-ADD-100U'], { encoding: 'utf8' });

      await people.addKeys(page, key);
      await page.getByRole('alert').waitFor();
      assert.match(await main(page), /a virtual license server leases to PSA-300, PSA-3000, PSA-5000, PSA-7000f, PSA-7000c, VA-SPE only\. Install it on a license server on hardware\./);
      await holds(page, 'virtual-refused', javaScriptEnabled);
    });

    assert.deepEqual(page.complaints, []);
  });
}
