#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license server that lies, stalls, changes its key or is somebody else: the
// gateway believes nothing that is not signed for it, tells its password to
// nobody it does not know, and keeps the lease it has.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const net = require('net');
const path = require('path');
const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway, wrongClock } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

function url(value) {
	return Buffer.from(value).toString('base64url');
}

// Answers the lease protocol as "behave" says.
class Server {
	constructor(pem) {
		this.signer = crypto.generateKeyPairSync('ed25519');
		this.number = 0;
		this.client = 'gw001';
		this.requests = [];
		this.behave = (server, request, response) =>
			server.grant(request, response);
		this.options = { key: pem, cert: pem };
	}

	open(port = 0) {
		this.server = https.createServer(this.options,
			(request, response) => this.take(request, response));
		return new Promise((resolve) =>
			this.server.listen(port, '127.0.0.1', () => {
				this.port = this.server.address().port;
				resolve();
			}));
	}

	close() {
		this.server.closeAllConnections();
		return new Promise((resolve) => this.server.close(resolve));
	}

	take(request, response) {
		const parts = [];

		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			const body = JSON.parse(Buffer.concat(parts).toString());

			this.requests.push({ headers: request.headers, body,
				method: request.method, url: request.url });
			this.behave(this, body, response);
		});
	}

	sign(document, key = this.signer.privateKey, type = 'lease+jwt') {
		const head = url(JSON.stringify({ alg: 'EdDSA', typ: type }));
		const text = `${head}.${url(JSON.stringify(document))}`;

		return `${text}.${crypto.sign(null, Buffer.from(text), key)
			.toString('base64url')}`;
	}

	// A good answer to "request"; "edit" may spoil it before it is signed.
	answer(request, edit = () => {}) {
		const now = Math.floor(Date.now() / 1000);
		const parts = [{ kind: 'reserved', units: this.units || 10,
			granted: now, expires: now + (this.lasts || 86400) }];
		const document = { iss: 'FAKE', client: this.client,
			hardware_id: request.hardware_id, request_id: request.request_id,
			number: ++this.number, epoch: 1,
			features: { CONSEC: { parts } } };
		const answer = { protocol: 1, request_id: request.request_id,
			server_time: now, server_id: 'FAKE', renew_after: 3600,
			number: document.number, epoch: 1, token: `t${this.number}`,
			server_key: this.signer.publicKey.export({ format: 'jwk' }),
			features: { CONSEC: { reserved: 10, increment: 0, maximum: 10,
				leased: 10, denied: null, auto_lease: false, parts } } };

		edit(answer, document);
		answer.lease = answer.lease || this.sign(document);
		return answer;
	}

	grant(request, response, edit) {
		response.setHeader('Content-Type', 'application/json');
		response.end(JSON.stringify(this.answer(request, edit)));
	}
}

// One sync against a behaviour; the lease must stay.
async function meets(gateway, server, behave, code, name) {
	server.behave = behave;
	const answer = await gateway.ask({ op: 'sync' });
	const status = await gateway.ask({ op: 'status' });

	equal([answer.ok, answer.code, status.capacity], [false, code, 10],
		`${name}: ${code}, and the lease stays`);
}

function spoilt(edit) {
	return (server, request, response) => server.grant(request, response, edit);
}

function refusal(status, code, headers = {}) {
	return (server, request, response) => {
		response.writeHead(status, { 'Content-Type': 'application/problem+json',
			...headers });
		response.end(JSON.stringify({ status, code }));
	};
}

async function firstContact(gateway, server) {
	gateway.setServer(server.port, 'gw001', password);
	equal((await gateway.ask({ op: 'sync' })).code, 'pin_unconfirmed',
		'an unknown key stops it');
	equal(server.requests.length, 0, 'not a byte of HTTP was sent');
	gateway.confirmPin();
	const answer = await gateway.ask({ op: 'sync' });
	const request = server.requests[0];

	ok(answer.ok, 'the confirmed key is spoken to', answer);
	equal([request.method, request.url, request.body.protocol,
		request.body.holds], ['POST', '/lease/v1/sync', 1, 0],
	'the request');
	equal(request.headers.authorization, 'Basic ' +
		Buffer.from(`gw001:${password}`).toString('base64'), 'the password');
	ok(/^[0-9a-f]{32}$/.test(request.body.request_id), 'its ID');
	ok(/^\d+;/.test(request.headers['leasehold-device'] || ''), 'its proof');
	equal((await gateway.ask({ op: 'status' })).leased, { CONSEC: 10 },
		'the lease');
	await gateway.ask({ op: 'sync' });
	const last = server.requests.at(-1);

	ok(/^Bearer t\d+$/.test(last.headers.authorization), 'then the token');
	ok(last.body.holds > 0 && last.body.password === undefined,
		'and what it holds');
}

