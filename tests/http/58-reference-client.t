#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// docs/reference-client.py against the real license server, and against a
// proxy before it that loses or spoils an answer: it believes nothing that is
// not signed for it, repeats to the byte, and talks to nobody it does not know.
'use strict';

const child = require('child_process');
const fs = require('fs');
const https = require('https');
const path = require('path');
const { endsWithTest, equal, freePort, ok, pause, play, skip } = require('./lease-support.cjs');

const script = path.join(process.env.top_srcdir || '.', 'docs/reference-client.py');
const password = 'Correct-Horse-1';
const most = 200;

// Passes on what it hears; "spoil" may change an answer, or answer null: lost.
class Proxy {
	constructor(estate) {
		this.target = estate.port;
		this.pem = fs.readFileSync(path.join(estate.state, 'tls.pem'));
		this.heard = [];
		this.spoil = (answer) => answer;
	}

	async open() {
		this.port = await freePort();
		this.server = https.createServer({ key: this.pem, cert: this.pem },
			(request, response) => this.take(request, response));
		await new Promise((resolve) =>
			this.server.listen(this.port, '127.0.0.1', resolve));
	}

	take(request, response) {
		const parts = [];

		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			const body = Buffer.concat(parts);

			this.heard.push({ headers: request.headers, method: request.method,
				url: request.url, text: body.toString() });
			this.pass(request, body, response);
		});
	}

	pass(request, body, response) {
		const onward = https.request({ host: '127.0.0.1', port: this.target,
			method: request.method, path: request.url, rejectUnauthorized: false,
			headers: { ...request.headers, host: `127.0.0.1:${this.target}` } },
		(answer) => {
			const parts = [];

			answer.on('data', (part) => parts.push(part));
			answer.on('end', () => this.give({ status: answer.statusCode,
				headers: { 'content-type': answer.headers['content-type'] },
				text: Buffer.concat(parts).toString() }, response));
		});

		onward.on('error', () => response.socket.destroy());
		onward.end(body);
	}

	give(answer, response) {
		const given = this.spoil(answer);

		if (!given)
			return response.socket.destroy();
		response.writeHead(given.status, given.headers);
		return response.end(given.text);
	}

	last(back = 1) {
		const one = this.heard.at(-back);

		return { ...one, body: JSON.parse(one.text),
			scheme: one.headers.authorization.split(' ')[0] };
	}
}

class Client {
	constructor(estate, port, pin) {
		this.script = script;
		this.state = path.join(estate.directory, 'client.json');
		this.words = ['--server', `127.0.0.1:${port}`, '--client-id', 'gw1',
			'--password-file', estate.file('client-password', password),
			'--state', this.state, '--once'];
		this.pin = pin;
	}

	held() {
		return JSON.parse(fs.readFileSync(this.state, 'utf8'));
	}

	// One sync for so many users.
	sync(users, trust = ['--pin', this.pin]) {
		return new Promise((resolve) => child.execFile('python3', ['-B', this.script,
			...this.words, ...trust, '--feature', `CONSEC=${users}`],
		{ timeout: 60000 }, (error, out, err) => resolve({
			status: error ? error.code : 0, err,
			said: out.trim() ? JSON.parse(out) : null })));
	}
}

function pinOf(pem) {
	const spki = new (require('crypto').X509Certificate)(pem).publicKey
		.export({ type: 'spki', format: 'der' });

	return 'sha256//' + require('crypto').createHash('sha256').update(spki)
		.digest('base64');
}

function edited(edit) {
	return (answer) => {
		const json = JSON.parse(answer.text);

		edit(json);
		return { ...answer, text: JSON.stringify(json) };
	};
}

async function grows(client, proxy) {
	const first = await client.sync(6);

	equal([first.status, first.said && first.said.features], [0, { CONSEC: 15 }],
		'6 users of 5/10/40 are 15 units');
	const heard = proxy.last();

	equal([heard.method, heard.url, heard.scheme, heard.body.holds],
		['POST', '/lease/v1/sync', 'Basic', 0], 'first contact');
	ok(/^\d+;/.test(heard.headers['leasehold-device']) && heard.body.device_key,
		'it registers a device key and signs');
	const second = await client.sync(6);

	equal([second.status, proxy.last().scheme, proxy.last().body.holds],
		[0, 'Bearer', first.said.number], 'the next sends the token and confirms');
	const denied = await client.sync(100);

	equal([denied.said.features.CONSEC, denied.said.denied.CONSEC.code],
		[35, 'maximum_reached'], 'it grows to its maximum, and says why not further');
}

async function repeats(client, proxy) {
	const before = client.held();

	proxy.spoil = () => null;
	equal((await client.sync(7)).status, 1, 'an answer is lost');
	const lost = proxy.last();

	equal(client.held().number, before.number, 'the lease stays');
	proxy.spoil = (answer) => answer;
	const again = await client.sync(9);

	equal([again.status, proxy.last().text === lost.text, again.said.number],
		[0, true, before.number + 1], 'the same bytes again, and one document for both');
	await client.sync(9);
	ok(proxy.last().body.request_id !== lost.body.request_id, 'then a new request ID');
	proxy.spoil = (answer) => ({ ...answer, status: 503, headers: { 'Retry-After': '2' },
		text: '{"code":"store_unavailable"}' });
	await client.sync(9);
	const unsure = proxy.last();

	proxy.spoil = (answer) => answer;
	await client.sync(9);
	equal(proxy.last().text === unsure.text, true, 'after a 503 the same bytes too');
}

