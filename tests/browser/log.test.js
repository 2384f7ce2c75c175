// SPDX-License-Identifier: BSD-2-Clause
//
// log.test.js: the logs are read, searched and verified by hand, and what
// somebody does to them behind the console's back is named. Without scripts.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage } = require('./estate.js');
const people = require('./people.js');

test('what somebody does to the logs is found', async (t) => {
  const estate = await startEstate();
  const browser = await openBrowser();
  const store = path.join(estate.state, 'server', 'store.db');
  const sql = (text) => execFileSync('sqlite3', ['-cmd', '.timeout 10000', store, text], { encoding: 'utf8' }).trim();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  const page = await openPage(browser, { javaScriptEnabled: false });
  const verify = async () => {
    await page.getByRole('button', { name: 'Verify' }).click();
    return page.locator('#verified').innerText();
  };

  await people.signIn(page, estate.server);
  await page.getByRole('navigation', { name: 'System' }).getByRole('link', { name: 'Log/Monitoring' }).click();
  assert.match(page.url(), /\/log\/events$/);

  await t.test('entries are searched', async () => {
    await page.getByLabel('Find').fill('GWEAST');
    await page.getByRole('button', { name: 'Find' }).click();
    const rows = await page.locator('tbody tr').allInnerTexts();

    assert.ok(rows.length > 0);
    assert.ok(rows.every((row) => row.includes('gweast')));
    await page.getByLabel('Find').fill('100 %');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('No entry matches.').waitFor();
    await page.getByRole('link', { name: 'Show all entries' }).click();
  });

  await t.test('verifying keeps what was searched for', async () => {
    await page.getByLabel('Find').fill('gweast');
    await page.getByLabel('Severity').selectOption('Minor and worse');
    await page.getByRole('button', { name: 'Find' }).click();
    const before = await page.locator('tbody tr').allInnerTexts();

    await verify();
    assert.equal(await page.getByLabel('Find').inputValue(), 'gweast');
    assert.equal(await page.getByLabel('Severity').inputValue(), 'minor');
    assert.deepEqual(await page.locator('tbody tr').allInnerTexts(), before);
    await page.getByRole('link', { name: 'Clear' }).click();
  });

  await t.test('untouched logs verify', async () => {
    assert.match(await verify(), /no entry was changed, deleted or inserted/);
  });

  sql('CREATE TABLE kept AS SELECT * FROM event');
  const changes = [
    ['changed', "UPDATE event SET text = 'Nothing happened.' WHERE id = 2", /Entry 2 does not fit.*Nothing happened\./s],
    ['deleted', 'DELETE FROM event WHERE id = 3', /Entry 3 is missing/],
    ['deleted at the end', 'DELETE FROM event WHERE id = (SELECT max(id) FROM event)', /Entry \d+ is missing/],
    ['inserted', 'INSERT INTO event SELECT max(id) + 1, at, log, code, severity, actor, address, object, text, hash FROM event', /Entry \d+ does not fit/],
  ];
  for (const [name, change, words] of changes)
    await t.test(`an entry ${name} by hand is named`, async () => {
      sql(change);
      assert.match(await verify(), words);
      sql('DELETE FROM event; INSERT INTO event SELECT * FROM kept; UPDATE sqlite_sequence SET seq = (SELECT max(id) FROM kept)');
    });

  await t.test('on the admin log, too', async () => {
    await page.getByRole('link', { name: 'Admin log' }).click();
    assert.match(await verify(), /no entry was changed/);
    sql("UPDATE event SET actor = 'eve' WHERE id = 1");
    assert.match(await verify(), /Entry 1 does not fit.*eve/s);
  });
  assert.deepEqual(page.complaints, []);
});
