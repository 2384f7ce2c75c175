#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// ocserv with our hooks and openconnect users over TUN: who has a seat gets a
// tunnel, who has none is refused and the gateway's log says why, who leaves
// makes room; and what is left of those who cannot say good-bye.
'use strict';

const fs = require('fs');
const path = require('path');
const { equal, ok, pause, play, skip } = require('../http/lease-support.cjs');
const { Net, hook, listed, must, obstacle, run, seated, seats, until } = require('./vpn-support.cjs');

const why = obstacle('ocserv', 'occtl', 'ocpasswd', 'openconnect', 'ip', 'ping');

if (why)
	skip(`ocserv with real users: ${why}`);

const TIMEOUT = 12;

class Ocserv {
	constructor(net, client, connect) {
		this.net = net;
		this.directory = net.directory;
		this.connect = connect;
		this.log = this.file('ocserv.log');
		this.control = this.file('occtl.sock');
		fs.writeFileSync(this.log, '');
		this.certificate();
		this.configure();
	}

	file(name) {
		return path.join(this.directory, name);
	}

	certificate() {
		must(['openssl', 'req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30',
			'-subj', '/CN=vpn.example', '-keyout', this.file('vpn.key'),
			'-out', this.file('vpn.crt')]);
		this.pin = 'pin-sha256:' + must(['sh', '-c',
			`openssl x509 -in '${this.file('vpn.crt')}' -pubkey -noout | ` +
			'openssl pkey -pubin -outform der | openssl dgst -sha256 -binary | base64']).trim();
	}

	configure() {
		for (const user of ['u1', 'u2', 'u3', 'u4'])
			must(['ocpasswd', '-c', this.file('passwd'), user],
				{ input: 'secret\nsecret\n' });
		fs.writeFileSync(this.file('ocserv.conf'), [
			`auth = "plain[passwd=${this.file('passwd')}]"`,
			'tcp-port = 4443', 'run-as-user = nobody', 'run-as-group = daemon',
			`socket-file = ${this.file('ocserv.sock')}`,
			`occtl-socket-file = ${this.control}`, 'use-occtl = true',
			`server-cert = ${this.file('vpn.crt')}`, `server-key = ${this.file('vpn.key')}`,
			'isolate-workers = false', 'max-clients = 16', 'max-same-clients = 4',
			'keepalive = 10', 'dpd = 3', 'mobile-dpd = 3', 'cookie-timeout = 5',
			'auth-timeout = 60', 'min-reauth-time = 1', 'max-ban-score = 0',
			'device = lhvpn', 'ipv4-network = 10.98.0.0/24', 'predictable-ips = true',
			`connect-script = ${this.connect}`, `disconnect-script = ${this.connect}`,
			`log-level = 2`, ''].join('\n'));
	}

	async start() {
		this.process = this.net.spawn(this.net.gateway, ['ocserv', '--foreground',
			'--config', this.file('ocserv.conf')], this.log);
		return until(() => run(['occtl', '-s', this.control, 'show', 'status']).status === 0);
	}

	text() {
		return fs.readFileSync(this.log, 'utf8');
	}

	// The process that serves a user; 0 when nobody of that name is connected.
	servant(name) {
		// It complains of devices that are in a namespace.
		const done = run(['sh', '-c', `occtl -s '${this.control}' --json show users 2>/dev/null`]);
		const found = JSON.parse(done.text || '[]').find((one) => one.Username === name);

		return found ? Number(found.ID) : 0;
	}
}

class User {
	constructor(ocserv, number) {
		this.ocserv = ocserv;
		this.name = `u${number}`;
		this.space = ocserv.net.host(number);
		this.log = ocserv.file(`${this.name}.log`);
		this.script = ocserv.file('vpnc-script');
		fs.writeFileSync(this.script, '#!/bin/sh\n[ "$reason" = connect ] || exit 0\n' +
			'ip address add "$INTERNAL_IP4_ADDRESS" dev "$TUNDEV"\n' +
			'ip link set "$TUNDEV" up\nip route add 10.98.0.0/24 dev "$TUNDEV"\n', { mode: 0o755 });
	}

	dial() {
		this.process = this.ocserv.net.spawn(this.space, ['openconnect', '--protocol=anyconnect',
			`--user=${this.name}`, '--passwd-on-stdin', '--non-inter', '--no-dtls',
			'--reconnect-timeout', '1', '--servercert', this.ocserv.pin, '--script', this.script,
			'--interface', 'tun0', 'https://10.99.0.1:4443/'], this.log, 'secret\n');
		this.gone = false;
		this.process.ended.then(() => {
			this.gone = true;
		});
	}

	isUp() {
		return run(['ip', '-n', this.space, 'link', 'show', 'tun0']).status === 0 &&
			this.ocserv.net.reaches(this.space, '10.98.0.1');
	}

	async connects() {
		this.dial();
		await until(() => this.gone || this.isUp());
		return !this.gone && this.isUp();
	}

	async leaves(signal = 'SIGINT') {
		this.ocserv.net.killAll(this.space, signal);
		await until(() => this.gone);
	}

