#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Outages, at virtual time: links cut for a minute and for ten days, answers
// lost after the server committed, flapping, a server set back to yesterday, a
// client's disk set back. After each, both sides are what the rules say, and at
// no instant that was looked at do all clients together have more than there is.
'use strict';

const fs = require('fs');
const path = require('path');
const { equal, finish, ok, pause, skip } = require('../http/lease-support.cjs');
const { Client, Net, Server, Watch, obstacle, password, until } = require('./outage-support.cjs');

const why = obstacle();

if (why)
	skip(`outages: ${why}`);

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86400;
// One unit more than the two lease, or auto-leasing would not be on: a unit that
// counts twice shows.
const TOTAL = 46;
// Added at the end, for more users.
const MORE = 10;
// What "one" has with 25 users: 10 reserved and two increments of 10.
const ONE = { users: 25, reserved: 10, leased: 30 };
const TWO = { users: 12, leased: 15 };

class Play {
	async make() {
		this.net = new Net();
		this.server = new Server(this.net);
		this.time = this.server.time;
		this.server.make();
		this.server.addLicense(`CONSEC-ADD-${TOTAL}U`);
		this.server.addClient('one', password, 'CONSEC=10/10/30');
		this.server.addClient('two', password, 'CONSEC=5/5/15');
		await this.server.start();
		this.one = new Client(this.server, 'one', 1);
		this.two = new Client(this.server, 'two', 2);
		for (const client of [this.one, this.two]) {
			client.join();
			await client.start();
			await client.ask({ op: 'sync' });
			client.confirmPin();
			await client.synced();
		}
		this.watch = new Watch([this.one, this.two], TOTAL);
		await this.one.users(ONE.users);
		await this.two.users(TWO.users);
	}

	// Both sides, and of the client what it took alone.
	async state() {
		const status = await this.one.status();

		return { leased: status.leased.CONSEC || 0, alone: status.auto_leased.CONSEC || 0,
			held: this.server.held('one') };
	}

	// The agents look once a second; until it is so, or never.
	async settles(expected, name) {
		const text = JSON.stringify(expected);

		await until(async () => JSON.stringify(await this.state()) === text, 40);
		equal(await this.state(), expected, name);
	}

	// Its last success, by the server's clock: from it everything is reckoned.
	async cut() {
		await this.one.synced();
		this.since = this.one.link().last_success;
		this.net.link('one', false);
	}

	async mend(name) {
		this.net.link('one', true);
		ok(await this.one.synced(), `${name}: contact again`);
		await this.settles({ leased: ONE.leased, alone: 0, held: ONE.leased },
			`${name}: afterwards as before`);
	}

	after(seconds) {
		this.time.to(this.since + seconds);
	}

	// Is there room for one more? Whoever comes in leaves again.
	async takes() {
		const answer = await this.one.begin('guest', { id: 'guest' });

		if (answer.ok)
			await this.one.ask({ op: 'end', id: 'guest' });
		return answer.ok ? 'in' : answer.code;
	}
}

// A day of history, so that the switch of auto-leasing has something to go by.
async function aDay(play) {
	for (let hours = 0; hours < 26; hours += 2) {
		play.time.set(play.time.ahead + 2 * HOUR);
		await pause(300);
		await play.one.synced();
	}
	await play.two.synced();
	await play.settles({ leased: 30, alone: 0, held: 30 }, 'a day without trouble');
}

async function shortOutages(play) {
	for (const [seconds, name] of [[MINUTE, 'a minute'], [2 * HOUR, 'two hours']]) {
		await play.cut();
		play.after(seconds);
		await pause(1500);
		await play.settles({ leased: 30, alone: 0, held: 30 }, `cut for ${name}: the lease runs on`);
		equal(await play.takes(), 'in', `cut for ${name}: users are admitted as before`);
		await play.mend(`cut for ${name}`);
	}
}

async function aDayOut(play) {
	await play.cut();
	play.after(DAY - MINUTE);
	await pause(1500);
	await play.settles({ leased: 30, alone: 0, held: 30 }, 'a minute before a day: nothing has lapsed');
	play.after(DAY + MINUTE);
	await play.settles({ leased: 10, alone: 20, held: 10 },
		'a minute after it: the increments lapsed on both sides, and are auto-leased');
	equal(await play.takes(), 'in', 'so users come in as before');
	await play.mend('cut for a day');
}

async function tenDays(play) {
	await play.cut();
	play.after(9.9 * DAY);
	await play.settles({ leased: 10, alone: 20, held: 10 }, '9.9 days: the reserved lease and what was taken alone');
	play.after(10 * DAY - MINUTE);
	await pause(1500);
	await play.settles({ leased: 10, alone: 20, held: 10 }, 'a minute before ten days: still');
	play.after(10.1 * DAY);
	await play.settles({ leased: 0, alone: 0, held: 0 }, '10.1 days: nothing counts any more');
	const status = await play.one.status();

	equal([status.users, status.capacity], [ONE.users, 2], 'its users stay, and it admits two without a license');
	equal(await play.takes(), 'capacity_reached', 'so nobody else comes in');
	await play.mend('cut for ten days');
	equal(play.server.sql('SELECT count(*) AS n FROM event WHERE text LIKE \'%penalty%\'')[0].n, 0,
		'nothing was taken that was another\'s: no penalty');
}

