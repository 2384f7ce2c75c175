// SPDX-License-Identifier: BSD-2-Clause
//
// instances.test.js: virtual license servers at the center: heard, silent, and
// two in one name, which a support agent clears. That heartbeats come to be such
// rows, tests/http/63-heartbeat.t shows.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const path = require('node:path');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const main = async (page) => (await page.getByRole('main').innerText()).replace(/\s+/g, ' ');
const heading = (page, name) => page.getByRole('heading', { name, level: 1 }).waitFor();
const [ALONE, TWICE, SILENT] = ['3VHHYX4PGY8WZ15Y', 'PX8NPVNXGT9GQFPS', 'EFZP8WP1ZQT7PSRX'];

function hears(estate) {
  const now = Math.floor(Date.now() / 1000);
  const row = (hwid, boot, at, superseded, address) => `INSERT INTO instance (hardware_id, instance, boot, sequence,
    sent_at, superseded_at, first_at, last_at, address) VALUES ('${hwid}', '${'a'.repeat(32)}', '${boot.repeat(32)}',
    7, ${at}, ${superseded}, ${at - 86400}, ${at}, '${address}');`;

  execFileSync('sqlite3', ['-cmd', '.timeout 5000', path.join(estate.state, 'center/store.db'), [
    row(ALONE, 'b', now - 3600, 0, '192.0.2.1'),
    row(TWICE, 'c', now - 60, 0, '192.0.2.2'),
    row(TWICE, 'd', now - 30, now - 60, '198.51.100.3'),
    row(SILENT, 'e', now - 20 * 86400 + 3600, 0, '192.0.2.4'),
    `INSERT INTO duplicate (hardware_id, since) VALUES ('${TWICE}', ${now - 30});`,
  ].join('\n')]);
}

for (const javaScriptEnabled of [true, false]) {
  test(`instances, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled);
    const open = (name) => page.getByRole('navigation', { name: 'Center', exact: true })
      .getByRole('link', { name, exact: true }).click();

    await people.signIn(page, estate.center);
    await page.waitForURL(/\/center\/devices$/);

    await t.test('at first there is none', async () => {
      await open('Instances');
      await heading(page, 'Instances');
      await page.getByText('No virtual license server was heard of yet.').waitFor();
      assert.deepEqual(await look(page), []);
    });

    await t.test('two in one name come first, and the silent are told apart', async () => {
      hears(estate);
      await open('Instances');
      const text = await main(page);

      assert.match(text, new RegExp(`Hardware IDs that two servers use at once: 1\\..*${TWICE}.* Duplicate .*` +
        `${ALONE}.* Heard .*${SILENT}.* Heartbeat missed ?Days left before it stops: 5`));
      assert.deepEqual(await look(page), []);
      await shot(page, 'instances');
    });

    await t.test('each start stands beside the others, and the mark is cleared', async () => {
      await page.getByRole('link', { name: TWICE }).click();
      await heading(page, `Virtual license server ${TWICE}`);
      assert.match(await main(page), /198\.51\.100\.3.*192\.0\.2\.2/);
      assert.deepEqual(await look(page), []);
      await shot(page, 'instance');
      await page.getByRole('button', { name: 'Clear the mark' }).click();
      await page.getByText(`Hardware ID ${TWICE} is taken for one server again.`).waitFor();
      assert.doesNotMatch(await main(page), /two servers use|Duplicate/);
      await page.goto(new URL(`/center/instances/${TWICE}`, page.url()).href);
      await heading(page, 'No such instance');
      await page.goto(new URL(`/center/instances/${ALONE}`, page.url()).href);
      assert.equal(await page.getByRole('button', { name: 'Clear the mark' }).count(), 0);
    });
    assert.deepEqual(page.complaints.filter((one) => !/404/.test(one)), []);
  });
}
