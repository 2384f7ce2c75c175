#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The users of a gateway: renewed, timed out, ended one by one or all of a
// gateway that restarts; what was said stays true when the agent is killed.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');
const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway, wrongClock } = require('./gateway-support.cjs');

const timedOut = (gateway) => gateway.sql(
	"SELECT count(*) AS n FROM event WHERE code = 'LHD10070'")[0].n;

async function until(what, seconds = 60) {
	const end = Date.now() + seconds * 1000;
	let answer = await what();

	while (!answer && Date.now() < end) {
		await pause(100);
		answer = await what();
	}
	return answer;
}

const ids = async (gateway, more = {}) => {
	const answer = await gateway.ask({ op: 'list', ...more });

	return answer.sessions.map((one) => one.id).sort();
};

async function members(gateway) {
	const refused = [
		[{ gateway: 'a b' }, 'a gateway with a blank'],
		[{ gateway: 7 }, 'a gateway that is no text'],
		[{ gateway: 'g'.repeat(65) }, 'a gateway of 65 characters'],
		[{ timeout: -1 }, 'a timeout below 0'],
		[{ timeout: 2678401 }, 'a timeout beyond 31 days'],
		[{ timeout: 1.5 }, 'half a second'],
		[{ timeout: '60' }, 'a timeout that is text'],
		[{ timeout: 9223372036854775807n }, 'a timeout beyond all time'],
	];

	for (const [more, name] of refused) {
		const text = JSON.stringify({ op: 'begin', user: 'u', ...more },
			(key, value) => typeof value === 'bigint' ? Number(value) : value);
		const line = gateway.line();
		const answer = await line.ask(text);

		equal([answer.ok, answer.code], [false, 'bad_request'], name);
		line.end();
	}
	ok((await gateway.begin('long', { id: 'long', gateway: 'g'.repeat(64),
		timeout: 2678400 })).ok, 'the longest name and timeout are taken');
	const [one] = (await gateway.ask({ op: 'list' })).sessions;

	equal([one.gateway, one.timeout, one.seen_at >= one.began_at],
		['g'.repeat(64), 2678400, true], 'and listed');
	equal((await gateway.begin('long', { id: 'long', gateway: 'other' })).code,
		'id_in_use', 'the same ID of another gateway is another session');
	ok((await gateway.ask({ op: 'end', id: 'long' })).ok, 'it ends');
}

async function renews(gateway) {
	for (const id of ['a', 'b', 'c'])
		ok((await gateway.begin(id, { id, gateway: 'ocserv' })).ok, `${id} is in`);
	equal(await gateway.ask({ op: 'renew', id: 'a' }), { ok: true },
		'one is renewed');
	equal((await gateway.ask({ op: 'renew', id: 'x' })).code, 'session_unknown',
		'one that is not there is told');
	equal(await gateway.ask({ op: 'renew', id: ['a', 'x', 'b', 'y'] }),
		{ ok: true, renewed: 2, unknown: ['x', 'y'] },
		'of many the unknown ones are named');
	for (const id of [undefined, '', 7, [], ['a', 7], ['a', ''], {}, null])
		equal((await gateway.ask({ op: 'renew', id })).code, 'bad_request',
			`${JSON.stringify(id)} cannot be renewed`);
	equal(gateway.command(['session', 'renew', 'a', 'b']), '',
		'the shell says nothing when all are there');
	const many = [...Array(40).keys()].map((n) => `no-${n}`);
	const failed = child.spawnSync(process.env.LEASEHOLD, ['session', 'renew',
		...many, 'a', '--state', gateway.state], { encoding: 'utf8' });

	equal([failed.status, failed.stderr.trim().split('\n').length], [1, 40],
		'and names each that is not');
}

async function endsAll(gateway) {
	ok((await gateway.begin('d', { id: 'd', gateway: 'openvpn' })).ok,
		'one of another gateway');
	equal((await gateway.ask({ op: 'end', gateway: 'ocserv' })).code,
		'bad_request', 'all of a gateway needs "all"');
	equal((await gateway.ask({ op: 'end', gateway: 'none', all: true })),
		{ ok: true, ended: 0 }, 'a gateway without users has none to end');
	equal(await ids(gateway, { gateway: 'ocserv' }), ['a', 'b', 'c'],
		'the list of one gateway');
	equal(await gateway.ask({ op: 'end', gateway: 'ocserv', all: true }),
		{ ok: true, ended: 3 }, 'a gateway that restarts has no users');
	equal(await gateway.ask({ op: 'end', gateway: 'ocserv', all: true }),
		{ ok: true, ended: 0 }, 'twice is as once');
	equal(await ids(gateway), ['d'], 'the other gateway keeps its own');
	await gateway.stop('SIGKILL');
	await gateway.start();
	equal(await ids(gateway), ['d'], 'after a crash, too');
	gateway.command(['session', 'end', '--gateway', 'openvpn', '--all']);
	equal(JSON.parse(gateway.command(['session', 'list', '--json'])), [],
		'the shell ends all of the other');
}

