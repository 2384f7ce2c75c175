// SPDX-License-Identifier: BSD-2-Clause
//
// center-support.cjs: a center for a test script, and license servers that buy
// there.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const path = require('path');

const { endsWithTest, pause } = require('./lease-support.cjs');

const leasehold = process.env.LEASEHOLD;

// "leasehold ..." that may fail: { status, out, err }.
function run(words, input = '') {
	const done = child.spawnSync(leasehold, words, { input, encoding: 'utf8' });

	return { status: done.status, out: done.stdout, err: done.stderr };
}

// An appliance that can be served; "log" is what it says then.
class Served {
	constructor(estate, state) {
		this.estate = estate;
		this.state = state;
		this.log = `${state}.log`;
	}

	async start() {
		const log = fs.openSync(this.log, 'a');
		// What an earlier start said is not this one's word.
		const before = fs.fstatSync(log).size;
		const said = () => fs.readFileSync(this.log).subarray(before).toString();

		this.master = endsWithTest(child.spawn(leasehold, ['serve', '--state', this.state],
			{ stdio: ['ignore', log, log] }));
		this.ended = new Promise((resolve) => this.master.on('exit', resolve));
		fs.closeSync(log);
		for (let tries = 0; tries < 400; tries++) {
			if (/^ready: /m.test(said()))
				return;
			await pause(50);
		}
		throw new Error(`${this.state} does not answer:\n${said().slice(-2000)}`);
	}

	async stop() {
		this.master.kill('SIGTERM');
		await this.ended;
	}

	sql(text) {
		return this.estate.sql(text, this.state);
	}
}

class Center extends Served {
	constructor(estate) {
		super(estate, estate.center);
	}

	command(...words) {
		return this.estate.command(['center', ...words, '--state', this.state]).trim();
	}

	code(customer, ...skus) {
		return this.command('authcode', 'make', '--customer', customer,
			...skus.flatMap((sku) => ['--sku', sku]));
	}
}

function send(center, method, where, body, authorization) {
	return new Promise((resolve, reject) => {
		const request = https.request({ host: '127.0.0.1', port: center.port, method, path: where, agent: false,
			rejectUnauthorized: false, headers: { authorization, 'content-type': 'application/json',
				'content-length': Buffer.byteLength(body) } }, (response) => {
			let text = '';

			response.on('data', (chunk) => { text += chunk; });
			response.on('end', () => resolve({ status: response.statusCode, headers: response.headers,
				json: /json/.test(response.headers['content-type'] || '') ? JSON.parse(text) : null,
				authorization }));
		});

		request.on('error', reject);
		request.end(body);
	});
}

// The center's own certificate, and in front of it somebody who keeps what it says.
class Relay {
	constructor(center) {
		const pem = fs.readFileSync(path.join(center.state, 'tls.pem'), 'utf8');

		this.center = center;
		this.kept = [];
		this.does = (answer) => answer;
		this.server = https.createServer({ key: pem, cert: pem }, (request, response) => this.pass(request, response));
	}

	pass(request, response) {
		let body = '';

		request.on('data', (chunk) => { body += chunk; });
		request.on('end', async () => {
			const said = await send(this.center, request.method, request.url, body, request.headers.authorization || '');
			const answer = this.does({ method: request.method, url: request.url, status: said.status,
				body: JSON.stringify(said.json) });

			if (!answer) {
				request.socket.destroy();
				return;
			}
			this.kept.push(answer);
			response.writeHead(answer.status, { 'content-type': 'application/json' });
			response.end(answer.body);
		});
	}

	async start() {
		await new Promise((resolve) => this.server.listen(0, '127.0.0.1', resolve));
		this.port = this.server.address().port;
	}

	stop() {
		this.server.close();
		this.server.closeAllConnections();
	}
}

// A license server of its own that trusts the center and knows where it is.
class Buyer extends Served {
	constructor(estate, center, name, more = [], role = 'server') {
		super(estate, path.join(estate.directory, name));
		const password = estate.file('admin', crypto.randomBytes(12).toString('hex'));

		estate.command(['init', '--state', this.state, '--role', role,
			'--listen', '127.0.0.1:1', '--hostname', `${name}.example`,
			'--platform', role === 'virtual-server' ? 'VA-SPE' : 'PSA-7000f', '--trust', path.join(center.state, 'trusted.jwks'),
			'--center', `https://127.0.0.1:${center.port}`,
			'--admin', 'admin', '--admin-password-file', password, ...more]);
		estate.command(['agreement', 'accept', '--yes', '--state', this.state]);
		this.hardware = estate.command(['hwid', '--state', this.state]).trim();
	}

	trustsCenter(center) {
		const pem = fs.readFileSync(path.join(center.state, 'tls.pem'), 'utf8');

		fs.writeFileSync(path.join(this.state, 'center-ca.pem'),
			pem.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----\n/)[0]);
	}

	download(code) {
		return run(code === undefined ? ['download', '--state', this.state]
			: ['download', '--code-file', this.estate.file('code', code), '--state', this.state]);
	}

	// Not run(), which would hold the loop that the relay needs.
	later(...words) {
		const one = child.spawn(leasehold, [...words, '--state', this.state]);
		const said = { out: '', err: '' };

		one.stdout.on('data', (data) => { said.out += data; });
		one.stderr.on('data', (data) => { said.err += data; });
		return new Promise((resolve) => one.on('exit', (status) => resolve({ status, ...said })));
	}

	fetches(relay, code) {
		return this.later('download', '--center', `https://127.0.0.1:${relay.port}`,
			...(code ? ['--code-file', this.estate.file('code', code)] : []));
	}

	keys() {
		return JSON.parse(this.estate.command(['key', 'list', '--json', '--state', this.state]));
	}
}

module.exports = { Buyer, Center, Relay, run, send };