async function lies(gateway, server) {
	const stranger = crypto.generateKeyPairSync('ed25519');

	await meets(gateway, server, (s, request, response) => response.end('hello'),
		'protocol', 'no JSON');
	await meets(gateway, server, (s, request, response) =>
		response.end('x'.repeat(300 * 1024)), 'protocol', 'an endless answer');
	await meets(gateway, server, spoilt((answer) => {
		answer.request_id = 'f'.repeat(32);
	}), 'protocol', 'an answer to another question');
	await meets(gateway, server, spoilt((answer, document) => {
		document.client = 'gw002';
	}), 'protocol', 'a lease for somebody else');
	await meets(gateway, server, spoilt((answer) => {
		answer.features.CONSEC.parts = [{ ...answer.features.CONSEC.parts[0],
			units: 1000 }];
	}), 'protocol', 'more in the open than signed');
	await meets(gateway, server, spoilt((answer, document) => {
		answer.lease = server.sign(document, stranger.privateKey);
		answer.server_key = stranger.publicKey.export({ format: 'jwk' });
	}), 'server_key_changed', 'another server\'s signature');
	await meets(gateway, server, spoilt((answer, document) => {
		answer.number = document.number = 1;
	}), 'replayed', 'an older lease');
	await meets(gateway, server, (s, request, response) => {
		response.writeHead(302, { Location: 'https://127.0.0.1:1/' });
		response.end();
	}, 'protocol', 'a redirect is not followed');
	await meets(gateway, server, (s, request, response) =>
		response.socket.destroy(), 'broken', 'a connection that breaks');
}

async function refusals(gateway, server) {
	for (const [status, code] of [[409, 'hardware_mismatch'],
		[403, 'configuration_expired'], [403, 'server_disabled'],
		[503, 'store_unavailable']])
		await meets(gateway, server, refusal(status, code), code, 'a refusal');
	const before = server.requests.length;

	await meets(gateway, server, (...call) =>
		setTimeout(refusal(401, 'unauthorized'), 1100, ...call),
	'unauthorized', 'a token that is not taken');
	const tried = server.requests.slice(before).map((one) =>
		one.headers.authorization.split(' ')[0]);

	equal(tried, ['Bearer', 'Basic'], 'the password is tried after the token');
	equal(server.requests.at(-1).body.request_id,
		server.requests.at(-2).body.request_id, 'with the same request ID');
	equal(server.requests.at(-1).body, server.requests.at(-2).body,
		'and the same body, a second later');
	await meets(gateway, server,
		refusal(429, 'too_many_requests', { 'Retry-After': '900' }),
		'too_many_requests', 'a refusal');
	ok(gateway.link().next_sync >= Date.now() / 1000 + 850,
		'Retry-After is kept to');
}

async function settles(gateway, server, id) {
	server.client = id;
	server.behave = (s, request, response) => s.grant(request, response);
	gateway.setServer(server.port, id, password);
	await gateway.ask({ op: 'sync' });
	gateway.confirmPin();
	return gateway.ask({ op: 'sync' });
}

// No header takes it, so the password is part of the body.
async function longName(gateway, server) {
	const id = 'g'.repeat(3100);

	ok((await settles(gateway, server, id)).ok, 'an ID of 3,100 characters');
	equal([server.requests.at(-1).body.client, server.requests.at(-1).body.password],
		[id, password], 'stands in the body, as does the password');
	await meets(gateway, server, refusal(401, 'unauthorized'), 'unauthorized',
		'its token');
	const [token, body] = server.requests.slice(-2);

	ok(/^Bearer /.test(token.headers.authorization) &&
		!body.headers.authorization && body.body.password === password,
	'the password is tried after the token');
	ok(body.body.request_id !== token.body.request_id,
		'another body is another request');
	ok((await settles(gateway, server, 'gw001')).ok, 'back to the short one');
}