async function timesOut(gateway) {
	const before = timedOut(gateway);

	gateway.command(['session', 'begin', '--user', 'short', '--id', 'short',
		'--gateway', 'ocserv', '--timeout', '2']);
	ok((await gateway.begin('kept', { id: 'kept', timeout: 4 })).ok, 'kept');
	ok((await gateway.begin('stays', { id: 'stays' })).ok, 'stays');
	const [row] = JSON.parse(gateway.command(['session', 'list', '--gateway',
		'ocserv', '--json']));

	equal([row.id, row.timeout, Boolean(row.over_at)], ['short', 2, true],
		'the list says when it is over');
	ok(await until(async () => {
		await gateway.ask({ op: 'renew', id: 'kept' });
		return !(await ids(gateway)).includes('short');
	}), 'a session that nobody renews is over');
	equal(timedOut(gateway), before + 1, 'one event tells so');
	equal(await ids(gateway), ['kept', 'stays'],
		'a renewed one is not, nor one without a timeout');
	equal((await gateway.ask({ op: 'renew', id: 'short' })).code,
		'session_unknown', 'its gateway hears it at the next renewal');
	ok((await gateway.begin('short', { id: 'short' })).ok,
		'and may ask again');
	ok(await until(async () => !(await ids(gateway)).includes('kept')),
		'the other is over when it is renewed no more');
	equal(timedOut(gateway), before + 2, 'with an event of its own');
	await gateway.ask({ op: 'end', id: 'short' });
	await gateway.ask({ op: 'end', id: 'stays' });
}

// A gateway's daemon that may use the socket and read nothing.
async function asAnother(gateway) {
	const run = path.join(gateway.state, 'run');
	const nobody = 65534;
	const as = (words) => child.spawnSync(process.env.LEASEHOLD,
		['session', ...words, '--state', gateway.state],
		{ uid: nobody, gid: nobody, encoding: 'utf8' });

	if (process.getuid() !== 0)
		return ok(true, 'another user # SKIP only root can be another user');
	const refused = as(['begin', '--user', 'other', '--id', 'other']);

	equal([refused.status, refused.stdout], [1, ''],
		'a stranger cannot ask');
	fs.chmodSync(gateway.estate.directory, 0o711);
	for (const one of [gateway.state, run, path.join(run, 'agent.sock')])
		fs.chownSync(one, 0, nobody);
	for (const one of [gateway.state, run])
		fs.chmodSync(one, 0o710);
	equal(as(['begin', '--user', 'other', '--id', 'other']).stdout, 'other\n',
		'the group of the socket can, without the store');
	equal(as(['renew', 'other']).status, 0, 'and renew');
	equal(as(['end', 'other']).status, 0, 'and end');
	equal(as(['list']).status, 1, 'but reads no list');
	equal(await ids(gateway), [], 'nobody is left of it');
}

// Four are all who may be here: the fifth waits for the one who is gone.
async function freesTheSeat(gateway) {
	for (const id of ['one', 'two', 'zero'])
		await gateway.begin(id, { id });
	ok((await gateway.begin('three', { id: 'three', timeout: 2 })).ok, 'full');
	ok(await until(async () => (await gateway.begin('four', { id: 'four' })).ok),
		'who comes next has the seat of the one who was not renewed');
	equal(await ids(gateway), ['four', 'one', 'two', 'zero'], 'and only that');
	for (const id of ['one', 'two', 'zero', 'four'])
		await gateway.ask({ op: 'end', id });
}

// A wall clock that leaps ahead, and an agent that was away for longer.
async function clocks(gateway) {
	ok((await gateway.begin('far', { id: 'far', timeout: 3600 })).ok, 'far');
	await gateway.stop('SIGKILL');
	await gateway.start({ ...wrongClock(), FAKETIME: '+30d' });
	await pause(2200);
	equal(await ids(gateway), ['far'],
		'a wall clock a month ahead ends no session');
	await gateway.stop();
	await gateway.start();
	await pause(1200);
	equal(await ids(gateway), ['far'], 'and none when it is right again');
	await gateway.ask({ op: 'end', id: 'far' });
}

// Everybody at once, killed in the middle: who heard yes is there.
async function killed(gateway) {
	gateway.addLicense('CONSEC-ADD-1000U');
	await pause(1100);
	for (let round = 0; round < 4; round++) {
		const heard = [], gone = [];
		const lines = [...Array(40)].map(() => gateway.line());
		const talks = lines.map(async (line, n) => {
			for (let i = 0; ; i++) {
				const id = `${round}-${n}-${i}`;
				const answer = await line.ask({ op: 'begin', user: 'u', id });

				if (!answer || !answer.ok)
					return;
				heard.push(id);
				if (i % 3)
					continue;
				const end = await line.ask({ op: 'end', id });

				gone.push([id, Boolean(end && end.ok)]);
				if (!end)
					return;
			}
		});

		await pause(150 + 100 * round);
		await gateway.stop('SIGKILL');
		await Promise.all(talks);
		await gateway.start();
		const there = new Set(await ids(gateway));
		const ended = new Set(gone.map(([id]) => id));

		ok(heard.length > 0 && heard.every((id) =>
			ended.has(id) || there.has(id)),
		`killed with ${heard.length} admitted: all are there`);
		ok(gone.every(([id, isHeard]) => !isHeard || !there.has(id)),
			`and none of the ${gone.length} who ended`);
		for (const id of there)
			await gateway.ask({ op: 'end', id });
	}
	equal((await gateway.ask({ op: 'status' })).users, 0, 'nobody is left');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	gateway.make();
	gateway.addLicense('CONSEC-ADD-4U');
	await gateway.start();
	try {
		await members(gateway);
		await renews(gateway);
		await endsAll(gateway);
		await timesOut(gateway);
		await freesTheSeat(gateway);
		await asAnother(gateway);
		await clocks(gateway);
		await killed(gateway);
		equal(await gateway.stop(), 0, 'the agent ends well');
	} finally {
		await gateway.stop('SIGKILL');
	}
});
