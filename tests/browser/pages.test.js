// SPDX-License-Identifier: BSD-2-Clause
//
// pages.test.js: every page as it looks, wide and narrow, light and dark: axe
// finds nothing, nothing scrolls sideways. The pictures are kept in
// screenshots/ of the build tree for people to look at.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const pictures = path.join(process.env.top_builddir || '.', 'screenshots');

const views = [
  { width: 1366, colorScheme: 'light' },
  { width: 1366, colorScheme: 'dark' },
  { width: 1920, colorScheme: 'light' },
  { width: 320, colorScheme: 'light' },
  { width: 320, colorScheme: 'dark' },
];

// name: [appliance, address, what to do there first]
const pages = {
  summary: ['server', 'licensing/summary'],
  'summary-refused': ['server', 'licensing/summary', (page) => people.addKeys(page, 'eyJhbGciOiJub25lIn0.e30.AAAA')],
  agreement: ['server', 'agreement'],
  clients: ['server', 'licensing/clients'],
  'clients-settings': ['server', 'licensing/clients', async (page) => {
    await page.locator('summary').click();
    await page.getByLabel('Lease Renewal Interval').fill('13');
    await page.getByRole('button', { name: 'Save Changes' }).click();
  }],
  'clients-none': ['server', 'licensing/clients?find=nobody'],
  'client-new': ['server', 'licensing/clients/new'],
  'client-new-mistakes': ['server', 'licensing/clients/new', async (page) => {
    await people.fillClient(page, { id: 'g w', password: 'x', counts: { CONSEC: [999999, 0, 5] } });
    await page.getByRole('button', { name: 'Save Changes' }).click();
  }],
  client: ['server', 'licensing/client/gweast'],
  'client-not-member': ['server', 'licensing/client/gwwest'],
  'client-delete': ['server', 'licensing/client/gweast/delete'],
  'client-delete-refused': ['server', 'licensing/client/gweast/delete', (page) => page.getByRole('button', { name: 'Delete client' }).click()],
  leases: ['server', 'licensing/leases'],
  'leases-none': ['server', 'licensing/leases?client=nobody'],
  compliance: ['server', 'licensing/compliance'],
  'gateway-compliance': ['client1', 'licensing/compliance'],
  'log-events': ['server', 'log/events'],
  'log-admin': ['server', 'log/admin', async (page) => page.getByRole('button', { name: 'Verify' }).click()],
  'log-none': ['server', 'log/events?find=nobody'],
  'not-found': ['server', 'nothing/here'],
  'not-on-server': ['server', 'licensing/server'],
  'gateway-summary': ['client1', 'licensing/summary'],
  'gateway-surrender': ['client1', 'licensing/summary', (page) => page.getByRole('link', { name: 'Surrender license' }).click()],
  'gateway-recall': ['client1', 'licensing/summary', (page) => page.getByRole('link', { name: 'Recall license' }).click()],
  'gateway-users': ['client1', 'status/users'],
  'gateway-users-none': ['client1', 'status/users?find=nobody'],
  'gateway-users-settings': ['client1', 'status/users', async (page) => {
    await page.locator('summary').click();
    await page.getByLabel('Wait for capacity').fill('61');
    await page.getByRole('button', { name: 'Save Changes' }).click();
  }],
  'gateway-users-end': ['client1', 'status/users', (page) => page.getByRole('link', { name: 'End the session of user59' }).first().click()],
  'gateway-refusals': ['client2', 'licensing/summary'],
  'gateway-server': ['client1', 'licensing/server'],
  'gateway-server-tested': ['client1', 'licensing/server', async (page) => {
    await page.getByLabel('Verify SSL Certificate').check();
    await page.getByRole('button', { name: 'Test connection' }).click();
    await page.locator('#tested').waitFor();
  }],
  clustering: ['client1', 'system/clustering'],
  'clustering-remove': ['client1', 'system/clustering/remove?node=gwwest'],
  'clustering-leave': ['client1', 'system/clustering/leave'],
  'clustering-mistakes': ['client1', 'system/clustering', async (page) => {
    await page.getByLabel('Unique ID of the node').fill('g w');
    await page.getByRole('button', { name: 'Add node' }).click();
  }],
  'clustering-none': ['client2', 'system/clustering'],
  'gateway-server-mistakes': ['client1', 'licensing/server', async (page) => {
    await page.getByLabel('License server', { exact: true }).fill('');
    await page.getByRole('button', { name: 'Save Changes' }).click();
  }],
};

