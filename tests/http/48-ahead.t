#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Growth that is asked for before somebody has to wait: with "Wait for capacity"
// at 0 who finds no seat is refused, so whoever is let in has waited for nothing.
'use strict';

const child = require('child_process');
const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');
const { until } = require('./namespace-support.cjs');

const password = 'Correct-Horse-1';
// 20 percent of an increment of 25, as the settings say where nobody changed them.
const room = 5;

const status = (gateway) => gateway.ask({ op: 'status' });

// Until no sync is under way or about to begin.
const quiet = (gateway) => until(async () => {
	const before = await status(gateway);

	await pause(1500);
	const after = await status(gateway);

	return !before.is_syncing && !after.is_syncing && before.syncs === after.syncs && after;
});

const settled = (gateway, most) => until(async () => {
	const now = await status(gateway);
	const free = now.capacity - now.users;

	return (now.capacity === most || free >= room) && !now.is_syncing;
});

async function make(estate, name, id) {
	const gateway = new Gateway(estate, name);

	gateway.make();
	gateway.set({ 'capacity-wait': 0 });
	await gateway.start();
	gateway.setServer(estate.port, id, password);
	await gateway.ask({ op: 'sync' });
	gateway.confirmPin();
	ok(await until(async () => (await gateway.ask({ op: 'sync' })).ok), `${name} syncs`);
	return gateway;
}

async function growsAhead(gateway) {
	const refused = [], leased = [];

	equal((await quiet(gateway)).leased, {}, 'with nobody here nothing is leased ahead');
	const before = (await status(gateway)).syncs;

	for (let n = 1; n <= 100; n++) {
		const answer = await gateway.begin(`u${n}`, { id: `u${n}` });

		if (!answer.ok)
			refused.push([n, answer]);
		ok(await settled(gateway, 100), `after user ${n} there is room for more`);
		leased.push((await status(gateway)).leased.CONSEC);
	}
	equal(refused, [], 'one hundred users come one by one, and none finds no seat');
	equal([1, 20, 21, 45, 46, 70, 71, 100].map((n) => leased[n - 1]),
		[25, 25, 50, 50, 75, 75, 100, 100],
		'the next increment comes with the first user of whom less than five seats are left');
	const now = await quiet(gateway);

	equal(now.syncs - before, 4, 'with one sync for each increment');
	return now.syncs;
}

async function staysBelowMaximum(estate, gateway, syncs) {
	const answer = await gateway.begin('u101', { id: 'u101' });

	equal([answer.ok, answer.code], [false, 'capacity_reached'], 'beyond the maximum one is refused');
	ok(/All 100 users/.test(answer.text), 'and told why', answer.text);
	for (let i = 0; i < 5; i++) {
		await gateway.ask({ op: 'end', id: `u${i + 1}` });
		await gateway.begin(`u${i + 1}`, { id: `u${i + 1}` });
	}
	equal((await quiet(gateway)).syncs, syncs, 'at the maximum nothing is asked for');
	equal(gateway.sql("SELECT count(*) AS n FROM link_feature WHERE denied_code <> ''")[0].n, 0,
		'nor was anything denied');
	equal(estate.events('LHD10061'), [], 'here and there');
}

// The seats count as waiting: a day later 21 users and five seats keep 50 units, 20 users do not.
async function keeps(estate, gateway) {
	for (let n = 22; n <= 100; n++)
		await gateway.ask({ op: 'end', id: `u${n}` });
	for (const [users, units] of [[21, 50], [20, 25], [1, 25]]) {
		for (let n = users + 1; n <= 21; n++)
			await gateway.ask({ op: 'end', id: `u${n}` });
		estate.sql('UPDATE lease_part SET granted = granted - 90000 WHERE kind = 1');
		equal((await gateway.ask({ op: 'sync' })).ok, true, `a sync with ${users} users`);
		equal((await quiet(gateway)).leased.CONSEC, units,
			`a day after they were granted, ${units} units stay for ${users} users`);
	}
}

async function stopsWhenDenied(estate, gateway) {
	for (let n = 1; n <= 45; n++) {
		await gateway.begin(`d${n}`, { id: `d${n}` });
		await settled(gateway, 50);
	}
	equal((await status(gateway)).leased, { ACCESS: 50 }, 'two increments of a pool of 60');
	await gateway.begin('d46', { id: 'd46' });
	ok(await until(async () => gateway.sql(
		"SELECT denied_code AS code FROM link_feature WHERE feature = 'ACCESS'")[0].code ===
		'pool_exhausted'), 'the third is asked for, and denied');
	const { syncs } = await quiet(gateway);

	for (let n = 47; n <= 50; n++)
		ok((await gateway.begin(`d${n}`, { id: `d${n}` })).ok, `user ${n} has one of the free seats`);
	equal((await gateway.begin('d51')).code, 'capacity_reached', 'the next has none');
	for (let i = 0; i < 5; i++) {
		await gateway.ask({ op: 'end', id: 'd50' });
		await gateway.begin('d50', { id: 'd50' });
	}
	equal((await quiet(gateway)).syncs, syncs, 'after a denial nothing more is asked for');
	estate.addLicense('ACCESS-ADD-40U');
	equal((await quiet(gateway)).syncs, syncs, 'until a renewal');
	ok((await gateway.ask({ op: 'sync' })).ok, 'that comes');
	ok(await until(async () => (await status(gateway)).leased.ACCESS === 75),
		'and then the units that there are now');
}

