#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Test connection, each of its steps tried broken; and what leaves a client
// towards a server that it does not believe: the handshake, and nothing else.
'use strict';

const child = require('child_process');
const fs = require('fs');
const net = require('net');
const path = require('path');
const tls = require('tls');
const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway, fakeTime } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

// ---- certificates ----------------------------------------------------------

function openssl(words, before = []) {
	const [program, ...rest] = [...before, 'openssl', ...words];

	child.execFileSync(program, rest, { stdio: ['ignore', 'ignore', 'pipe'] });
}

class Certificates {
	constructor(estate) {
		this.directory = path.join(estate.directory, 'tls');
		fs.mkdirSync(this.directory);
		this.authority('ours');
		this.authority('other');
	}

	file(name) {
		return path.join(this.directory, name);
	}

	key() {
		return ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];
	}

	authority(name) {
		openssl(['req', '-x509', ...this.key(), '-days', '30', '-subj', `/CN=${name}`,
			'-keyout', this.file(`${name}-ca.key`), '-out', this.file(`${name}-ca.pem`)]);
	}

	// Of 127.0.0.1 unless "names" says otherwise.
	issue(name, { by, names = 'IP:127.0.0.1', before = [] }) {
		const signer = by ? ['-CA', this.file(`${by}-ca.pem`), '-CAkey', this.file(`${by}-ca.key`)] : [];

		openssl(['req', '-x509', ...this.key(), '-days', '30', '-subj', '/CN=lic.example',
			'-addext', `subjectAltName=${names}`, ...signer,
			'-keyout', this.file(`${name}.key`), '-out', this.file(`${name}.pem`)], before);
		return { key: fs.readFileSync(this.file(`${name}.key`)),
			cert: fs.readFileSync(this.file(`${name}.pem`)) };
	}
}

// ---- servers that keep what they are told ----------------------------------

class Recorder {
	async start(pair, port = 0) {
		this.heard = '';
		this.handshakes = 0;
		this.server = tls.createServer({ ...pair, minVersion: 'TLSv1.2' }, (socket) => {
			this.handshakes++;
			socket.on('error', () => {});
			socket.on('data', (data) => {
				this.heard += data.toString('latin1');
				socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}');
			});
		});
		this.connections = 0;
		this.server.on('connection', () => this.connections++);
		this.server.on('tlsClientError', () => {});
		await new Promise((resolve) => this.server.listen(port, '127.0.0.1', resolve));
		this.port = this.server.address().port;
		return this;
	}

	stop() {
		this.server.close();
	}
}

// ---- the command ------------------------------------------------------------

// Not "spawnSync": the servers above live in this process.
function test(client, words = [], input = `${password}\n`, environment = {}) {
	return new Promise((resolve) => {
		const one = child.spawn(process.env.LEASEHOLD,
			['link', 'test', '--json', '--state', client.state, ...words],
			{ env: { ...process.env, ...environment } });
		let out = '';
		let problem = '';

		one.stdout.on('data', (part) => (out += part));
		one.stderr.on('data', (part) => (problem += part));
		one.stdin.on('error', () => {});
		one.stdin.end(input);
		one.on('close', (status) => {
			const report = out ? JSON.parse(out) : { steps: [] };

			resolve({ status, problem, report,
				states: report.steps.map((step) => step.state),
				failed: report.steps.find((step) => step.state === 'failed') });
		});
	});
}

const at = (port, verify) => ['--server', `127.0.0.1:${port}`, '--client-id', 'vpn1',
	'--password', '--verify', verify];
const reached = (count) => [...Array(count).fill('ok'), 'failed', ...Array(4 - count).fill('not_reached')];

function stops(found, step, code, name) {
	equal([found.status, found.states, found.failed && found.failed.code],
		[1, reached(['dns', 'tcp', 'tls', 'sign_in', 'clock'].indexOf(step)), code], name);
}

