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

const { pause } = require('../http/lease-support.cjs');
const { Gateway } = require('../http/gateway-support.cjs');

const hooks = path.join(process.env.LEASEHOLD_DATADIR || '', 'conf');
const password = 'Correct-Horse-1';

function run(words, options = {}) {
	const done = child.spawnSync(words[0], words.slice(1),
		{ encoding: 'utf8', ...options });

	return { status: done.status, text: (done.stdout || '') + (done.stderr || '') };
}

function must(words, options) {
	const done = run(words, options);

	if (done.status !== 0)
		throw new Error(`${words.join(' ')}: ${done.text}`);
	return done.text;
}

// Says why these tests cannot run here; "" when they can.
function obstacle(...programs) {
	const missing = programs.filter((one) =>
		run(['sh', '-c', `command -v ${one}`]).status !== 0);

	if (missing.length)
		return `not installed: ${missing.join(' ')}`;
	if (process.getuid() !== 0)
		return 'network namespaces need root';
	if (!fs.existsSync('/dev/net/tun'))
		return 'there is no TUN device (/dev/net/tun)';
	const probe = `lhprobe${process.pid}`;
	const made = run(['ip', 'netns', 'add', probe]);

	if (made.status !== 0)
		return `no network namespace can be made: ${made.text.trim()}`;
	const tun = run(['ip', '-n', probe, 'tuntap', 'add', 'mode', 'tun', 'name', 'lhtun']);

	run(['ip', 'netns', 'delete', probe]);
	return tun.status === 0 ? '' : `no TUN device can be made: ${tun.text.trim()}`;
}

// Until "look" finds something; its last answer.
async function until(look, seconds = 60) {
	const end = Date.now() + seconds * 1000;
	let found = look();

	while (!found && Date.now() < end) {
		await pause(200);
		found = look();
	}
	return found;
}

class Net {
	// Its folder can be read by the users that daemons run as.
	constructor() {
		this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'vpn-'));
		fs.chmodSync(this.directory, 0o755);
		this.names = [];
		process.on('exit', () => this.close());
		this.gateway = this.add('gw');
		must(['ip', '-n', this.gateway, 'link', 'add', 'br0', 'type', 'bridge']);
		must(['ip', '-n', this.gateway, 'address', 'add', '10.99.0.1/24', 'dev', 'br0']);
		must(['ip', '-n', this.gateway, 'link', 'set', 'br0', 'up']);
		must(['ip', '-n', this.gateway, 'link', 'set', 'lo', 'up']);
	}

	add(name) {
		const namespace = `lh${process.pid}${name}`;

		must(['ip', 'netns', 'add', namespace]);
		this.names.push(namespace);
		return namespace;
	}

	// A host of that number on the bridge.
	host(number) {
		const namespace = this.add(`u${number}`);
		const far = `v${number}`;

		must(['ip', '-n', this.gateway, 'link', 'add', far, 'type', 'veth',
			'peer', 'name', 'eth0', 'netns', namespace]);
		must(['ip', '-n', this.gateway, 'link', 'set', far, 'master', 'br0', 'up']);
		must(['ip', '-n', namespace, 'address', 'add', `10.99.0.${10 + number}/24`, 'dev', 'eth0']);
		must(['ip', '-n', namespace, 'link', 'set', 'eth0', 'up']);
		must(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
		return namespace;
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

	pids(namespace) {
		return must(['ip', 'netns', 'pids', namespace]).split('\n').filter(Boolean).map(Number);
	}

	killAll(namespace, signal = 'SIGKILL') {
		for (const pid of this.pids(namespace))
			try {
				process.kill(pid, signal);
			} catch {
				// Gone meanwhile.
			}
	}

	close() {
		for (const name of this.names) {
			this.killAll(name);
			run(['ip', 'netns', 'delete', name]);
		}
		this.names = [];
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

module.exports = { Net, hook, must, obstacle, run, seats, until };
