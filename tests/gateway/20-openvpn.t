#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// OpenVPN with our hooks, server and users real, over TUN: seats, the one
// beyond, leaving, and that a user who waits for capacity holds up nobody.
'use strict';

const fs = require('fs');
const path = require('path');
const { equal, ok, pause, play, skip } = require('../http/lease-support.cjs');
const { Net, hook, listed, must, obstacle, run, seated, seats, until } = require('./vpn-support.cjs');

const why = obstacle('openvpn', 'openssl', 'ip', 'ping');

if (why)
	skip(`OpenVPN with real users: ${why}`);

const TIMEOUT = 15;

// One authority; a certificate for each name.
class Authority {
	constructor(directory) {
		this.directory = directory;
		must(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
			'-nodes', '-days', '30', '-subj', '/CN=ca', '-keyout', this.file('ca.key'),
			'-out', this.file('ca.crt')]);
	}

	file(name) {
		return path.join(this.directory, name);
	}

	issue(name) {
		must(['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256',
			'-nodes', '-days', '30', '-subj', `/CN=${name}`, '-CA', this.file('ca.crt'),
			'-CAkey', this.file('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE',
			'-keyout', this.file(`${name}.key`), '-out', this.file(`${name}.crt`)]);
		fs.chmodSync(this.file(`${name}.key`), 0o644);
		return ['--ca', this.file('ca.crt'), '--cert', this.file(`${name}.crt`),
			'--key', this.file(`${name}.key`)];
	}
}

class Server {
	constructor(net, script) {
		this.net = net;
		this.script = script;
		this.authority = new Authority(net.directory);
		this.log = this.authority.file('openvpn.log');
		this.status = this.authority.file('status');
		this.files = this.authority.issue('server');
	}

	async start() {
		const begun = this.starts();

		this.process = this.net.spawn(this.net.gateway, ['openvpn', '--dev', 'lhvpn',
			'--dev-type', 'tun', '--topology', 'subnet', '--server', '10.98.0.0', '255.255.255.0',
			'--proto', 'tcp-server', '--port', '4443', '--dh', 'none', ...this.files,
			'--keepalive', '1', '6', '--status', this.status, '1', '--status-version', '3',
			'--script-security', '2', '--client-connect', this.script,
			'--client-disconnect', this.script, '--verb', '3'], this.log);
		return until(() => this.starts() > begun);
	}

	text() {
		return fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8') : '';
	}

	starts() {
		return (this.text().match(/Initialization Sequence Completed/g) || []).length;
	}
}

class User {
	constructor(server, number) {
		this.server = server;
		// A certificate may name anybody; a comma parts the columns of some status files.
		this.name = number === 3 ? 'u3,x' : `u${number}`;
		this.space = server.net.host(number);
		this.log = server.authority.file(`${this.name}.log`);
		this.files = server.authority.issue(this.name);
	}

	dial() {
		this.process = this.server.net.spawn(this.space, ['openvpn', '--client', '--dev', 'tun0',
			'--proto', 'tcp-client', '--remote', '10.99.0.1', '4443', '--nobind',
			...this.files, '--connect-retry-max', '1', '--connect-timeout', '20', '--verb', '3'], this.log);
		this.gone = false;
		this.process.ended.then(() => {
			this.gone = true;
		});
	}

	isUp() {
		return run(['ip', '-n', this.space, 'link', 'show', 'tun0']).status === 0 &&
			this.server.net.reaches(this.space, '10.98.0.1');
	}

	async connects() {
		this.dial();
		await until(() => this.gone || this.isUp());
		return !this.gone && this.isUp();
	}

	async leaves(signal = 'SIGTERM') {
		this.server.net.killAll(this.space, signal);
		await until(() => this.gone);
	}
}

async function admitted(client, server, users) {
	for (const user of users.slice(0, 3))
		ok(await user.connects(), `${user.name} gets a tunnel`, server.text().slice(-1500));
	equal(listed(client), ['u1', 'u2', 'u3,x'], 'each of them has a seat');
	users[3].dial();
	ok(await until(() => /u4 is refused: All 3 users/.test(server.text())),
		'the one beyond is refused, and the gateway\'s log says why', server.text().slice(-1500));
	ok(!users[3].isUp(), 'and has no tunnel');
	await users[3].leaves('SIGKILL');
	equal(listed(client), ['u1', 'u2', 'u3,x'], 'nor a seat');
	await users[0].leaves();
	ok(await seated(client, ['u2', 'u3,x']), 'who leaves frees the seat', listed(client));
	ok(await users[3].connects(), 'and the one refused gets in', server.text().slice(-1500));
	await users[1].leaves('SIGKILL');
	ok(await seated(client, ['u3,x', 'u4']), 'so does who is cut off without a word', listed(client));
}

async function crashing(client, server, users, keeper) {
	const before = Date.now();

	while (Date.now() < before + (TIMEOUT + 4) * 1000) {
		must([keeper, server.status]);
		await pause(3000);
	}
	equal(listed(client), ['u3,x', 'u4'], 'the keeper keeps who is in the status file');
	server.net.killAll(server.net.gateway);
	await server.process.ended;
	ok(await seated(client, []), 'users of a server that was killed time out', listed(client));
	for (const user of users)
		server.net.killAll(user.space);
	ok(await server.start(), 'it starts again', server.text().slice(-800));
	ok(await users[0].connects(), 'and serves', server.text().slice(-1500));
	must([keeper, '--start']);
	equal(listed(client), [], 'its start frees what an earlier run left');
	ok(await until(() => run([keeper, server.status]).status === 0 &&
		listed(client).length === 1), 'the keeper seats who is connected without a seat');
}

// u2 waits for a seat that takes long to be refused; u3 comes and goes meanwhile.
async function waiting(client, server, users) {
	await users[2].connects();
	await users[3].connects();
	await seated(client, ['u1', 'u3,x', 'u4']);
	await client.estate.stop();
	users[1].dial();
	ok(users[0].isUp() && users[2].isUp(), 'while one waits, the others\' tunnels carry on');
	ok(await until(() => /u2 is refused/.test(server.text())), 'and it is refused in the end',
		server.text().slice(-800));
}

async function agentDown(client, server, users) {
	await users[1].leaves('SIGKILL');
	await users[2].leaves();
	await client.stop();
	users[2].dial();
	ok(await until(() => /u3,x is refused: The appliance .* does not answer/.test(server.text())),
		'without the agent nobody is admitted', server.text().slice(-800));
}

play(async (estate) => {
	const client = await seats(estate, 3);
	const settings = { LEASEHOLD_TIMEOUT: TIMEOUT };
	const script = hook(client, 'openvpn/leasehold-openvpn', settings);
	const keeper = hook(client, 'openvpn/leasehold-openvpn-keeper', settings);
	const net = new Net();
	const server = new Server(net, script);

	try {
		ok(await server.start(), 'OpenVPN runs', server.text());
		const users = [1, 2, 3, 4].map((number) => new User(server, number));

		await admitted(client, server, users);
		await crashing(client, server, users, keeper);
		await waiting(client, server, users);
		await agentDown(client, server, users);
	} finally {
		net.close();
		await client.stop();
	}
});
