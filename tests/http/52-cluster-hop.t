#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// From a node to its leader, and what becomes of it: an answer lost on the way
// back, a leader with another key, a leader that is gone. Who survives it uses
// units in its place for ten days, to the second, and apart from all others:
// without them, all nodes together never have more than was issued.
'use strict';

const child = require('child_process');
const fs = require('fs');
const https = require('https');
const net = require('net');
const path = require('path');
const { equal, ok, pause, play, skip } = require('./lease-support.cjs');
const { Time } = require('./gateway-support.cjs');
const { ClusterNode, until } = require('./cluster-support.cjs');
const { Watch } = require('../outage/outage-support.cjs');

const password = 'Correct-Horse-1';
const secret = 'cluster-Secret-7';
const viaLeader = 'asked for this node';
const notAsked = 'did not ask for this node';
const tenDays = 240 * 3600;
// Of their own, and what the license server lends: each has 5 reserved, one an increment of 5.
const own = { gw1: 8, gw2: 10, gw3: 5 };
const pool = 20;
const issued = pool + own.gw1 + own.gw2 + own.gw3;

// Between a node and its leader: passes on what is said, and once it is "deaf"
// keeps what is answered behind a handshake.
class Between {
	constructor(to) {
		this.to = to;
		this.isDeaf = false;
		this.kept = 0;
		this.open = new Set();
	}

	// By another address of the leader's own name and port, as it answers to no others.
	listen(host) {
		this.address = `${this.to.hostname}:${this.to.port}`;
		this.server = net.createServer((from) => this.join(from));
		return new Promise((resolve, reject) => {
			this.server.on('error', reject);
			this.server.listen(this.to.port, host, resolve);
		});
	}

	join(from) {
		const on = net.connect(this.to.port, this.to.host);
		let said = 0;
		let hello = Infinity;

		for (const [one, other] of [[from, on], [on, from]]) {
			this.open.add(one);
			one.on('error', () => {});
			one.on('close', () => {
				this.open.delete(one);
				other.destroy();
			});
		}
		from.on('data', (part) => {
			// The first record is the hello of the handshake; what follows it says that that is over.
			if (!said && part.length >= 5)
				hello = 5 + part.readUInt16BE(3);
			said += part.length;
			on.write(part);
		});
		on.on('data', (part) => {
			if (this.isDeaf && said > hello)
				this.kept += part.length;
			else
				from.write(part);
		});
	}

	cut() {
		for (const one of this.open)
			one.destroy();
	}

	close() {
		this.cut();
		return new Promise((resolve) => this.server.close(resolve));
	}
}

// Somebody with another key at that place; counts what is told to it.
class Impostor {
	constructor(pem) {
		this.met = this.bytes = 0;
		this.server = https.createServer({ key: pem, cert: pem });
		this.server.on('connection', (socket) => {
			this.met++;
			socket.on('error', () => {});
		});
		this.server.on('tlsClientError', () => {});
		this.server.on('secureConnection', (socket) => {
			socket.on('error', () => {});
			socket.on('data', (part) => {
				this.bytes += part.length;
			});
		});
	}

	listen(node) {
		return new Promise((resolve) => this.server.listen(node.port, node.host, resolve));
	}

	close() {
		this.server.closeAllConnections();
		return new Promise((resolve) => this.server.close(resolve));
	}
}

// Two who hand it over and one who leads.
async function form(estate, nodes) {
	const [first] = nodes;

	for (const node of nodes) {
		await node.make(`CONSEC-ADD-${own[node.id]}U`);
		await node.start();
		await node.register(password);
	}
	for (const node of nodes)
		node.join('emea', secret, node === first);
	for (const node of nodes)
		for (const other of nodes)
			if (node !== other)
				node.add(other);
	for (const node of nodes)
		for (const other of nodes)
			if (node !== other)
				await node.confirm(other);
	for (const node of nodes)
		await until((one) => one.nodes.every((other) => other.seen_at &&
			!other.failure_text), () => node.show());
	for (const node of nodes)
		await until((link) => link.leader === 'gw1', () => {
			node.sync();
			return node.server();
		});
	equal(nodes.map((node) => node.server().leader), ['gw1', 'gw1', 'gw1'],
		'three nodes, and the first leads');
}

// Seldom hellos: what is tried here is what hands a request over.
function hellos(nodes, seconds) {
	for (const node of nodes)
		node.command(['cluster', 'set', '--hello-interval', String(seconds)]);
}

// With the leader at "address".
async function reaches(node, leader, address) {
	node.command(['cluster', 'node', 'set', leader.id, '--address', address]);
	await until((one) => one.pin || one.seen_pin, () => node.node(leader));
	if (!node.node(leader).pin)
		await node.confirm(leader);
	await until((one) => one.seen_at && !one.failure_text, () => node.node(leader));
}

