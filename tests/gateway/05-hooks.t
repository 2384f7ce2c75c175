#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The hooks as a gateway calls them, with names that nobody should choose, and
// with nobody who answers; needs no gateway and no rights.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');
const { equal, ok, play } = require('../http/lease-support.cjs');
const { Gateway } = require('../http/gateway-support.cjs');
const { hook, until } = require('./vpn-support.cjs');

const fine = ["o'neil", '$(touch mark)', '`touch mark`', '; touch mark', '*', '--id', '-',
	'a "b" \\c', 'a,b', 'José Ñ', '%s%n', '{"ok":true}'];
const unfit = ['two\nlines', 'leasehold: eve\u001b[2J', '', 'x'.repeat(257), 'x'.repeat(3000)];

// Calls a hook in the environment that its gateway makes.
function call(script, environment, options = {}) {
	const done = child.spawnSync(script, [],
		{ encoding: 'utf8', ...options, env: { PATH: process.env.PATH, ...environment } });

	return { status: done.status, log: done.stderr };
}

const gateways = {
	ocserv: {
		name: 'ocserv/leasehold-ocserv',
		connect: (user) => ({ REASON: 'connect', ID: '77', USERNAME: user }),
		disconnect: (user) => ({ REASON: 'disconnect', ID: '77', USERNAME: user }),
	},
	openvpn: {
		name: 'openvpn/leasehold-openvpn',
		connect: (user) => ({ script_type: 'client-connect', common_name: 'cn', username: user,
			ifconfig_pool_remote_ip: '10.8.0.2', time_unix: '1767225600' }),
		disconnect: (user) => ({ ...gateways.openvpn.connect(user),
			script_type: 'client-disconnect' }),
	},
};

const users = (client) => JSON.parse(client.command(['session', 'list', '--json']))
	.map((one) => one.user);

function names(client, gateway, script) {
	const there = { cwd: client.estate.directory };
	const isOneLine = ({ log }) => /^leasehold: [^\p{Cc}]*\n$/u.test(log);

	for (const user of fine) {
		const done = call(script, gateway.connect(user), there);

		ok(done.status === 0 && isOneLine(done), `${JSON.stringify(user)} is admitted`, done);
		equal(users(client), [user], 'under this name');
		equal(call(script, gateway.disconnect(user), there).status, 0, 'and leaves');
		equal(users(client), [], 'the seat');
	}
	for (const user of unfit.filter((one) => one || gateway === gateways.ocserv)) {
		const done = call(script, gateway.connect(user), there);

		ok(done.status === 1 && !done.log.includes('\u001b') &&
			(done.log.match(/^leasehold: .* is refused: .*[a-z]\.$/gm) || []).length === 1, `${JSON.stringify(user).slice(0, 30)} is refused`, done);
	}
	ok(!fs.existsSync(path.join(client.estate.directory, 'mark')), 'no name was run');
}

// A program's environment may hold bytes that are no text.
function bytes(script, gateway) {
	const environment = gateway.connect('x');
	const name = 'USERNAME' in environment ? 'USERNAME' : 'username';
	const done = child.spawnSync('sh',
		['-c', `${name}=$(printf 'x\\377y') exec "$0"`, script],
		{ encoding: 'latin1', env: { PATH: process.env.PATH, ...environment } });

	ok(done.status === 1 && /is refused: This cannot be the name/.test(done.stderr),
		'a name that is no text is refused, whatever is set for a failure', done.stderr);
}

function full(client, gateway, script) {
	for (const id of ['one', 'two'])
		client.command(['session', 'begin', '--user', id, '--id', id]);
	const done = call(script, gateway.connect('third'));

	ok(done.status === 1 && /^leasehold: third is refused: All 2 users/m.test(done.log),
		'the one beyond is refused, with the reason', done);
	for (const id of ['one', 'two'])
		client.command(['session', 'end', id]);
}

// The answer goes into a file, so that the gateway need not wait.
async function deferred(client, script) {
	const file = path.join(client.estate.directory, 'deferred');
	const read = () => fs.readFileSync(file, 'utf8').trim();
	const environment = { ...gateways.openvpn.connect('later'), client_connect_deferred_file: file };

	fs.writeFileSync(file, '');
	equal(call(script, environment).status, 0, 'a deferred answer');
	ok(await until(() => read() === '1'), 'is yes where there is a seat', read());
	for (const id of ['one', 'two'])
		child.spawnSync(process.env.LEASEHOLD, ['session', 'begin', '--user', id, '--id', id,
			'--state', client.state]);
	fs.writeFileSync(file, '');
	call(script, { ...environment, username: 'more', time_unix: '2' });
	ok(await until(() => read() === '0'), 'and no where there is none', read());
	for (const { id } of JSON.parse(client.command(['session', 'list', '--json'])))
		client.command(['session', 'end', id]);
}

// What OpenVPN writes: with tabs a name may hold a comma, with commas it may not.
function statusFile(client, gateway) {
	const keeper = hook(client, 'openvpn/leasehold-openvpn-keeper', {});
	const file = path.join(client.estate.directory, 'status');
	const rows = [['TITLE', 'OpenVPN'], ['HEADER', 'CLIENT_LIST', 'Common Name', 'Real Address',
		'Virtual Address', 'Virtual IPv6 Address', 'Connected Since (time_t)', 'Username'],
	['CLIENT_LIST', 'cn', '192.0.2.1:4', '10.8.0.2', '', '1767225600', 'a,b'],
	['CLIENT_LIST', 'plain', '192.0.2.1:5', '10.8.0.3', '', '1767225601', 'UNDEF'], ['END']];
	const kept = (separator) => {
		fs.writeFileSync(file, rows.map((row) => row.join(separator) + '\n').join(''));
		const done = child.spawnSync(keeper, [file], { encoding: 'utf8' });
		const found = users(client).sort();

		client.command(['session', 'end', '--gateway', 'openvpn', '--all']);
		return [found, /name has a comma: set status-version 3/.test(done.stderr)];
	};

	equal(kept('\t'), [['a,b', 'plain'], false], 'the keeper reads status-version 3');
	equal(kept(','), [['plain'], true], 'and says whom it cannot read in version 2');
	hook(client, gateway.name, {});
}

function down(client, gateway, script) {
	const refused = call(script, gateway.connect('u'));

	ok(refused.status === 1 && /u is refused: The appliance .* does not answer/.test(refused.log),
		'nobody answers: refused', refused);
	hook(client, gateway.name, { LEASEHOLD_WHEN_DOWN: 'admit' });
	const admitted = call(script, gateway.connect('u'));

	ok(admitted.status === 0 && /u is admitted without a seat/.test(admitted.log),
		'unless it is set otherwise', admitted);
	equal(call(script, gateway.disconnect('u')).status, 0, 'leaving is never an error');
}

play(async (estate) => {
	const client = new Gateway(estate, 'client');

	client.make();
	try {
		for (const gateway of Object.values(gateways)) {
			const script = hook(client, gateway.name, {});

			await client.start();
			names(client, gateway, script);
			full(client, gateway, script);
			if (gateway === gateways.openvpn) {
				await deferred(client, script);
				statusFile(client, gateway);
			}
			hook(client, gateway.name, { LEASEHOLD_WHEN_DOWN: 'admit' });
			bytes(script, gateway);
			hook(client, gateway.name, {});
			await client.stop();
			down(client, gateway, script);
		}
	} finally {
		await client.stop();
	}
});
