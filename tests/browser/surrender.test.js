// SPDX-License-Identifier: BSD-2-Clause
//
// surrender.test.js: a gateway lends a permanent license to its license server
// and takes it back, by hand on both consoles: what the pages promise, what
// they refuse, and what each console says meanwhile.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const summary = (appliance) => new URL('licensing/summary', appliance.url).href;

function issue(estate, name, sku) {
  const leasehold = (...words) => execFileSync(process.env.LEASEHOLD, words, { encoding: 'utf8' }).trim();
  const hardware = leasehold('hwid', '--state', path.join(estate.state, name));

  return leasehold('center', 'key', 'issue', '--state', path.join(estate.state, 'center'),
    '--hwid', hardware, '--sku', sku);
}

// The row of a license in Installed License Details.
const license = (page, sku) => page.locator('tr', { has: page.getByRole('rowheader', { name: sku }) });

const state = async (page, sku) => (await license(page, sku).locator('td[data-label="State"]').innerText())
  .replace(/\s+/g, ' ');

// What a disabled control says of itself, to whom hears the page as well.
async function refused(page, sku, name = 'Surrender') {
  const button = license(page, sku).getByRole('button', { name: `${name} license` });

  assert.ok(await button.isDisabled());
  return page.locator(`#${await button.getAttribute('aria-describedby')}`).innerText();
}

async function pull(page, estate) {
  await page.goto(new URL('licensing/server', estate.client1.url).href);
  await page.getByRole('button', { name: 'Pull State from Server' }).click();
  await page.getByRole('status').waitFor();
  await page.goto(summary(estate.client1));
}

// By the keyboard alone: the link, then the button of the page behind it.
async function act(page, name) {
  await page.getByRole('link', { name: new RegExp(`^${name} license`) }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: new RegExp(`^${name} license`) }).waitFor();
  await page.getByRole('button', { name, exact: true }).focus();
  await page.keyboard.press('Enter');
  await page.waitForURL(/\/licensing\/summary$/);
}

async function reserve(page, estate, client, count) {
  await page.goto(new URL(`licensing/client/${client}`, estate.server.url).href);
  await page.getByLabel('CONSEC Reserved Count').fill(String(count));
  await page.getByLabel('CONSEC Maximum Count').fill(String(count + 200));
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').getByText(`Client ${client} saved`).waitFor();
}

async function enableServer(page, estate, isOn) {
  await page.goto(new URL('licensing/clients', estate.server.url).href);
  await page.getByLabel('Enable Licensing server').setChecked(isOn);
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await page.getByRole('status').waitFor();
}

const nodes = { gweast: 'client1', gwwest: 'client2' };
const onNode = (estate, id, ...words) => execFileSync(process.env.LEASEHOLD,
  [...words, '--state', path.join(estate.state, nodes[id])], { encoding: 'utf8' });

async function joinCluster(estate) {
  const secret = path.join(estate.state, 'cluster-password');

  fs.writeFileSync(secret, 'Correct-Cluster-1\n', { mode: 0o600 });
  for (const [id, other] of [['gweast', 'gwwest'], ['gwwest', 'gweast']]) {
    onNode(estate, id, 'cluster', 'set', '--name', 'emea', '--password-file', secret,
      '--lead', id === 'gweast' ? 'on' : 'off', '--hello-interval', '2');
    onNode(estate, id, 'cluster', 'node', 'add', other, '--verify', 'off',
      '--address', new URL(estate[nodes[other]].url).host);
  }
}

const nodeOf = (estate, id, other) => JSON.parse(onNode(estate, id, 'cluster', 'show', '--json'))
  .nodes.find((one) => one.node === other);

// Each looks at the other's key until that was seen, and believes it.
async function confirmNodes(estate) {
  for (const [id, other] of [['gweast', 'gwwest'], ['gwwest', 'gweast']]) {
    while (!nodeOf(estate, id, other).seen_pin)
      await new Promise((resolve) => setTimeout(resolve, 250));
    onNode(estate, id, 'cluster', 'confirm-pin', other, nodeOf(estate, id, other).seen_pin);
  }
  while (nodeOf(estate, 'gwwest', 'gweast').failure_text)
    await new Promise((resolve) => setTimeout(resolve, 250));
}

// Of its cluster, when the license server has named the leader.
async function saidBy(page, appliance) {
  const line = page.locator('p', { hasText: 'Cluster ' }).first();

  for (let tries = 0; tries < 40; tries++) {
    await page.goto(new URL('licensing/server', appliance.url).href);
    await page.getByRole('button', { name: 'Pull State from Server' }).click();
    await page.getByRole('status').waitFor();
    if (await line.count() && !/no node may ask/.test(await line.innerText()))
      break;
  }
  return line.innerText();
}

