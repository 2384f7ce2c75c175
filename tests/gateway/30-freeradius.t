#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// FreeRADIUS with our module and policy, and an access server played by
// radclient: who has a seat is accepted, who has none is rejected with the
// reason, in the log too; accounting keeps seats and gives them back.
'use strict';

const child = require('child_process');
const dgram = require('dgram');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { equal, ok, pause, play, skip } = require('../http/lease-support.cjs');
const { Gateway } = require('../http/gateway-support.cjs');
const { run, until } = require('./vpn-support.cjs');

const hooks = path.join(process.env.LEASEHOLD_DATADIR || '', 'conf');
const password = 'Correct-Horse-1';
const secret = 'a-secret-of-both';
const daemon = 'freerad';
// Long beside the pause between two words of an access server, below.
const TIMEOUT = 15;
const INTERIM_MS = 2000;

for (const program of ['freeradius', 'radclient'])
	if (run(['sh', '-c', `command -v ${program}`]).status !== 0)
		skip(`FreeRADIUS with real requests: ${program} is not installed`);

function freePort() {
	return new Promise((resolve, reject) => {
		const socket = dgram.createSocket('udp4');

		socket.on('error', reject);
		socket.bind(0, '127.0.0.1', () => {
			const { port } = socket.address();

			socket.close(() => resolve(port));
		});
	});
}

// Whom FreeRADIUS runs as: as Debian's does where this test may choose.
function owner() {
	const id = (flag) => Number(run(['id', flag, daemon]).text);
	const isThere = process.getuid() === 0 && run(['id', daemon]).status === 0;

	return isThere ? { uid: id('-u'), gid: id('-g') } : null;
}

