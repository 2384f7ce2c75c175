// SPDX-License-Identifier: BSD-2-Clause
//
// member.test.js: a gateway loses its member license. While it draws on
// subscriptions nobody minds; when it draws on a permanent license both
// consoles say so, and why, until it has one again. With strict membership on,
// its form warns, and nothing more of the kind is lent. Without scripts.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage } = require('./estate.js');
const people = require('./people.js');

const at = (appliance, address) => new URL(address, appliance.url).href;

async function pull(page, estate) {
  await page.goto(at(estate.client2, 'licensing/server'));
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('status').waitFor();
  await page.goto(at(estate.client2, 'licensing/summary'));
}

async function clientState(page, estate) {
  await page.goto(at(estate.server, 'licensing/clients'));
  return people.cell(page, 'gwwest', 'State').innerText();
}

async function reserveAccess(page, estate, count) {
  await page.goto(at(estate.server, 'licensing/client/gwwest'));
  await page.getByLabel('ACCESS Reserved Count').fill(String(count));
  await page.getByLabel('ACCESS Maximum Count').fill(String(count));
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').getByText('Client gwwest saved').waitFor();
}

async function setStrict(page, estate, isOn) {
  await page.goto(at(estate.server, 'licensing/clients'));
  await page.locator('summary').click();
  await page.getByLabel('Strict membership').setChecked(isOn);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').waitFor();
}

test('a gateway without its member license', async (t) => {
  const estate = await startEstate();
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  const gateway = await openPage(browser, { javaScriptEnabled: false });
  const server = await openPage(browser, { javaScriptEnabled: false });

  await people.signIn(gateway, estate.client2);
  await people.signIn(server, estate.server);

  await t.test('may draw on subscriptions, and is told nothing', async () => {
    await gateway.getByRole('link', { name: 'Delete license' }).click();
    await gateway.getByRole('button', { name: 'Delete license' }).click();
    await pull(gateway, estate);
    assert.equal(await gateway.getByText('Out of compliance').count(), 0);
    await server.goto(at(estate.server, 'licensing/client/gwwest'));
    assert.equal(await people.cell(server, 'CONSEC', 'Source').innerText(), 'subscription');
    await server.getByText('Member license seen').locator('xpath=..').getByText('none').waitFor();
    assert.equal(await clientState(server, estate), 'OK');
  });

  await t.test('draws on a permanent license, and both sides say so', async () => {
    await reserveAccess(server, estate, 25);
    await pull(gateway, estate);
    await gateway.getByText('25 ACCESS units of this client come from permanent licenses').waitFor();
    assert.match(await clientState(server, estate), /^Out of compliance \(Why\?\)$/);
    await server.getByRole('link', { name: 'Why?' }).click();
    assert.match(server.url(), /\/licensing\/compliance$/);
    await server.getByText('25 ACCESS units of this client come from permanent licenses').waitFor();
    await server.goto(at(estate.server, 'licensing/summary'));
    await server.locator('#findings').getByText('gwwest').waitFor();
  });

  await t.test('gets no more of it under strict membership, and its form warns', async () => {
    await setStrict(server, estate, true);
    await server.goto(at(estate.server, 'licensing/client/gwwest'));
    await server.getByText('no LICENSE-MBR license of this client has been seen').waitFor();
    await reserveAccess(server, estate, 40);
    await pull(gateway, estate);
    assert.equal(await people.cell(gateway, 'ACCESS', 'Leased now').innerText(), '25', 'what it had goes on');
    await gateway.getByText('this server lends those only to clients with a LICENSE-MBR license').waitFor();
    await server.goto(at(estate.server, 'licensing/client/gweast'));
    assert.equal(await server.locator('#strict-warning').count(), 0, 'a member is not warned of');
  });

  await t.test('has one again, and all is well', async () => {
    await people.addKeys(gateway, fs.readFileSync(path.join(estate.state, 'client2-keys.txt'), 'utf8'));
    await pull(gateway, estate);
    assert.equal(await gateway.getByText('Out of compliance').count(), 0);
    assert.equal(await people.cell(gateway, 'ACCESS', 'Leased now').innerText(), '40');
    assert.equal(await clientState(server, estate), 'OK');
    await server.goto(at(estate.server, 'licensing/summary'));
    assert.equal(await server.locator('#findings').count(), 0);
  });
  assert.deepEqual(gateway.complaints.concat(server.complaints), []);
});
