// SPDX-License-Identifier: BSD-2-Clause
//
// cluster.test.js: two gateways become one cluster, by hand on both consoles:
// name and password, each other's address, each other's public key. The license
// server's console shows the cluster, its leader and its nodes. With scripts and
// without; the form of the cluster is sent by the keyboard alone.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const at = (appliance, address) => new URL(address, appliance.url).href;
const secret = 'Correct-Cluster-1';
const words = async (locator) => (await locator.innerText()).replace(/\s+/g, ' ');

async function typeInto(page, label, text) {
  await page.getByLabel(label, { exact: true }).focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type(text);
}

// From field to field and off by Enter, as a person does who has no mouse.
async function joinByKeys(page, { name, password, again, leads }) {
  await typeInto(page, 'Cluster name', name);
  await typeInto(page, 'Hello interval', '2');
  await typeInto(page, 'Cluster password', password);
  await typeInto(page, 'Confirm cluster password', again);
  if (leads && !await page.getByLabel('Offer to lead').isChecked()) {
    await page.getByLabel('Offer to lead').focus();
    await page.keyboard.press('Space');
  }
  await page.getByLabel('Confirm cluster password').focus();
  await page.keyboard.press('Enter');
}

async function addNode(page, id, appliance) {
  await page.getByLabel('Unique ID of the node').fill(id);
  await page.getByLabel('Address').fill(new URL(appliance.url).host);
  await page.getByLabel('Verify SSL Certificate').setChecked(false);
  await page.getByRole('button', { name: 'Add node' }).click();
  await page.getByRole('status').getByText(id).waitFor();
}

async function pull(page, appliance) {
  await page.goto(at(appliance, 'licensing/server'));
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('status').waitFor();
}

// Of a node, whether it leads or not.
const row = (page, id) => page.locator('tr', {
  has: page.getByRole('rowheader', { name: new RegExp(`^${id}( \\(leader\\))?$`) }),
}).first();

async function walk(t, javaScriptEnabled) {
  const estate = await startEstate();
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  const east = await openPage(browser, { javaScriptEnabled });
  const west = await openPage(browser, { javaScriptEnabled });
  const server = await openPage(browser, { javaScriptEnabled });
  const sides = [[east, estate.client1, 'gwwest', estate.client2], [west, estate.client2, 'gweast', estate.client1]];
  const looks = async (page) => assert.deepEqual(javaScriptEnabled ? await axe(page) : [], []);

  await people.signIn(east, estate.client1);
  await people.signIn(west, estate.client2);
  await people.signIn(server, estate.server);
  for (const [page] of sides)
    await page.waitForURL(/\/licensing\/summary$/);

  await t.test('each enters the cluster, by the keyboard alone', async () => {
    for (const [page, appliance] of sides) {
      await page.goto(at(appliance, 'system/clustering'));
      await joinByKeys(page, { name: 'emea', password: secret, again: `${secret}!`, leads: true });
      await page.locator('#errors').waitFor();
      assert.equal(await page.getByLabel('Cluster name').inputValue(), 'emea', 'what was typed is kept');
      assert.equal(await page.getByLabel('Cluster password', { exact: true }).inputValue(), '', 'but no password');
      await joinByKeys(page, { name: 'emea', password: secret, again: secret, leads: true });
      await page.getByRole('heading', { name: 'Nodes of emea' }).waitFor();
      await looks(page);
      // The first that asks is named; an agent asks by itself, too, so this one asks before the other is in.
      await pull(page, appliance);
    }
  });

  await t.test('and the other, whose public key it confirms', async () => {
    for (const [page, appliance, other, peer] of sides) {
      await page.goto(at(appliance, 'system/clustering'));
      await addNode(page, other, peer);
    }
    for (const [page, , other] of sides) {
      const confirm = page.getByRole('button', { name: `Confirm public key of ${other}` });

      assert.ok(await people.reloadUntil(page, () => confirm.count(), 240), 'its key is met');
      await page.getByText(`Is this node ${other}?`).waitFor();
      await looks(page);
      await confirm.focus();
      await page.keyboard.press('Enter');
      await page.getByRole('status').getByText(other).waitFor();
    }
    for (const [page, , other] of sides)
      assert.ok(await people.reloadUntil(page, async () =>
        /Reachable/.test(await row(page, other).locator('td[data-label="State"]').innerText()), 240), `${other} is reached`);
  });

  await t.test('the license server names one of them', async () => {
    await pull(east, estate.client1);
    await pull(west, estate.client2);
    for (const [page, appliance] of sides) {
      await page.goto(at(appliance, 'system/clustering'));
      assert.match(await words(page.getByRole('region', { name: 'Nodes of emea' })),
        /Leader by the last answer of the license server: gweast\..*gweast \(leader\)/);
    }
    await looks(west);
  });

  await t.test('and shows the cluster, its leader and its nodes', async () => {
    await server.goto(at(estate.server, 'licensing/clients'));
    for (const id of ['gweast', 'gwwest'])
      assert.equal(await people.cell(server, id, 'Cluster').innerText(), 'emea');
    await looks(server);
    await server.getByRole('link', { name: 'gweast', exact: true }).click();
    const cluster = server.locator('dl > div', { hasText: 'Cluster' }).first();

    assert.equal(await words(cluster.locator('dd')), 'emea, which it leads');
    await server.goto(at(estate.server, 'licensing/client/gwwest'));
    assert.equal(await words(cluster.locator('dd')), 'emea, led by gweast');
    await looks(server);
    await cluster.getByRole('link', { name: 'gweast' }).focus();
    await server.keyboard.press('Enter');
    await server.waitForURL(/\/licensing\/client\/gweast$/);
  });

  await t.test('who leaves says what ends', async () => {
    await west.goto(at(estate.client2, 'system/clustering'));
    await west.getByRole('link', { name: 'Leave cluster' }).click();
    await west.getByText('This node asks the license server by itself again').waitFor();
    await west.getByRole('button', { name: 'Leave cluster' }).click();
    await west.getByRole('status').waitFor();
    await pull(west, estate.client2);
    await server.goto(at(estate.server, 'licensing/clients'));
    assert.equal(await people.cell(server, 'gwwest', 'Cluster').innerText(), '–');
  });
  for (const page of [east, west, server])
    assert.deepEqual(page.complaints, []);
}

for (const javaScriptEnabled of [true, false])
  test(`a cluster by hand, ${javaScriptEnabled ? 'with' : 'without'} scripts`, (t) => walk(t, javaScriptEnabled));
