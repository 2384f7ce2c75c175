#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A gateway and a license server, both real: users are admitted up to what is
// leased, the lease grows with them, survives both, and nothing is sent to a
// server whose key nobody confirmed.
'use strict';

const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

// A loaded machine may take longer than a user waits.
async function admitted(gateway, user) {
	let answer = await gateway.begin(user, { id: user });

	for (let tries = 0; tries < 5 && !answer.ok; tries++)
		answer = await gateway.begin(user, { id: user });
	return answer;
}

async function synced(gateway) {
	let answer = await gateway.ask({ op: 'sync' });

	for (let tries = 0; tries < 20 && !answer.ok; tries++) {
		await pause(500);
		answer = await gateway.ask({ op: 'sync' });
	}
	return answer;
}

async function alone(gateway) {
	const status = await gateway.ask({ op: 'status' });

	equal([status.ok, status.role, status.capacity, status.users,
		status.has_server], [true, 'client', 2, 0, false],
	'a gateway with nothing may serve two users');
	const first = await gateway.begin('alice', { id: 'a' });

	equal([first.ok, first.id], [true, 'a'], 'the first');
	ok((await gateway.begin('bob')).ok, 'the second');
	const third = await gateway.begin('carol');

	ok(!third.ok && third.code === 'capacity_reached' &&
		/All 2 users/.test(third.text), 'not a third', third);
	equal(await gateway.begin('alice', { id: 'a' }), first,
		'the same session again is the same session');
	equal((await gateway.begin('mallory', { id: 'a' })).code, 'id_in_use',
		'its ID is no other user\'s');
	const none = await gateway.ask({ op: 'sync' });

	equal([none.ok, none.code], [false, 'no_server'], 'no server to sync with');
	const list = await gateway.ask({ op: 'list' });

	equal(list.sessions.map((one) => one.user).sort(), ['alice', 'bob'],
		'the list');
	const log = gateway.estate.command(['verify', '--state', gateway.state]);

	ok(log !== null, 'the store is sound');
}

async function unconfirmed(estate, gateway) {
	gateway.setServer(estate.port, 'gw001', password);
	const answer = await gateway.ask({ op: 'sync' });

	equal(answer.code, 'pin_unconfirmed', 'a key that nobody confirmed stops it');
	const link = gateway.link();

	ok(/^sha256\/\/[A-Za-z0-9+/]{43}=$/.test(link.seen_pin), 'the key is shown',
		link.seen_pin);
	ok(!/refused client "gw001"|sync/.test(estate.logText()),
		'the server heard nothing');
	gateway.confirmPin();
}

async function grows(gateway) {
	const answer = await synced(gateway);

	ok(answer.ok, 'the confirmed key lets it sync', answer);
	equal((await gateway.ask({ op: 'status' })).leased, { CONSEC: 5 },
		'the reserved part comes with the first sync');
	for (const user of ['c', 'd', 'e'])
		ok((await gateway.begin(user)).ok, `${user} is admitted`);
	const sixth = await admitted(gateway, 'f');

	ok(sixth.ok, 'one more user brings an increment', sixth);
	const status = await gateway.ask({ op: 'status' });

	equal([status.users, status.capacity, status.leased],
		[6, 30, { CONSEC: 30 }], 'six users, thirty units');
}

// All at once: whoever is beyond the maximum waits for one sync and hears why.
async function crowd(gateway) {
	let status, refused = [];

	for (let round = 0; round < 5; round++) {
		const answers = await Promise.all(Array.from({ length: 60 },
			(_, i) => gateway.begin(`crowd${round}-${i}`)));

		status = await gateway.ask({ op: 'status' });
		refused = answers.filter((one) => !one || !one.ok);
		if (status.users === 55)
			break;
	}
	equal([status.leased.CONSEC, status.users, status.capacity], [55, 55, 55],
		'up to the reachable maximum and no further');
	ok(refused.length > 0 && refused.every((one) => one &&
		one.code === 'capacity_reached' && one.text),
	'the others are refused for it', refused[0]);
}

async function survives(estate, gateway) {
	const before = await gateway.ask({ op: 'list' });

	equal(await gateway.stop(), 0, 'the agent ends well');
	await estate.stop();
	await gateway.start();
	const status = await gateway.ask({ op: 'status' });

	equal([status.users, status.capacity], [55, 55],
		'sessions and lease survive a restart without the server');
	equal(await gateway.ask({ op: 'list' }), before, 'the same sessions');
	const failed = await gateway.ask({ op: 'sync' });

	equal([failed.ok, failed.code], [false, 'connect'],
		'the server is out of reach, and the answer says so');
	await gateway.stop('SIGKILL');
	await gateway.start();
	equal((await gateway.ask({ op: 'status' })).users, 55,
		'they survive a crash too');
	ok((await gateway.ask({ op: 'end', id: 'f' })).ok, 'one ends');
	equal((await gateway.ask({ op: 'end', id: 'f' })).code, 'session_unknown',
		'only once');
	ok((await gateway.begin('last')).ok, 'another takes its place');
	await estate.start();
	const again = await synced(gateway);

	ok(again.ok && again.changes.length === 0,
		'back in contact nothing has changed', again);
}

async function changes(estate, gateway) {
	estate.server(['client', 'set', '--id', 'gw001',
		'--feature', 'CONSEC=10/25/60']);
	const answer = await gateway.ask({ op: 'sync' });
	const change = answer.ok && answer.changes[0];

	equal([change.feature, change.before, change.after], ['CONSEC', 55, 60],
		'what an administrator changed comes with Pull State');
}

async function makesRoom(gateway) {
	const waiting = gateway.begin('patient');

	await pause(300);
	const list = await gateway.ask({ op: 'list' });

	await gateway.ask({ op: 'end', id: list.sessions[0].id });
	const answer = await waiting;

	ok(answer.ok, 'who waits is let in when another leaves', answer);
}

async function ownLicense(gateway) {
	gateway.addLicense('CONSEC-ADD-50U');
	await pause(1100);
	equal((await gateway.ask({ op: 'status' })).capacity, 110,
		'an own license counts beside the lease');
	ok((await gateway.begin('own')).ok, 'and admits');
}

async function wrongPassword(estate, gateway) {
	gateway.setServer(estate.port, 'gw001', 'Wrong-Horse-1');
	const answer = await gateway.ask({ op: 'sync' });

	equal([answer.ok, answer.code], [false, 'unauthorized'],
		'a wrong password');
	equal((await gateway.ask({ op: 'status' })).capacity, 110,
		'costs no lease');
	gateway.setServer(estate.port, 'gw001', password);
	ok((await synced(gateway)).ok, 'the right one is taken again');
	equal(gateway.link().failure_code, '', 'and nothing is wrong any more');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	estate.addLicense('CONSEC-ADD-1000U');
	estate.addClient('gw001', password, 'CONSEC=5/25/60');
	gateway.make();
	await estate.start();
	await gateway.start();
	try {
		await alone(gateway);
		await unconfirmed(estate, gateway);
		await grows(gateway);
		await crowd(gateway);
		await survives(estate, gateway);
		await changes(estate, gateway);
		for (let i = 0; i < 5; i++)
			await gateway.begin(`filler${i}`);
		await makesRoom(gateway);
		await ownLicense(gateway);
		await wrongPassword(estate, gateway);
		equal(await gateway.stop(), 0, 'the agent ends well');
	} finally {
		await gateway.stop('SIGKILL');
	}
});
