// SPDX-License-Identifier: BSD-2-Clause
//
// usage.test.js: what was leased and used, as a chart, as a table and as CSV,
// which all say the same; of all clients and of one.
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const test = require('node:test');
const { openEstate, shot } = require('./estate.js');
const people = require('./people.js');

const points = (page, line) => page.locator(`svg.lh-chart polyline.lh-chart-${line}`).getAttribute('points')
  .then((text) => text.trim().split(' ').map((pair) => pair.split(',').map(Number)));
const number = (text) => Number(text.replace(/,/g, ''));

async function csv(page) {
  const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export CSV' }).click()]);

  return fs.readFileSync(await download.path(), 'utf8').trim().split('\r\n').slice(1).map((line) => line.replaceAll('"', '').split(','));
}

// The newest row of the table, without its time.
async function newest(page) {
  if (!await page.locator('details table').isVisible())
    await page.getByText('The same as a table').click();
  return (await page.locator('details tbody tr').first().locator('td').allInnerTexts()).map(number);
}

for (const javaScriptEnabled of [true, false]) {
  test(`usage, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const { estate, page, look } = await openEstate(t, javaScriptEnabled, '--clients', '100');

    await people.signIn(page, estate.server);
    await page.waitForURL(/\/licensing\/summary$/);

    await t.test('a month of it, drawn and told', async () => {
      await page.getByRole('navigation', { name: 'Licensing' }).getByRole('link', { name: 'Usage' }).click();
      await page.getByRole('heading', { name: 'Usage of ACCESS', level: 1 }).waitFor();
      await page.getByRole('img', { name: 'Units over time' }).waitFor();
      assert.equal(await page.locator('svg.lh-chart polyline').count(), 3);
      const leased = await points(page, 'leased');
      const rows = await csv(page);

      assert.equal(leased.length, rows.length);
      assert.equal(await page.locator('details tbody tr').count(), rows.length);
      assert.ok(rows.length > 700 && rows.length <= 721, `${rows.length} hours`);
      assert.ok(leased.every(([x, y], i) => x >= 72 && x <= 708 && y >= 12 && y <= 212 && (!i || x > leased[i - 1][0])), 'within its frame, from left to right');
      assert.deepEqual(await newest(page), rows.at(-1).slice(2).map(number));
      assert.deepEqual(await look(page), []);
      await page.goto(page.url());
      await shot(page, 'usage-month');
    });

    await t.test('the higher the line, the more it was', async () => {
      const rows = await csv(page);
      const leased = await points(page, 'leased');
      const heights = leased.map(([, y], i) => [number(rows[i][3]), y]).sort((a, b) => a[0] - b[0]);

      assert.ok(heights.every(([, y], i) => !i || y <= heights[i - 1][1]));
      assert.ok((await points(page, 'installed')).at(-1)[1] <= leased.at(-1)[1], 'never above what is installed');
    });

    await t.test('thirteen months, and a day', async () => {
      await page.getByRole('link', { name: '13 months' }).click();
      await page.locator('a[aria-current="true"]', { hasText: '13 months' }).waitFor();
      assert.match(await page.getByRole('main').innerText(), /Each point is the worst hour of its day/);
      const days = (await csv(page)).length;

      assert.ok(days >= 394 && days <= 397, `${days} days`);
      assert.deepEqual(await look(page), []);
      await shot(page, 'usage-year');
      await page.getByRole('link', { name: '24 hours' }).click();
      await page.getByText('Each point is the worst of its five minutes.').waitFor();
      const fives = (await csv(page)).length;

      assert.ok(fives > 200 && fives <= 289, `${fives} times five minutes`);
    });

    await t.test('of another feature, and of one client', async () => {
      await page.getByLabel('Feature').selectOption('CONSEC');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('heading', { name: 'Usage of CONSEC', level: 1 }).waitFor();
      await page.goto(new URL('licensing/client/gweast', estate.server.url).href);
      await page.getByRole('link', { name: 'Usage of this client' }).click();
      await page.getByRole('heading', { name: 'Usage of ACCESS by gweast', level: 1 }).waitFor();
      assert.equal(await page.getByLabel('Client ID').inputValue(), 'gweast');
      assert.deepEqual(await look(page), []);
      await page.goto(new URL('licensing/usage?client=gwwest', estate.server.url).href);
      await page.getByRole('heading', { name: 'Usage of CONSEC by gwwest', level: 1 }).waitFor();
      await page.getByLabel('Client ID').fill('nobody');
      await page.getByRole('button', { name: 'Show', exact: true }).click();
      await page.getByRole('heading', { name: 'No such client' }).waitFor();
    });

    await t.test('on a small screen', async () => {
      await page.goto(new URL('licensing/usage', estate.server.url).href);
      await page.setViewportSize({ width: 320, height: 800 });
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
    });
    assert.deepEqual(page.complaints.filter((one) => !/404/.test(one)), []);
  });
}