for (const javaScriptEnabled of [true, false]) {
  test(`a license there and back, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();
    const sku = 'CONSEC-ADD-100U';

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const gateway = await openPage(browser, { javaScriptEnabled });
    const server = await openPage(browser, { javaScriptEnabled });

    await people.signIn(server, estate.server);
    await people.signIn(gateway, estate.client1);
    await gateway.waitForURL(/\/licensing\/summary$/);
    await people.addKeys(gateway, `${issue(estate, 'client1', sku)}\n${issue(estate, 'client1', 'CONSEC-25U-1YR')}`);
    await gateway.getByRole('status').getByText('installed').waitFor();
    for (let i = 0; i < 40; i++)
      people.session(estate, 'client1', 'begin', '--user', `more${i}`);

    await t.test('only what the rules allow is offered', async () => {
      await gateway.goto(summary(estate.client1));
      // Each license has the control; where it is of no use, the reason of the rules is its description.
      assert.match(await refused(gateway, 'CONSEC-25U-1YR'), /^Only a permanent license can be surrendered; this one is a subscription/);
      assert.match(await refused(gateway, 'PSA-LICENSE-MBR'), /^Only a license that counts users can be surrendered/);
      await license(gateway, 'PSA-LICENSE-MBR').getByRole('link', { name: 'Delete license' }).click();
      await gateway.getByRole('button', { name: 'Delete license' }).click();
      await gateway.getByRole('status').waitFor();
      assert.match(await refused(gateway, sku), /install a LICENSE-MBR license for this platform first/);
      await people.addKeys(gateway, fs.readFileSync(path.join(estate.state, 'client1-keys.txt'), 'utf8'));
      await gateway.getByRole('link', { name: 'Surrender license' }).waitFor();
    });

    await t.test('the page says what leaves and what remains', async () => {
      await gateway.getByRole('link', { name: 'Surrender license' }).click();
      const text = (await gateway.getByRole('main').innerText()).replace(/\s+/g, ' ');

      assert.match(text, /Its 100 units of CONSEC count on the license server 127\.0\.0\.2:\d+ instead/);
      assert.match(text, /may admit 1\d\d users then, 2\d\d now/);
      assert.match(text, /120 users are signed in/);
      assert.deepEqual(javaScriptEnabled ? await axe(gateway) : [], []);
      await gateway.getByRole('link', { name: 'Cancel' }).click();
      assert.match(await state(gateway, sku), /Installed/);
    });

    await t.test('surrendered, it counts on the server only', async () => {
      await act(gateway, 'Surrender');
      await gateway.getByRole('status').getByText('its units count on the license server now').waitFor();
      assert.match(await state(gateway, sku), /^Surrendered \d{4}-/);
      await server.goto(summary(estate.server));
      assert.match(await people.cell(server, 'CONSEC', 'Installed').innerText(), /^1,600\s+100 surrendered by clients$/);
      assert.match(await state(server, sku), /^Surrendered \d{4}-.* by gweast$/);
      await license(server, sku).getByRole('link', { name: 'gweast' }).click();
      await server.getByRole('heading', { name: 'Licenses it surrendered to this server' }).waitFor();
    });

    await t.test('its client is not deleted by mistake', async () => {
      await server.getByRole('link', { name: 'Delete…' }).click();
      const answer = server.waitForResponse((response) => response.request().method() === 'POST');

      await server.getByRole('button', { name: 'Delete client' }).click();
      assert.equal((await answer).status(), 422);
      await server.getByRole('alert').getByText('Recall them at the client first').waitFor();
      assert.equal(await server.getByLabel('Keep their units').isChecked(), false);
      // What was ticked stays so when somebody else changed the client meanwhile.
      await server.getByLabel('Keep their units').check();
      execFileSync(process.env.LEASEHOLD, ['client', 'set', '--state', path.join(estate.state, 'server'),
        '--id', 'gweast', '--expires', '2099-12-31']);
      await server.getByRole('button', { name: 'Delete client' }).click();
      await server.getByRole('alert').getByText('changed this meanwhile').waitFor();
      assert.equal(await server.getByLabel('Keep their units').isChecked(), true);
      execFileSync(process.env.LEASEHOLD, ['client', 'set', '--state', path.join(estate.state, 'server'),
        '--id', 'gweast', '--expires', '']);
    });

    await t.test('recalled, it counts on the gateway again', async () => {
      await act(gateway, 'Recall');
      await gateway.getByRole('status').getByText('its units count here again').waitFor();
      assert.match(await state(gateway, sku), /^\S*\s?Installed$/);
      await server.goto(summary(estate.server));
      assert.equal(await people.cell(server, 'CONSEC', 'Installed').innerText(), '1,500');
      assert.equal(await license(server, sku).count(), 0);
    });

    await t.test('a recall waits for a reservation, and says so on both sides', async () => {
      await act(gateway, 'Surrender');
      await reserve(server, estate, 'gweast', 150);
      await reserve(server, estate, 'gwwest', 1375);
      await pull(gateway, estate);
      await gateway.getByRole('link', { name: 'Recall license' }).click();
      // Before it is asked for: what it would take from whom.
      const waits = await gateway.locator('#waits').innerText();

      assert.match(waits, /Lower a Reserved Count by 25 .*Reserved: gwwest 1,375, gweast 150\./);
      assert.deepEqual(javaScriptEnabled ? await axe(gateway) : [], []);
      await gateway.getByRole('link', { name: 'Cancel' }).click();
      await act(gateway, 'Recall');
      await gateway.getByRole('status').getByText('Lower a Reserved Count by 25').waitFor();
      assert.match(await state(gateway, sku), /^Recall pending since \d{4}-.*Lower a Reserved Count by 25/);
      assert.equal(await gateway.getByRole('link', { name: 'Recall license' }).count(), 0);
      assert.match(await refused(gateway, sku, 'Recall'), /^Its recall is on its way/);
      await server.goto(summary(estate.server));
      assert.match(await people.cell(server, 'CONSEC', 'State').innerText(), /Recall in progress of 100 units/);
      assert.match(await state(server, sku), /^Recall in progress since .* by gweast .*Lower a Reserved Count by 25 .*Reserved: gwwest 1,375, gweast 150\.$/);
      await license(server, sku).getByRole('link', { name: 'gweast' }).click();
      await server.getByRole('region', { name: 'Licenses it surrendered to this server' })
        .getByText('Reserved: gwwest 1,375, gweast 150.').waitFor();
      await reserve(server, estate, 'gwwest', 1300);
      await pull(gateway, estate);
      assert.match(await state(gateway, sku), /Installed$/);
    });

    await t.test('without the server it is pending until that is back', async () => {
      await enableServer(server, estate, false);
      await act(gateway, 'Surrender');
      await gateway.getByRole('status').getByText('asked for').waitFor();
      assert.match(await state(gateway, sku), /^Surrender pending since \d{4}-/);
      await enableServer(server, estate, true);
      await pull(gateway, estate);
      assert.match(await state(gateway, sku), /^Surrendered \d{4}-/);
    });

    await t.test('its cluster, and who may ask for that', async () => {
      const cluster = (...words) => execFileSync(process.env.LEASEHOLD,
        ['link', 'set', '--state', path.join(estate.state, 'client1'), ...words]);
      const said = () => gateway.locator('p', { hasText: 'Cluster ' }).first().innerText();
      const other = await openPage(browser, { javaScriptEnabled });

      await people.signIn(other, estate.client2);
      await other.waitForURL(/\/licensing\/summary$/);

      cluster('--cluster', 'emea', '--lead', 'on');
      await pull(gateway, estate);
      assert.match(await said(), /^Cluster emea: the license server lets this gateway ask for all nodes until \d{4}-.*; it asks for itself and for those that hand it their requests\.$/s);
      // The other node is told the same, but has not been shown its leader's public key.
      await joinCluster(estate);
      assert.match(await saidBy(other, estate.client2),
        /lets gweast ask for all nodes until \d{4}-.*; this gateway asks for itself, because it cannot hand its requests to gweast: see Clustering\.$/s);
      await confirmNodes(estate);
      assert.match(await saidBy(other, estate.client2),
        /lets gweast ask for all nodes until \d{4}-.*; it asks for this gateway, which asks for itself only when gweast cannot be reached\.$/s);
      await other.goto(new URL('system/clustering', estate.client2.url).href);
      const address = other.getByText(new URL(estate.client1.url).host, { exact: true }).first();

      assert.equal(await address.evaluate((one) => globalThis.getComputedStyle(one).overflowWrap), 'break-word');
      const figures = other.getByRole('columnheader', { name: 'For 10 days' });

      // Each has told the other what it has.
      await people.reloadUntil(other, () => figures.count(), 240);
      assert.equal(await figures.evaluate((one) => globalThis.getComputedStyle(one).textAlign), 'end');
      cluster('--cluster', 'apac', '--lead', 'off');
      await pull(gateway, estate);
      assert.equal(await said(), 'Cluster apac: no node may ask for the others; this gateway asks for itself.');
    });

    assert.deepEqual(gateway.complaints.concat(server.complaints), []);
  });
}
