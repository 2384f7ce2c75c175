#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A gateway that cannot reach its license server takes units that the server
// has lent to another meanwhile: that is found out, and nobody takes any for
// five days. What nobody needs is given back after a day, without the server.
'use strict';

const { Device, basic, equal, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';
const day = 86400;
const penalty = 120 * 3600;

async function until(good, act, tries = 60) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

function synced(gateway) {
	return until((answer) => answer.ok, () => gateway.ask({ op: 'sync' }));
}

function now(gateway) {
	return gateway.ask({ op: 'status' });
}

function shown(gateway) {
	const status = JSON.parse(gateway.command(['status', '--json']));

	return { link: status.link,
		consec: status.borrowed.find((one) => one.feature === 'CONSEC') };
}

async function users(gateway, from, to) {
	for (let i = from; i <= to; i++)
		await gateway.begin(`user${i}`, { id: `u${i}` });
}

async function other(estate, wanted) {
	const device = new Device();
	const body = requestBody(device.hardware, { CONSEC: wanted },
		{ device_key: device.jwk });
	const answer = await post(estate, { ...basic('gw002', password),
		...device.proof(body) }, body);

	return answer.json.features.CONSEC.leased;
}

// As after a day: the switch goes by 24 hours of history.
function passADay(estate) {
	estate.sql('UPDATE pool_change SET at = at - 90000');
	estate.server(['client', 'set', '--id', 'gw002', '--feature', 'CONSEC=0/25/90']);
}

async function takes(estate, gateway) {
	passADay(estate);
	await synced(gateway);
	ok(shown(gateway).consec.auto_lease, 'CONSEC may be auto-leased');
	await users(gateway, 1, 5);
	await estate.stop();
	await users(gateway, 6, 31);
	const status = await now(gateway);

	equal([status.users, status.leased, status.auto_leased],
		[31, { CONSEC: 5 }, { CONSEC: 50 }], '31 users take two increments alone');
}

async function givesBack(gateway) {
	for (let i = 1; i <= 10; i++)
		await gateway.ask({ op: 'end', id: `u${i}` });
	await pause(1500);
	equal((await now(gateway)).auto_leased, { CONSEC: 50 },
		'what was just taken stays when users leave');
	gateway.sql(`UPDATE link_auto_lease SET taken_at = taken_at - ${day}`);
	const status = await until((one) => one.auto_leased.CONSEC < 50,
		() => now(gateway));

	equal([status.users, status.auto_leased], [21, { CONSEC: 25 }],
		'after a day an increment that nobody needs is given back');
	const kept = gateway.sql('SELECT sum(units) AS units, to_at > 0 AS ended' +
		' FROM link_auto_lease GROUP BY ended ORDER BY ended');

	equal(kept[0], { units: 25, ended: 0 }, 'one goes on');
	ok(kept[1].units >= 25, 'and what was used is kept, to be told', kept);
}

async function isFoundOut(estate, gateway) {
	await gateway.stop('SIGKILL');
	await estate.start();
	equal(await other(estate, 90), 75,
		'meanwhile the server lends what it has to another');
	// By the server's clock as the client knows it, rounded down twice.
	await pause(3000);
	await gateway.start();
	await synced(gateway);
	const { link, consec } = shown(gateway);
	const until_five_days = link.penalty_until - link.last_success;

	ok(until_five_days > penalty - 60 && until_five_days <= penalty,
		'25 taken beside 5 and 75 lent of 100: five days without', link);
	ok(link.notices.some((one) => one.code === 'auto_lease_penalty' &&
		one.text.includes('gw001')), 'the client is told, and named', link.notices);
	equal(estate.events('LIC30828').length, 1, 'so is the administrator');
	equal([consec.auto_lease, consec.leased], [false, 5],
		'and nothing is lent that is not there');
	ok(/No auto-leasing until/.test(gateway.command(['link', 'show'])),
		'the command line says until when');
}

async function takesNothing(estate, gateway) {
	await estate.stop();
	equal((await gateway.begin('late')).code, 'capacity_reached',
		'until then nothing is taken alone');
	const status = await now(gateway);

	equal([status.is_lost, status.users, status.auto_leased],
		[true, 21, {}], 'users that are there stay');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw001', password, 'CONSEC=5/25/80');
	estate.addClient('gw002', password, 'CONSEC=0/25/100');
	gateway.make();
	await estate.start();
	await gateway.start();
	try {
		gateway.setServer(estate.port, 'gw001', password);
		await gateway.ask({ op: 'sync' });
		gateway.confirmPin();
		await synced(gateway);
		await takes(estate, gateway);
		await givesBack(gateway);
		await isFoundOut(estate, gateway);
		await takesNothing(estate, gateway);
		equal(await gateway.stop(), 0, 'the agent ends well');
	} finally {
		await gateway.stop('SIGKILL');
	}
});