class Radius {
	constructor(client) {
		this.client = client;
		this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'radius-'));
		this.log = this.file('radius.log');
		this.hook = this.file('hook');
		this.owner = owner();
		process.on('exit', () => this.close());
	}

	file(name) {
		return path.join(this.directory, name);
	}

	// The installed module and policy; only the path of the program differs.
	async configure() {
		this.port = await freePort();
		this.accounting = await freePort();
		const text = (name) => fs.readFileSync(path.join(hooks, 'freeradius', name), 'utf8');
		const mods = text('leasehold.conf');
		const ours = mods.replace(/"\/\S*\/leasehold-radius/g, `"${this.hook}`);

		ok(ours !== mods, 'the module names the program');
		fs.writeFileSync(this.file('mods'), ours);
		fs.writeFileSync(this.file('policy'), text('policy.conf'));
		fs.writeFileSync(this.file('radiusd.conf'), this.main());
		this.settings('refuse');
	}

	main() {
		const runsAs = this.owner ? `user = ${daemon}\n\tgroup = ${daemon}` : '';
		const listen = (type, port) => `	listen {
		type = ${type}
		ipaddr = 127.0.0.1
		port = ${port}
	}`;

		return `prefix = /usr
logdir = ${this.directory}
raddbdir = ${this.directory}
run_dir = ${this.directory}
libdir = /usr/lib/freeradius
pidfile = ${this.file('pid')}
log {
	destination = files
	file = ${this.log}
}
security {
	reject_delay = 0
	${runsAs}
}
thread pool {
	start_servers = 4
	max_servers = 8
	min_spare_servers = 1
	max_spare_servers = 4
}
client here {
	ipaddr = 127.0.0.1
	secret = ${secret}
}
modules {
	pap {
	}
	always ok {
		rcode = ok
	}
	always reject {
		rcode = reject
	}
	$INCLUDE mods
}
policy {
	$INCLUDE policy
}
server default {
${listen('auth', this.port)}
${listen('acct', this.accounting)}
	authorize {
		update control {
			&Cleartext-Password := "${password}"
		}
		pap
	}
	authenticate {
		Auth-Type PAP {
			pap
		}
	}
	accounting {
		leasehold_accounting
	}
	post-auth {
		leasehold_admission
	}
}
`;
	}

	// What the hook is told, and what it was given in its environment.
	settings(whenDown) {
		const lines = { LEASEHOLD: process.env.LEASEHOLD,
			LEASEHOLD_STATE: this.client.state, LEASEHOLD_TIMEOUT: TIMEOUT,
			LEASEHOLD_WHEN_DOWN: whenDown };
		const program = path.join(hooks, 'freeradius', 'leasehold-radius');

		fs.writeFileSync(this.file('gateway.conf'), Object.entries(lines)
			.map(([name, value]) => `${name}='${value}'\n`).join(''));
		fs.writeFileSync(this.hook, `#!/bin/sh
env >>'${this.file('environment')}'
LEASEHOLD_CONF='${this.file('gateway.conf')}' exec '${program}' "$@"
`, { mode: 0o755 });
	}

	async start() {
		if (this.owner) {
			fs.chmodSync(this.directory, 0o750);
			fs.chownSync(this.directory, this.owner.uid, this.owner.gid);
		}
		fs.writeFileSync(this.file('out'), '');
		const out = fs.openSync(this.file('out'), 'a');

		this.process = child.spawn('freeradius',
			['-f', '-d', this.directory, '-n', 'radiusd'],
			{ stdio: ['ignore', out, out] });
		fs.closeSync(out);
		return until(() => /Ready to process/.test(this.text()));
	}

	text() {
		return fs.existsSync(this.log) ? fs.readFileSync(this.log, 'utf8') : '';
	}

	// One request; what came back, "" for nothing.
	send(kind, attributes) {
		const port = kind === 'auth' ? this.port : this.accounting;
		const lines = Object.entries({ 'NAS-Identifier': 'nas1', ...attributes })
			.flatMap(([name, values]) => [values].flat()
				.map((value) => `${name} = ${quoted(value)}\n`)).join('');

		return run(['radclient', '-x', '-r', '1', '-t', '30',
			`127.0.0.1:${port}`, kind, secret], { input: lines }).text.split('Received ')[1] || '';
	}

	asks(user, more = {}) {
		const text = this.send('auth', { 'User-Name': user, 'User-Password': password, ...more });

		return { text, isAccepted: text.startsWith('Access-Accept'),
			isRejected: text.startsWith('Access-Reject'),
			class: (text.match(/Class = (0x[0-9a-f]+)/) || [])[1] };
	}

	account(type, user, more) {
		return this.send('acct', { 'Acct-Status-Type': type, 'User-Name': user, ...more })
			.startsWith('Accounting-Response');
	}

	close() {
		if (this.process)
			this.process.kill('SIGKILL');
		this.process = null;
		if (!process.env.KEEP)
			fs.rmSync(this.directory, { recursive: true, force: true });
	}
}

function quoted(value) {
	return /^(0x[0-9a-f]+|\d+|Start|Stop|Interim-Update|Accounting-O\w+)$/.test(value) ?
		value : JSON.stringify(value);
}

// A client with three seats of a server's units; its socket is the daemon's, too.
async function seats(estate) {
	const client = new Gateway(estate, 'client');
	const group = owner();

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('vpn1', password, 'CONSEC=1/1/3');
	await estate.start();
	client.make();
	client.setServer(estate.port, 'vpn1', password);
	if (group)
		letIn(estate, client, group.gid);
	await client.start();
	await client.ask({ op: 'sync' });
	client.confirmPin();
	await client.ask({ op: 'sync' });
	return client;
}

// As docs/session-socket.md says.
function letIn(estate, client, gid) {
	const folder = path.join(client.state, 'run');

	fs.chmodSync(estate.directory, 0o711);
	fs.mkdirSync(folder, { recursive: true });
	for (const one of [client.state, folder])
		fs.chownSync(one, 0, gid);
	fs.chmodSync(client.state, 0o710);
	fs.chmodSync(folder, 0o2710);
}

const sessions = (client) => JSON.parse(client.command(['session', 'list', '--json']));
const users = (client) => sessions(client).map((one) => one.user).sort();
const areSeated = (client, wanted) =>
	until(() => JSON.stringify(users(client)) === JSON.stringify(wanted));

function admitted(client, radius) {
	const first = radius.asks('u1', { 'Acct-Session-Id': 's1' });
	const second = radius.asks('u2');
	const third = radius.asks('u3', { 'Acct-Session-Id': 'a b/%c' });

	for (const one of [first, second, third])
		ok(one.isAccepted && one.class && /Acct-Interim-Interval = 60/.test(one.text),
			'who has a seat is accepted, with a class and an interval', one.text);
	equal(users(client), ['u1', 'u2', 'u3'], 'each of them has a seat');
	equal([...new Set(sessions(client).map((one) => one.gateway))], ['radius@nas1'],
		'under the name of the access server');
	const fourth = radius.asks('u4');

	ok(fourth.isRejected && /Reply-Message = "All 3 users/.test(fourth.text),
		'the one beyond is rejected with the reason', fourth.text);
	ok(/ leasehold: u4 is refused: All 3 users/.test(radius.text()),
		'and the log of FreeRADIUS says it', radius.text());
	equal(users(client), ['u1', 'u2', 'u3'], 'and has no seat');
	ok(!/PASSWORD/.test(fs.readFileSync(radius.file('environment'), 'utf8')),
		'no password is in the environment of the hook');
	return { first, second, third };
}

// A session is one seat, however the access server names it.
function started(client, radius, { first, second, third }) {
	ok(radius.account('Start', 'u1', { 'Acct-Session-Id': 's1' }),
		'a start without the class is answered');
	ok(radius.account('Start', 'u2', { 'Acct-Session-Id': 's2',
		Class: ['0x6f74686572', second.class] }), 'so is one with two classes');
	ok(radius.account('Start', 'u3', { 'Acct-Session-Id': 'a b/%c', Class: third.class }),
		'and one with both names');
	equal(users(client), ['u1', 'u2', 'u3'], 'and none takes a second seat');
	ok(first.isAccepted && radius.account('Start', 'u9', { 'Acct-Session-Id': 's9' }),
		'who is connected without a seat is answered, since accounting refuses nobody');
	ok(/u9 is refused: All 3 users/.test(radius.text()), 'but the log says it');
}

async function kept(client, radius) {
	const end = Date.now() + (TIMEOUT + 3) * 1000;

	while (Date.now() < end || users(client).includes('u2')) {
		if (Date.now() > end + 60000)
			break;
		for (const [user, id] of [['u1', 's1'], ['u3', 'a b/%c']])
			radius.account('Interim-Update', user, { 'Acct-Session-Id': id });
		await pause(INTERIM_MS);
	}
	equal(users(client), ['u1', 'u3'],
		'interim updates keep a seat; the one never heard of is free');
}

async function stopped(client, radius) {
	ok(radius.asks('u4', { 'Acct-Session-Id': 's4' }).isAccepted, 'another gets it');
	ok(radius.asks('u5').isRejected, 'and nobody after');
	ok(radius.account('Stop', 'u1', { 'Acct-Session-Id': 's1' }), 'a stop is answered');
	equal(users(client), ['u3', 'u4'], 'and frees the seat');
	ok(radius.account('Stop', 'u1', { 'Acct-Session-Id': 's1' }), 'a second stop does no harm');
	ok(radius.asks('u5', { 'NAS-Identifier': 'nas2' }).isAccepted,
		'who was rejected is accepted, by another access server');
	ok(radius.account('Accounting-On', 'x', { 'Acct-Session-Id': '0' }), 'the first starts anew');
	equal(users(client), ['u5'], 'its seats are free, and no others');
	ok(radius.account('Accounting-Off', 'x',
		{ 'Acct-Session-Id': '0', 'NAS-Identifier': 'nas2' }), 'the second ends');
	equal(users(client), [], 'as are those of the second then');
	radius.account('Start', 'dave', { 'Acct-Session-Id': 'd' });
	equal(users(client), ['dave'], 'who was not asked for is counted from the start on');
	radius.account('Stop', 'dave', { 'Acct-Session-Id': 'd' });
}

function hostile(client, radius) {
	const mark = radius.file('mark');
	const names = ["x'; touch mark; '", '$(touch mark)', '`touch mark`', '--id', '-', '* ?',
		'two\nlines', 'é ü', 'q"uote', 'back\\slash'];
	const before = radius.text().length;

	ok(radius.send('auth', { 'User-Name': 'wrong', 'User-Password': 'no' })
		.startsWith('Access-Reject'), 'a wrong password is rejected');
	equal(users(client), [], 'before there is a seat for it');
	for (const name of names) {
		const answer = radius.asks(name, { 'Acct-Session-Id': `${name} id` });
		const found = users(client);

		ok(answer.isAccepted && found.length === 1, `${JSON.stringify(name)} is a name`,
			[answer.text, found]);
		radius.account('Stop', name, { 'Acct-Session-Id': `${name} id` });
		equal(users(client), [], 'whose seat is freed');
	}
	ok(!fs.existsSync(mark) && !fs.existsSync('mark'), 'none of it was run');
	ok(radius.text().slice(before).split('\n').filter(Boolean)
		.every((line) => /^\w{3} \w{3} .* : \w+: /.test(line)), 'and no name made a line of the log');
	const long = 'i'.repeat(200);

	ok(radius.asks('long', { 'Acct-Session-Id': long }).isAccepted, 'a long session ID');
	radius.account('Start', 'long', { 'Acct-Session-Id': long });
	equal(users(client), ['long'], 'is one seat');
	radius.account('Stop', 'long', { 'Acct-Session-Id': long });
	equal(users(client), [], 'that is freed');
}

async function agentDown(client, radius) {
	await client.stop();
	const refused = radius.asks('u1', { 'Acct-Session-Id': 'd1' });

	ok(refused.isRejected && /does not answer/.test(refused.text),
		'without the agent nobody is accepted', refused.text);
	ok(/u1 is refused: The appliance .* does not answer/.test(radius.text()),
		'and the log says so');
	radius.settings('admit');
	const answer = radius.asks('u1', { 'Acct-Session-Id': 'd1' });

	ok(answer.isAccepted && /u1 is admitted without a seat/.test(radius.text()),
		'unless the administrator wants it so; the log says that', answer.text);
	await client.start();
	radius.account('Interim-Update', 'u1', { 'Acct-Session-Id': 'd1', Class: answer.class });
	ok(users(client).includes('u1'), 'a seat is taken at the next word', users(client));
}

play(async (estate) => {
	const client = await seats(estate);
	const radius = new Radius(client);

	try {
		await radius.configure();
		if (!ok(await radius.start(), 'FreeRADIUS runs',
			fs.readFileSync(radius.file('out'), 'utf8') + radius.text()))
			return;
		started(client, radius, admitted(client, radius));
		await kept(client, radius);
		await stopped(client, radius);
		hostile(client, radius);
		await agentDown(client, radius);
	} finally {
		radius.close();
		await client.stop();
	}
});
