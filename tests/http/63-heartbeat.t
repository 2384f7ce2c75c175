#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A virtual license server and its center: heartbeats that keep it going, 23
// days without one, in which it lends and counts down, 24, at which it stops,
// and a code that revives it. And a copy of it, started beside it, which both
// consoles show (rules.md 11). Wall clock and boot time are virtual.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { Device, basic, endsWithTest, equal, exchange, freePort, ok, pause, play, post, requestBody, skip } =
	require('./lease-support.cjs');
const { Time } = require('./gateway-support.cjs');

const leasehold = process.env.LEASEHOLD;
const DAY = 86400;
const PASSWORD = 'Correct-Horse-1';

// A served appliance in virtual time.
class Appliance {
	constructor(estate, state, port, time = estate.time) {
		Object.assign(this, { estate, state, port, time, log: `${state}.log` });
	}

	run(...words) {
		const done = child.spawnSync(leasehold, [...words, '--state', this.state],
			{ encoding: 'utf8', env: { ...process.env, ...this.time.environment() } });

		return { status: done.status, out: done.stdout, err: done.stderr };
	}

	json(...words) {
		return JSON.parse(this.run(...words, '--json').out);
	}

	beat() {
		return this.json('status').heartbeat;
	}

	async start() {
		const log = fs.openSync(this.log, 'w');

		this.master = endsWithTest(child.spawn(leasehold, ['serve', '--state', this.state],
			{ stdio: ['ignore', log, log], env: { ...process.env, ...this.time.environment() } }));
		this.ended = new Promise((resolve) => this.master.on('exit', resolve));
		fs.closeSync(log);
		for (let tries = 0; tries < 400; tries++) {
			if (/^ready: /m.test(fs.readFileSync(this.log, 'utf8')))
				return;
			await pause(50);
		}
		throw new Error(`${this.state} does not answer:\n${fs.readFileSync(this.log, 'utf8').slice(-2000)}`);
	}

	async stop() {
		this.master.kill('SIGTERM');
		await this.ended;
	}

	// The console's page, as the administrator sees it.
	async page(address, username = 'admin') {
		const ask = async (method, url, headers, body) => {
			// A connection that a leap of the clock meets is closed.
			for (let tries = 0; ; tries++) {
				const answer = await exchange(this, { method, url, headers, body, agent: false });

				if (answer.status || tries > 20)
					return answer;
				await pause(100);
			}
		};
		const form = await ask('GET', '/signin', {}, '');
		const csrf = form.text.match(/name="csrf" value="([^"]+)"/)[1];
		const done = await ask('POST', '/signin', { 'Content-Type': 'application/x-www-form-urlencoded' },
			new URLSearchParams({ username, password: PASSWORD, csrf, next: '' }).toString());
		const cookie = done.headers['set-cookie'][0].split(';')[0];

		return (await ask('GET', address, { Cookie: cookie }, '')).text.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ');
	}
}

const until = async (holds, most = 400) => {
	for (let tries = 0; tries < most; tries++) {
		if (await holds())
			return true;
		await pause(50);
	}
	return false;
};

// The center first: a leap closes the connections that it meets.
async function leap(estate, instant) {
	estate.centerTime.to(instant);
	await pause(1500);
	estate.time.to(instant);
}

async function makeVirtual(estate, center) {
	const virtual = new Appliance(estate, path.join(estate.directory, 'virtual'), await freePort());
	const pem = fs.readFileSync(path.join(center.state, 'tls.pem'), 'utf8');

	estate.command(['init', '--state', virtual.state, '--role', 'virtual-server', '--platform', 'VA-SPE',
		'--listen', `127.0.0.1:${virtual.port}`, '--hostname', 'virtual.example',
		'--trust', path.join(center.state, 'trusted.jwks'), '--center', `https://127.0.0.1:${center.port}`,
		'--admin', 'admin', '--admin-password-file', estate.file('admin', PASSWORD)]);
	fs.writeFileSync(path.join(virtual.state, 'center-ca.pem'),
		pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/)[0]);
	for (const words of [['agreement', 'accept', '--yes'], ['server', 'set', '--enabled', 'on']])
		virtual.run(...words);
	return virtual;
}

// ---- the countdown ----------------------------------------------------------------------

