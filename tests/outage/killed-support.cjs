// SPDX-License-Identifier: BSD-2-Clause
//
// killed-support.cjs: a license server with a pool without room to spare, two
// license clients that want all of it, and strace, which kills a thread of the
// first client, or a command, when it is about to make a system call.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');

const { endsWithTest, pause } = require('../http/lease-support.cjs');
const { Client, Net, Server, Watch, obstacle: noOutages, password, until } =
	require('./outage-support.cjs');

// On the server, and the license of "one" that it surrenders.
const TOTAL = 15;
const OWN = 5;
const ISSUED = TOTAL + OWN;
// Whom each of the two would serve: all that it can ever have.
const USERS = 15;

// Maximum Counts of the two; a Reserved Count is 5, so is an increment.
const LITTLE = 5;
const MIDDLE = 10;
const MUCH = 15;

// What is so when all is settled: units that "one" may use, of them leased, its
// license, units that "two" may use, what is installed on the server, and why the
// last sync of "one" failed.
const BASE = { one: 10, leased: 5, license: 'active', two: 10, installed: TOTAL, failure: '' };
const GROWN = { one: 15, leased: 10, license: 'active', two: 5, installed: TOTAL, failure: '' };
const LENT = { one: 5, leased: 5, license: 'surrendered', two: 15, installed: ISSUED, failure: '' };

// Threads of the agent in the order in which they begin.
const MAIN = 0;
const WORKER = 1;

function obstacle() {
	const probe = child.spawnSync('strace',
		['-o', '/dev/null', '-e', 'inject=all:signal=KILL:when=1', 'true']);

	if (probe.error)
		return 'not installed: strace';
	if (probe.signal !== 'SIGKILL')
		return `strace may not trace here: ${String(probe.stderr).trim()}`;
	return noOutages(false);
}

// The machine's own time: libfaketime makes system calls that are not the product's.
class RealTime {
	environment() {
		return {};
	}
}

// Lists the system calls of a thread or of a command, and kills it at the beginning
// of one, before the kernel acts on it: at the "nth" of those of that "name", as
// strace counts them. Without a place it only lists.
class Tracer {
	constructor(file, place, what) {
		const kill = place ?
			['-e', `inject=${place.name}:signal=KILL:when=${place.nth}`] : [];

		this.file = file;
		this.tracer = endsWithTest(child.spawn('strace', ['-o', file, ...kill, ...what],
			{ stdio: ['ignore', 'ignore', 'pipe'],
				env: { ...process.env, ASAN_OPTIONS: 'detect_leaks=0' } }));
		this.ended = new Promise((resolve) => this.tracer.on('exit',
			(code, signal) => resolve(signal || code)));
		this.attached = new Promise((resolve) => {
			this.tracer.stderr.on('data', (text) => /attached/.test(text) && resolve(true));
			this.ended.then(() => resolve(false));
		});
	}

	async end() {
		this.tracer.kill('SIGINT');
		await this.ended;
	}

	// The names of the calls in their order.
	calls() {
		return fs.readFileSync(this.file, 'utf8').split('\n')
			.map((line) => (/^(\w+)\(/.exec(line) || [])[1]).filter(Boolean);
	}

	hasKilled() {
		return /\+\+\+ killed by SIGKILL/.test(fs.readFileSync(this.file, 'utf8'));
	}
}

class Owner extends Client {
	async usable() {
		const status = await this.status();

		return status ? status.capacity : 0;
	}

	ask(question) {
		if (question.op === 'sync')
			this.estate.syncs++;
		return super.ask(question);
	}

	// What its store says, whether its agent runs or not.
	stored() {
		const status = JSON.parse(this.command(['status', '--json']));
		const license = status.licenses.find((one) => one.feature === 'CONSEC');
		const lease = status.borrowed.find((one) => one.feature === 'CONSEC');
		const own = license && license.state === 'active' ? license.units : 0;
		const leased = lease ? lease.leased : 0;

		return { license: license && license.state, serial: license && license.serial, leased,
			usable: own + leased, failure: status.link && status.link.failure_code };
	}

	// Its thread, from the next system call on.
	async trace(which, place) {
		const threads = fs.readdirSync(`/proc/${this.agent.pid}/task`).map(Number)
			.sort((a, b) => a - b);
		const tracer = new Tracer(`${this.state}.trace`, place, ['-p', String(threads[which])]);

		// Or it has died at its first call.
		await tracer.attached;
		return tracer;
	}

