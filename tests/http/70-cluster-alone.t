#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A cluster that has lost its license server: what a node takes by itself its
// leader permits, by what that one knows of the server; without the leader the
// node decides alone; and back in contact all of it is reported once.
'use strict';

const { basic, equal, exchange, json, ok, play } = require('./lease-support.cjs');
const { ClusterNode, until } = require('./cluster-support.cjs');

const password = 'Correct-Horse-1';
const secret = 'cluster-Secret-7';

const knock = (node, body, headers) => exchange({ port: node.port }, { url: '/cluster/v1/permit', body: JSON.stringify(body),
	agent: false, host: node.host, headers: { ...json, Host: node.address, ...headers } });
const permits = (leader) => leader.events('LHD10140');
const begin = (node, name) => node.ask({ op: 'begin', user: name, id: name });

async function form(estate, nodes) {
	for (const node of nodes)
		await node.register(password);
	for (const [i, node] of nodes.entries())
		node.join('emea', secret, i === 0);
	nodes[0].add(nodes[1]);
	nodes[1].add(nodes[0]);
	await nodes[0].confirm(nodes[1]);
	await nodes[1].confirm(nodes[0]);
	for (const node of nodes)
		await until((one) => one.nodes.every((other) => other.seen_at && !other.failure_text), () => node.show());
	// As after a day: the switch goes by 24 hours of history.
	estate.sql('UPDATE pool_change SET at = at - 90000');
	estate.server(['client', 'set', '--id', 'gw1', '--feature', 'CONSEC=0/25/90']);
	for (const node of nodes)
		await until((link) => link.leader === 'gw1', () => {
			node.sync();
			return node.server();
		});
	const on = (node) => JSON.parse(node.command(['status', '--json'])).borrowed.find((one) => one.feature === 'CONSEC').auto_lease;

	await until((good) => good, () => {
		nodes.forEach((node) => node.sync());
		return nodes.every(on);
	});
	ok(nodes.every(on), 'both may take units by themselves, by what the server said last');
}

async function refuses(leader) {
	const wish = { protocol: 1, node: 'gw2', since: 1, wishes: [{ feature: 'CONSEC', units: 25 }] };
	const code = async (body, headers) => (await knock(leader, body, headers)).json?.code;

	equal(await code(wish, {}), 'unauthorized', 'without the cluster\'s password nothing is permitted');
	equal(await code(wish, basic('emea', secret)), 'connected', 'a leader in contact permits nothing: it hands requests on');
	equal(await code({ ...wish, node: 'gw9' }, basic('emea', secret)), 'unknown_node', 'nor anything to a node that it does not list');
	equal(await code({ ...wish, wishes: [{ feature: 'CONSEC', units: -1 }] }, basic('emea', secret)), 'bad_request', 'nor what cannot be read');
}

async function isPermitted(estate, leader, node) {
	await estate.stop();
	leader.sync();
	node.sync();
	ok(leader.server().lost_at && node.server().lost_at, 'both have lost the server', [leader.server(), node.server()]);
	for (const name of ['ada', 'bob', 'cleo'])
		ok((await begin(node, name)).ok, `${name} comes in`);
	equal((await node.ask({ op: 'status' })).auto_leased, { CONSEC: 25 }, 'the third by an increment taken alone');
	equal(permits(leader), ['Node gw2 may take 25 CONSEC units by itself: neither it nor this leader can reach the license server.'],
		'which the leader permitted');
}

// The leader heard later that it is off.
async function isDenied(leader, node) {
	leader.sql('UPDATE link_feature SET auto_lease = 0');
	leader.sql('UPDATE link SET success_time = success_time + 60');
	for (let i = 4; i <= 25; i++)
		await begin(node, `user${i}`);
	const status = await node.ask({ op: 'status' });
	const late = await begin(node, 'late');

	equal([late.code, (await node.ask({ op: 'status' })).auto_leased], ['capacity_reached', { CONSEC: 25 }],
		'where the leader knows better nothing is taken', [status, late]);
	equal(permits(leader).length, 1, 'nor permitted');
}

async function isAlone(leader, node) {
	await leader.stop();
	const let_in = await until((answer) => answer.ok, () => begin(node, 'late'));

	equal([let_in.ok, (await node.ask({ op: 'status' })).auto_leased], [true, { CONSEC: 50 }],
		'without the leader the node decides by itself', let_in);
}

async function isReported(estate, node) {
	await estate.start();
	await until((link) => !link.lost_at, () => {
		node.sync();
		return node.server();
	});
	const status = await until((one) => !one.auto_leased.CONSEC, () => node.ask({ op: 'status' }));

	equal([status.auto_leased, status.users, node.server().penalty_until || null], [{}, 26, null],
		'back in contact all of it was there, and is lent now', status);
	ok(status.leased.CONSEC >= 25, 'in whole increments', status.leased);
}

play(async (estate) => {
	const nodes = ['gw1', 'gw2'].map((id, i) => new ClusterNode(estate, id, `127.0.0.${21 + i}`));

	estate.addLicense('CONSEC-ADD-1000U');
	for (const node of nodes)
		estate.addClient(node.id, password, 'CONSEC=0/25/100');
	await estate.start();
	try {
		for (const node of nodes) {
			await node.make(null);
			node.command(['session', 'settings', '--ahead', '0']);
			await node.start();
		}
		await form(estate, nodes);
		await refuses(nodes[0]);
		await isPermitted(estate, ...nodes);
		await isDenied(...nodes);
		await isAlone(...nodes);
		await isReported(estate, nodes[1]);
		await nodes[1].stop();
	} finally {
		for (const node of nodes) {
			if (process.env.KEEP || node.master)
				console.log(node.logText().slice(-2500).replace(/^/gm, `# ${node.id}: `));
			await node.kill();
		}
	}
});
