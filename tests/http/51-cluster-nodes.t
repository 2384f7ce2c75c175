#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Three license clients that are one cluster, and their license server, all
// real and over HTTPS: the leader asks for the others, each is told apart by
// its own signature and password, and whoever loses the leader asks itself.
'use strict';

const { basic, equal, exchange, json, ok, play } =
	require('./lease-support.cjs');
const { Time } = require('./gateway-support.cjs');
const { ClusterNode, until } = require('./cluster-support.cjs');

const password = 'Correct-Horse-1';
const secret = 'cluster-Secret-7';
const viaLeader = 'asked for this node';
const notAsked = 'did not ask for this node';

// A question at a node's door.
function knock(node, url, body, headers = {}) {
	return exchange({ port: node.port }, { url, body, from: undefined,
		agent: false, host: node.host,
		headers: { ...json, Host: node.address, ...headers } });
}

async function register(nodes) {
	for (const node of nodes)
		await node.register(password);
	ok(nodes.every((node) => node.server().last_success),
		'every node is registered with the license server');
}

async function form(nodes) {
	const [first] = nodes;

	equal(first.tries(['cluster', 'show']),
		[1, 'leasehold: this client is in no cluster; use leasehold cluster set'],
		'no cluster yet');
	equal(first.tries(['cluster', 'leave'])[0], 1, 'and none to leave');
	for (const [i, node] of nodes.entries())
		node.join('emea', secret, i === 0);
	for (const node of nodes)
		for (const other of nodes)
			if (node !== other)
				node.add(other);
	equal([first.tries(['cluster', 'node', 'add', first.id, '--address', 'x'])[0],
		first.tries(['cluster', 'node', 'add', nodes[1].id, '--address', 'x'])[0]],
	[1, 1], 'a node does not list itself, nor another twice');
	await until((node) => node.seen_pin, () => first.node(nodes[1]));
	const met = first.node(nodes[1]);

	ok(/^sha256\/\/[A-Za-z0-9+/]{43}=$/.test(met.seen_pin) && !met.pin &&
		/confirm it/.test(met.failure_text), 'its key is learnt by the handshake', met);
	ok(nodes.every((node) => !/\/cluster\/v1\//.test(node.logText()) &&
		node.show().nodes.every((one) => !one.seen_at)),
	'and nothing was said before a person confirmed it');
	equal(first.tries(['cluster', 'confirm-pin', nodes[1].id, 'sha256//other'])[0], 1,
		'another key than the one met cannot be confirmed');
	for (const node of nodes)
		for (const other of nodes)
			if (node !== other)
				await node.confirm(other);
	for (const node of nodes)
		await until((one) => one.nodes.every((other) => other.seen_at &&
			!other.failure_text), () => node.show());
	const heard = first.show();

	equal(heard.nodes.map((one) => [one.node, one.units, one.failure_text]),
		[['gw2', { CONSEC: 100 }, ''], ['gw3', {}, '']],
		'hellos tell which units of its own each node has');
	equal([heard.units, heard.surplus], [{ CONSEC: 35 }, {}],
		'with all there nobody uses more than its own');
}

async function leads(estate, nodes) {
	const [first, second, third] = nodes;

	// The first that asks and offers is named.
	await until((link) => link.leader, () => {
		first.sync();
		return first.server();
	});
	for (const node of [second, third])
		await until((link) => link.leader === 'gw1', () => {
			node.sync();
			return node.server();
		});
	second.command(['cluster', 'set', '--lead', 'on']);
	equal(nodes.map((node) => node.server().leader), ['gw1', 'gw1', 'gw1'],
		'the license server names the leader to each');
	const before = nodes.map((node) => node.count(viaLeader));

	equal(second.sync()[0], 0, 'a node syncs');
	equal(third.sync()[0], 0, 'and another');
	ok(second.count(viaLeader) > before[1] && third.count(viaLeader) > before[2],
		'both through their leader', [second.logText().slice(-800)]);
	equal([second.server().failure_code, third.server().failure_code], ['', ''],
		'each stored its own verified answer');
	const own = JSON.parse(second.command(['status', '--json']));

	equal(own.borrowed.map((one) => [one.feature, one.leased]), [['CONSEC', 50]],
		'and the lease is its own');
	ok(estate.events('LIC30606').length === 3, 'three joined the cluster');
}

