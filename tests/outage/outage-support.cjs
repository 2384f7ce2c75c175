// SPDX-License-Identifier: BSD-2-Clause
//
// outage-support.cjs: a license server and its clients, each in a network
// namespace of its own, with links that can be cut and clocks that can be
// moved; and somebody who adds up, all the time, what all of them may use.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { Estate, pause } = require('../http/lease-support.cjs');
const { Gateway, Time, fakeTime } = require('../http/gateway-support.cjs');
const { Namespaces, missing, must, obstacle: noNamespace, until } =
	require('../http/namespace-support.cjs');

const address = '10.97.0.1';
const port = 8443;
const password = 'Correct-Horse-1';

// Says why these tests cannot run here; "" when they can. Some move no clock.
function obstacle(movesTime = true) {
	const none = missing('ip', 'nft', 'sqlite3');

	if (none)
		return none;
	if (movesTime && !fakeTime('+0s').LD_PRELOAD)
		return 'no libfaketime, or a program with a sanitizer, which does not start with it';
	return noNamespace(['ip', 'netns', 'exec', 'NAME', 'nft', 'add', 'table', 'inet', 't'],
		'nft does not work here');
}

// ---- time ------------------------------------------------------------------

// A machine's wall clock, so many seconds off the time that others have; its boot
// time runs on as it does.
class LocalClock extends Time {
	constructor(right, file) {
		super(file);
		this.right = right;
		this.off(0);
	}

	off(seconds) {
		this.set(Math.round(this.right.ahead) + seconds);
	}

	environment() {
		return { ...super.environment(), FAKETIME_DONT_FAKE_MONOTONIC: '1' };
	}
}

// ---- the network -------------------------------------------------------------

class Net extends Namespaces {
	constructor() {
		super('hub');
	}

	host(name, address) {
		const namespace = this.join(name, name, address);

		must(['ip', 'netns', 'exec', namespace, 'nft', 'add table inet lost; ' +
			'add chain inet lost in { type filter hook input priority 0; }']);
		return namespace;
	}

	link(name, isUp) {
		must(['ip', '-n', this.hub, 'link', 'set', name, isUp ? 'up' : 'down']);
	}

	// Requests arrive, their answers do not.
	loseAnswers(namespace, isLost) {
		must(['ip', 'netns', 'exec', namespace, 'nft', isLost ?
			`add rule inet lost in tcp sport ${port} drop` : 'flush chain inet lost in']);
	}
}

// ---- the appliances ----------------------------------------------------------

class Server extends Estate {
	constructor(net) {
		super();
		this.net = net;
		this.time = new Time(path.join(this.directory, 'time'));
		this.space = net.host('server', address);
		this.port = port;
	}

	// As at the virtual time.
	command(words, input) {
		const done = child.spawnSync(process.env.LEASEHOLD, words, { input: input || '',
			encoding: 'utf8', env: { ...process.env, ...this.time.environment() } });

		if (done.status !== 0)
			throw new Error(`leasehold ${words.slice(0, 3).join(' ')}: ${done.stderr || done.error}`);
		return done.stdout;
	}

	make() {
		const admin = ['--admin', 'admin', '--admin-password-file', this.file('admin', 'An-Administrator-1')];

		this.command(['init', '--state', this.center, '--role', 'center', '--listen', `${address}:${port}`,
			'--hostname', 'center.example', ...admin]);
		this.command(['init', '--state', this.state, '--role', 'server', '--listen', `${address}:${port}`,
			'--hostname', 'server.example', '--platform', 'PSA-7000f',
			'--trust', path.join(this.center, 'trusted.jwks'), ...admin]);
		this.server(['agreement', 'accept', '--yes']);
		this.server(['server', 'set', '--enabled', 'on']);
	}

	async start() {
		const log = fs.openSync(this.log, 'a');
		const begun = this.readyCount();

		this.master = child.spawn('ip', ['netns', 'exec', this.space, process.env.LEASEHOLD, 'serve',
			'--state', this.state], { stdio: ['ignore', log, log],
			env: { ...process.env, ...this.time.environment() } });
		this.ended = new Promise((resolve) => this.master.on('exit', (code) => resolve(code)));
		fs.closeSync(log);
		for (let tries = 0; tries < 600 && this.readyCount() === begun; tries++)
			await pause(50);
		if (this.readyCount() === begun)
			throw new Error(`the server does not answer:\n${this.logText().slice(-2000)}`);
	}

