#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// lease.fcgi is killed again and again while clients grow their leases. What
// was acknowledged is still there, and what was not is found out by a repeat.
'use strict';

const { basic, bearer, equal, hardwareId, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');

const clients = 16;
const kills = 6;
const password = 'Correct-Horse-1';

// One request until it is answered, always with the same bytes.
async function persist(estate, headers, body) {
	for (;;) {
		const answer = await post(estate, headers, body);

		if (answer.status !== 0 && answer.status < 500 &&
			answer.status !== 429)
			return answer;
		await pause(answer.status === 429 ? 1000 : 20);
	}
}

class Node {
	constructor(i) {
		this.id = `gw${i}`;
		this.hardware = hardwareId();
		this.number = 0;
		this.leased = 0;
		this.bad = [];
		this.granted = 0;
	}

	async sync(estate, users) {
		const headers = this.token ? bearer(this.token) : basic(this.id, password);
		const answer = await persist(estate, headers, requestBody(this.hardware,
			{ CONSEC: users }, { holds: this.number }));

		if (answer.status !== 200) {
			this.bad.push(answer.text);
			return;
		}
		const { leased } = answer.json.features.CONSEC;

		// The journal: numbers go on by one, and nothing granted is lost.
		if ((this.number > 0 && answer.json.number !== this.number + 1) ||
			leased < this.leased)
			this.bad.push([this.number, this.leased, answer.json.number, leased]);
		this.number = answer.json.number;
		this.granted += leased > this.leased;
		this.leased = leased;
		this.token = answer.json.token;
	}

	async work(estate, isOver) {
		while (!isOver()) {
			await this.sync(estate, this.leased + 1);
			this.bad.splice(5);
		}
	}
}

play(async (estate) => {
	const nodes = Array.from({ length: clients }, (_, i) => new Node(i));
	let over = false;
	let killed = 0;

	estate.addLicense('CONSEC-ADD-100000U');
	for (const node of nodes)
		estate.addClient(node.id, password, 'CONSEC=0/1/6000');
	await estate.start();
	const working = nodes.map((node) => node.work(estate, () => over));

	const granted = () => nodes.reduce((sum, node) => sum + node.granted, 0);
	// Until so many more grants were acknowledged, however slow the machine.
	const grow = async (count) => {
		const goal = granted() + count;

		for (let tries = 0; granted() < goal && tries < 6000; tries++)
			await pause(10);
	};

	for (let i = 0; i < kills; i++) {
		await grow(2 * clients);
		const pid = estate.processOf('lease.fcgi');

		if (pid) {
			process.kill(pid, 'SIGKILL');
			killed++;
		}
	}
	await grow(clients);
	over = true;
	await Promise.all(working);
	equal(killed, kills, `lease.fcgi was killed ${kills} times and came back`);
	console.log(`# ${granted()} grants acknowledged`);
	ok(granted() >= (2 * kills + 1) * clients, 'clients grew meanwhile',
		granted());
	await Promise.all(nodes.map((node) => node.sync(estate, 0)));
	equal(nodes.flatMap((node) => node.bad), [],
		'nothing acknowledged is lost, nothing repeated is granted twice');
});
