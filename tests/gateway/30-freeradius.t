#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// FreeRADIUS with our modules, asked by radclient as an access server asks:
// who has a seat is accepted, the one beyond is rejected with the reason, and
// accounting keeps seats, frees them, and counts who was not asked for.
'use strict';

const child = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const dgram = require('dgram');
const { equal, ok, pause, play, skip } = require('../http/lease-support.cjs');
const { hook, run, seats, until } = require('./vpn-support.cjs');

const program = ['/usr/sbin/freeradius', '/usr/sbin/radiusd'].find(fs.existsSync);
const library = '/usr/share/freeradius';

if (!program || run(['sh', '-c', 'command -v radclient']).status !== 0)
	skip('FreeRADIUS: not installed: freeradius or radclient');

const TIMEOUT = 12;

function freePort() {
	return new Promise((resolve) => {
		const socket = dgram.createSocket('udp4');

		socket.bind(0, '127.0.0.1', () => {
			const { port } = socket.address();

			socket.close(() => resolve(port));
		});
	});
}

class Radius {
	constructor(script, said) {
		this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'radius-'));
		this.script = script;
		this.said = () => fs.readFileSync(said, 'utf8');
		this.log = path.join(this.directory, 'log');
	}

	async start() {
		this.ports = { auth: await freePort(), acct: await freePort() };
		const modules = fs.readFileSync(path.join(process.env.LEASEHOLD_DATADIR, 'conf',
			'freeradius', 'leasehold.conf'), 'utf8')
			.replace(/\/usr\/share\/leasehold\/conf\/freeradius\/leasehold-radius/g, this.script);
		const listen = (type) => `listen {\ntype = ${type}\nipaddr = 127.0.0.1\nport = ${this.ports[type]}\n}\n`;

		fs.writeFileSync(path.join(this.directory, 'radiusd.conf'), `
prefix = /usr
raddbdir = ${this.directory}
logdir = ${this.directory}
run_dir = ${this.directory}
libdir = /usr/lib/freeradius
name = radiusd
security {
	allow_core_dumps = no
	reject_delay = 0
}
client test {
	ipaddr = 127.0.0.1
	secret = testing123
}
modules {
	pap {
	}
${modules}
}
server default {
${listen('auth')}${listen('acct')}
	authorize {
		update control {
			&Cleartext-Password := "secret"
		}
		pap
	}
	authenticate {
		pap
	}
	post-auth {
		leasehold_admit
	}
	accounting {
		leasehold_account
	}
}
`);
		const out = fs.openSync(this.log, 'a');

		this.process = child.spawn(program, ['-f', '-l', 'stdout', '-d', this.directory, '-D', library],
			{ stdio: ['ignore', out, out] });
		fs.closeSync(out);
		this.ended = new Promise((resolve) => this.process.on('exit', resolve));
		process.on('exit', () => this.process.kill('SIGKILL'));
		return until(() => /Ready to process requests/.test(this.text()) || this.process.exitCode !== null, 30);
	}

	text() {
		return fs.readFileSync(this.log, 'utf8');
	}

	// Sends attributes; what radclient printed of the answer.
	ask(kind, attributes) {
		const lines = Object.entries({ 'NAS-Identifier': 'access one', ...attributes })
			.map(([name, value]) => `${name} = ${JSON.stringify(value)}`).join(', ');

		return run(['radclient', '-x', '-t', '30', '-r', '1',
			`127.0.0.1:${this.ports[kind === 'auth' ? 'auth' : 'acct']}`, kind, 'testing123'],
		{ input: lines }).text;
	}

	signIn(user) {
		const text = this.ask('auth', { 'User-Name': user, 'User-Password': 'secret' });
		const found = /Class = 0x([0-9a-f]+)/.exec(text);

		return { text, isIn: /Access-Accept/.test(text),
			seat: found ? Buffer.from(found[1], 'hex').toString() : '' };
	}

	account(type, user, session, more = {}) {
		return this.ask('acct', { 'Acct-Status-Type': type, 'User-Name': user,
			'Acct-Session-Id': session, ...more });
	}

	async stop() {
		this.process.kill('SIGTERM');
		await this.ended;
		if (!process.env.KEEP)
			fs.rmSync(this.directory, { recursive: true, force: true });
	}
}

