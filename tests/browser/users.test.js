// SPDX-License-Identifier: BSD-2-Clause
//
// users.test.js: the users of a gateway on its console: who is signed in, one
// ended by hand, monitoring, and the way back to enforcing, with and without
// scripts.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const net = require('node:net');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const users = (estate) => new URL('status/users', estate.client2.url).href;

const row = (page, user) => page.locator('tr', { has: page.getByRole('rowheader', { name: user, exact: true }) });

const present = (estate) => JSON.parse(execFileSync(process.env.LEASEHOLD,
  ['session', 'list', '--json', '--state', path.join(estate.state, 'client2')], { encoding: 'utf8' }));

// One question on the gateway's session socket.
function agent(estate, question) {
  return new Promise((resolve, reject) => {
    const socket = net.createConnection(path.join(estate.state, 'client2', 'run', 'agent.sock'));
    let text = '';

    socket.on('error', reject);
    socket.on('data', (part) => { text += part; });
    socket.on('end', () => resolve(JSON.parse(text)));
    socket.end(JSON.stringify(question) + '\n');
  });
}

// axe is a script of the page's own: without scripts it cannot look.
async function hasNoFault(page) {
  if (page.hasScripts)
    assert.deepEqual(await axe(page), []);
}

async function settings(page, change) {
  const details = page.locator('details');

  if (!await details.evaluate((one) => one.open))
    await page.locator('summary').click();
  await change();
  await page.getByRole('button', { name: 'Save Changes' }).click();
}

async function findsAndEnds(page, estate) {
  people.session(estate, 'client2', 'begin', '--user', 'ann', '--id', 'a/1?&', '--gateway', 'ocserv', '--timeout', '3600');
  people.session(estate, 'client2', 'begin', '--user', '<b>bob', '--id', 'b-2');
  await page.goto(users(estate));
  assert.match(await row(page, 'ann').locator('td[data-label="Times out"]').innerText(), /in (59 min|1 h)/);
  assert.equal(await row(page, 'ann').locator('td[data-label="Gateway"]').innerText(), 'ocserv');
  assert.equal(await row(page, '<b>bob').locator('td[data-label="Times out"]').innerText(), 'Never');

  await page.getByLabel('Find').fill('OCS');
  await page.keyboard.press('Enter');
  await page.getByText('1–1 of 1').waitFor();
  assert.equal(await row(page, '<b>bob').count(), 0);
  await page.getByLabel('Find').fill('nobody');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: 'Show all users' }).click();

  await row(page, 'ann').getByRole('link', { name: 'End the session of ann' }).click();
  await page.getByRole('heading', { name: 'End the session of ann?' }).waitFor();
  await hasNoFault(page);
  await page.getByRole('link', { name: 'Cancel' }).click();
  await row(page, 'ann').getByRole('link', { name: 'End' }).click();
  await page.getByRole('button', { name: 'End session' }).click();
  await page.getByRole('status').getByText('ocserv itself must drop the tunnel').waitFor();
  assert.equal(await row(page, 'ann').count(), 0);
  const ids = present(estate).map((one) => one.id);

  assert.ok(ids.includes('b-2') && !ids.includes('a/1?&'));
  await page.goto(`${users(estate)}/end?id=a%2F1%3F%26`);
  await page.getByRole('status').getByText('over already').waitFor();
  await page.goto(new URL('log/admin', estate.client2.url).href);
  await page.getByText('Session a/1?& of user ann ended; gateway ocserv.').waitFor();
}

async function keepsWhatIsWrong(page, estate) {
  await page.goto(users(estate));
  await settings(page, async () => {
    await page.getByLabel('Wait for capacity').fill('61');
    await page.getByLabel('Ask ahead').fill('101');
    await page.getByLabel('Session timeout').fill('2678401');
    await page.getByLabel('Over-capacity allowance').fill('ten');
    await page.getByLabel('Users without a license').fill('');
  });
  assert.equal(await page.locator('#errors li').count(), 5);
  assert.equal(await page.getByLabel('Wait for capacity').inputValue(), '61');
  assert.equal(await page.getByLabel('Over-capacity allowance').inputValue(), 'ten');
  await hasNoFault(page);
}

// As many as there is capacity for, and three more.
async function monitors(page, estate) {
  await page.goto(users(estate));
  await settings(page, async () => {
    await page.getByLabel('Monitoring').check();
    await page.getByLabel('Wait for capacity').fill('0');
    await page.getByLabel('Ask ahead').fill('0');
    await page.getByLabel('Session timeout').fill('0');
    await page.getByLabel('Over-capacity allowance').fill('');
    await page.getByLabel('Users without a license').fill('2');
  });
  await page.getByRole('status').getByText('Settings saved').waitFor();
  let answer = { users: 1, capacity: 2, beyond: 0 };

  for (let i = 0; answer.beyond < 3; i++) {
    people.session(estate, 'client2', 'begin', '--user', `user${i}`, '--id', `u${i}`);
    answer = await agent(estate, { op: 'status' });
    assert.equal(answer.mode, 'monitoring');
  }
  assert.equal(answer.beyond, answer.users - answer.capacity);
  await page.goto(users(estate));
  assert.ok(await people.reloadUntil(page, () => page.getByText('Beyond capacity').count()));
  await page.goto(new URL('licensing/compliance', estate.client2.url).href);
  assert.ok(await people.reloadUntil(page,
    () => page.getByText('users were signed in at once, where there was capacity for').count()));
  await page.goto(new URL('licensing/summary', estate.client2.url).href);
  assert.match(await page.locator('main').innerText(), /users were signed in at once/);
  return answer;
}

async function enforces(page, estate, was) {
  await page.goto(users(estate));
  await settings(page, () => page.getByLabel('Enforcing').check());
  await page.getByRole('heading', { name: 'Switch to enforcing?' }).waitFor();
  assert.match(await page.locator('#beyond').innerText(), /^3 present users are beyond the capacity/);
  assert.equal(await page.locator('tbody tr').count(), 3);
  assert.match(await page.locator('tbody').innerText(), /user\d+/);
  await hasNoFault(page);
  await page.getByRole('link', { name: 'Cancel' }).click();
  assert.match(await page.locator('main').innerText(), /Monitoring/);
  await settings(page, () => page.getByLabel('Enforcing').check());
  await page.getByRole('button', { name: 'Switch to enforcing' }).click();
  await page.getByRole('status').getByText('Settings saved').waitFor();
  let refused = false;

  for (let tries = 0; tries < 50 && !refused; tries++) {
    try {
      people.session(estate, 'client2', 'begin', '--user', 'late', '--id', 'late');
      people.session(estate, 'client2', 'end', 'late');
    } catch (error) {
      refused = /are signed in/.test(error.stderr);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  assert.ok(refused, 'a second later the next one is refused');
  assert.equal(present(estate).length, was.users, 'and nobody was thrown out');
  for (const one of present(estate))
    people.session(estate, 'client2', 'end', one.id);
}

for (const javaScriptEnabled of [true, false])
  test(`a gateway's users, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openPage(browser, { viewport: { width: 1366, height: 768 }, javaScriptEnabled });

    page.hasScripts = javaScriptEnabled;
    await people.signIn(page, estate.client2);
    await page.getByRole('link', { name: 'Users', exact: true }).first().click();
    await findsAndEnds(page, estate);
    await keepsWhatIsWrong(page, estate);
    await enforces(page, estate, await monitors(page, estate));
    assert.deepEqual(page.complaints, []);
  });