async function believesLittle(client, proxy) {
	const older = client.held();
	const spoils = {
		'another request': edited((json) => { json.request_id = 'f'.repeat(32); }),
		'a signature of nobody': edited((json) => {
			json.lease = json.lease.replace(/[^.]{8}$/, 'AAAAAAAA');
		}),
		'more in the open than signed': edited((json) => {
			json.features.CONSEC.parts[0].units += 100;
		}),
		'a recorded answer': edited((json) => Object.assign(json,
			{ lease: older.lease, number: older.number })),
		'another number than signed': edited((json) => { json.number += 1; }),
		'no JSON': (answer) => ({ ...answer, text: 'hello' }),
		'a redirect': (answer) => ({ ...answer, status: 302, text: '',
			headers: { location: `https://127.0.0.1:${proxy.port}/lease/v1/sync` } }) };

	for (const [name, spoil] of Object.entries(spoils)) {
		const before = client.held();
		const heard = proxy.heard.length;

		proxy.spoil = spoil;
		const answer = await client.sync(9);

		equal([answer.status, client.held().number, proxy.heard.length],
			[1, before.number, heard + 1], `${name}: refused, the lease stays`);
	}
	proxy.spoil = (answer) => answer;
	equal((await client.sync(9)).status, 0, 'and a good one is taken after that');
}

// Without --once it comes back at the interval that the server names.
async function renews(client, proxy) {
	const heard = proxy.heard.length;

	proxy.spoil = edited((json) => { json.renew_after = 1; });
	const loop = endsWithTest(child.spawn('python3', ['-B', script,
		...client.words.filter((word) => word !== '--once'), '--pin', client.pin,
		'--feature', 'CONSEC=9'], { stdio: 'ignore' }));

	for (let tries = 0; tries < 1200 && proxy.heard.length < heard + 3; tries++)
		await pause(50);
	loop.kill();
	await new Promise((resolve) => loop.on('exit', resolve));
	const [first, next] = [proxy.last(2).body, proxy.last().body];

	ok(proxy.heard.length >= heard + 3 && next.holds > first.holds &&
		next.request_id !== first.request_id,
	'it renews by itself, each time confirming what it holds', { first, next });
	proxy.spoil = (answer) => answer;
}

// Each check of the client is what stands between it and that lie.
async function needsItsChecks(estate, client, proxy) {
	const source = fs.readFileSync(script, 'utf8');
	const good = client.held();
	const mutants = {
		'the request ID': ['document["request_id"] == answer["request_id"] == json.loads(body)["request_id"]',
			'True', edited((json) => { json.request_id = 'f'.repeat(32); })],
		'the signature': [/\.verify\(\s+decode\(signature\), .*\)/, '.verify',
			edited((json) => { json.lease = json.lease.replace(/[^.]{8}$/, 'AAAAAAAA'); })],
		'the parts': ['(same, "lease and answer differ"), ', '', edited((json) => {
			json.features.CONSEC.parts[0].units += 100;
		})] };

	for (const [name, [from, to, spoil]] of Object.entries(mutants)) {
		const text = source.replace(from, to);

		client.script = estate.file('mutant.py', text);
		proxy.spoil = spoil;
		const answer = await client.sync(9);

		ok(text !== source && answer.status === 0,
		`without its check of ${name} the client does not refuse`, answer);
		fs.writeFileSync(client.state, JSON.stringify(good));
	}
	client.script = script;
	proxy.spoil = (answer) => answer;
}

async function knowsWhom(estate, client, proxy) {
	const heard = proxy.heard.length;
	const other = pinOf(fs.readFileSync(path.join(estate.center, 'tls.pem')));
	const changed = await client.sync(9, ['--pin', other]);

	ok(changed.status === 1 && changed.err.includes(client.pin),
		'another key than the pinned one is shown and not spoken to', changed);
	equal((await client.sync(9, ['--ca', path.join(estate.center, 'tls.pem')])).status,
		1, 'nor is a certificate of another authority');
	equal(proxy.heard.length, heard, 'not a byte of HTTP was sent');
	equal((await client.sync(9, ['--ca', path.join(estate.state, 'tls.pem')])).status,
		0, 'a certificate that verifies is');
}

play(async (estate) => {
	if (child.spawnSync('python3', ['-c', 'import cryptography']).status !== 0)
		skip('python3-cryptography is not here');
	const lines = fs.readFileSync(script, 'utf8').split('\n').length - 1;

	ok(lines <= most, `at most ${most} lines`, lines);
	estate.addLicense('CONSEC-ADD-1000U');
	estate.addClient('gw1', password, 'CONSEC=5/10/40');
	await estate.start();
	const proxy = new Proxy(estate);

	await proxy.open();
	const client = new Client(estate, proxy.port, pinOf(proxy.pem));

	await grows(client, proxy);
	equal((fs.statSync(client.state).mode & 0o777).toString(8), '600',
		'the file with the device key is its owner\'s alone');
	await repeats(client, proxy);
	await believesLittle(client, proxy);
	await renews(client, proxy);
	await needsItsChecks(estate, client, proxy);
	await knowsWhom(estate, client, proxy);
	proxy.server.closeAllConnections();
	await new Promise((resolve) => proxy.server.close(resolve));
});
