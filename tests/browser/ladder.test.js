// SPDX-License-Identifier: BSD-2-Clause
//
// ladder.test.js: what ends, and when, while the license server is silent: shown
// beforehand, and as it is once contact is lost.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');
const test = require('node:test');
const { startEstate, openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');

const cells = (page, label) => page.locator(`#alone tbody [data-label="${label}"]`).allInnerTexts();
const firstNumbers = (texts) => texts.map((text) => Number(text.split('\n')[0]));

function shown(estate) {
  return JSON.parse(execFileSync(process.env.LEASEHOLD,
    ['link', 'show', '--json', '--state', path.join(estate.state, 'client1')], { encoding: 'utf8' }));
}

for (const javaScriptEnabled of [true, false]) {
  test(`a client without its server, ${javaScriptEnabled ? 'with' : 'without'} scripts`, async (t) => {
    const estate = await startEstate();
    const browser = await openBrowser();

    t.after(async () => {
      await browser.close();
      await estate.stop();
    });
    const page = await openPage(browser, { javaScriptEnabled });
    const address = new URL('licensing/server', estate.client1.url).href;

    await people.signIn(page, estate.client1);
    // The first users have grown the lease.
    for (let steps = []; !steps.includes('quanta');) {
      steps = shown(estate).ladder.map((rung) => rung.step);
      await new Promise((resolve) => setTimeout(resolve, 200));
    }

    await t.test('the dates are there before anything is wrong', async () => {
      await page.goto(address);
      assert.match(await page.locator('#alone').innerText(), /The license server answers.*silent from its last answer on/s);
      const ladder = shown(estate).ladder;

      assert.equal(ladder[0].step, 'contact');
      assert.equal(ladder.at(-1).step, 'own');
      assert.deepEqual(firstNumbers(await cells(page, 'Capacity from then on')), ladder.map((rung) => rung.capacity));
      assert.ok(ladder[0].capacity > ladder.at(-1).capacity);
      const reserved = ladder.find((rung) => rung.step === 'reserved');

      assert.equal(reserved.at - ladder[0].at, 240 * 3600);
    });

    await t.test('contact is lost: days used, and what comes next', async () => {
      const before = shown(estate).ladder.map(({ step, at, capacity }) => ({ step, at, capacity }));

      // The network that the appliance shall use is taken away.
      fs.writeFileSync(path.join(estate.state, 'client1', 'networks.json'), '{"internal": "nolink0"}');
      await page.getByRole('button', { name: 'Pull State from Server' }).click();
      await page.locator('#alone').getByText('On its own').waitFor();
      assert.match(await page.locator('#alone').innerText(), /0 days and \d+ hours of 10 days are used.*next attempt.*starts the ten days anew/s);
      const states = await cells(page, 'State');

      assert.equal(states[0], 'Heard');
      assert.equal(states[1], 'Next');
      assert.ok(states.slice(2).every((state) => state === 'Later'));
      assert.deepEqual(shown(estate).ladder.map(({ step, at, capacity }) => ({ step, at, capacity })), before);
      if (javaScriptEnabled)
        for (const colorScheme of ['light', 'dark']) {
          await page.emulateMedia({ colorScheme });
          for (const width of [1366, 320]) {
            await page.setViewportSize({ width, height: 768 });
            assert.deepEqual(await axe(page), []);
            assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
            if (process.env.SCREENSHOTS)
              await page.screenshot({ path: path.join(process.env.SCREENSHOTS, `ladder-${colorScheme}-${width}.png`), fullPage: true });
          }
        }
    });

    await t.test('it is back: the ten days start anew', async () => {
      await page.setViewportSize({ width: 1366, height: 768 });
      fs.rmSync(path.join(estate.state, 'client1', 'networks.json'));
      await page.getByRole('button', { name: 'Pull State from Server' }).click();
      await page.locator('#alone').getByText('The license server answers').waitFor();
      assert.equal(shown(estate).lost_at, null);
    });

    await t.test('a server that refuses is not said to answer', async () => {
      execFileSync(process.env.LEASEHOLD, ['client', 'set', '--id', 'gweast', '--password',
        '--state', path.join(estate.state, 'server')], { input: 'Another-Horse-9\n', stdio: 'pipe' });
      await page.getByRole('button', { name: 'Pull State from Server' }).click();
      await page.locator('#alone').getByText('The last attempt failed').waitFor();
      assert.doesNotMatch(await page.locator('#alone').innerText(), /answers/);
    });

    await t.test('nothing complained', () => {
      assert.deepEqual(page.complaints, []);
    });
  });
}
