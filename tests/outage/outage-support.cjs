// SPDX-License-Identifier: BSD-2-Clause
//
// outage-support.cjs: a license server and its clients, each in a network
// namespace of its own, with links that can be cut and clocks that can be
// moved; and somebody who adds up, all the time, what all of them may use.
'use strict';

const child = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { Estate, pause } = require('../http/lease-support.cjs');
const { Gateway } = require('../http/gateway-support.cjs');

const address = '10.97.0.1';
const port = 8443;
const password = 'Correct-Horse-1';

function run(words) {
	const done = child.spawnSync(words[0], words.slice(1), { encoding: 'utf8' });

	return { status: done.status, text: (done.stdout || '') + (done.stderr || '') };
}

function must(words) {
	const done = run(words);

	if (done.status !== 0)
		throw new Error(`${words.join(' ')}: ${done.text}`);
	return done.text;
}

function library() {
	return fs.readdirSync('/usr/lib').map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
		.find((file) => fs.existsSync(file));
}

// Says why these tests cannot run here; "" when they can.
function obstacle() {
	const missing = ['ip', 'nft', 'sqlite3'].filter((one) =>
		run(['sh', '-c', `command -v ${one}`]).status !== 0);
	const probe = `lhprobe${process.pid}`;

	if (missing.length)
		return `not installed: ${missing.join(' ')}`;
	if (!library())
		return 'libfaketime is not installed';
	if (fs.readFileSync(path.join(process.env.LEASEHOLD_LIBEXECDIR, 'agent')).includes('__asan_init'))
		return 'a program with a sanitizer does not start with libfaketime';
	if (process.getuid() !== 0)
		return 'network namespaces need root';
	const made = run(['ip', 'netns', 'add', probe]);

	if (made.status !== 0)
		return `no network namespace can be made: ${made.text.trim()}`;
	const filter = run(['ip', 'netns', 'exec', probe, 'nft', 'add', 'table', 'inet', 't']);

	run(['ip', 'netns', 'delete', probe]);
	return filter.status === 0 ? '' : `nft does not work here: ${filter.text.trim()}`;
}

// ---- time ------------------------------------------------------------------

// Seconds that all who look at "file" are ahead of the machine.
class Time {
	constructor(file) {
		this.file = file;
		this.set(0);
	}

	set(ahead) {
		this.ahead = ahead;
		fs.writeFileSync(`${this.file}.new`, `${ahead < 0 ? '' : '+'}${ahead}s\n`);
		fs.renameSync(`${this.file}.new`, this.file);
	}

	now() {
		return Math.floor(Date.now() / 1000) + this.ahead;
	}

	// "To" a virtual instant.
	to(instant) {
		this.set(this.ahead + instant - this.now());
	}

	environment() {
		return { LD_PRELOAD: library(), FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_NO_CACHE: '1' };
	}
}

// ---- the network -------------------------------------------------------------

class Net {
	constructor() {
		this.names = [];
		process.on('exit', () => this.close());
		for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
			process.on(signal, () => process.exit(1));
		this.hub = this.add('hub');
		must(['ip', '-n', this.hub, 'link', 'add', 'br0', 'type', 'bridge']);
		must(['ip', '-n', this.hub, 'link', 'set', 'br0', 'up']);
	}

	add(name) {
		const namespace = `lh${process.pid}${name}`;

		must(['ip', 'netns', 'add', namespace]);
		this.names.push(namespace);
		return namespace;
	}

	host(name, local) {
		const namespace = this.add(name);

		must(['ip', '-n', this.hub, 'link', 'add', name, 'type', 'veth', 'peer', 'name', 'eth0',
			'netns', namespace]);
		must(['ip', '-n', this.hub, 'link', 'set', name, 'master', 'br0', 'up']);
		must(['ip', '-n', namespace, 'address', 'add', `${local}/24`, 'dev', 'eth0']);
		must(['ip', '-n', namespace, 'link', 'set', 'eth0', 'up']);
		must(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
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

	close() {
		for (const name of this.names) {
			for (const pid of run(['ip', 'netns', 'pids', name]).text.split('\n').filter(Boolean))
				run(['kill', '-KILL', pid]);
			run(['ip', 'netns', 'delete', name]);
		}
		this.names = [];
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
		this.space = server.net.host(name, `10.97.0.${10 + number}`);
	}

	command(words, input) {
		const done = child.spawnSync(process.env.LEASEHOLD, [...words, '--state', this.state],
			{ input: input || '', encoding: 'utf8', env: { ...process.env, ...this.time.environment() } });

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

		this.agent = child.spawn('ip', ['netns', 'exec', this.space, ...before,
			path.join(process.env.LEASEHOLD_LIBEXECDIR, 'agent'), '--state', this.state],
		{ stdio: ['ignore', log, log], env: { ...process.env, ...this.time.environment() } });
		this.ended = new Promise((resolve) =>
			this.agent.on('exit', (code, signal) => resolve(signal || code)));
		fs.closeSync(log);
		await until(() => this.ask({ op: 'status' }));
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
}

async function until(look, seconds = 60) {
	const end = Date.now() + seconds * 1000;
	let found = await look();

	while (!found && Date.now() < end) {
		await pause(200);
		found = await look();
	}
	return found;
}

// Adds up what all clients may use, five times a second.
class Watch {
	constructor(clients, issued) {
		this.clients = clients;
		this.issued = issued;
		this.looks = this.most = 0;
		this.over = null;
		this.running = this.look();
	}

	async look() {
		while (!this.ended) {
			const parts = await Promise.all(this.clients.map((one) => one.usable()));
			const sum = parts.reduce((a, b) => a + b, 0);

			this.looks++;
			this.most = Math.max(this.most, sum);
			if (sum > this.issued && !this.over)
				this.over = parts;
			await pause(200);
		}
	}

	async end() {
		this.ended = true;
		await this.running;
	}
}

module.exports = { Client, Net, Server, Time, Watch, must, obstacle, password, run, until };
