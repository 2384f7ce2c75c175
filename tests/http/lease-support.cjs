// SPDX-License-Identifier: BSD-2-Clause
//
// lease-support.cjs: a license server of its own on loopback for each test
// script, made and run with the product's commands, and a client of the lease
// protocol written from its description. Prints TAP.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const https = require('https');
const net = require('net');
const os = require('os');
const path = require('path');

const leasehold = process.env.LEASEHOLD;

// ---- TAP -------------------------------------------------------------------

let results = 0;
let failures = 0;

function ok(good, name, found) {
	results++;
	if (!good)
		failures++;
	console.log(`${good ? 'ok' : 'not ok'} ${results} - ${name}`);
	if (!good && found !== undefined)
		console.log('# found: ' + JSON.stringify(found).slice(0, 2000));
	return good;
}

function equal(found, expected, name) {
	return ok(JSON.stringify(found) === JSON.stringify(expected), name,
		{ found, expected });
}

function skip(reason) {
	console.log(`1..0 # SKIP ${reason}`);
	process.exit(0);
}

// ---- what a test leaves behind ------------------------------------------------

// Also when it is interrupted: a master's own processes end with it.
const started = new Set();
const folders = new Set();

function endsWithTest(process) {
	started.add(process);
	process.on('exit', () => started.delete(process));
	return process;
}

