// SPDX-License-Identifier: BSD-2-Clause
//
// issuers.test.js: the center signs by a new key, an appliance is offered it and
// trusts it when an administrator there says so, and the former one is retired.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const button = (page, name) => page.getByRole('button', { name, exact: true });

// As a person does who has no mouse.
async function press(page, name) {
  await button(page, name).focus();
  await page.keyboard.press('Enter');
}

for (const javaScriptEnabled of [true, false]) {
  test(`issuer keys, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const [vendor, page] = [await openPage(browser, { javaScriptEnabled }), await openPage(browser, { javaScriptEnabled })];
    const look = javaScriptEnabled ? axe : () => [];
    const rows = vendor.locator('tbody tr');
    const code = () => execFileSync(process.env.LEASEHOLD, ['center', 'authcode', 'make', '--customer', 'Example Ltd',
      '--sku', 'CONSEC-ADD-77U', '--state', path.join(estate.state, 'center')], { encoding: 'utf8' }).trim();
    let former, present;

    await people.signIn(vendor, estate.center);
    await vendor.waitForURL(/\/center\/devices$/);
    await people.signIn(page, estate.client1);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('there is one at first, which cannot be retired', async () => {
      await vendor.getByRole('link', { name: 'Issuer keys', exact: true }).click();
      await heading(vendor, 'Issuer keys');
      assert.equal(await rows.count(), 1);
      former = (await rows.first().locator('code').innerText()).trim();
      assert.match(await rows.first().innerText(), /center\.example[^]*Signs new license keys/);
      await vendor.goto(new URL(`/center/issuers/${former}/retire`, vendor.url()).href);
      await vendor.getByText('It signs new license keys.').waitFor();
      assert.equal(await button(vendor, 'Retire').count(), 0);
      await vendor.goto(new URL('/center/issuers/nobody/retire', vendor.url()).href);
      await heading(vendor, 'No such issuer key');
    });

    await t.test('a new one takes over, after a page that says what follows', async () => {
      await vendor.getByRole('link', { name: 'Issuer keys', exact: true }).first().click();
      await vendor.getByRole('link', { name: 'New issuer key' }).click();
      await heading(vendor, 'Sign by a new issuer key?');
      assert.deepEqual(await look(vendor), []);
      await shot(vendor, 'issuers-rotate');
      const second = await vendor.context().newPage();

      await second.goto(vendor.url());
      await press(vendor, 'Make it');
      await vendor.getByText(/^New license keys are signed by .* from now on\./).waitFor();
      assert.equal(await rows.count(), 2);
      present = (await rows.filter({ hasText: 'Signs new license keys' }).locator('code').innerText()).trim();
      assert.notEqual(present, former);
      assert.match(await rows.filter({ hasText: former }).innerText(), /Signs the list of revoked ones/);
      assert.deepEqual(await look(vendor), []);
      await shot(vendor, 'issuers');
      await press(second, 'Make it');
      await second.getByText(/Somebody else made a new issuer key meanwhile/).first().waitFor();
      assert.deepEqual(await look(second), []);
      await second.close();
    });

    await t.test('an appliance refuses what it signed, and is offered it', async () => {
      const fresh = code();

      await page.getByRole('link', { name: 'Download Licenses' }).click();
      await page.getByLabel('Authentication code(s)').fill(fresh);
      await press(page, 'Download and Install');
      await page.getByRole('heading', { name: 'New issuer keys' }).waitFor();
      assert.match(await main(page), new RegExp(`one that is trusted vouches for them.*${present} of center\\.example`));
      assert.deepEqual(await look(page), []);
      await shot(page, 'issuers-offered');
      await press(page, `Trust it issuer key ${present}`);
      await page.getByText(`Issuer key ${present} is trusted. Press Download and Install again`).waitFor();
      assert.equal(await page.getByRole('heading', { name: 'New issuer keys' }).count(), 0, 'what is trusted is offered no more');
      await page.getByLabel('Authentication code(s)').fill(fresh);
      await press(page, 'Download and Install');
      await page.getByText('1 license key came, 1 of them new.').first().waitFor();
      await page.getByRole('link', { name: 'Licensing Summary' }).click();
      await page.getByRole('rowheader', { name: 'CONSEC-ADD-77U' }).waitFor();
      await page.goto(new URL('log/admin', estate.client1.url).href);
      assert.match(await main(page), new RegExp(`Issuer key ${present} is trusted: license keys that it signed are installed from now on\\.`));
    });

    await t.test('what is not offered is not trusted', async () => {
      await page.goto(new URL('licensing/download', estate.client1.url).href);
      const csrf = await page.locator('form[action="/licensing/download"] input[name=csrf]').inputValue();
      const answer = await page.request.post(new URL('licensing/download/issuer', estate.client1.url).href,
        { form: { csrf, kid: 'nobody' }, headers: { origin: new URL(estate.client1.url).origin } });

      assert.match(await answer.text(), /Issuer key nobody is not offered any more/);
      assert.equal(JSON.parse(fs.readFileSync(path.join(estate.state, 'client1/trusted.jwks'))).keys.length, 2);
    });

    await t.test('the former one is retired', async () => {
      await vendor.getByRole('link', { name: `Retire ${former}` }).click();
      await heading(vendor, `Retire issuer key ${former}?`);
      assert.match(await main(vendor), /Good license keys [1-9]/);
      assert.deepEqual(await look(vendor), []);
      await shot(vendor, 'issuers-retire');
      await press(vendor, 'Retire');
      await vendor.getByText(`Issuer key ${former} is published and used no more.`).waitFor();
      assert.equal(await rows.count(), 1);
    });
    assert.deepEqual([...page.complaints, ...vendor.complaints].filter((one) => !/404/.test(one)), []);
  });
}