async function otherKey(gateway, server, estate) {
	const { port } = server;
	const heard = server.requests.length;

	await server.close();
	server.options = { key: fs.readFileSync(path.join(estate.center, 'tls.pem')),
		cert: fs.readFileSync(path.join(estate.center, 'tls.pem')) };
	await server.open(port);
	await meets(gateway, server, spoilt(() => {}), 'pin_changed',
		'another certificate');
	equal(server.requests.length, heard, 'the password was not sent');
	ok(gateway.link().seen_pin && gateway.link().seen_pin !== gateway.link().pin,
		'the new key is shown');
	gateway.setServer(port, 'gw001', password, 'on');
	await meets(gateway, server, spoilt(() => {}), 'tls_verify',
		'with verification on, a certificate of nobody');
	equal(server.requests.length, heard, 'nothing was sent');
	fs.copyFileSync(path.join(estate.center, 'tls.pem'),
		path.join(gateway.state, 'server-ca.pem'));
	server.behave = (s, request, response) => s.grant(request, response);
	ok((await gateway.ask({ op: 'sync' })).ok,
		'with its authority installed it is verified');
	gateway.command(['link', 'set', '--server', `localhost:${port}`,
		'--client-id', 'gw001', '--verify', 'on', '--password-file',
		gateway.estate.file('p', password)]);
	equal((await gateway.ask({ op: 'sync' })).code, 'tls_verify',
		'but not under another name');
}