// A leader that did not ask is left alone for half a minute.
async function goesByLeader(node) {
	const by = () => node.count(viaLeader) - node.count(notAsked);
	const before = by();

	return await until((count) => count > before, async () => {
		await node.ask({ op: 'sync' });
		await pause(1000);
		return by();
	}) > before;
}

function answers(estate, node) {
	return estate.sql('SELECT request_id, number FROM sync_answer WHERE client = ' +
		`(SELECT id FROM client WHERE name = '${node.id}') ORDER BY number`);
}

function held(estate, node) {
	return JSON.parse(estate.server(['leases', '--json', '--feature', 'CONSEC'])).parts
		.filter((part) => part.client === node.id)
		.reduce((sum, part) => sum + part.units, 0);
}

async function users(node, from, to) {
	const begun = [];

	for (let i = from; i <= to; i++)
		begun.push(node.ask({ op: 'begin', user: `user${i}`, id: `u${i}` }));
	return (await Promise.all(begun)).map((one) => one.ok);
}

// The license server has granted, the leader has passed it on, and nobody heard.
async function losesTheAnswer(estate, nodes) {
	const [first, second] = nodes;
	const between = new Between(first);

	await between.listen('127.0.0.1');
	hellos(nodes, 60);
	await reaches(second, first, between.address);
	await users(second, 1, 12);
	ok(await goesByLeader(second), 'its requests go by the leader');
	equal([await second.usable(), held(estate, second)], [own.gw2 + 5, 5],
		'twelve users need no more than its own units and 5');
	const before = answers(estate, second).length;
	const asked = second.count(viaLeader) + second.count(notAsked);

	between.isDeaf = true;
	const begun = users(second, 13, 16);

	await until((rows) => rows.length > before, () => answers(estate, second));
	// More than a handshake leaves behind.
	await until((kept) => kept > 1500, () => between.kept);
	equal([between.kept > 1500, held(estate, second)], [true, 10],
		'for sixteen the license server grants 5 more, and the answer is lost behind the leader');
	const [lost] = answers(estate, second).slice(before);

	between.cut();
	between.isDeaf = false;
	equal(await begun, [true, true, true, true], 'they come in all the same');
	ok(second.count(viaLeader) + second.count(notAsked) > asked,
		'the node asked again, by the leader or the license server itself');
	await until((units) => units === own.gw2 + 10, () => second.usable());
	equal([await second.usable(), held(estate, second)], [own.gw2 + 10, 10],
		'and has what was granted, once');
	equal(answers(estate, second).filter((one) => one.request_id === lost.request_id),
		[lost], 'as it sent the same bytes again, and they were a repeat');
	await reaches(second, first, first.address);
	await between.close();
}

async function meetsAnother(estate, nodes) {
	const [first, second] = nodes;
	const impostor = new Impostor(fs.readFileSync(path.join(estate.center, 'tls.pem')));
	const asks = async (name, expected) => {
		const met = impostor.met;
		const direct = second.count(notAsked);

		await until((answer) => answer && answer.ok, () => second.ask({ op: 'sync' }));
		await until((one) => expected.test(one.failure_text), () => second.node(first));
		equal([impostor.met > met, impostor.bytes, expected.test(second.node(first).failure_text)],
			[true, 0, true], `${name}: nothing but the handshake leaves the node`);
		return second.count(notAsked) - direct;
	};

	await goesByLeader(second);
	await first.stop();
	await impostor.listen(first);
	try {
		const before = second.count(notAsked);

		await until((answer) => answer && answer.ok, () => second.ask({ op: 'sync' }));
		equal([second.count(notAsked) - before, impostor.met > 0, impostor.bytes], [1, true, 0],
			'a leader with another key is handed no request: the license server is asked directly');
		hellos([second], 61);
		await asks('another key than the confirmed one', /another public key than the confirmed one/);
		equal(second.events('LHD10085').length, 1, 'and the administrator is told');
		second.command(['cluster', 'node', 'set', first.id, '--verify', 'on']);
		await asks('a certificate of nobody', /does not verify/);
	} finally {
		await impostor.close();
	}
	second.command(['cluster', 'node', 'set', first.id, '--verify', 'off']);
	await first.start();
	await reaches(second, first, first.address);
	ok(second.node(first).pin, 'the leader is back with its own key');
}

async function losesTheLeader(time, nodes) {
	const [first, second, third] = nodes;

	hellos([second, third], 2);
	second.command(['cluster', 'set', '--lead', 'on']);
	await first.kill();
	for (const node of [second, third])
		await until((one) => one.lost_at, () => node.node(first));
	equal([second.show().surplus, third.show().surplus], [{ CONSEC: 5 }, { CONSEC: 2 }],
		'two survivors share the 8 of the lost one by their own 10 and 5, rounded down');
	const status = await second.ask({ op: 'status' });

	equal([status.capacity, status.surplus, status.leased],
		[own.gw2 + 10 + 5, 5, { CONSEC: 10 }], 'each counts its part, and says it apart');
	time.to(second.server().leader_until + 1);
	for (const node of [second, third])
		await until((link) => link.leader === 'gw2', () => {
			node.sync();
			return node.server();
		});
	equal([second.server().leader, third.server().leader], ['gw2', 'gw2'],
		'when its time is over the license server names another');
	ok(await goesByLeader(third), 'who is handed the requests of the rest');
	equal([second.show().surplus, third.show().surplus], [{ CONSEC: 5 }, { CONSEC: 2 }],
		'the surplus stays');
}

