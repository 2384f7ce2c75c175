// SPDX-License-Identifier: BSD-2-Clause
//
// bulk.test.js: many license clients changed at once: those that were ticked,
// or all that a search found; all of them or none.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');

for (const javaScriptEnabled of [true, false]) {
  test(`many clients at once, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled, '--clients', '120');
    const list = new URL('licensing/clients', estate.server.url).href;
    const clients = (...words) => JSON.parse(execFileSync(process.env.LEASEHOLD, ['client', 'list', '--json', ...words,
      '--state', path.join(estate.state, 'server')], { encoding: 'utf8', maxBuffer: 1 << 26 }));
    const counts = () => Object.fromEntries(clients('--find', 'branch', '--feature', 'CONSEC').map((row) =>
      [row.id, row.features.CONSEC]));
    let clicks = 0;
    const click = (locator) => { clicks++; return locator.click(); };
    const button = (name) => page.getByRole('button', { name });

    await people.signIn(page, estate.server);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('Maximum Count of all branches is raised by 100, in six clicks', async () => {
      const before = counts();
      const others = () => clients().map(({ id, features }) => [id, Object.entries(features)
        .filter(([feature]) => feature !== 'CONSEC' || !id.startsWith('branch'))
        .map(([feature, one]) => [feature, one.reserved, one.increment, one.maximum])]);
      const untouched = JSON.stringify(others());

      await click(page.getByRole('link', { name: 'Configure Clients', exact: true }).first());
      await page.getByLabel('Find', { exact: true }).fill('branch');
      await page.getByLabel('Feature').selectOption('CONSEC');
      await click(button('Find'));
      await click(button(/^Change all /));
      await heading(page, `Change ${Object.keys(before).length} clients`);
      assert.equal(await page.getByLabel('Feature').inputValue(), 'CONSEC', 'the feature that was searched for');
      assert.deepEqual(await look(page), []);
      await shot(page, 'bulk');
      await page.getByLabel('Units').fill('100');
      await click(button('Change counts'));
      await page.getByRole('status').getByText(`${Object.keys(before).length} of ${Object.keys(before).length} clients changed.`).waitFor();
      assert.ok(clicks <= 6, `${clicks} clicks`);
      const after = counts();

      for (const [id, one] of Object.entries(before))
        assert.deepEqual([after[id].maximum, after[id].reserved, after[id].increment], [one.maximum + 100, one.reserved, one.increment], id);
      assert.equal(JSON.stringify(others()), untouched, 'and nothing of anybody else');
    });

    await t.test('what is wrong with one changes none, and says with which', async () => {
      const before = counts();
      const [id] = Object.keys(before);

      await page.goto(`${list}?find=branch&feature=CONSEC`);
      await click(button(/^Change all /));
      await page.getByLabel('Count', { exact: true }).selectOption('Maximum Count');
      await page.getByLabel('How').selectOption('Set to');
      await page.getByLabel('Units').fill('1');
      await click(button('Change counts'));
      await page.locator('#errors').getByText(`${id}: CONSEC Maximum Count must be`).first().waitFor();
      assert.equal(await page.getByLabel('Units').inputValue(), '1', 'what was typed is kept');
      assert.equal(await page.getByLabel('How').inputValue(), 'set');
      assert.deepEqual(counts(), before);
      assert.deepEqual(await look(page), []);
      await shot(page, 'bulk-refused');
    });

    await t.test('some that are ticked, by the keyboard alone', async () => {
      await page.goto(`${list}?find=gw`);
      const boxes = page.locator('tbody input[type=checkbox]');
      const names = await page.locator('tbody th[scope=row]').allInnerTexts();

      for (const i of [0, 2]) {
        await boxes.nth(i).focus();
        await page.keyboard.press('Space');
      }
      await button('Change selected…').focus();
      await page.keyboard.press('Enter');
      await heading(page, 'Change 2 clients');
      for (const i of [0, 2])
        assert.ok((await main(page)).includes(names[i]));
      await page.getByLabel('Configuration expiration date').fill('soon');
      await page.getByLabel('Configuration expiration date').press('Enter');
      for (const i of [0, 2])
        await page.locator('#errors').getByText(new RegExp(`${names[i]}: .*date`, 'i')).first().waitFor();
      await page.getByLabel('Configuration expiration date').fill('2091-12-31');
      await page.getByLabel('Configuration expiration date').press('Enter');
      await page.getByRole('status').getByText('2 of 2 clients changed.').waitFor();
      assert.deepEqual(clients().filter((row) => row.expires === '2091-12-31').map((row) => row.id).sort(), [names[0], names[2]].sort());
    });

    await t.test('what changed meanwhile is not what was meant', async () => {
      const found = () => clients('--find', 'hub');

      await page.goto(`${list}?find=hub`);
      await button(/^Change all /).click();
      execFileSync(process.env.LEASEHOLD, ['client', 'set', '--id', found()[0].id, '--expires', '2095-01-01',
        '--state', path.join(estate.state, 'server')]);
      const before = JSON.stringify(found());

      await page.getByLabel('Units').fill('7');
      await button('Change counts').click();
      await page.locator('#errors').getByText(/were changed, deleted or added meanwhile, so nothing was changed/).waitFor();
      assert.equal(JSON.stringify(found()), before);
      assert.equal(await page.getByLabel('Units').inputValue(), '7');
      // The same form twice, as by a second click.
      const second = await page.context().newPage();

      await second.goto(`${list}/bulk?all=1&find=hub`);
      await second.getByLabel('Units').fill('7');
      await button('Change counts').click();
      await page.getByRole('status').getByText(/clients changed\./).waitFor();
      await second.getByRole('button', { name: 'Change counts' }).click();
      await second.locator('#errors').getByText(/changed, deleted or added meanwhile/).waitFor();
      await second.close();
    });

    await t.test('a link types for nobody', async () => {
      await page.goto(new URL('licensing/clients/bulk?all=1&typed=server.example&units=5&how=set', estate.server.url).href);
      assert.equal(await page.getByLabel('Host name').inputValue(), '');
      assert.equal(await page.getByLabel('Units').inputValue(), '');
      assert.equal(await page.getByLabel('How').inputValue(), 'raise');
    });

    await t.test('nothing selected is said', async () => {
      await page.goto(list);
      await button('Change selected…').click();
      await page.getByText('No client is selected.').waitFor();
      assert.deepEqual(await look(page), []);
    });

    await t.test('many are deleted only by whoever types the host name', async () => {
      const all = clients().length;

      await page.goto(`${list}?find=branch`);
      const found = clients('--find', 'branch').length;

      await button(/^Change all /).click();
      await button(`Delete ${found} clients`).click();
      await page.locator('#errors').getByText('To confirm, type the host name server.example.').waitFor();
      assert.equal(clients().length, all);
      await page.getByLabel('Host name').fill('server.example');
      await button(`Delete ${found} clients`).click();
      await page.getByRole('status').getByText(`${found} clients deleted.`).waitFor();
      assert.equal(clients().length, all - found);
    });

    await t.test('on a small screen', async () => {
      await page.goto(list);
      await page.setViewportSize({ width: 320, height: 800 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
      assert.deepEqual(await look(page), []);
    });
    assert.deepEqual(page.complaints, []);
  });
}
