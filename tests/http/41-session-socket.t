#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// What anybody may write on the session socket, and that the agent answers
// each of it with a sentence and goes on; a second agent; a wrong clock.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');
const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway, wrongClock } = require('./gateway-support.cjs');

const program = path.join(process.env.LEASEHOLD_LIBEXECDIR || '', 'agent');

const bad = [
	['', 'an empty line'],
	['hello', 'no JSON'],
	['[]', 'a list'],
	['{"op":"begin","user":"u"', 'half an object'],
	['{"op":"begin","user":"u"} {}', 'two objects'],
	['{"op":"begin","op":"end","user":"u"}', 'a name twice'],
	['{}', 'no operation'],
	['{"op":7}', 'an operation that is no text'],
	['{"op":"drop tables"}', 'an unknown operation'],
	['{"op":"begin"}', 'no user'],
	['{"op":"begin","user":""}', 'an empty user'],
	['{"op":"begin","user":7}', 'a user that is no text'],
	['{"op":"begin","user":"a\\u0000b"}', 'a user with NUL'],
	['{"op":"begin","user":"a\\nb"}', 'a user of two lines'],
	[`{"op":"begin","user":"${'u'.repeat(257)}"}`, 'a user too long'],
	['{"op":"begin","user":"u","id":""}', null],
	['{"op":"begin","user":"u","id":"a b"}', 'an ID with a blank'],
	[`{"op":"begin","user":"u","id":"${'i'.repeat(129)}"}`, 'an ID too long'],
	['{"op":"begin","user":"u","id":7}', 'an ID that is no text'],
	['{"op":"begin","user":"u","feature":"NOPE"}', 'an unknown feature'],
	['{"op":"begin","user":"u","feature":7}', 'a feature that is no text'],
	['{"op":"end"}', 'no ID to end'],
	['[' + '['.repeat(2000), 'deep nesting'],
].filter(([, name]) => name);

async function badInput(gateway) {
	const line = gateway.line();

	for (const [text, name] of bad) {
		const answer = await line.ask(text);

		ok(answer && answer.ok === false && answer.code === 'bad_request' &&
			/\.$/.test(answer.text), `${name} is a bad request`, answer);
	}
	equal((await line.ask({ op: 'status' })).users, 0,
		'nobody came in by it, on the same connection');
	line.end();
}

async function lines(gateway) {
	const line = gateway.line();
	const fits = JSON.stringify({ op: 'status', pad: '' });
	const longest = JSON.stringify({ op: 'status',
		pad: 'x'.repeat(4095 - fits.length) });

	equal((await line.ask(longest)).ok, true, '4,096 bytes are a line');
	equal((await line.ask(longest.replace('xx', 'xxx'))).code, 'bad_request',
		'4,097 are not');
	await pause(100);
	equal(await line.ask({ op: 'status' }), null, 'and the agent hangs up');

	const many = gateway.line();
	const answers = await Promise.all(['status', 'list', 'nope', 'status']
		.map((op) => many.ask({ op })));

	equal(answers.map((one) => [one.ok, Boolean(one.role), Boolean(one.sessions)]),
		[[true, true, false], [true, false, true], [false, false, false],
			[true, true, false]], 'answers come in the order of the questions');
	many.end();

	const half = gateway.line();
	const answer = half.ask('{"op":"status"}');

	half.end();
	equal((await answer).ok, true, 'who has done with sending still hears');
}

async function crowdOfPrograms(gateway) {
	const all = [], answers = [];

	for (let i = 0; i < 300; i++) {
		all.push(gateway.line());
		answers.push(await all[i].ask({ op: 'status' }));
	}
	ok(answers.every((one) => one && one.ok),
		'300 programs that stay connected are all heard');
	await pause(100);
	equal(all.filter((one) => one.closed).length, 44,
		'the silent ones made room');
	for (const one of all)
		one.end();
}

async function rdp(gateway) {
	const refused = await gateway.begin('rdp', { feature: 'ACCESS-RDP' });

	equal(refused.code, 'rdp_capacity_reached', 'RDP users are a second limit');
	ok((await gateway.begin('one', { id: 'one', feature: 'CONSEC' })).ok,
		'a feature of users is a user');
	ok((await gateway.begin('two', { id: 'two' })).ok, 'two');
	equal((await gateway.begin('three')).code, 'capacity_reached', 'not three');
	gateway.addLicense('ACCESS-RDP-ADD-10U');
	await pause(1100);
	ok((await gateway.begin('rdp', { id: 'rdp', feature: 'ACCESS-RDP' })).ok,
		'a license for them admits one');
	const status = await gateway.ask({ op: 'status' });

	equal([status.users, status.capacity, status.rdp_users, status.rdp_capacity],
		[2, 2, 1, 10], 'counted apart');
}

async function restarts(gateway) {
	equal(await gateway.stop(), 0, 'SIGTERM ends it well');
	ok(!fs.existsSync(path.join(gateway.state, 'run', 'agent.sock')),
		'its socket is gone');
	await gateway.start(wrongClock());
	const status = await gateway.ask({ op: 'status' });

	equal([status.users, status.rdp_users], [2, 1],
		'with a clock a year behind all sessions are there');
	ok((await gateway.ask({ op: 'end', id: 'two' })).ok, 'one ends');
	ok((await gateway.begin('four')).ok, 'and another begins');
	await gateway.stop();
	await gateway.start();
	equal((await gateway.ask({ op: 'list' })).sessions.map((one) => one.user)
		.sort(), ['four', 'one', 'rdp'], 'and they stay');
}

async function crash(gateway) {
	ok((await gateway.ask({ op: 'end', id: 'one' })).ok, 'one leaves');
	const one = await gateway.begin('five', { id: 'five' });

	await gateway.stop('SIGKILL');
	ok(one.ok && fs.existsSync(path.join(gateway.state, 'run', 'agent.sock')),
		'a crash leaves the socket behind');
	await gateway.start();
	equal((await gateway.begin('five', { id: 'five' })).ok, true,
		'what was acknowledged is there after a crash, and not twice');
	equal((await gateway.ask({ op: 'status' })).users, 2, 'two users');
}

// A server's agent has no sessions; and nobody runs without a state.
async function others(estate) {
	const server = new Gateway(estate, 'server');

	await server.start();
	equal((await server.ask({ op: 'status' })).role, 'server',
		'a license server has an agent too');
	for (const op of ['begin', 'end', 'list', 'sync'])
		equal((await server.ask({ op, user: 'u', id: 'i' })).code, 'wrong_role',
			`it refuses ${op}`);
	equal(await server.stop(), 0, 'it ends well');
	equal(child.spawnSync(program, ['--stat', 'x']).status, 2, 'a usage error');
	equal(child.spawnSync(program, ['--state', estate.directory]).status, 1,
		'a state directory that is none');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	gateway.make();
	await gateway.start();
	try {
		await badInput(gateway);
		await lines(gateway);
		await crowdOfPrograms(gateway);
		await rdp(gateway);
		await restarts(gateway);
		await crash(gateway);
		await others(estate);
	} finally {
		await gateway.stop('SIGKILL');
	}
});