	// The command, from its first system call on.
	traceCommand(words, place) {
		return new Tracer(`${this.state}.trace`, place,
			[process.env.LEASEHOLD, ...words, '--state', this.state]);
	}

	sessions() {
		return this.ask({ op: 'list' });
	}
}

class Play {
	async make() {
		this.net = new Net();
		this.server = new Server(this.net);
		this.server.time = new RealTime();
		this.server.syncs = 0;
		this.server.make();
		this.server.addLicense(`CONSEC-ADD-${TOTAL}U`);
		this.server.addClient('one', password, `CONSEC=5/5/${MIDDLE}`);
		this.server.addClient('two', password, `CONSEC=5/5/${LITTLE}`);
		await this.server.start();
		this.one = await this.join('one', 1);
		this.two = await this.join('two', 2);
		this.one.addLicense(`CONSEC-ADD-${OWN}U`);
		this.one.addLicense('PSA-LICENSE-MBR');
		this.serial = this.one.stored().serial;
		this.watch = new Watch([this.one, this.two], ISSUED, 50);
		await this.crowd();
	}

	async join(name, number) {
		const client = new Owner(this.server, name, number);

		client.join();
		// What it takes is what is asked for, and when.
		client.set({ 'ask-ahead': 0 });
		await client.start();
		await client.ask({ op: 'sync' });
		client.confirmPin();
		await client.synced();
		return client;
	}

	// Users as many as each can ever have, each while it has room for them.
	async crowd() {
		await this.one.users(USERS);
		await this.settles([GROWN]);
		this.maximum('one', LITTLE);
		this.maximum('two', MUCH);
		this.click('surrender');
		await this.settles([LENT]);
		await this.two.users(USERS);
	}

	maximum(client, count) {
		this.server.server(['client', 'set', '--id', client, '--feature', `CONSEC=5/5/${count}`]);
	}

	click(what) {
		this.one.command(['key', what, this.serial]);
	}

	// A client may sync 60 times at once; nobody who counts that lives long enough here.
	async letMoreSync() {
		const pid = this.server.processOf('lease.fcgi');

		if (this.server.syncs < 30)
			return;
		process.kill(pid, 'SIGKILL');
		await until(() => ![0, pid].includes(this.server.processOf('lease.fcgi')), 60, 10);
		this.server.syncs = 0;
	}

	async syncs() {
		await this.one.ask({ op: 'sync' });
		await this.two.ask({ op: 'sync' });
	}

	// "two" gives back what it has above that.
	async limitTwo(count) {
		this.maximum('two', count);
		await until(async () => {
			await this.two.ask({ op: 'sync' });
			return await this.two.usable() <= count;
		}, 60, 20);
	}

	async state() {
		const { failure, leased, license } = this.one.stored();

		return { one: await this.one.usable(), leased, license, two: await this.two.usable(),
			installed: this.pool().installed, failure };
	}

	pool() {
		return JSON.parse(this.server.server(['status', '--json'])).features
			.find((one) => one.feature === 'CONSEC');
	}

	// Until all is as one of "expected" says; what it is in the end.
	async settles(expected) {
		const wanted = expected.map((one) => JSON.stringify(one));
		let state;

		await until(async () => {
			await this.syncs();
			state = await this.state();
			return wanted.includes(JSON.stringify(state));
		}, 60, 100);
		return state;
	}

	// More than there is, or a lease that the server does not know of.
	async wrongs(when) {
		const { leased, usable } = this.one.stored();
		const held = this.server.held('one');
		const two = await this.two.usable();
		const wrongs = [];

		if (usable + two > ISSUED)
			wrongs.push(`${when}: ${usable} and ${two} may be used, of ${ISSUED}`);
		if (leased > held)
			wrongs.push(`${when}: ${leased} leased, of which the server knows ${held}`);
		return wrongs;
	}

	async end() {
		if (this.watch)
			await this.watch.end();
		for (const client of [this.one, this.two])
			if (client)
				await client.stop('SIGKILL');
		await this.server.stop();
		this.net.close();
		if (!process.env.KEEP)
			this.server.remove();
	}
}

module.exports = { BASE, GROWN, ISSUED, LENT, LITTLE, MAIN, MIDDLE, MUCH, Play, USERS, WORKER,
	obstacle, pause, until };
