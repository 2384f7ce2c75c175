#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license client's wall clock set back by 25 hours, put forward by 20 days, and
// right again, while boot time runs on as it does and the license server's clock
// is right (rules.md 9.2): nothing is gained by it and nothing lost. Every unit
// that there is is lent, so that one unit too many anywhere shows.
'use strict';

const { equal, finish, ok, pause, skip } = require('../http/lease-support.cjs');
const { Client, LocalClock, Net, Server, Watch, obstacle, password, until } =
	require('./outage-support.cjs');

const why = obstacle();

if (why)
	skip(`clocks: ${why}`);

const HOUR = 3600;
const DAY = 86400;
const BACK = -25 * HOUR;
const FORWARD = 20 * DAY;
// What there is: 15 for "one", who has 3 of its own besides, and 15 for "two",
// who would like 30.
const TOTAL = 30;
const ONE = { own: 3, users: 16, leased: 15 };
const TWO = { users: 15, leased: 15, most: 30 };
// Without licenses and leases.
const FEW = 2;
// Before the midnight that ends the allocation of "one": time to act in.
const BEFORE_MIDNIGHT = 40;

class Play {
	async make() {
		this.net = new Net();
		this.server = new Server(this.net);
		this.time = this.server.time;
		this.midnight = (Math.floor(this.time.now() / DAY) + 1) * DAY;
		this.time.to(this.midnight - 12 * HOUR);
		this.server.make();
		this.server.addLicense(`CONSEC-ADD-${TOTAL}U`);
		this.server.addClient('one', password, 'CONSEC=10/5/15');
		this.server.server(['client', 'set', '--id', 'one', '--expires',
			new Date((this.midnight - DAY) * 1000).toISOString().slice(0, 10)]);
		this.server.addClient('two', password, `CONSEC=5/5/${TWO.most}`);
		await this.server.start();
		this.one = await this.join('one', 1);
		// Long since, so that it has begun whatever the clock says.
		this.one.addLicense(`CONSEC-ADD-${ONE.own}U`, '--start', '2026-01-01');
		this.two = await this.join('two', 2);
		this.watch = new Watch([this.one, this.two], TOTAL, 50);
		await this.one.users(ONE.users);
		await this.two.users(TWO.users);
	}

	async join(name, number) {
		const client = new Client(this.server, name, number, new LocalClock(this.time,
			`${this.time.file}.${name}`));

		client.join();
		client.newBoot();
		await client.start();
		await client.ask({ op: 'sync' });
		client.confirmPin();
		await client.synced();
		return client;
	}

	async state() {
		const status = await this.one.status();

		return { leased: status.leased.CONSEC || 0, capacity: status.capacity,
			held: this.server.held('one') };
	}

	async settles(expected, name) {
		const text = JSON.stringify(expected);

		await until(async () => JSON.stringify(await this.state()) === text, 40);
		equal(await this.state(), expected, name);
	}

	// Now, and when the agent has looked at its clocks a few times.
	async stays(expected, name) {
		const found = [await this.state()];

		for (let i = 0; i < 5; i++) {
			await pause(500);
			found.push(await this.state());
		}
		const text = JSON.stringify(expected);

		ok(found.every((one) => JSON.stringify(one) === text), name, { expected, found });
	}

	// A machine that is switched off and on, its clock then so much off.
	async reboot(off, signal = 'SIGKILL') {
		await this.one.stop(signal);
		this.one.time.off(off);
		this.one.newBoot();
		await this.one.start();
	}

	async restart(off) {
		await this.one.stop();
		this.one.time.off(off);
		await this.one.start();
	}

	skews() {
		return this.server.events('LIC30520');
	}

	isTold() {
		return this.one.sql('SELECT notices FROM link')[0].notices.includes('clock_skew');
	}
}

const AS_EVER = { leased: ONE.leased, capacity: ONE.own + ONE.leased, held: ONE.leased };
const NOTHING = { leased: 0, capacity: FEW, held: ONE.leased };

// The server answers.
async function inContact(play) {
	await play.settles(AS_EVER, '16 users, 3 licenses of its own: 15 are leased');
	await play.two.settles(TWO.leased);
	equal((await play.two.begin('more')).code, 'capacity_reached', 'and there are no more for anybody');
	ok(!play.isTold(), 'its clock is right');

	for (const [off, name] of [[BACK, '25 hours back'], [FORWARD, '20 days forward']]) {
		const told = play.skews().length;

		play.one.time.off(off);
		await play.stays(AS_EVER, `${name}: it has at once what it had before, and goes on so`);
		ok(await play.one.synced(), `${name}: syncs go on`);
		await play.stays(AS_EVER, `${name}: and change nothing`);
		ok(play.isTold(), `${name}: the server sends a notice`);
		await play.one.synced();
		equal(play.skews().length, told + 1, `${name}: and writes one event`);
		const seconds = Number(/^The clock of one differs by (-?\d+) seconds\.$/.exec(
			play.skews()[told])[1]);

		ok(Math.abs(seconds - off) < 60, `${name}: which says by how much`, seconds);
		play.one.time.off(0);
		await play.stays(AS_EVER, `${name}, and right again: as before`);
		ok(await play.one.synced(), `${name}, and right again: syncs go on`);
		ok(!play.isTold(), `${name}, and right again: no notice any more`);
	}
}

