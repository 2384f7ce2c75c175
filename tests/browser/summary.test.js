// SPDX-License-Identifier: BSD-2-Clause
//
// summary.test.js: the worked example of auto-leasing, read on the Licensing
// Summary of a running license server: 1,000 units, ten clients 50/10/100 that
// lease 60 each. A day goes by in the server's own clock; then every maximum is
// raised to 200. Last, the license goes, and the page says what that means.
'use strict';

const assert = require('node:assert/strict');
const { execFileSync, spawn } = require('node:child_process');
const crypto = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const test = require('node:test');
const { openBrowser, openPage, axe } = require('./estate.js');
const people = require('./people.js');
const { basic, freePort, hardwareId, post, requestBody } = require('../http/lease-support.cjs');

const secret = 'Correct-Horse-1';
const clients = Array.from({ length: 10 }, (_, i) => `gw${i}`);
const hour = 3600;

const faketime = () => fs.readdirSync('/usr/lib')
  .map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
  .find((file) => fs.existsSync(file));

// A license server whose clock is ahead of ours.
class Server {
  constructor(port) {
    this.port = port;
    this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'leasehold-summary-'));
    this.state = path.join(this.directory, 'server');
    this.center = path.join(this.directory, 'center');
    this.password = crypto.randomBytes(12).toString('hex');
    this.ahead = 0;
  }

  get environment() {
    return { ...process.env, LD_PRELOAD: faketime(), FAKETIME: `+${this.ahead}s`,
      FAKETIME_DONT_FAKE_MONOTONIC: '1' };
  }

  run(words, input = '') {
    return execFileSync(process.env.LEASEHOLD, words, { input, encoding: 'utf8', env: this.environment, stdio: 'pipe' });
  }

  set(...words) {
    return this.run([...words, '--state', this.state]);
  }

  file(name, text) {
    const file = path.join(this.directory, name);

    fs.writeFileSync(file, text, { mode: 0o600 });
    return file;
  }

  make() {
    const admin = ['--admin', 'admin', '--admin-password-file', this.file('admin', this.password)];

    this.run(['init', '--state', this.center, '--role', 'center', '--listen', `127.0.0.1:${this.port}`,
      '--hostname', 'center.example', ...admin]);
    this.run(['init', '--state', this.state, '--role', 'server', '--listen', `127.0.0.1:${this.port}`,
      '--hostname', 'server.example', '--platform', 'PSA-7000f',
      '--trust', path.join(this.center, 'trusted.jwks'), ...admin]);
    this.set('agreement', 'accept', '--yes');
    this.set('server', 'set', '--enabled', 'on', '--duration-hours', '240');
    this.run(['key', 'add', '--state', this.state], this.run(['center', 'key', 'issue', '--state', this.center,
      '--hwid', this.set('hwid').trim(), '--sku', 'CONSEC-ADD-1000U']));
    for (const id of clients)
      this.set('client', 'add', '--id', id, '--platform', 'PSA-3000', '--product', 'PCS',
        '--password-file', this.file('client', secret), '--feature', 'CONSEC=50/10/100');
  }

  // Ten days on each of which ten units more were held than on the day before.
  rememberDays() {
    const today = Math.floor((Date.now() / 1000 + this.ahead) / 86400) * 86400;
    const rows = Array.from({ length: 10 }, (_, i) => [today - (i + 3) * 86400, 400 + 10 * (i + 3)]);

    execFileSync('sqlite3', ['-cmd', '.timeout 10000', path.join(this.state, 'store.db'),
      rows.map(([at, available]) => 'INSERT INTO sample ' +
        '(span, feature, client, at, total, available, leased, users, denials) ' +
        `VALUES (3600, 'CONSEC', 0, ${at}, 1000, ${available}, 0, 0, 0);`).join('')]);
  }

  async start() {
    const file = path.join(this.directory, 'log');
    const log = fs.openSync(file, 'w');

    this.master = spawn(process.env.LEASEHOLD, ['serve', '--state', this.state],
      { stdio: ['ignore', log, log], env: this.environment });
    this.end = new Promise((resolve) => this.master.on('exit', resolve));
    for (let tries = 0; !/^ready:/m.test(fs.readFileSync(file, 'utf8')); tries++) {
      if (tries > 600 || this.master.exitCode !== null)
        throw new Error(fs.readFileSync(file, 'utf8'));
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  async stop() {
    this.master.kill('SIGTERM');
    await this.end;
  }

  async restart(ahead) {
    await this.stop();
    this.ahead = ahead;
    await this.start();
  }

  get console() {
    return { url: `https://127.0.0.1:${this.port}`, user: 'admin', password: this.password };
  }
}

// A gateway with sixty users.
async function lease(server, id, hardware) {
  const body = requestBody(hardware, { CONSEC: 60 }, { sent_at: Math.floor(Date.now() / 1000) + server.ahead });
  const { json } = await post(server, basic(id, secret), body);

  return json.features.CONSEC.leased;
}

const sentence = async (page) => (await people.cell(page, 'CONSEC', 'Auto-leasing').innerText()).replace(/\s+/g, ' ');

async function summary(page, server) {
  await page.goto(`${server.console.url}/licensing/summary`);
  if (await page.getByLabel('User name').count())
    await people.signIn(page, server.console);
  await page.getByRole('heading', { name: 'Licensing Summary', level: 1 }).waitFor();
}

test('the worked example of auto-leasing on the Licensing Summary', async (t) => {
  if (!faketime() || fs.readFileSync(process.env.LEASEHOLD).includes('__asan_init')) {
    t.skip('no libfaketime here');
    return;
  }
  const server = new Server(await freePort());
  const browser = await openBrowser();
  const page = await openPage(browser, { javaScriptEnabled: false });

  server.make();
  await server.start();
  t.after(async () => {
    await browser.close();
    await server.stop();
    fs.rmSync(server.directory, { recursive: true, force: true });
  });

  await t.test('on its first day the server only collects', async () => {
    for (const id of clients)
      assert.equal(await lease(server, id, hardwareId()), 60);
    await summary(page, server);
    assert.ok(await people.reloadUntil(page, async () => /collecting history, 0 of 24 hours/.test(await sentence(page)), 400));
  });

  await t.test('a day later auto-leasing is on: 400 is above 120', async () => {
    await server.restart(25 * hour);
    await summary(page, server);
    assert.ok(await people.reloadUntil(page, async () => /On/.test(await sentence(page)), 400));
    assert.equal(await people.cell(page, 'CONSEC', 'Installed').innerText(), '1,000');
    assert.equal(await people.cell(page, 'CONSEC', 'Reserved').innerText(), '500');
    assert.equal(await people.cell(page, 'CONSEC', 'Leased').innerText(), '600');
    assert.equal(await people.cell(page, 'CONSEC', 'Available').innerText(), '400');
    assert.equal(await sentence(page), 'On Auto-leasing is on for CONSEC: the 24-hour average available, 400, ' +
      'is above 30 % of the unallocated maximum 400 = 120.');
  });

  await t.test('the forecast names the day on which the last unit is used', async () => {
    await page.getByText('CONSEC: not known yet').waitFor();
    server.rememberDays();
    await page.reload();
    const text = await page.locator('#forecast + ul').innerText();
    const [, pace, now] = text.match(/the last unit is used about \d{4}-\d\d-\d\d .*: ([\d.]+) units a day, (\d+) of 1,000 held now\.$/);

    // What the last two days add depends on when the agent looked.
    assert.ok(Number(pace) > 3 && Number(pace) < 12, pace);
    assert.ok(Number(now) > 500 && Number(now) < 650, now);
  });

  await t.test('with a maximum of 200 it is off: 400 is not above 420', async () => {
    for (const id of clients)
      server.set('client', 'set', '--id', id, '--feature', 'CONSEC=50/10/200');
    await summary(page, server);
    assert.equal(await people.cell(page, 'CONSEC', 'Available').innerText(), '400');
    assert.equal(await sentence(page), 'Off Auto-leasing is off for CONSEC: the 24-hour average available, 400, ' +
      'is not above 30 % of the unallocated maximum 1,400 = 420.');
  });

  await t.test('without its license everything is over-allocated, and the page says so first', async () => {
    await page.getByRole('link', { name: 'Delete license' }).click();
    await page.getByRole('button', { name: 'Delete license' }).click();
    await page.locator('#findings').getByText('CONSEC is over-allocated by 600').waitFor();
    assert.match(await people.cell(page, 'CONSEC', 'State').innerText(), /Over-allocated by 600/);
    await page.getByRole('link', { name: 'Why, and what to do' }).click();
    assert.match(page.url(), /\/licensing\/compliance$/);
  });
  assert.deepEqual(page.complaints, []);

  const scripted = await openPage(browser);

  await summary(scripted, server);
  assert.deepEqual(await axe(scripted), []);
});