async function nameAndConnection(client, port) {
	stops(await test(client, ['--server', 'nowhere.invalid', '--client-id', 'a', '--password']),
		'dns', 'dns', 'a name that nobody knows');
	const closed = net.createServer();

	await new Promise((resolve) => closed.listen(0, '127.0.0.1', resolve));
	const free = closed.address().port;

	await new Promise((resolve) => closed.close(resolve));
	stops(await test(client, at(free, 'on')), 'tcp', 'connect', 'a port where nobody listens');
	const mute = net.createServer(() => {});

	await new Promise((resolve) => mute.listen(0, '127.0.0.1', resolve));
	stops(await test(client, at(mute.address().port, 'on')), 'tls', 'timeout', 'a port that stays mute');
	mute.close();
	const plain = net.createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n'));

	await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
	stops(await test(client, at(plain.address().port, 'on')), 'tls', 'tls', 'a port that speaks no TLS');
	plain.close();
	fs.writeFileSync(path.join(client.state, 'networks.json'), '{"internal":"203.0.113.9"}');
	stops(await test(client, at(port, 'on')), 'tcp', 'network', 'a network that is not up here');
	fs.writeFileSync(path.join(client.state, 'networks.json'),
		'{"internal":"127.0.0.1","management":"203.0.113.9"}');
	const fallback = await test(client, [...at(port, 'off'), '--network', 'management']);

	equal(fallback.report.network, 'internal', 'a preferred one that is down: the internal one is used');
	fs.rmSync(path.join(client.state, 'networks.json'));
}

// Verify SSL Certificate on, and a certificate that must not be believed.
async function distrust(estate, client, certificates) {
	const kinds = {
		'a self-signed certificate': {},
		'an expired certificate': { by: 'ours', before: ['faketime', '400 days ago'] },
		'a certificate of another name': { by: 'ours', names: 'DNS:other.example,IP:127.0.0.2' },
		'a certificate by another authority': { by: 'other' },
	};
	let number = 0;

	for (const [name, how] of Object.entries(kinds)) {
		const recorder = await new Recorder().start(certificates.issue(`bad${number++}`, how));

		stops(await test(client, at(recorder.port, 'on')), 'tls', 'tls_verify', `${name} fails the test`);
		client.setServer(recorder.port, 'vpn1', password, 'on');
		const before = recorder.connections;
		const answer = await client.ask({ op: 'sync' });

		equal([answer.ok, answer.code], [false, 'tls_verify'], `${name} ends a sync`);
		ok(recorder.connections > before && recorder.heard === '',
			`${name} is told nothing`, recorder.heard);
		recorder.stop();
	}
	const good = await new Recorder().start(certificates.issue('good', { by: 'ours' }));

	await test(client, at(good.port, 'on'));
	ok(/Authorization: Basic/.test(good.heard), 'one that verifies is: the recorder hears', good.heard);
	good.stop();
}

// The client is of this server and ID, and nobody has asked yet.
async function signingIn(estate, client) {
	const unbound = estate.sql('SELECT * FROM client');

	stops(await test(client, at(estate.port, 'off')), 'tls', 'pin_unconfirmed',
		'a public key that nobody confirmed');
	client.setServer(estate.port, 'vpn1', password);
	await client.ask({ op: 'sync' });
	equal(estate.sql('SELECT * FROM client'), unbound, 'and nothing was sent so far');
	client.confirmPin();
	await client.stop();
	const well = await test(client);

	equal([well.status, well.states], [0, Array(5).fill('ok')], 'all is well', well);
	ok(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/.test(well.report.certificate.fingerprint) &&
		well.report.certificate.ends > Date.now() / 1000, 'its certificate is shown');
	equal(estate.sql('SELECT * FROM client'), unbound, 'a test binds no device');
	equal(estate.sql('SELECT count(*) AS n FROM lease_part')[0].n, 0, 'and takes no lease');
	stops(await test(client, ['--password'], 'wrong\n'), 'sign_in', 'unauthorized', 'a wrong password');
	stops(await test(client, ['--client-id', 'nobody', '--password']), 'tls', 'pin_unconfirmed',
		'a confirmed key is confirmed for its server and ID');
	estate.server(['server', 'set', '--enabled', 'off']);
	stops(await test(client), 'sign_in', 'server_disabled', 'a server that lends nothing');
	estate.server(['server', 'set', '--enabled', 'on']);
	estate.sql("UPDATE client SET expires = 1000 WHERE name = 'vpn1'");
	stops(await test(client), 'sign_in', 'configuration_expired', 'a client past its expiration date');
	estate.sql(`UPDATE client SET expires = ${2 ** 52} WHERE name = 'vpn1'`);
	await client.start();
	await client.ask({ op: 'sync' });
	const other = new Gateway(estate, 'other');

	other.make();
	other.setServer(estate.port, 'vpn1', password);
	await other.start();
	await other.ask({ op: 'sync' });
	other.confirmPin();
	await other.stop();
	stops(await test(other), 'sign_in', 'hardware_mismatch', 'another device with this ID');
}