async function refuses(nodes) {
	const [first, second] = nodes;
	const hello = JSON.stringify({ protocol: 1, node: 'gw2', units: {} });
	const door = async (url, body, headers) => {
		const answer = await knock(first, url, body, headers);

		return [answer.status, answer.json && answer.json.code];
	};
	const right = basic('emea', secret);

	equal(await door('/cluster/v1/hello', hello), [401, 'unauthorized'],
		'without a word nobody is let in');
	equal(await door('/cluster/v1/hello', hello, basic('emea', 'wrong')),
		[401, 'unauthorized'], 'nor with a wrong password');
	equal(await door('/cluster/v1/hello', hello, basic('apac', secret)),
		[401, 'unauthorized'], 'nor for another cluster, in the same words');
	equal(await door('/cluster/v1/hello', hello.replace('gw2', 'gw9'), right),
		[403, 'unknown_node'], 'nor a node that is not listed');
	equal(await door('/cluster/v1/hello', '{"protocol":1', right),
		[400, 'bad_request'], 'half a request');
	equal(await door('/cluster/v1/hello', JSON.stringify({ protocol: 1,
		node: 'gw2', units: { CONSEC: -1 } }), right), [400, 'bad_request'],
	'fewer than no units');
	equal(await door('/cluster/v1/else', hello, right), [404, 'not_found'],
		'another address');
	equal(await door('/cluster/v1/relay', 'x'.repeat(40 * 1024), right),
		[400, 'bad_request'], '40 KiB are read');
	equal(await door('/cluster/v1/relay', 'x'.repeat(40 * 1024 + 1), right),
		[413, 'too_large'], 'one byte more is not');
	const got = await exchange({ port: first.port }, { method: 'GET',
		url: '/cluster/v1/hello', host: first.host, agent: false,
		headers: { Host: first.address, ...right } });

	equal([got.status, got.headers.allow], [405, 'POST'], 'POST only');
	const follower = await knock(second, '/cluster/v1/relay',
		JSON.stringify({ protocol: 1, node: 'gw1', request: '{}' }), right);

	equal([follower.status, follower.json.code], [409, 'not_leader'],
		'who does not lead asks for nobody');
}

async function isBelievedByNobody(nodes) {
	const [first] = nodes;
	const answer = await knock(first, '/cluster/v1/relay',
		JSON.stringify({ protocol: 1, node: 'gw2',
			authorization: 'Bearer nonsense', request: '{"protocol":1}' }),
		basic('emea', secret));

	equal([answer.status, answer.json.status,
		answer.json.problem && answer.json.problem.code],
	[200, 400, 'bad_request'],
	'what a node sends is judged by the license server, and the node told');
	equal(first.sync()[0], 0, "the leader's own lease does not suffer");
}

async function losesItsLeader(nodes) {
	const [first, second, third] = nodes;

	await first.kill();
	const before = [second, third].map((node) => node.count(viaLeader));

	equal(second.sync()[0], 0, 'the leader killed: a node asks by itself');
	equal(third.sync()[0], 0, 'and the other');
	equal([second, third].map((node) => node.count(viaLeader)), before,
		'not through the one that is gone');
	const lost = await until((one) => one.lost_at, () => second.node(first));

	await until((one) => one.lost_at, () => third.node(first));
	ok(lost.lost_at > 0 && lost.surplus_until - lost.lost_at === 240 * 3600,
		'a node that is silent for three hellos is lost, for ten days', lost);
	equal([told(second, 'LHD10086', first), second.show().surplus,
		third.show().surplus],
	[1, { CONSEC: 35 }, {}],
	'once told; the survivor uses the 35 of the lost one, who has none uses none');
	const said = second.command(['cluster', 'show']);

	ok(/^Own units: +\d+ CONSEC, and 35 in place of lost nodes$/m.test(said), 'and says so', said);
	ok(!/[1-9]\d* in place of lost nodes/.test(third.command(['cluster', 'show'])),
		'and the other says of none');
	const status = JSON.parse(second.command(['status', '--json']));

	equal([status.surplus, status.lost_nodes], [{ CONSEC: 35 }, [{
		lost_at: lost.lost_at, node: 'gw1', surplus_until: lost.surplus_until }]],
	'its state names the lost one, until when, and what is used in its place');
	const text = second.command(['status']);

	ok(/^Lost node: +gw1 since \S+.*, stood in for until \S+/m.test(text) &&
		/^In their place: +35 CONSEC$/m.test(text), 'in words, too', text);
	ok(!/In their place/.test(third.command(['status'])) &&
		/Lost node: +gw1/.test(third.command(['status'])),
	'and that of the other names it, without units');
}

