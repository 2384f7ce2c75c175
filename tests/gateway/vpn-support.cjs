// SPDX-License-Identifier: BSD-2-Clause
//
// vpn-support.cjs: a gateway and its users, each in a network namespace of its
// own, joined by a bridge in the gateway's; and a license server and a client
// with so many seats, whose agent the gateway's hooks ask.
'use strict';

const child = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');

const { Namespaces, missing, must, obstacle: noNamespace, run, until } =
	require('../http/namespace-support.cjs');
const { Gateway } = require('../http/gateway-support.cjs');

const hooks = path.join(process.env.LEASEHOLD_DATADIR || '', 'conf');
const password = 'Correct-Horse-1';

// Says why these tests cannot run here; "" when they can.
function obstacle(...programs) {
	return missing(...programs) ||
		(fs.existsSync('/dev/net/tun') ? '' : 'there is no TUN device (/dev/net/tun)') ||
		noNamespace(['ip', '-n', 'NAME', 'tuntap', 'add', 'mode', 'tun', 'name', 'lhtun'],
			'no TUN device can be made');
}

class Net extends Namespaces {
	// Its folder can be read by the users that daemons run as.
	constructor() {
		super('gw');
		this.gateway = this.hub;
		this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'vpn-'));
		fs.chmodSync(this.directory, 0o755);
		must(['ip', '-n', this.gateway, 'address', 'add', '10.99.0.1/24', 'dev', 'br0']);
	}

	// A host of that number on the bridge.
	host(number) {
		return this.join(`u${number}`, `v${number}`, `10.99.0.${10 + number}`);
	}

	// A process in a namespace; what it says goes into "log".
	spawn(namespace, words, log, input = '') {
		const out = fs.openSync(log, 'a');
		const one = child.spawn('ip', ['netns', 'exec', namespace, ...words],
			{ stdio: ['pipe', out, out] });

		fs.closeSync(out);
		one.stdin.on('error', () => {});
		one.stdin.end(input);
		one.ended = new Promise((resolve) => one.on('exit',
			(code, signal) => resolve(signal || code)));
		return one;
	}

	reaches(namespace, address) {
		return run(['ip', 'netns', 'exec', namespace, 'ping', '-c', '1', '-W', '2', address]).status === 0;
	}

	close() {
		super.close();
		if (!process.env.KEEP)
			fs.rmSync(this.directory, { recursive: true, force: true });
	}
}

// A client with "seats" of one server's units, connected; its agent runs.
async function seats(estate, count) {
	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('vpn1', password, `CONSEC=1/1/${count}`);
	await estate.start();
	const client = new Gateway(estate, 'client');

	client.make();
	client.setServer(estate.port, 'vpn1', password);
	await client.start();
	await client.ask({ op: 'sync' });
	client.confirmPin();
	await client.ask({ op: 'sync' });
	return client;
}

// Who has a seat, by name.
function listed(client) {
	return JSON.parse(client.command(['session', 'list', '--json']))
		.map((one) => one.user).sort();
}

// Until just these have one.
function seated(client, users) {
	return until(() => JSON.stringify(listed(client)) === JSON.stringify(users));
}

// A configuration for the hooks, and a script that runs one of them with it.
function hook(client, name, settings) {
	const directory = client.estate.directory;
	const file = path.join(directory, 'gateway.conf');
	const script = path.join(directory, path.basename(name));
	const lines = { LEASEHOLD: process.env.LEASEHOLD, LEASEHOLD_STATE: client.state, ...settings };

	fs.writeFileSync(file, Object.entries(lines).map(([key, value]) =>
		`${key}='${value}'\n`).join(''));
	// A daemon may hand on nothing of its environment.
	fs.writeFileSync(script, `#!/bin/sh\nexport LEASEHOLD_CONF='${file}' ` +
		`LEASEHOLD_DATADIR='${process.env.LEASEHOLD_DATADIR}'\n` +
		`exec '${path.join(hooks, name)}' "$@"\n`, { mode: 0o755 });
	return script;
}

module.exports = { Net, hook, listed, must, obstacle, run, seated, seats, until };