async function beats(estate, center, virtual) {
	const code = estate.command(['center', 'authcode', 'make', '--customer', 'Example Ltd',
		'--sku', 'CONSEC-ADD-100U', '--sku', 'VLS-LICENSE-SERVER', '--state', center.state]).trim();

	await virtual.start();
	ok(await until(() => /authentication code/i.test(virtual.beat()?.failure)),
		'a center that sold it nothing says what to do', virtual.beat());
	const got = virtual.run('download', '--code-file', estate.file('code', code));

	equal(got.status, 0, 'a code is activated', got);
	const sent = virtual.run('heartbeat');

	equal(sent.status, 0, 'and then the center accepts its heartbeats', sent);
	const beat = virtual.beat();

	equal([beat.missed, beat.stopped, beat.days_left, beat.duplicate, beat.failure], [false, false, 24, false, ''],
		'nothing is counted down', beat);
	const isNew = () => virtual.beat().accepted_at > beat.accepted_at;

	await leap(estate, beat.accepted_at + 8 * 3600);
	await until(isNew);
	ok(isNew(), 'after 8 hours the next is sent by itself', virtual.beat());
	return code;
}

async function asks(virtual, device, users) {
	const body = requestBody(device.hardware, { CONSEC: users }, { sent_at: virtual.estate.time.now() });

	// A connection that a leap of the clock meets is closed.
	for (let tries = 0; ; tries++) {
		const answer = await post(virtual, basic('gw1', PASSWORD), body, { agent: false });

		if (answer.status || tries > 20)
			return answer;
		await pause(100);
	}
}

