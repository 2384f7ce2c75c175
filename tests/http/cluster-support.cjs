// SPDX-License-Identifier: BSD-2-Clause
//
// cluster-support.cjs: license clients that are nodes of a cluster, each the
// whole product on a loopback address of its own.
'use strict';

const child = require('child_process');
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { freePort, pause } = require('./lease-support.cjs');
const { Line } = require('./gateway-support.cjs');

const leasehold = process.env.LEASEHOLD;

class ClusterNode {
	// "estate" is of lease-support.cjs: it lends its folder, its center and its server.
	constructor(estate, id, host) {
		this.estate = estate;
		this.id = id;
		this.host = host;
		this.hostname = `${id}.example`;
		this.state = path.join(estate.directory, id);
		this.log = path.join(estate.directory, `${id}.log`);
		this.master = null;
	}

	get address() {
		return `${this.host}:${this.port}`;
	}

	command(words, input) {
		return this.estate.command([...words, '--state', this.state], input);
	}

	// The exit code and what it said.
	tries(words) {
		const done = child.spawnSync(leasehold,
			[...words, '--state', this.state], { encoding: 'utf8', input: '',
				env: { ...process.env, ...this.estate.environment } });

		return [done.status, (done.stderr || '').trim()];
	}

	sql(text) {
		return this.estate.sql(text, this.state);
	}

	events(code) {
		return this.sql(`SELECT text FROM event WHERE code = '${code}' ORDER BY id`)
			.map((row) => row.text);
	}

	async make(sku) {
		const secret = this.estate.file('node-admin',
			crypto.randomBytes(12).toString('hex'));

		this.port = await freePort();
		this.command(['init', '--role', 'client', '--listen', this.address,
			'--hostname', this.hostname, '--platform', 'PSA-3000',
			'--product', 'PCS', '--admin', 'admin', '--admin-password-file',
			secret, '--trust', path.join(this.estate.center, 'trusted.jwks')]);
		this.command(['agreement', 'accept', '--yes']);
		if (sku)
			this.command(['key', 'add'], this.estate.command(['center', 'key',
				'issue', '--state', this.estate.center, '--hwid',
				this.command(['hwid']).trim(), '--sku', sku]));
	}

	link(secret) {
		this.command(['link', 'set', '--server', `127.0.0.1:${this.estate.port}`,
			'--client-id', this.id, '--password-file',
			this.estate.file('node-password', secret),
			'--verify', 'off', '--network', 'internal']);
	}

	join(name, secret, lead, hello = 2) {
		this.command(['cluster', 'set', '--name', name, '--password-file',
			this.estate.file('cluster-password', secret),
			'--lead', lead ? 'on' : 'off', '--hello-interval', String(hello)]);
	}

	add(other) {
		this.command(['cluster', 'node', 'add', other.id, '--address',
			other.address, '--verify', 'off']);
	}

	show() {
		return JSON.parse(this.command(['cluster', 'show', '--json']));
	}

	node(other) {
		return this.show().nodes.find((one) => one.node === other.id);
	}

	server() {
		return JSON.parse(this.command(['link', 'show', '--json']));
	}

	async start() {
		const log = fs.openSync(this.log, 'a');
		const begun = this.readyCount();

		this.master = child.spawn(leasehold, ['serve', '--state', this.state],
			{ stdio: ['ignore', log, log], detached: true,
				env: { ...process.env, ...this.estate.environment } });
		this.ended = new Promise((resolve) =>
			this.master.on('exit', (code, signal) => resolve(signal || code)));
		fs.closeSync(log);
		for (let tries = 0; tries < 600 && this.master.exitCode === null; tries++) {
			if (this.readyCount() > begun)
				return;
			await pause(50);
		}
		throw new Error(`node ${this.id} does not answer:\n` +
			this.logText().slice(-2000));
	}

	async stop() {
		if (!this.master)
			return null;
		this.master.kill('SIGTERM');
		const code = await this.ended;

		this.master = null;
		return code;
	}

	// All of its programs at once, as a power cut would.
	async kill() {
		if (!this.master)
			return;
		process.kill(-this.master.pid, 'SIGKILL');
		await this.ended;
		this.master = null;
	}

	readyCount() {
		return fs.existsSync(this.log) ?
			(this.logText().match(/^ready: /gm) || []).length : 0;
	}

	logText() {
		return fs.readFileSync(this.log, 'utf8');
	}

	// How often its log holds that.
	count(text) {
		return this.logText().split(text).length - 1;
	}

	sync() {
		return this.tries(['sync']);
	}

	// At its agent's socket, as a gateway does; null when nobody answers.
	async ask(question) {
		const line = new Line(path.join(this.state, 'run', 'agent.sock'));
		const answer = await line.ask(question);

		line.end();
		return answer;
	}

	// Units that it may use, those in place of lost nodes left out.
	async usable() {
		const status = await this.ask({ op: 'status' });

		return status ? status.capacity - status.surplus : 0;
	}

	// With the license server, whose key it confirms.
	async register(secret) {
		this.link(secret);
		await until((link) => link.seen_pin, () => this.server());
		this.command(['link', 'set', '--confirm-pin', this.server().seen_pin]);
		await until((link) => link.last_success, () => this.server());
	}

	// The key that the other one shows.
	async confirm(other) {
		await until((one) => one.seen_pin, () => this.node(other));
		this.command(['cluster', 'confirm-pin', other.id, this.node(other).seen_pin]);
	}
}

// What "act" answers once it is "good", or at the last try.
async function until(good, act, tries = 240) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

module.exports = { ClusterNode, until };
