// SPDX-License-Identifier: BSD-2-Clause
//
// password.test.js: everybody changes the own password: who knows the present
// one stays signed in here and is signed out elsewhere.
'use strict';

const assert = require('node:assert/strict');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe, shot } = require('./estate.js');
const people = require('./people.js');

const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();

async function asks(page, present, wanted, again = wanted) {
  await page.getByLabel('Present password').fill(present);
  await page.getByLabel('New password', { exact: true }).fill(wanted);
  await page.getByLabel('Confirm new password').fill(again);
  await page.getByLabel('Confirm new password').press('Enter');
}

for (const javaScriptEnabled of [true, false]) {
  test(`one's own password, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const look = javaScriptEnabled ? axe : () => [];

    // A guest of the center, and an administrator of an appliance.
    for (const [person, start] of [[{ ...estate.center, user: 'customer' }, /\/center\/devices$/],
      [estate.client1, /\/licensing\/summary$/]])
      await t.test(`${person.user} at ${start}`, async () => {
        const [page, elsewhere] = [await openPage(browser, { javaScriptEnabled }), await openPage(browser, { javaScriptEnabled })];
        const wanted = 'another long password';

        for (const one of [elsewhere, page]) {
          await people.signIn(one, person);
          await one.waitForURL(start);
        }
        await page.getByRole('link', { name: 'Change password' }).click();
        await heading(page, 'Change your password');
        assert.deepEqual(await look(page), []);
        await shot(page, `password-${person.user}`);
        await asks(page, 'not the present one', wanted);
        await page.getByText('The present password is wrong. Enter the one with which you signed in.').first().waitFor();
        await asks(page, person.password, person.password);
        await page.getByText('The new password is the present one.').first().waitFor();
        await asks(page, person.password, 'short');
        await page.getByText(/8 characters or more/).first().waitFor();
        await asks(page, person.password, wanted, `${wanted}!`);
        await page.locator('#password2-error').waitFor();
        assert.deepEqual(await look(page), []);
        await asks(page, person.password, wanted);
        await page.waitForURL(start);
        await page.getByRole('status').getByText('Your password is changed.').waitFor();
        await elsewhere.reload();
        await elsewhere.waitForURL(/\/signin/);
        await people.signIn(elsewhere, person);
        await elsewhere.getByText('The user name or the password is wrong.').first().waitFor();
        await people.signIn(elsewhere, { ...person, password: wanted });
        await elsewhere.waitForURL(start);
        // Whoever guesses at somebody else's desk waits like any guesser.
        await page.getByRole('link', { name: 'Change password' }).click();
        for (let i = 0; i < 6; i++)
          await asks(page, 'not the present one', 'yet another password');
        await page.getByText(/Too many wrong passwords from your address\. Wait \d+ s/).first().waitFor();
        assert.deepEqual([...page.complaints, ...elsewhere.complaints], []);
      });
  });
}
