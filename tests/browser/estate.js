// SPDX-License-Identifier: BSD-2-Clause
//
// estate.js: a demonstration estate of its own for one test file, and a browser
// to look at it. Every page is held to the house rules while a test uses it: no
// request to another host, no message on the console.
'use strict';

const { spawn } = require('node:child_process');
const fs = require('node:fs');
const net = require('node:net');
const os = require('node:os');
const path = require('node:path');
const { chromium } = require('playwright-core');

// A port that is free on the addresses an estate uses, as far as one can know.
function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer();

    server.on('error', reject);
    server.listen(0, '127.0.0.2', () => {
      const { port } = server.address();

      server.close(() => resolve(port));
    });
  });
}

function signIns(file) {
  const found = {};

  for (const line of fs.readFileSync(file, 'utf8').trim().split('\n')) {
    const [name, url, user, password] = line.split(' ');

    found[name] = { url, user, password };
  }
  return found;
}

// { server, client1, client2: { url, user, password }, state, stop() }.
// Options are those of build-aux/estate, such as '--empty'.
async function startEstate(...options) {
  const state = fs.mkdtempSync(path.join(os.tmpdir(), 'leasehold-browser-'));
  const ready = path.join(state, 'sign-ins');
  const log = fs.openSync(path.join(state, 'estate.log'), 'w');
  const child = spawn(path.join(process.env.top_srcdir, 'build-aux/estate'),
    ['--leasehold', process.env.LEASEHOLD, '--state', state,
      '--port', String(await freePort()), ...options],
    { stdio: ['ignore', log, log] });
  let ended = false;
  const end = new Promise((resolve) => child.on('exit', resolve));

  end.then(() => { ended = true; });
  while (!fs.existsSync(ready)) {
    if (ended)
      throw new Error(fs.readFileSync(path.join(state, 'estate.log'), 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    ...signIns(ready),
    state,
    async stop() {
      child.kill('SIGTERM');
      await end;
      fs.rmSync(state, { recursive: true, force: true });
    },
  };
}

// Each page gets a Chromium of its own: one that lies behind another is drawn
// late or never, and clicks on it wait for that.
function openBrowser() {
  const opened = [];

  return {
    async newContext(options) {
      const browser = await chromium.launch({
        executablePath: process.env.CHROMIUM,
        args: ['--no-sandbox', '--disable-dev-shm-usage'],
      });
      const context = await browser.newContext(options);

      opened.push(browser);
      context.on('close', () => browser.close());
      return context;
    },
    close: () => Promise.all(opened.map((browser) => browser.close())),
  };
}

// A page in a context of its own. page.complaints collects what a person would
// never see and must not happen; a test ends with assert.deepEqual(…, []).
async function openPage(browser, options = {}) {
  const context = await browser.newContext({
    ignoreHTTPSErrors: true, viewport: { width: 1366, height: 768 },
    reducedMotion: 'reduce', ...options,
  });
  const page = await context.newPage();

  // A busy machine is slow, not wrong.
  context.setDefaultTimeout(Number(process.env.BROWSER_TIMEOUT || 120) * 1000);

  page.complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type()) &&
        !/status of 4\d\d/.test(message.text()))
      page.complaints.push(message.text());
  });
  page.on('pageerror', (error) => page.complaints.push(String(error)));
  page.on('request', (request) => {
    if (!/^https:\/\/127\.0\.0\.\d+:/.test(request.url()))
      page.complaints.push(`request to ${request.url()}`);
  });
  return page;
}

const axeSource = () => fs.readFileSync(require.resolve('axe-core'), 'utf8');

// What axe finds on the page as it is, as "rule: selector" lines.
async function axe(page) {
  await page.evaluate(axeSource());
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',
      'best-practice'],
  }));

  return violations.flatMap((violation) => violation.nodes.map(
    (node) => `${violation.id}: ${node.target.join(' ')}`));
}

// Pictures of the page at each width, light and dark, where SHOTS names a folder
// for them.
async function shot(page, name) {
  for (const width of process.env.SHOTS ? [1366, 1920, 320] : [])
    for (const colorScheme of ['light', 'dark']) {
      await page.setViewportSize({ width, height: 900 });
      await page.emulateMedia({ colorScheme });
      await page.screenshot({ path: path.join(process.env.SHOTS, `${name}-${width}-${colorScheme}.png`), fullPage: true });
    }
}

// All that most tests begin with: an estate, a page of a browser, and what looks at it.
async function openEstate(t, javaScriptEnabled, ...options) {
  const estate = await startEstate(...options);
  const browser = await openBrowser();

  t.after(async () => {
    await browser.close();
    await estate.stop();
  });
  return {
    estate,
    browser,
    page: await openPage(browser, { javaScriptEnabled }),
    // What axe finds: it needs scripts.
    look: javaScriptEnabled ? axe : () => [],
  };
}

module.exports = { openEstate, startEstate, openBrowser, openPage, axe, shot };