// Of a program that looks at that time: how far its elapsed time is from its wall clock.
function elapsedFrom(time) {
	const said = child.execFileSync(process.execPath, ['-p',
		'Number(process.hrtime.bigint() / 1000000n) - Date.now()'],
	{ encoding: 'utf8', env: { ...process.env, ...time.environment() } });

	return Number(said);
}

// The license server's clock as that node knows it, in milliseconds; and what it rests on.
function clockOf(time, node) {
	const link = node.sql('SELECT server_time, anchor_elapsed_ms AS at FROM link')[0];

	return { anchor: `${link.server_time} ${link.at}`,
		ms: 1000 * (link.server_time + time.exactly()) + time.elapsed - link.at };
}

// What its agent says at that instant of its clock, however slow the machine is:
// again, until both sides of the question were at the second meant.
async function statusAt(time, node, ms) {
	const second = Math.floor(ms / 1000);

	for (let tries = 0; tries < 100; tries++) {
		const now = clockOf(time, node);

		time.set(Number((time.ahead + (ms - now.ms) / 1000).toFixed(3)));
		const before = clockOf(time, node);
		const status = await node.ask({ op: 'status' });
		const after = clockOf(time, node);

		if (status && before.anchor === after.anchor &&
			[before, after].every((one) => Math.floor((one.ms - 10) / 1000) === second &&
				Math.floor((one.ms + 10) / 1000) === second))
			return status;
	}
	return null;
}

async function survivesForTenDays(time, nodes) {
	const [first, ...survivors] = nodes;
	const lost = (node) => node.node(first).lost_at;

	// So that no survivor takes the other for lost when time leaps.
	hellos(survivors, 3600);
	survivors.sort((a, b) => lost(a) - lost(b));
	time.to(lost(survivors[0]) + tenDays - 600);
	for (const node of survivors)
		await until((answer) => answer && answer.ok, () => node.ask({ op: 'sync' }));
	equal(survivors.map((node) => node.show().nodes.filter((one) => one.lost_at).length), [1, 1],
		'ten minutes before its end each still misses that one');
	for (const node of survivors) {
		const end = 1000 * (lost(node) + tenDays);
		const surplus = { gw2: 5, gw3: 2 }[node.id];
		const found = [];

		for (const ms of [end - 500, end + 100, end + 1100]) {
			const status = await statusAt(time, node, ms);

			found.push(status && status.surplus);
		}
		equal(found, [surplus, 0, 0],
			`${node.id} uses ${surplus} in its place the second before ten days are over, none at it and after`);
	}
	const [one] = survivors;

	equal([one.show().surplus, JSON.parse(one.command(['status', '--json'])).surplus], [{}, {}],
		'and says so');
}

play(async (estate) => {
	const nodes = ['gw1', 'gw2', 'gw3'].map((id, i) =>
		new ClusterNode(estate, id, `127.0.0.${21 + i}`));
	const time = new Time(estate.file('time', ''));
	let watch;

	if (!time.works)
		skip('no libfaketime, or a program with a sanitizer, which does not start with it');
	time.elapsed = elapsedFrom(time);
	nodes[0].hostname = 'localhost';
	estate.environment = time.environment();
	estate.addLicense(`CONSEC-ADD-${pool}U`);
	for (const node of nodes)
		estate.addClient(node.id, password, 'CONSEC=5/5/15');
	await estate.start();
	try {
		await form(estate, nodes);
		watch = new Watch(nodes, issued);
		await losesTheAnswer(estate, nodes);
		await meetsAnother(estate, nodes);
		await losesTheLeader(time, nodes);
		await survivesForTenDays(time, nodes);
		await watch.end();
		ok(!watch.over, `never more than ${issued} in all, beside what is used in place of lost nodes: ` +
			`${watch.looks} looks, at most ${watch.most}`, watch.over);
		ok(watch.most >= issued - 5, 'and they had what they should', watch.most);
		ok(nodes.every((node) => !node.logText().includes(secret) &&
			!node.logText().includes(password)), 'no password in a log');
	} finally {
		if (watch)
			await watch.end();
		for (const node of nodes) {
			if (process.env.KEEP)
				console.log(node.logText().slice(-3000).replace(/^/gm, `# ${node.id}: `));
			await node.kill();
		}
	}
});
