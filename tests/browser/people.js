// SPDX-License-Identifier: BSD-2-Clause
//
// people.js: what an administrator does by hand, and what a gateway does when
// its users come and go. Everything a person does goes through the pages; only
// users' sessions are begun the way a gateway begins them.
'use strict';

const { execFileSync } = require('node:child_process');
const path = require('node:path');

async function signIn(page, appliance) {
  await page.goto(appliance.url);
  await page.getByLabel('User name').fill(appliance.user);
  await page.getByLabel('Password').fill(appliance.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

async function acceptAgreement(page) {
  await page.getByRole('button', { name: 'I accept' }).click();
}

async function addKeys(page, keys) {
  await page.getByLabel('License key(s)').fill(keys);
  await page.getByRole('button', { name: 'Add', exact: true }).click();
}

// counts: { CONSEC: [reserved, increment, maximum] }
async function fillClient(page, { id, password, counts }) {
  await page.getByLabel('Client ID').fill(id);
  await page.getByLabel('Client password').fill(password);
  await page.getByLabel('Confirm password').fill(password);
  for (const [feature, [reserved, increment, maximum]] of Object.entries(counts)) {
    await page.getByLabel(`${feature} Reserved Count`).fill(String(reserved));
    await page.getByLabel(`${feature} Incremental Count`).fill(String(increment));
    await page.getByLabel(`${feature} Maximum Count`).fill(String(maximum));
  }
}

async function fillServer(page, { server, id, password, verify }) {
  await page.getByLabel('License server', { exact: true }).fill(server);
  await page.getByLabel('Unique ID').fill(id);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.getByLabel('Confirm password').fill(password);
  await page.getByLabel('Verify SSL Certificate').setChecked(verify);
}

// The gateway's side, as its hooks call it.
function session(estate, name, ...words) {
  return execFileSync(process.env.LEASEHOLD,
    ['session', ...words, '--state', path.join(estate.state, name)],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
}

// A cell of the row that a feature's name begins.
function cell(page, feature, column) {
  return page.locator('tr', { has: page.getByRole('rowheader', { name: feature, exact: true }) })
    .locator(`td[data-label="${column}"]`).first();
}

// Looks again until the page says so: what a program does behind takes a moment.
async function reloadUntil(page, ready, tries = 60) {
  for (let i = 0; i < tries; i++) {
    if (await ready())
      return true;
    await new Promise((resolve) => setTimeout(resolve, 250));
    await page.reload();
  }
  return false;
}

module.exports = {
  signIn, acceptAgreement, addKeys, fillClient, fillServer, session, cell, reloadUntil,
};