// How often it was told of that node.
function told(node, code, of) {
	return node.events(code).filter((text) => text.includes(`Node ${of.id} `)).length;
}

async function another(time, nodes, first) {
	const [, second, third] = nodes;
	const term = second.server().leader_until;

	// Less than a minute: what is asked meanwhile takes its time.
	time.to(term - 50);
	second.sync();
	equal([second.server().leader, second.server().leader_until], ['gw1', term],
		'a leader that is gone stays named until its time is over');
	time.to(term);
	await until((link) => link.leader === 'gw2', () => {
		second.sync();
		return second.server();
	});
	await until((link) => link.leader === 'gw2', () => {
		third.sync();
		return third.server();
	});
	equal([second.server().leader, third.server().leader], ['gw2', 'gw2'],
		'then the license server names another that offers');
	const before = third.count(viaLeader);

	await until((count) => count > before, () => {
		third.sync();
		return third.count(viaLeader);
	});
	ok(third.count(viaLeader) > before, 'through whom the rest asks now');
	await first.start();
	await until((one) => !one.lost_at, () => second.node(first));
	equal([second.node(first).lost_at, told(second, 'LHD10087', first),
		second.show().surplus], [null, 1, {}],
	'the lost one is back: told once, and nothing is used in its place');
	await until((link) => link.leader === 'gw2', () => {
		first.sync();
		return first.server();
	});
	equal(first.server().leader, 'gw2', 'and it hears who leads now');
}

async function otherPasswords(nodes) {
	const [, second, third] = nodes;

	third.command(['cluster', 'set', '--password-file',
		third.estate.file('cluster-password', 'another')]);
	const node = await until((one) => one.failure_text, () => third.node(second));

	ok(/cluster name and password/.test(node.failure_text),
		'another cluster password is refused, and the node says so', node);
	equal(third.sync()[0], 0, 'it asks the license server by itself then');
	third.join('emea', secret, false);
	await until((one) => !one.failure_text, () => third.node(second));
}

async function leaves(estate, nodes) {
	const [, , third] = nodes;

	third.command(['cluster', 'leave']);
	equal([third.tries(['cluster', 'show'])[0],
		third.sql('SELECT count(*) AS n FROM cluster_node')[0].n,
		third.sql('SELECT count(*) AS n FROM cluster_secret')[0].n], [1, 0, 0],
	'who leaves forgets the nodes and the password');
	await until((texts) => texts.length, () => {
		third.sync();
		return estate.events('LIC30604');
	});
	ok(estate.events('LIC30602').length === 1 || estate.events('LIC30604').length,
		'the license server hears of it');
}

play(async (estate) => {
	const nodes = ['gw1', 'gw2', 'gw3'].map((id, i) =>
		new ClusterNode(estate, id, `127.0.0.${11 + i}`));
	const skus = ['CONSEC-ADD-35U', 'CONSEC-ADD-100U', null];

	const time = new Time(estate.file('time', ''));

	estate.environment = time.environment();
	estate.addLicense('CONSEC-ADD-1000U');
	for (const node of nodes)
		estate.addClient(node.id, password, 'CONSEC=50/25/100');
	await estate.start();
	try {
		for (const [i, node] of nodes.entries()) {
			await node.make(skus[i]);
			await node.start();
		}
		await register(nodes);
		await form(nodes);
		await leads(estate, nodes);
		await refuses(nodes);
		await isBelievedByNobody(nodes);
		await losesItsLeader(nodes);
		if (time.works)
			await another(time, nodes, nodes[0]);
		else
			ok(true, 'another leader # SKIP without libfaketime');
		await otherPasswords(nodes);
		await leaves(estate, nodes);
		ok(nodes.every((node) => !node.logText().includes(secret) &&
			!node.logText().includes(password)), 'no password in a log');
		equal(await Promise.all(nodes.map((node) => node.stop())), [0, 0, 0],
			'all stop cleanly');
	} finally {
		for (const node of nodes) {
			if (process.env.KEEP || node.master)
				console.log(node.logText().slice(-1500).replace(/^/gm, `# ${node.id}: `));
			await node.kill();
		}
	}
});