// Who cannot be reached is tried again at its time, not with each user.
async function waitsWhenLost(estate, gateway) {
	await estate.stop();
	for (let n = 51; n <= 71; n++)
		await gateway.begin(`d${n}`, { id: `d${n}` });
	ok(await until(async () => gateway.link().failure_code), 'the server is gone when more is asked for');
	const before = await until(async () => {
		const now = await status(gateway);

		return now.next_sync * 1000 > Date.now() + 2000 && !now.is_syncing && now;
	}, 120);

	for (let i = 0; i < 5; i++) {
		await gateway.ask({ op: 'end', id: 'd71' });
		await gateway.begin('d71', { id: 'd71' });
	}
	const after = await status(gateway);

	ok(after.syncs === before.syncs || Date.now() >= before.next_sync * 1000,
		'no sync comes before its time', [before, after]);
}

async function staysOff(estate, gateway) {
	gateway.set({ 'ask-ahead': 0 });
	for (let n = 1; n <= 25; n++)
		await gateway.begin(`o${n}`, { id: `o${n}` });
	equal([(await quiet(gateway)).leased, (await gateway.begin('o26')).code],
		[{ CONSEC: 25 }, 'capacity_reached'], 'at 0 percent nothing is asked for before it is needed');
}

// The command says what the page says, through the same ledger.
async function settings(estate, gateway) {
	const set = (...words) => child.spawnSync(process.env.LEASEHOLD,
		['session', 'settings', ...words, '--state', gateway.state], { encoding: 'utf8' });
	const shown = () => JSON.parse(gateway.command(['session', 'settings', '--json']));

	// No more than there is, so that who comes beyond it stays beyond it.
	estate.server(['client', 'set', '--id', 'gw003', '--feature', 'CONSEC=25/0/25']);
	equal(shown(), { ahead: 0, allowance: null, default_users: 2, mode: 'enforcing', timeout: 0, wait: 0 },
		'the settings as they are');
	for (const words of [['--mode', 'other'], ['--wait', 'x'], ['--allowance', '-1']])
		equal(set(...words).status, 2, `${words.join(' ')} is none`);
	for (const words of [['--wait', '61'], ['--ahead', '101'], ['--allowance', '1001']])
		equal(set(...words).status, 1, `${words.join(' ')} is too much`);
	equal(set('--mode', 'monitoring', '--allowance', '4', '--wait', '1').status, 0, 'they are changed');
	equal(shown(), { ahead: 0, allowance: 4, default_users: 2, mode: 'monitoring', timeout: 0, wait: 1 },
		'those that were named');
	ok(await until(async () => (await status(gateway)).mode === 'monitoring'), 'the agent knows');
	for (let n = 26; n <= 29; n++)
		ok((await gateway.begin(`o${n}`, { id: `o${n}` })).ok, `user ${n} is admitted`);
	await quiet(gateway);
	const { beyond } = await status(gateway);
	const asked = set('--mode', 'enforcing');

	equal(beyond, 3, 'three of them beyond capacity and allowance');

	equal(asked.status, 1, 'the way back is not gone unasked');
	ok(asked.stderr.includes(`would refuse ${beyond} of the users`), 'and says whom it would refuse', [asked.stderr, beyond]);
	equal(shown().mode, 'monitoring', 'nothing was changed');
	equal([set('--mode', 'enforcing', '--allowance', 'platform', '--yes').status, shown().mode, shown().allowance],
		[0, 'enforcing', null], 'with --yes it is');
}

play(async (estate) => {
	estate.addLicense('CONSEC-ADD-1000U');
	estate.addLicense('ACCESS-ADD-60U');
	estate.addClient('gw001', password, 'CONSEC=0/25/110');
	estate.addClient('gw002', password, 'ACCESS=0/25/100');
	estate.addClient('gw003', password, 'CONSEC=25/25/100');
	await estate.start();
	const gateways = [];

	try {
		const one = await make(estate, 'one', 'gw001');

		gateways.push(one);
		await staysBelowMaximum(estate, one, await growsAhead(one));
		await keeps(estate, one);
		const off = await make(estate, 'off', 'gw003');

		gateways.push(off);
		await staysOff(estate, off);
		await settings(estate, off);
		const denied = await make(estate, 'denied', 'gw002');

		gateways.push(denied);
		await stopsWhenDenied(estate, denied);
		await waitsWhenLost(estate, denied);
		for (const gateway of gateways)
			equal(await gateway.stop(), 0, 'an agent ends well');
	} finally {
		for (const gateway of gateways)
			await gateway.stop('SIGKILL');
	}
});