	// Not a word more from either side, as when a cable is pulled.
	cable(state) {
		must(['ip', '-n', this.space, 'link', 'set', 'eth0', state]);
	}
}

async function admitted(client, ocserv, users) {
	for (const user of users.slice(0, 3))
		ok(await user.connects(), `${user.name} gets a tunnel`, fs.readFileSync(user.log, 'utf8').slice(-800));
	equal(listed(client), ['u1', 'u2', 'u3'], 'each of them has a seat');
	equal((await client.ask({ op: 'status' })).leased, { CONSEC: 3 }, 'leased as they came');
	ok(!await users[3].connects(), 'the one beyond gets none');
	ok(/u4 is refused: All 3 users/.test(ocserv.text()), 'and the gateway\'s log says why',
		ocserv.text().slice(-1500));
	equal(listed(client), ['u1', 'u2', 'u3'], 'and has no seat');
}

async function leaving(client, users) {
	await users[0].leaves();
	ok(await seated(client, ['u2', 'u3']), 'who leaves frees the seat', listed(client));
	ok(await users[3].connects(), 'and the one refused gets in');
	await users[1].leaves('SIGKILL');
	ok(await seated(client, ['u3', 'u4']), 'so does who is killed', listed(client));
}

// All seats are taken, and one of those who have them is for a moment two.
async function roaming(client, ocserv, users, keeper) {
	const before = ocserv.servant('u4');
	const again = () => {
		const now = ocserv.servant('u4');

		return now && now !== before && users[3].isUp();
	};

	ok(await users[0].connects() && before > 0, 'all seats are taken again');
	process.kill(before, 'SIGKILL');
	ok(await until(again), 'who loses the connection comes back by himself',
		ocserv.text().slice(-1500));
	ok(await seated(client, ['u1', 'u3', 'u4']), 'with one seat, as before', listed(client));
	users[0].cable('down');
	ok(await until(() => run([keeper]).status === 0 &&
		JSON.stringify(listed(client)) === '["u3","u4"]'),
	'who is not heard of any more frees the seat', listed(client));
	equal(ocserv.servant('u1'), 0, 'since ocserv has noticed');
	await users[0].leaves('SIGKILL');
	users[0].cable('up');
}

// Longer than a seat lasts that nobody keeps.
async function keeping(client, users, keeper) {
	const before = Date.now();

	while (Date.now() < before + (TIMEOUT + 5) * 1000) {
		must([keeper]);
		await pause(3000);
	}
	equal(listed(client), ['u3', 'u4'], 'the keeper keeps who is connected');
	ok(users[2].isUp() && users[3].isUp(), 'and they are');
}

async function crashing(client, ocserv, users, keeper) {
	ocserv.net.killAll(ocserv.net.gateway);
	await ocserv.process.ended;
	ok(await seated(client, []), 'users of a gateway that was killed time out', listed(client));
	for (const user of users)
		ocserv.net.killAll(user.space);
	await ocserv.start();
	ok(await users[0].connects(), 'after its start it serves again', ocserv.text().slice(-800));
	await seated(client, ['u1']);
	must([keeper, '--start']);
	equal(listed(client), [], 'its start frees what an earlier run left');
	must([keeper]);
	equal(listed(client), ['u1'], 'and the keeper seats who is connected without a seat');
	await users[0].leaves();
	await seated(client, []);
}

async function agentDown(client, ocserv, users, keeper) {
	await client.stop();
	ok(!await users[1].connects(), 'without the agent nobody is admitted');
	ok(/u2 is refused: The appliance .* does not answer/.test(ocserv.text()),
		'and the log says so', ocserv.text().slice(-800));
	hook(client, 'ocserv/leasehold-ocserv', settings(ocserv, 'admit'));
	ok(await users[1].connects(), 'unless the administrator wants it so');
	await client.start();
	must([keeper]);
	equal(listed(client), ['u2'], 'and a seat is taken when there is one again');
}

function settings(ocserv, whenDown) {
	return { LEASEHOLD_TIMEOUT: TIMEOUT, LEASEHOLD_WHEN_DOWN: whenDown,
		LEASEHOLD_OCCTL: `occtl -s ${ocserv.control}` };
}

play(async (estate) => {
	const client = await seats(estate, 3);
	const net = new Net();
	const names = { control: path.join(net.directory, 'occtl.sock') };
	const connect = hook(client, 'ocserv/leasehold-ocserv', settings(names, 'refuse'));
	const keeper = hook(client, 'ocserv/leasehold-ocserv-keeper', settings(names, 'refuse'));
	const ocserv = new Ocserv(net, client, connect);

	try {
		ok(await ocserv.start(), 'ocserv runs', ocserv.text());
		const users = [1, 2, 3, 4].map((number) => new User(ocserv, number));

		await admitted(client, ocserv, users);
		await leaving(client, users);
		await roaming(client, ocserv, users, keeper);
		await keeping(client, users, keeper);
		await crashing(client, ocserv, users, keeper);
		await agentDown(client, ocserv, users, keeper);
	} finally {
		net.close();
		await client.stop();
	}
});
