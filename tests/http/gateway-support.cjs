// SPDX-License-Identifier: BSD-2-Clause
//
// gateway-support.cjs: a license client of its own for a test script: its
// agent as a process, and questions over the agent's socket.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const net = require('net');
const path = require('path');

const { endsWithTest, pause } = require('./lease-support.cjs');

const agentProgram = path.join(process.env.LEASEHOLD_LIBEXECDIR || '', 'agent');

// One line in, one line out; null when the agent hung up without a word.
class Line {
	constructor(socketPath) {
		this.waiting = [];
		this.text = '';
		this.socket = net.createConnection(socketPath);
		this.socket.setEncoding('utf8');
		this.socket.on('data', (part) => this.take(part));
		this.socket.on('error', () => {});
		this.socket.on('close', () => this.finish());
	}

	take(part) {
		const lines = (this.text + part).split('\n');

		this.text = lines.pop();
		for (const line of lines)
			(this.waiting.shift() || (() => {}))(JSON.parse(line));
	}

	finish() {
		this.closed = true;
		for (const one of this.waiting.splice(0))
			one(null);
	}

	// Text as it is, or an object as JSON.
	ask(question) {
		const text = typeof question === 'string' ? question :
			JSON.stringify(question);

		return new Promise((resolve) => {
			if (this.closed)
				return resolve(null);
			this.waiting.push(resolve);
			return this.socket.write(text + '\n');
		});
	}

	end() {
		this.socket.end();
	}
}

class Gateway {
	// "estate" is of lease-support.cjs: it lends its folder and its center.
	constructor(estate, name) {
		this.estate = estate;
		this.state = path.join(estate.directory, name);
		this.log = path.join(estate.directory, `${name}.log`);
		this.agent = null;
	}

	command(words, input) {
		return this.estate.command([...words, '--state', this.state], input);
	}

	// Reads the store, without the program's help.
	sql(text) {
		return this.estate.sql(text, this.state);
	}

	make() {
		const password = this.estate.file('gateway-admin',
			crypto.randomBytes(12).toString('hex'));

		this.command(['init', '--role', 'client', '--listen', '127.0.0.1:1',
			'--hostname', 'gateway.example', '--platform', 'PSA-3000',
			'--product', 'PCS', '--admin', 'admin', '--admin-password-file',
			password, '--trust', path.join(this.estate.center, 'trusted.jwks')]);
		this.command(['agreement', 'accept', '--yes']);
	}

	addLicense(sku, ...more) {
		const key = this.estate.command(['center', 'key', 'issue', '--state',
			this.estate.center, '--hwid', this.command(['hwid']).trim(),
			'--sku', sku, ...more]);

		this.command(['key', 'add'], key);
	}

	setServer(port, id, password, verify = 'off') {
		this.command(['link', 'set', '--server', `127.0.0.1:${port}`,
			'--client-id', id, '--password-file',
			this.estate.file('gateway-password', password),
			'--verify', verify, '--network', 'internal']);
	}

	// Settings as engine/store/settings.tbl names them; a running agent sees them within a second.
	set(values) {
		for (const [name, value] of Object.entries(values))
			this.sql(`INSERT OR REPLACE INTO setting (name, value) VALUES ('${name}', ${value})`);
	}

	link() {
		return JSON.parse(this.command(['link', 'show', '--json']));
	}

	confirmPin() {
		this.command(['link', 'set', '--confirm-pin', this.link().seen_pin]);
	}

	async start(environment = {}) {
		const log = fs.openSync(this.log, 'a');

		this.agent = endsWithTest(child.spawn(agentProgram, ['--state', this.state],
			{ stdio: ['ignore', log, log],
				env: { ...process.env, ...environment } }));
		this.ended = new Promise((resolve) =>
			this.agent.on('exit', (code, signal) => resolve(signal || code)));
		fs.closeSync(log);
		for (let tries = 0; tries < 200; tries++) {
			if ((await this.ask({ op: 'status' })) !== null)
				return;
			await pause(50);
		}
		throw new Error('the agent does not answer:\n' +
			fs.readFileSync(this.log, 'utf8').slice(-2000));
	}

	async stop(signal = 'SIGTERM') {
		if (!this.agent)
			return null;
		this.agent.kill(signal);
		const code = await this.ended;

		this.agent = null;
		return code;
	}

	line() {
		return new Line(path.join(this.state, 'run', 'agent.sock'));
	}

	async ask(question) {
		const line = this.line();
		const answer = await line.ask(question);

		line.end();
		return answer;
	}

	begin(user, more = {}) {
		return this.ask({ op: 'begin', user, ...more });
	}
}

// The environment of a program whose wall clock is "offset" off ("-400d"); as it
// is where libfaketime is missing, or the program is built with a sanitizer, which
// does not start with it.
function fakeTime(offset) {
	const libraries = fs.readdirSync('/usr/lib')
		.map((name) => `/usr/lib/${name}/faketime/libfaketime.so.1`)
		.filter((file) => fs.existsSync(file));

	if (!libraries.length || fs.readFileSync(agentProgram).includes('__asan_init'))
		return {};
	return { LD_PRELOAD: libraries[0], FAKETIME: offset,
		FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}

const wrongClock = () => fakeTime('-400d');

// Seconds that all who look at "file" are ahead of the machine, clock and boot time.
class Time {
	constructor(file) {
		this.file = file;
		this.set(0);
	}

	set(ahead) {
		this.ahead = ahead;
		fs.writeFileSync(`${this.file}.new`, `${ahead < 0 ? '' : '+'}${ahead}s\n`);
		fs.renameSync(`${this.file}.new`, this.file);
	}

	now() {
		return Math.floor(this.exactly());
	}

	exactly() {
		return Date.now() / 1000 + this.ahead;
	}

	// "To" a virtual instant.
	to(instant) {
		this.set(this.ahead + instant - this.now());
	}

	// Can anything be made to look at it?
	get works() {
		return fakeTime('+0s').LD_PRELOAD !== undefined;
	}

	environment() {
		return this.works ? { LD_PRELOAD: fakeTime('+0s').LD_PRELOAD,
			FAKETIME_TIMESTAMP_FILE: this.file, FAKETIME_NO_CACHE: '1' } : {};
	}
}

module.exports = { Gateway, Line, Time, fakeTime, wrongClock };