	// Units of CONSEC that its rows say a client may use or may still believe to use.
	held(client) {
		return JSON.parse(this.server(['leases', '--json', '--feature', 'CONSEC'])).parts
			.filter((part) => part.client === client).reduce((sum, part) => sum + part.units, 0);
	}
}

class Client extends Gateway {
	constructor(server, name, number, time = server.time) {
		super(server, name);
		this.name = name;
		this.time = time;
		this.booted = [];
		this.space = server.net.host(name, `10.97.0.${10 + number}`);
	}

	// From now on its programs see another boot identity than before, as after a reboot.
	newBoot() {
		const file = `${this.state}.boot`;

		fs.writeFileSync(file, `${crypto.randomUUID()}\n`);
		this.booted = ['sh', '-c', 'mount --bind "$0" /proc/sys/kernel/random/boot_id && exec "$@"', file];
	}

	command(words, input) {
		const inside = ['ip', 'netns', 'exec', this.space, ...this.booted];
		const done = child.spawnSync(inside[0], [...inside.slice(1), process.env.LEASEHOLD,
			...words, '--state', this.state], { input: input || '', encoding: 'utf8', env: { ...process.env, ...this.time.environment() } });

		if (done.status !== 0)
			throw new Error(`leasehold ${words.slice(0, 3).join(' ')}: ${done.stderr || done.error}`);
		return done.stdout;
	}

	join() {
		this.make();
		this.command(['link', 'set', '--server', `${address}:${port}`, '--client-id', this.name,
			'--password-file', this.estate.file('gateway-password', password),
			'--verify', 'off', '--network', 'internal']);
	}

	async start(before = []) {
		const log = fs.openSync(this.log, 'a');

		this.agent = child.spawn('ip', ['netns', 'exec', this.space, ...this.booted, ...before,
			path.join(process.env.LEASEHOLD_LIBEXECDIR, 'agent'), '--state', this.state],
		{ stdio: ['ignore', log, log], env: { ...process.env, ...this.time.environment() } });
		this.ended = new Promise((resolve) =>
			this.agent.on('exit', (code, signal) => resolve(signal || code)));
		fs.closeSync(log);
		await until(() => this.ask({ op: 'status' }), 60, 20);
	}

	status() {
		return this.ask({ op: 'status' });
	}

	// What it may use of CONSEC without owning it; what nobody answers for is used by nobody.
	async usable() {
		const status = await this.status();

		return status ? (status.leased.CONSEC || 0) + (status.auto_leased.CONSEC || 0) : 0;
	}

	async users(count) {
		for (let i = 1; i <= count; i++)
			await until(async () => (await this.begin(`user${i}`, { id: `u${i}` })).ok, 20);
	}

	synced() {
		return until(async () => (await this.ask({ op: 'sync' })).ok, 90);
	}

	settles(units) {
		return until(async () => await this.usable() === units, 40);
	}
}

// Adds up what all clients may use, every "pause" milliseconds. They cannot all be
// asked in one instant: what counts is what each says both before and after one.
class Watch {
	constructor(clients, issued, pause = 200) {
		this.clients = clients;
		this.issued = issued;
		this.pause = pause;
		this.looks = this.most = 0;
		this.over = null;
		this.running = this.look();
	}

	async look() {
		let before = [];

		while (!this.ended) {
			const parts = await Promise.all(this.clients.map((one) => one.usable()));
			const sure = parts.map((units, i) => Math.min(units, before[i] || 0));
			const sum = sure.reduce((a, b) => a + b, 0);

			before = parts;
			this.looks++;
			this.most = Math.max(this.most, sum);
			if (sum > this.issued && !this.over)
				this.over = sure;
			await pause(this.pause);
		}
	}

	async end() {
		this.ended = true;
		await this.running;
	}
}

module.exports = { Client, LocalClock, Net, Server, Watch, obstacle, password, until };