// Licenses of gateways: one that stays, one that counts on the server, and one
// that cannot, because its gateway has lost its member license. That gateway
// then draws on permanent units, and strict membership is on from here.
function lendLicenses(estate) {
  const run = (name, words, input = '') => execFileSync(process.env.LEASEHOLD,
    [...words, '--state', path.join(estate.state, name)], { input, encoding: 'utf8', stdio: 'pipe' });
  const install = (name, sku) => run(name, ['key', 'add'],
    run('center', ['center', 'key', 'issue', '--hwid', run(name, ['hwid']).trim(), '--sku', sku]));
  const serial = (name, sku) => JSON.parse(run(name, ['key', 'list', '--json']))
    .find((license) => license.sku === sku).serial;

  install('client1', 'CONSEC-ADD-100U');
  install('client1', 'ACCESS-ADD-50U');
  run('client1', ['key', 'surrender', serial('client1', 'ACCESS-ADD-50U')]);
  run('client1', ['sync']);
  install('client2', 'CONSEC-ADD-75U');
  run('client2', ['key', 'remove', serial('client2', 'PSA-LICENSE-MBR')]);
  run('server', ['client', 'set', '--id', 'gwwest', '--feature', 'ACCESS=25/0/25']);
  run('client2', ['sync']);
  run('server', ['server', 'set', '--strict-membership', 'on']);
}

// A cluster of which this node knows one that was heard of, and one that nobody answers for.
function formCluster(estate) {
  const state = path.join(estate.state, 'client1');
  const run = (words, input = '') => execFileSync(process.env.LEASEHOLD,
    [...words, '--state', state], { input, encoding: 'utf8', stdio: 'pipe' });

  run(['cluster', 'set', '--name', 'emea', '--password', '--lead', 'on'], 'secret\n');
  run(['cluster', 'node', 'add', 'gwwest', '--address', new URL(estate.client2.url).host, '--verify', 'off']);
  run(['cluster', 'node', 'add', 'gwsouth', '--address', '127.0.0.99:1']);
  execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(state, 'store.db'),
    "INSERT INTO cluster_node_units VALUES ('gwsouth', 'CONSEC', 35);" +
    " UPDATE cluster_node SET seen_at = unixepoch() - 3600, lost_at = unixepoch() - 3420 WHERE client_name = 'gwsouth'"]);
}

// Plain words in tables that stand on two lines. They run in the page.
function cutWords() {
  const cut = [];

  for (const cell of document.querySelectorAll('.lh-table th, .lh-table td')) {
    const texts = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);

    while (texts.nextNode())
      for (const word of texts.currentNode.data.matchAll(/[A-Za-z]{3,12}/g)) {
        const range = document.createRange();

        range.setStart(texts.currentNode, word.index);
        range.setEnd(texts.currentNode, word.index + word[0].length);
        if (new Set([...range.getClientRects()].map((place) => place.top)).size > 1)
          cut.push(`${word[0]} in ${cell.innerText}`);
      }
  }
  return cut;
}

// Adds what is wrong with the page to "found": all of it is told at once.
async function look(page, name, view, found) {
  const file = path.join(pictures, `${name}-${view.colorScheme}-${view.width}.png`);
  const width = await page.evaluate(() => document.documentElement.scrollWidth);

  await page.screenshot({ path: file, fullPage: true });
  if (width > view.width)
    found.push(`${name} is ${width} wide`);
  for (const word of await page.evaluate(cutWords))
    found.push(`${name}: cut is ${word}`);
  for (const violation of await axe(page))
    found.push(`${name}: ${violation}`);
}

test('every page, wide and narrow, light and dark', async (t) => {
  const estate = await startEstate();
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  fs.mkdirSync(pictures, { recursive: true });
  for (let i = 0; i < 60; i++)
    people.session(estate, 'client1', 'begin', '--user', `user${i}`);

  lendLicenses(estate);
  formCluster(estate);

  for (const view of views) {
    await t.test(`${view.width} px, ${view.colorScheme}`, async () => {
      const page = await openPage(browser, { viewport: { width: view.width, height: 768 }, colorScheme: view.colorScheme });

      const found = [];

      await page.goto(estate.server.url);
      await look(page, 'signin', view, found);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await look(page, 'signin-mistakes', view, found);
      for (const name of ['server', 'client1', 'client2'])
        await people.signIn(page, estate[name]);
      for (const [name, [appliance, address, act]] of Object.entries(pages)) {
        const answer = await page.goto(new URL(address, estate[appliance].url).href);

        if (answer.status() !== (name.startsWith('not-') ? 404 : 200))
          found.push(`${name}: status ${answer.status()}`);
        if (act)
          await act(page);
        await look(page, name, view, found);
      }
      assert.deepEqual(found, []);
      assert.deepEqual(page.complaints, []);
      await page.context().close();
    });
  }
});