// The client's own is moved: the server's stands still when it goes back.
async function clocks(client) {
	if (!fakeTime('+3h').LD_PRELOAD) {
		console.log('# without libfaketime no clock is moved');
		return;
	}
	const behind = await test(client, [], '', fakeTime('+3h'));
	const ahead = await test(client, [], '', fakeTime('-3h'));

	stops(behind, 'clock', 'clock', 'a server whose clock is behind');
	stops(ahead, 'clock', 'clock', 'or ahead');
	ok(/3 h 0 min behind/.test(behind.failed.text) && /(2 h 59|3 h 0) min ahead/.test(ahead.failed.text),
		'by how much is said', [behind.failed, ahead.failed]);
	equal((await test(client, [], '', fakeTime('+14m'))).states, Array(5).fill('ok'),
		'fourteen minutes are no mistake');
}

async function theAgent(client) {
	const begun = await client.ask({ op: 'test' });

	ok(begun.ok, 'the agent begins a test', begun);
	const busy = await client.ask({ op: 'test', server: 'nowhere.invalid' });
	let result = await client.ask({ op: 'test_result', test: begun.test });

	for (let tries = 0; tries < 300 && result.ok && !result.done; tries++) {
		await pause(100);
		result = await client.ask({ op: 'test_result', test: begun.test });
	}
	ok(busy.ok === false ? busy.code === 'busy' : true, 'one at a time', busy);
	ok(result.done && result.result.steps.length === 5, 'and tells what it found', result);
	equal((await client.ask({ op: 'test_result', test: 9999 })).code, 'test_unknown', 'of that test alone');
}

// Verify off: somebody takes the server's place after its key was confirmed.
async function manInTheMiddle(estate, client, certificates) {
	ok((await client.ask({ op: 'sync' })).ok, 'the server itself, at first');
	await estate.stop();
	const recorder = await new Recorder().start(certificates.issue('middle', {}), estate.port);
	const answer = await client.ask({ op: 'sync' });

	equal([answer.ok, answer.code], [false, 'pin_changed'], 'another key ends the conversation');
	stops(await test(client), 'tls', 'pin_changed', 'and the test says so');
	ok(recorder.connections > 0 && recorder.heard === '', 'neither password nor token has left', recorder.heard);
	recorder.stop();
	await estate.start();
	ok((await client.ask({ op: 'sync' })).ok, 'the right key goes on where it was');
}

play(async (estate) => {
	const client = new Gateway(estate, 'client');
	const certificates = new Certificates(estate);

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('vpn1', password, 'CONSEC=1/1/3');
	await estate.start();
	client.make();
	fs.copyFileSync(certificates.file('ours-ca.pem'), path.join(client.state, 'server-ca.pem'));
	await client.start();
	try {
		await nameAndConnection(client, estate.port);
		await distrust(estate, client, certificates);
		await signingIn(estate, client);
		await theAgent(client);
		await clocks(client);
		await manInTheMiddle(estate, client, certificates);
	} finally {
		await client.stop();
	}
});