process.on('exit', () => {
	for (const one of started)
		one.kill('SIGKILL');
	if (!process.env.KEEP)
		for (const one of folders)
			fs.rmSync(one, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
	process.on(signal, () => process.exit(1));

// ---- a license server ----------------------------------------------------------

class Estate {
	constructor() {
		this.directory = fs.mkdtempSync(path.join(os.tmpdir(), 'lease-'));
		folders.add(this.directory);
		this.center = path.join(this.directory, 'center');
		this.state = path.join(this.directory, 'server');
		this.log = path.join(this.directory, 'log');
		this.master = null;
		// Beside this process's own, for all that is run: a clock, say.
		this.environment = {};
	}

	// Runs "leasehold ..."; throws when it fails.
	command(words, input) {
		const done = child.spawnSync(leasehold, words,
			{ input: input || '', encoding: 'utf8',
				env: { ...process.env, ...this.environment } });

		if (done.status !== 0)
			throw new Error(`leasehold ${words.slice(0, 3).join(' ')}: ` +
				(done.stderr || done.error));
		return done.stdout;
	}

	server(words, input) {
		return this.command([...words, '--state', this.state], input);
	}

	// Changes the store as time would; throws without the sqlite3 program.
	sql(text, state = this.state) {
		const out = child.execFileSync('sqlite3', ['-json', '-cmd',
			'.timeout 5000', path.join(state, 'store.db'), text],
		{ encoding: 'utf8', maxBuffer: 1 << 28 });

		return out.trim() ? JSON.parse(out) : [];
	}

	// The texts of the events with that code, oldest first.
	events(code) {
		return this.sql(`SELECT text FROM event WHERE code = '${code}' ORDER BY id`)
			.map((row) => row.text);
	}

	file(name, text) {
		const file = path.join(this.directory, name);

		fs.writeFileSync(file, text, { mode: 0o600 });
		return file;
	}

	async make() {
		const password = this.file('admin', crypto.randomBytes(12).toString('hex'));
		const admin = ['--admin', 'admin', '--admin-password-file', password];

		this.port = await freePort();
		this.command(['init', '--state', this.center, '--role', 'center',
			'--listen', `127.0.0.1:${this.port}`,
			'--hostname', 'center.example', ...admin]);
		this.command(['init', '--state', this.state, '--role', 'server',
			'--listen', `127.0.0.1:${this.port}`,
			'--hostname', 'server.example', '--platform', 'PSA-7000f',
			'--trust', path.join(this.center, 'trusted.jwks'), ...admin]);
		this.server(['agreement', 'accept', '--yes']);
		this.server(['server', 'set', '--enabled', 'on']);
	}

	addLicense(sku) {
		const hardware = this.server(['hwid']).trim();
		const key = this.command(['center', 'key', 'issue', '--state',
			this.center, '--hwid', hardware, '--sku', sku]);

		this.server(['key', 'add'], key);
	}

	addClient(id, password, ...features) {
		this.server(['client', 'add', '--id', id, '--platform', 'PSA-3000',
			'--product', 'PCS',
			'--password-file', this.file('password', password),
			...features.flatMap((f) => ['--feature', f])]);
	}

	// "environment": beside this process's own.
	async start(environment = {}) {
		const log = fs.openSync(this.log, 'a');
		const begun = this.readyCount();

		this.master = endsWithTest(child.spawn(leasehold,
			['serve', '--state', this.state],
			{ stdio: ['ignore', log, log],
				env: { ...process.env, ...this.environment, ...environment } }));
		this.ended = new Promise((resolve) =>
			this.master.on('exit', (code) => resolve(code)));
		fs.closeSync(log);
		for (let tries = 0; tries < 400; tries++) {
			if (this.readyCount() > begun)
				return;
			if (this.master.exitCode !== null)
				break;
			await pause(50);
		}
		throw new Error('the server does not answer:\n' +
			fs.readFileSync(this.log, 'utf8').slice(-2000));
	}

	// The process of that name below the master, 0 when there is none now.
	processOf(name) {
		const pid = this.master.pid;
		const file = `/proc/${pid}/task/${pid}/children`;

		for (const one of fs.readFileSync(file, 'utf8').trim().split(' ')) {
			try {
				if (fs.readFileSync(`/proc/${one}/comm`, 'utf8').trim() === name)
					return Number(one);
			} catch {
				// Gone meanwhile.
			}
		}
		return 0;
	}

	async stop() {
		if (!this.master)
			return null;
		this.master.kill('SIGTERM');
		const code = await this.ended;

		this.master = null;
		return code;
	}

	// How often it has said that it answers.
	readyCount() {
		return fs.existsSync(this.log) ?
			(this.logText().match(/^ready: /gm) || []).length : 0;
	}

	logText() {
		return fs.readFileSync(this.log, 'utf8');
	}

	serverKey() {
		return crypto.createPublicKey(
			fs.readFileSync(path.join(this.state, 'server.key')));
	}

	remove() {
		fs.rmSync(this.directory, { recursive: true, force: true });
	}
}

function pause(ms) {
	return new Promise((resolve) => setTimeout(resolve, ms));
}

function freePort() {
	return new Promise((resolve, reject) => {
		const server = net.createServer();

		server.on('error', reject);
		server.listen(0, '127.0.0.1', () => {
			const { port } = server.address();

			server.close(() => resolve(port));
		});
	});
}

// ---- the protocol, as a client speaks it ------------------------------------------

const agent = new https.Agent({ keepAlive: true, maxSockets: 256 });

// One HTTP exchange; an error of the connection is status 0. A connection that
// was kept and closed meanwhile is none: the same bytes go over another.
function exchange(estate, asked = {}) {
	const { method = 'POST', url = '/lease/v1/sync', headers = {}, body = '',
		from, agent: own, host = '127.0.0.1' } = asked;

	return new Promise((resolve) => {
		const options = { host, port: estate.port, method,
			path: url, rejectUnauthorized: false, servername: 'server.example',
			agent: own === undefined ? (from ? undefined : agent) : own,
			localAddress: from, timeout: 30000,
			headers: { Host: `127.0.0.1:${estate.port}`,
				'Content-Length': Buffer.byteLength(body), ...headers } };
		const request = https.request(options, (response) => {
			const parts = [];

			response.on('data', (part) => parts.push(part));
			response.on('error', () => resolve({ status: 0, headers: {}, text: '' }));
			response.on('end', () => {
				const text = Buffer.concat(parts).toString();
				let json = null;

				try {
					json = JSON.parse(text);
				} catch {
					// Shown by the tests as null.
				}
				resolve({ status: response.statusCode,
					headers: response.headers, text, json });
			});
		});

		request.on('timeout', () => request.destroy(new Error('timeout')));
		request.on('error', (error) => resolve(request.reusedSocket ?
			exchange(estate, { ...asked, agent: false }) :
			{ status: 0, headers: {}, text: String(error), json: null }));
		request.end(body);
	});
}

function basic(id, password) {
	return { Authorization: 'Basic ' +
		Buffer.from(`${id}:${password}`).toString('base64') };
}

function bearer(token) {
	return { Authorization: `Bearer ${token}` };
}

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

function hardwareId() {
	return Array.from(crypto.randomBytes(16), (byte) => alphabet[byte % 32]).join('');
}

// The hardware ID that derives from a device's public key: 75 bits of its
// SHA-256, and a Luhn-mod-32 check character.
function hardwareIdOf(jwk) {
	const digest = crypto.createHash('sha256')
		.update(Buffer.from(jwk.x, 'base64url')).digest();
	const bits = Array.from(digest, (byte) => byte.toString(2).padStart(8, '0')).join('');
	const values = Array.from({ length: 15 },
		(_, i) => parseInt(bits.slice(5 * i, 5 * i + 5), 2));
	const sum = values.reverse().reduce((so_far, value, i) => {
		const addend = value * (i % 2 ? 1 : 2);

		return so_far + Math.floor(addend / 32) + addend % 32;
	}, 0);

	return values.reverse().map((value) => alphabet[value]).join('') +
		alphabet[(32 - sum % 32) % 32];
}

function requestId() {
	return crypto.randomBytes(16).toString('hex');
}

// The text of a request; "members" replace or add, undefined removes.
function requestBody(hardware, features, members = {}) {
	const wants = {};

	for (const [name, users] of Object.entries(features))
		wants[name] = { users };
	return JSON.stringify({ protocol: 1, request_id: requestId(),
		sent_at: Math.floor(Date.now() / 1000), hardware_id: hardware,
		platform: 'PSA-3000', product: 'PCS', version: '9.1r1',
		cluster: null, holds: 0, features: wants, ...members });
}

const json = { 'Content-Type': 'application/json' };

function post(estate, headers, body, more = {}) {
	return exchange(estate, { headers: { ...json, ...headers }, body, ...more });
}

class Device {
	constructor() {
		const pair = crypto.generateKeyPairSync('ed25519');

		this.key = pair.privateKey;
		this.jwk = pair.publicKey.export({ format: 'jwk' });
		this.hardware = hardwareIdOf(this.jwk);
	}

	// The header Leasehold-Device for one request.
	proof(body, time = Math.floor(Date.now() / 1000)) {
		const url = (x) => Buffer.from(x).toString('base64url');
		const digest = crypto.createHash('sha256').update(body).digest('hex');
		const lines = ['POST', '/lease/v1/sync', digest, time].join('\n');
		const header = url(JSON.stringify({ alg: 'EdDSA', typ: 'leasehold-device' }));
		const signature = crypto.sign(null,
			Buffer.from(`${header}.${url(lines)}`), this.key);

		return { 'Leasehold-Device':
			`${time};${header}..${signature.toString('base64url')}` };
	}
}

// The lease document of an answer when its signature is the server's, else null.
function openLease(estate, lease) {
	const [header, payload, signature] = String(lease).split('.');

	if (!signature || !crypto.verify(null, Buffer.from(`${header}.${payload}`),
		estate.serverKey(), Buffer.from(signature, 'base64url')))
		return null;
	return { header: JSON.parse(Buffer.from(header, 'base64url')),
		payload: JSON.parse(Buffer.from(payload, 'base64url')) };
}

// Says how many there were and ends the process.
function finish() {
	console.log(`1..${results}`);
	process.exit(failures ? 1 : 0);
}

// Runs a script of tests against a fresh server and ends the process.
async function play(script) {
	if (!leasehold || !fs.existsSync(leasehold))
		skip('LEASEHOLD names no program; run make check');
	const estate = new Estate();

	try {
		await estate.make();
		await script(estate);
	} catch (error) {
		ok(false, 'the script runs to its end', String(error.stack));
	}
	await estate.stop();
	if (failures && fs.existsSync(estate.log))
		console.log(estate.logText().slice(-4000).replace(/^/gm, '# log: '));
	if (!process.env.KEEP)
		estate.remove();
	finish();
}

module.exports = { Device, Estate, basic, bearer, endsWithTest, equal, exchange, finish, freePort, hardwareId, json, ok,
	openLease, pause, play, post, requestBody, requestId, skip };