// It does not answer; the machine stays up.
async function outOfContact(play) {
	play.net.link('one', false);
	for (const [off, name] of [[BACK, '25 hours back'], [FORWARD, '20 days forward'], [0, 'right again']]) {
		play.one.time.off(off);
		await play.stays(AS_EVER, `cut off, ${name}: it has what it had`);
		await play.restart(off);
		await play.stays(AS_EVER, `cut off, ${name}, the agent started anew: likewise`);
	}
	play.net.link('one', true);
	ok(await play.one.synced(), 'contact again');
	await play.settles(AS_EVER, 'as before');
}

// Another boot: then the wall clock is all there is, and must not be below the mark.
async function reboots(play) {
	play.net.link('one', false);
	await play.reboot(0);
	await play.stays(AS_EVER, 'cut off, a reboot with the clock right: leases count on');
	await play.reboot(BACK);
	await play.stays(NOTHING, 'a reboot 25 hours back: no lease counts, nor its own permanent license');
	equal((await play.one.begin('guest')).code, 'capacity_reached', 'so nobody comes in');
	await play.restart(BACK);
	await play.stays(NOTHING, 'started anew, still');
	play.net.link('one', true);
	await play.settles(AS_EVER, 'in contact again it syncs by itself, and all counts');
	play.one.time.off(0);
	await play.one.synced();

	await play.reboot(BACK);
	await play.settles(AS_EVER, 'a reboot 25 hours back within reach of the server: likewise');
	play.net.link('one', false);
	await play.reboot(FORWARD);
	await play.stays({ leased: 0, capacity: ONE.own, held: ONE.leased },
		'a reboot 20 days forward: leases are over, by what is known; its own license counts');
	await play.reboot(0);
	await play.stays(NOTHING, 'then a reboot with the clock right, which is below the mark now');
	play.net.link('one', true);
	await play.settles(AS_EVER, 'in contact again all counts');
	await play.one.synced();
}

// The allocation of "one" ends at midnight, and with it its leases; "two" waits for them.
async function lapse(play, off, name) {
	const seen = [];
	let wanted = true;

	play.time.to(play.midnight - BEFORE_MIDNIGHT);
	play.one.time.off(0);
	play.two.time.off(0);
	await play.one.synced();
	await play.two.synced();
	await play.settles(AS_EVER, `${name}: both have what they had, shortly before midnight`);
	play.net.link('one', false);
	play.one.time.off(off);
	const wanting = (async () => {
		while (wanted) {
			await play.two.begin(`late${seen.length}`, { id: `late${seen.length}` });
			await pause(100);
		}
	})();

	while (play.time.exactly() < play.midnight + 3) {
		const from = play.time.exactly();
		const units = await play.one.usable();

		seen.push({ from, to: play.time.exactly(), units });
		await pause(50);
	}
	wanted = false;
	await wanting;
	const before = seen.filter((one) => one.to < play.midnight - 3);
	const after = seen.filter((one) => one.from >= play.midnight);

	ok(before.length && before.every((one) => one.units === ONE.leased),
		`${name}: up to three seconds before midnight the lease runs`, before);
	ok(after.length && after.every((one) => one.units === 0),
		`${name}: from midnight on it does not`, after.slice(0, 5));
	await until(async () => {
		await play.two.begin('late', { id: 'late' });
		return await play.two.usable() > TWO.leased;
	}, 60);
	ok(await play.two.usable() > TWO.leased, `${name}: what was its is lent to the other`);
	const over = { leased: 0, capacity: ONE.own, held: 0 };

	await play.stays(over, `${name}: over on both sides`);
	await play.restart(BACK);
	await play.stays(over, `${name}: the agent started anew, 25 hours back: over`);
}

async function main() {
	const play = new Play();

	try {
		await play.make();
		await inContact(play);
		await outOfContact(play);
		await reboots(play);
		await lapse(play, BACK, 'cut off and 25 hours back');
		const mark = play.one.sql('SELECT anchor_wall FROM link')[0].anchor_wall;

		await play.reboot(mark + 2 - play.time.now());
		equal(await play.one.usable(), 0, 'a reboot with the clock at the mark brings nothing back that had lapsed');
		await play.watch.end();
		ok(!play.watch.over, `never more than ${TOTAL} in all: ${play.watch.looks} looks, at most ${play.watch.most}`,
			play.watch.over);
		equal(play.watch.most, TOTAL, 'and all of them were lent');
		for (const one of [play.server, play.one, play.two])
			one.command(['verify', ...(one === play.server ? ['--state', one.state] : [])]);
	} catch (error) {
		ok(false, 'the script runs to its end', String(error.stack));
		console.log(play.server.logText().slice(-1500).replace(/^/gm, '# '));
	}
	if (play.watch)
		await play.watch.end();
	for (const client of [play.one, play.two])
		if (client)
			await client.stop('SIGKILL');
	await play.server.stop();
	play.net.close();
	if (!process.env.KEEP)
		play.server.remove();
	finish();
}

main();