const listed = (client) => JSON.parse(client.command(['session', 'list', '--json']))
	.map((one) => one.user).sort();

const seated = (client, users) =>
	until(() => JSON.stringify(listed(client)) === JSON.stringify(users));

const hostile = 'eve; touch /tmp/leasehold-radius-was-here "$(id)" \'`id`';

function admitting(client, radius) {
	const first = radius.signIn('alice');

	ok(first.isIn && /^radius\./.test(first.seat), 'a user with a seat is accepted, and told which', first.text);
	ok(/Acct-Interim-Interval = 4/.test(first.text), 'and asked to be kept in time', first.text);
	ok(radius.signIn(hostile).isIn, 'whatever the name');
	// FreeRADIUS writes a quote into a name as \".
	equal(listed(client), ['alice', hostile.replace(/"/g, '\\"')], 'both have a seat');
	const third = radius.signIn('carol');

	ok(/Access-Reject/.test(third.text) && /Reply-Message = "All 2 users/.test(third.text),
		'the one beyond is rejected with the reason', third.text);
	ok(/leasehold_admit.*All 2 users/.test(radius.text()), 'which FreeRADIUS\' log has, too', radius.text().slice(-800));
	ok(/carol is refused: All 2 users/.test(radius.said()), 'and ours with the name', radius.said());
	return first.seat;
}

async function accounting(client, radius, seat) {
	radius.account('Start', 'alice', 's1', { Class: seat });
	const before = Date.now();

	while (Date.now() < before + (TIMEOUT + 3) * 1000) {
		radius.account('Interim-Update', 'alice', 's1', { Class: seat });
		await pause(2000);
	}
	equal(listed(client), ['alice'], 'reports keep a seat; without any it ends');
	radius.account('Stop', 'alice', 's1', { Class: seat });
	ok(await seated(client, []), 'a stop gives it back', listed(client));
	radius.account('Start', 'dave', 'a b', {});
	ok(await seated(client, ['dave']), 'who was not asked for is counted from the start on');
	radius.account('Start', 'erin', 's3', {});
	radius.account('Start', 'frank', 's4', { 'NAS-Identifier': 'other' });
	ok(/frank is refused/.test(radius.said()), 'and is in the log when there is no seat');
	equal(listed(client), ['dave', 'erin'], 'but not counted twice');
	radius.ask('acct', { 'Acct-Status-Type': 'Accounting-On', 'NAS-Identifier': 'other' });
	equal(listed(client), ['dave', 'erin'], 'a restart of another access server takes nothing');
	radius.ask('acct', { 'Acct-Status-Type': 'Accounting-On' });
	ok(await seated(client, []), 'its own frees its seats', listed(client));
}

play(async (estate) => {
	const client = await seats(estate, 2);
	const said = path.join(estate.directory, 'said');
	const radius = new Radius(hook(client, 'freeradius/leasehold-radius',
		{ LEASEHOLD_TIMEOUT: TIMEOUT, LEASEHOLD_LOG: said }), said);

	try {
		ok(await radius.start() && radius.process.exitCode === null, 'FreeRADIUS runs', radius.text());
		const seat = admitting(client, radius);

		await accounting(client, radius, seat);
		ok(!fs.existsSync('/tmp/leasehold-radius-was-here'), 'no shell has seen a name');
		await client.stop();
		ok(/Access-Reject/.test(radius.signIn('grace').text), 'without the agent nobody is admitted');

	} finally {
		await radius.stop();
		await client.stop();
	}
});