// The server has answered, and nobody heard it.
async function lostAnswers(play) {
	const before = play.server.sql('SELECT count(*) AS n FROM sync_answer')[0].n;

	await play.one.synced();
	play.net.loseAnswers(play.one.space, true);
	const asked = play.one.ask({ op: 'sync' });

	await until(() => play.server.sql('SELECT count(*) AS n FROM sync_answer')[0].n > before + 1, 20);
	await pause(1000);
	play.time.set(play.time.ahead + 2 * MINUTE);
	const answer = await asked;

	ok(!answer || !answer.ok, 'an answer is lost after the server committed', answer);
	equal(await play.state(), { leased: 30, alone: 0, held: 30 }, 'nothing is granted twice by it');
	play.net.loseAnswers(play.one.space, false);
	await play.mend('answers lost');
}

// Ten seconds up, ten down, for ten minutes.
async function flapping(play) {
	const count = () => play.server.sql('SELECT max(number) AS n FROM client_contact WHERE client = ' +
		'(SELECT id FROM client WHERE name = \'one\')')[0].n;
	const before = count();

	for (let i = 0; i < 30; i++) {
		play.net.link('one', i % 2 === 0);
		play.time.set(play.time.ahead + 10);
		await pause(150);
	}
	play.net.link('one', true);
	equal((await play.one.status()).leased, { CONSEC: 30 }, 'flapping: the lease stays');
	ok(count() - before <= 30, 'and makes no storm of requests', count() - before);
	await play.mend('flapping');
}

async function restoredServer(play) {
	const copy = path.join(play.server.directory, 'copy');

	play.server.server(['backup', copy]);
	play.time.set(play.time.ahead + DAY - HOUR);
	await play.one.synced();
	await play.one.ask({ op: 'end', id: 'u1' });
	await play.two.synced();
	await play.server.stop();
	play.server.server(['restore', copy]);
	await play.server.start();
	ok(await play.one.synced(), 'a server set back to yesterday serves its clients');
	await play.settles({ leased: 30, alone: 0, held: 30 }, 'and honors what they prove');
	await play.two.synced();
	equal(await play.two.usable(), TWO.leased, 'of each of them');
	await play.one.begin('user1', { id: 'u1' });
}

// The state directory as it was, put back while the client was off.
async function rolledBack(play) {
	const copy = `${play.one.state}.copy`;

	// There is room for more users.
	play.server.addLicense(`CONSEC-ADD-${MORE}U`);
	play.server.server(['client', 'set', '--id', 'one', '--feature', 'CONSEC=10/10/60']);
	play.watch.issued = TOTAL + MORE;
	await play.one.stop();
	fs.cpSync(play.one.state, copy, { recursive: true });
	await play.one.start();
	for (let i = 26; i <= 38; i++)
		await until(async () => (await play.one.begin(`user${i}`, { id: `u${i}` })).ok, 20);
	await play.settles({ leased: 40, alone: 0, held: 40 }, 'more users, more increments');
	for (let i = 14; i <= 38; i++)
		await play.one.ask({ op: 'end', id: `u${i}` });
	play.time.set(play.time.ahead + 2 * DAY);
	await play.one.synced();
	await play.settles({ leased: 20, alone: 0, held: 20 }, 'fewer users: increments are given back');
	await play.one.stop();
	fs.rmSync(play.one.state, { recursive: true });
	fs.cpSync(copy, play.one.state, { recursive: true });
	await play.one.start();
	ok(await play.one.synced(), 'a disk set back two days: contact again');
	ok(await play.one.usable() <= play.server.held('one'), 'it has no more than the server says',
		[await play.one.usable(), play.server.held('one')]);
	ok(/^Client one holds lease document \d+, but had confirmed \d+/.test(
		play.server.events('LHD10035')[0]), 'and that is recorded', play.server.events('LHD10035'));
}

async function main() {
	const play = new Play();

	try {
		await play.make();
		await play.settles({ leased: 30, alone: 0, held: 30 }, '25 users: 10 reserved and two increments');
		await aDay(play);
		await shortOutages(play);
		await aDayOut(play);
		await lostAnswers(play);
		await flapping(play);
		await restoredServer(play);
		await tenDays(play);
		await rolledBack(play);
		await play.watch.end();
		ok(!play.watch.over, `never more than ${TOTAL}, at the end ${TOTAL + MORE}, in all: ${play.watch.looks} looks, at most ${play.watch.most}`,
			play.watch.over);
		ok(play.watch.most >= ONE.leased + TWO.leased, 'and they had what they should');
		for (const one of [play.server, play.one])
			one.command(['verify', ...(one === play.server ? ['--state', one.state] : [])]);
	} catch (error) {
		ok(false, 'the script runs to its end', String(error.stack));
		console.log(play.server.logText().slice(-1500).replace(/^/gm, '# '));
	}
	if (play.watch)
		await play.watch.end();
	await play.one.stop('SIGKILL');
	await play.two.stop('SIGKILL');
	await play.server.stop();
	play.net.close();
	if (!process.env.KEEP)
		play.server.remove();
	finish();
}

main();