async function noTls(gateway) {
	const plain = net.createServer((socket) => {
		socket.on('error', () => {});
		socket.on('data', () => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
	});

	await new Promise((resolve) => plain.listen(0, '127.0.0.1', resolve));
	gateway.setServer(plain.address().port, 'gw001', password);
	const answer = await gateway.ask({ op: 'sync' });

	equal([answer.ok, answer.code], [false, 'tls'], 'a port without TLS');
	equal((await gateway.ask({ op: 'status' })).capacity, 2,
		'another server: nothing of the first counts');
	plain.close();
	gateway.setServer(1, 'gw001', password);
	equal((await gateway.ask({ op: 'sync' })).code, 'connect', 'no server at all');
	gateway.command(['link', 'set', '--server', 'nobody.invalid', '--client-id',
		'gw001', '--verify', 'off', '--password-file',
		gateway.estate.file('p', password)]);
	const name = await gateway.ask({ op: 'sync' });

	ok(['dns', 'timeout'].includes(name.code), 'a name that is not known', name);
}

// The lease ends at its time by the server's clock, whatever the local one says.
async function lapses(gateway, server) {
	await gateway.stop();
	server.lasts = 20;
	server.behave = (s, request, response) => s.grant(request, response);
	await gateway.start();
	gateway.setServer(server.port, 'gw001', password);
	await gateway.ask({ op: 'sync' });
	gateway.confirmPin();
	ok((await gateway.ask({ op: 'sync' })).ok, 'a lease of 20 seconds');
	const until = Date.now() + 20000;

	server.behave = refusal(503, 'store_unavailable');
	await gateway.stop();
	await gateway.start(wrongClock());
	const early = await gateway.ask({ op: 'status' });

	// A loaded machine may be late.
	ok(Date.now() > until - 10000 || early.capacity === 10,
		'counts after a restart with the clock set back a year', early);
	await pause(until - Date.now() + 2500);
	equal((await gateway.ask({ op: 'status' })).capacity, 2,
		'and ends at its time all the same');
}

// A restored server: what is held is shown before it is replaced.
async function newEpoch(gateway, server) {
	let held;

	await gateway.stop();
	await gateway.start();
	server.lasts = 86400;
	server.behave = (s, request, response) => {
		const answer = s.answer(request);

		held = answer.lease;
		response.end(JSON.stringify(answer));
	};
	await gateway.ask({ op: 'sync' });
	await gateway.ask({ op: 'sync' });
	equal(server.requests.at(-1).body.lease, undefined,
		'a server that is known is shown no lease');
	const last = held;

	server.behave = spoilt((answer, document) => {
		answer.epoch = document.epoch = 2;
		answer.number = document.number = server.requests.at(-1).body.lease ?
			2 : 1;
	});
	ok((await gateway.ask({ op: 'sync' })).ok, 'a new epoch');
	const [asked, shown] = server.requests.slice(-2).map((one) => one.body);

	equal([asked.lease, shown.lease, shown.holds], [undefined, last, asked.holds],
		'is asked again, with the lease that is still held');
	equal(gateway.sql('SELECT epoch, number FROM link')[0], { epoch: 2, number: 2 },
		'and only that answer is taken, whatever its number');
	server.behave = spoilt((answer, document) => {
		answer.epoch = document.epoch = 1;
	});
	equal((await gateway.ask({ op: 'sync' })).code, 'replayed',
		'the old epoch does not come back');
}

// The license that is surrendered, as the gateway shows it.
function surrendered(gateway) {
	return JSON.parse(gateway.command(['status', '--json'])).licenses
		.find((one) => one.feature === 'CONSEC');
}

// Answers with words on that license.
function says(list, serial, state, more = {}) {
	return spoilt((answer, document) => {
		answer.epoch = document.epoch = 2;
		answer.number = document.number = ++says.number;
		answer[list] = [{ serial, state, ...more }];
	});
}

says.number = 100;

async function surrenders(gateway, server) {
	gateway.addLicense('CONSEC-ADD-100U');
	gateway.addLicense('PSA-LICENSE-MBR');
	const { serial } = surrendered(gateway);
	const key = gateway.sql('SELECT statement FROM license' +
		' WHERE feature = \'CONSEC\'')[0].statement;
	const hear = async (...words) => {
		server.behave = says(...words);
		return gateway.ask({ op: 'sync' });
	};

	server.behave = (s, request, response) => response.socket.destroy();
	gateway.command(['key', 'surrender', serial]);
	await gateway.ask({ op: 'sync' });
	const { surrenders: named, members } = server.requests.at(-1).body;

	equal([named.map((one) => one.key), members.length], [[key], 1],
		'a surrender is named, beside the member license');
	await gateway.stop('SIGKILL');
	await gateway.start();
	gateway.command(['key', 'recall', serial]);
	equal(surrendered(gateway).state, 'recall_pending',
		'what was said once is not just taken back, answer or not');
	const lie = await hear('recalls', serial, 'given');

	equal([lie.code, surrendered(gateway).state], ['protocol', 'recall_pending'],
		'a word that nobody knows is no answer');
	const { recalls: back } = server.requests.at(-1).body;

	ok(back[0].serial === serial && back[0].since > named[0].since,
		'a recall is newer than its surrender', back);
	for (const state of ['accepted', 'refused']) {
		ok((await hear('surrenders', serial, state)).ok, `it hears: ${state}`);
		equal(surrendered(gateway).state, 'recall_pending',
			'which answers no recall');
	}
	await hear('recalls', 'another', 'returned');
	equal(surrendered(gateway).state, 'recall_pending', 'nor is it another license');
	await hear('recalls', serial, 'pending', { missing: 50, text: 'Wait for 50.' });
	equal(surrendered(gateway).surrender_text, 'Wait for 50.',
		'it shows what the recall waits for');
	await hear('recalls', serial, 'returned');
	equal([surrendered(gateway).state, server.requests.at(-1).body.recalls],
		['active', back], 'and is back by the answer to what it named all along');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	gateway.make();
	const server = new Server(fs.readFileSync(path.join(estate.state, 'tls.pem')));

	await server.open();
	await gateway.start();
	try {
		await firstContact(gateway, server);
		await lies(gateway, server);
		await refusals(gateway, server);
		await longName(gateway, server);
		await otherKey(gateway, server, estate);
		await noTls(gateway);
		await lapses(gateway, server);
		await newEpoch(gateway, server);
		await surrenders(gateway, server);
	} finally {
		await gateway.stop('SIGKILL');
		await server.close();
	}
});