async function stops(estate, center, virtual, code) {
	virtual.run('client', 'add', '--id', 'gw1', '--platform', 'PSA-3000', '--product', 'PCS',
		'--password-file', estate.file('client', PASSWORD), '--feature', 'CONSEC=0/10/100');
	const device = new Device();
	const since = virtual.beat().accepted_at;

	await center.stop();
	await leap(estate, since + 8 * 3600 + 60);
	ok(await until(() => virtual.beat().missed), 'past a missed slot the countdown runs', virtual.beat());
	await leap(estate, since + 23 * DAY - 5);
	ok(await until(() => virtual.beat().days_left === 2), 'a day and seconds before the end: 2 days', virtual.beat());
	await leap(estate, since + 23 * DAY + 5);
	ok(await until(() => virtual.beat().days_left === 1 && /certificate|connection|answer/.test(virtual.beat().failure)),
		'after 23 days: the last one begins, and why', virtual.beat());
	ok(/stops in 1 day,/.test(await virtual.page('/licensing/summary')), 'the console counts it down');
	ok(/stops in 1 day,/.test(virtual.run('compliance').out), 'and the shell');
	await leap(estate, since + 24 * DAY - 1800);
	const lent = await asks(virtual, device, 15);

	equal([lent.status, lent.json?.features?.CONSEC?.leased], [200, 20], 'it lends as before', lent.json);
	await leap(estate, since + 24 * DAY + 5);
	ok(await until(() => virtual.beat().stopped), 'after 24 days it has stopped', virtual.beat());
	const refused = await asks(virtual, device, 25);

	equal([refused.status, refused.json?.code], [403, 'virtual_server_stopped'], 'requests are refused', refused.json);
	const [held] = virtual.json('leases').parts || virtual.json('leases');

	ok(held && JSON.stringify(virtual.json('leases')).includes(String(lent.json.features.CONSEC.expires)),
		'what was lent keeps its own expiry', virtual.json('leases'));
	ok(/has stopped: its vendor's center accepted no heartbeat for 24 days/.test(
		(await virtual.page('/licensing/summary')).replace(/&#39;|&apos;/g, "'")), 'the console says so');
	const told = (code) => estate.sql(`SELECT count(*) AS n FROM event WHERE code = '${code}' AND at > ${since}`, virtual.state)[0].n;

	await until(() => told('LHD10112') > 0);
	equal([told('LHD10111'), told('LHD10112')], [1, 1], 'each of it is an event, once');

	const silent = virtual.run('heartbeat');

	ok(silent.status === 1 && silent.err, 'while the center is silent a heartbeat by hand fails, too', silent);
	await center.start();
	const revived = virtual.run('download', '--code-file', estate.file('code', code));

	equal([revived.status, virtual.beat().stopped], [0, false], 'entering an authentication code again revives it', revived);
	const again = await asks(virtual, device, 25);

	equal([again.status, again.json?.features?.CONSEC?.leased >= 30], [200, true], 'and it lends again', again.json);
}

// ---- a copy ------------------------------------------------------------------------------

async function copies(estate, center, virtual) {
	const copy = new Appliance(estate, path.join(estate.directory, 'copy'), await freePort());
	const before = virtual.beat();

	await virtual.stop();
	fs.cpSync(virtual.state, copy.state, { recursive: true,
		filter: (name) => !name.startsWith(path.join(virtual.state, 'run')) });
	fs.mkdirSync(path.join(copy.state, 'run'), { recursive: true, mode: 0o700 });
	estate.sql(`UPDATE appliance SET listen = '127.0.0.1:${copy.port}'`, copy.state);
	await virtual.start();
	ok(await until(() => virtual.beat().accepted_at >= before.accepted_at && virtual.run('heartbeat').status === 0),
		'a server that starts again is none too many');
	equal(virtual.beat().duplicate, false, 'and is no duplicate of itself');
	await leap(estate, estate.time.now() + 60);
	await copy.start();
	let sent;

	ok(await until(() => (sent = copy.run('heartbeat')).status === 0), 'a copy is accepted at first', sent);
	await leap(estate, estate.time.now() + 60);
	ok(await until(() => (sent = virtual.run('heartbeat')).status === 0), 'and the server, too', sent);
	ok(virtual.beat().duplicate, 'its next heartbeat after that of a copy shows that there are two');
	await until(() => copy.run('heartbeat').status === 0);
	ok(copy.beat().duplicate, 'and so does the next of the copy');
	for (const [one, what] of [[virtual, 'the server'], [copy, 'the copy']])
		ok(/Another virtual license server uses the hardware ID/.test(await one.page('/licensing/summary')),
			`the console of ${what} says so`);
	const list = JSON.parse(estate.command(['center', 'instance', 'list', '--json', '--state', center.state]));

	equal(list.map((one) => one.duplicate), [true], 'and the center lists it', list);
	await copy.stop();
	estate.command(['admin', 'add', 'agent', '--role', 'support-agent', '--password-file', estate.file('agent', PASSWORD),
		'--state', center.state]);
	ok(/two servers use at once: 1/.test(await center.page('/center/instances', 'agent')), 'so does its console');
	estate.command(['center', 'instance', 'clear', list[0].hardware_id, '--state', center.state]);
	await leap(estate, estate.time.now() + 60);
	await until(() => virtual.run('heartbeat').status === 0);
	equal(virtual.beat().duplicate, false, 'once the copy is gone the vendor clears the mark');
}

// ---- what is no heartbeat ------------------------------------------------------------------

async function refuses(center) {
	const ask = (body) => exchange(center, { url: '/center/v1/heartbeats', body,
		headers: { 'Content-Type': 'application/json' } });
	const device = new Device();
	const word = 'a'.repeat(32);
	const good = { hardware_id: device.hardware, instance: word, boot: word, sequence: 1, sent_at: 0 };

	for (const [what, change] of [['a number of 0', { sequence: 0 }], ['a word too short', { boot: 'ab' }],
		['a word of other letters', { instance: 'G'.repeat(32) }], ['no hardware ID', { hardware_id: 'x' }]])
		equal((await ask(JSON.stringify({ ...good, ...change }))).status, 400, `${what} is refused`);
	equal((await ask(JSON.stringify(good))).json?.code, 'unknown_device', 'a device that bought nothing is told so');
	equal((await exchange(center, { method: 'GET', url: '/center/v1/heartbeats' })).status, 405, 'they are posted');
}

play(async (estate) => {
	estate.time = new Time(path.join(estate.directory, 'time'));
	estate.centerTime = new Time(path.join(estate.directory, 'center-time'));
	const center = new Appliance(estate, estate.center, estate.port, estate.centerTime);

	if (!estate.time.works)
		skip('heartbeats: libfaketime is missing');
	estate.environment = estate.time.environment();
	estate.command(['center', 'customer', 'add', '--name', 'Example Ltd', '--state', center.state]);
	const virtual = await makeVirtual(estate, center);

	await center.start();
	await refuses(center);
	const code = await beats(estate, center, virtual);

	await stops(estate, center, virtual, code);
	await copies(estate, center, virtual);
	await virtual.stop();
	await center.stop();
});
