#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A gateway lends a license of its own to the license server, takes it back
// when its units have come free, and goes on by itself while the server is out
// of reach: what it took then is told, and becomes a lease.
'use strict';

const { Device, basic, equal, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

function refused(act) {
	try {
		act();
		return '';
	} catch (error) {
		return String(error);
	}
}

// Asks until "good" says so of the answer; the last answer.
async function until(good, act, tries = 40) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

function status(gateway) {
	return JSON.parse(gateway.command(['status', '--json']));
}

function license(gateway) {
	return status(gateway).licenses.find((one) => one.feature === 'CONSEC');
}

function borrowed(gateway) {
	return status(gateway).borrowed.find((one) => one.feature === 'CONSEC');
}

function pool(estate) {
	return JSON.parse(estate.server(['status', '--json'])).features
		.find((one) => one.feature === 'CONSEC');
}

function total(estate) {
	return pool(estate).installed;
}

function synced(gateway) {
	return until((answer) => answer.ok, () => gateway.ask({ op: 'sync' }));
}

async function capacity(gateway) {
	return (await gateway.ask({ op: 'status' })).capacity;
}

// ---- there ----------------------------------------------------------------------

async function surrenders(estate, gateway) {
	const { serial } = license(gateway);

	equal([await capacity(gateway), total(estate)], [105, 1000],
		'100 units of its own and 5 leased; 1,000 on the server');
	ok(/LICENSE-MBR/.test(refused(() =>
		gateway.command(['key', 'surrender', serial]))),
	'without a member license nothing is surrendered');
	gateway.addLicense('PSA-LICENSE-MBR');
	ok(/only a surrendered/i.test(refused(() =>
		gateway.command(['key', 'recall', serial]))),
	'nor can it be recalled');
	gateway.command(['key', 'surrender', serial]);
	equal(license(gateway).state.startsWith('surrender'), true,
		'from then on it is on its way');
	await pause(1100);
	equal(await capacity(gateway), 5, 'and counts here no more');
	const there = await until((one) => one.state === 'surrendered',
		() => license(gateway));

	equal(there.state, 'surrendered', 'the next sync, at once, tells the server');
	equal(total(estate), 1100, 'where it counts');
	equal([pool(estate).surrendered, pool(estate).recalling], [100, 0],
		'and its units are told apart');
	return serial;
}

function stays(estate, gateway, serial) {
	ok(/Recall it/.test(refused(() => gateway.command(['key', 'remove', serial]))),
		'a surrendered license is not deleted');
	ok(refused(() => gateway.command(['link', 'remove'])).includes(serial),
		'its server is not left');
	ok(refused(() => gateway.setServer(1, 'gw001', password)).includes(serial),
		'nor exchanged for another');
	equal(gateway.command(['key', 'add'], estate.key).includes(
		'already installed'), true, 'the key again is already installed');
	equal(total(estate), 1100, 'and counts once');
}

// ---- and back ----------------------------------------------------------------------

async function other(estate, device, users, holds) {
	const body = requestBody(device.hardware, { CONSEC: users },
		{ holds, device_key: device.jwk });

	return post(estate, { ...basic('gw002', password), ...device.proof(body) },
		body);
}

async function recalls(estate, gateway, serial) {
	const device = new Device();
	let answer = await other(estate, device, 1095, 0);

	equal(answer.json.features.CONSEC.leased, 1095,
		'another client leases all that is left, surrendered units among it');
	await synced(gateway);
	ok(/The recall waits until 100 more CONSEC units .*gw002 1,095/
		.test(license(gateway).surrender_text),
	'before a recall its client knows what would stand in the way',
	license(gateway).surrender_text);
	gateway.command(['key', 'recall', serial]);
	const waits = await until((one) => one.surrender_text,
		() => license(gateway));

	equal(waits.state, 'recall_pending', 'a recall waits');
	ok(/100/.test(waits.surrender_text), 'and says for how many units',
		waits.surrender_text);
	ok(/Next to run out, if not renewed: gw002 1,095 on \d{4}-/.test(waits.surrender_text),
		'in whose hands they are, and until when', waits.surrender_text);
	equal(JSON.parse(estate.server(['compliance', '--json'])).findings
		.find((one) => one.code === 'recall_waits').text, waits.surrender_text,
	'in the words in which the server tells it');
	equal([await capacity(gateway), total(estate)], [5, 1100],
		'meanwhile they count there');
	equal([pool(estate).recalling, pool(estate).permanent_drawn], [100, 1100],
		'as units that go, all of them permanent and drawn');
	// The administrator takes them away; the client confirms that.
	estate.server(['client', 'set', '--id', 'gw002', '--feature', 'CONSEC=0/25/50']);
	answer = await other(estate, device, 0, answer.json.number);
	await other(estate, device, 0, answer.json.number);
	await synced(gateway);
	const back = license(gateway);

	equal([back.state, back.surrender_text], ['active', ''],
		'when they came free the license is back');
	equal([await capacity(gateway), total(estate)], [105, 1000],
		'and counts here again, not there');
}

// ---- alone ------------------------------------------------------------------------

// As after a day: the switch goes by 24 hours of history.
function passADay(estate) {
	estate.sql('UPDATE pool_change SET at = at - 90000');
	estate.server(['client', 'set', '--id', 'gw002', '--feature', 'CONSEC=0/25/25']);
}

async function crowd(gateway, count, name) {
	return (await Promise.all(Array.from({ length: count },
		(_, i) => gateway.begin(`${name}${i}`)))).filter((one) => one && one.ok);
}

// Each of them, however long that takes on a loaded machine.
async function everybody(gateway, count, name) {
	for (let tries = 0; tries < 20; tries++) {
		const answers = await Promise.all(Array.from({ length: count },
			(_, i) => gateway.begin(`${name}${i}`, { id: `${name}${i}` })));

		if (answers.every((one) => one && one.ok))
			return;
	}
}

async function alone(estate, gateway) {
	// Only what is needed, so that the rest has to be auto-leased.
	gateway.set({ 'ask-ahead': 0 });
	passADay(estate);
	await synced(gateway);
	equal(borrowed(gateway).auto_lease, true,
		'the server tells that CONSEC may be auto-leased');
	await everybody(gateway, 130, 'early');
	equal((await gateway.ask({ op: 'status' })).leased, { CONSEC: 30 },
		'130 users need one increment');
	await estate.stop();
	const first = await gateway.begin('late', { id: 'late' });

	ok(first.ok, 'out of contact, one more user is let in within the wait', first);
	const now = await gateway.ask({ op: 'status' });

	equal([now.is_lost, now.users, now.capacity, now.leased, now.auto_leased],
		[true, 131, 155, { CONSEC: 30 }, { CONSEC: 25 }],
		'by one increment, auto-leased');
	const shown = borrowed(gateway);

	equal([shown.auto_leased, shown.auto_leased_until],
		[25, shown.reserved_expires],
		'until the reserved lease ends, as status tells');
}

async function goesOn(gateway) {
	// As when its time has run out.
	gateway.sql('UPDATE link_part SET expires = granted + 1 WHERE kind = 1');
	let now = await until((one) => one.auto_leased.CONSEC > 25,
		() => gateway.ask({ op: 'status' }));

	equal([now.users, now.capacity, now.leased, now.auto_leased],
		[131, 155, { CONSEC: 5 }, { CONSEC: 50 }],
		'a lease that runs out under its users is replaced');
	const came = await crowd(gateway, 30, 'more');

	now = await gateway.ask({ op: 'status' });
	equal([came.length, now.users, now.capacity, now.auto_leased],
		[24, 155, 155, { CONSEC: 50 }],
		'up to the last increment below the maximum, and no further');
	await gateway.stop('SIGKILL');
	await gateway.start();
	equal((await gateway.ask({ op: 'status' })).capacity, 155,
		'a crash of the agent ends none of it');
}

async function reconciled(estate, gateway) {
	await estate.start();
	const answer = await synced(gateway);
	const now = await gateway.ask({ op: 'status' });

	ok(answer.ok, 'back in contact', answer);
	equal([now.is_lost, now.users, now.capacity, now.leased, now.auto_leased],
		[false, 155, 155, { CONSEC: 55 }, {}],
		'what was auto-leased is an ordinary lease');
	const told = estate.sql('SELECT feature, units, to_at - from_at AS lasted' +
		' FROM auto_lease_report ORDER BY from_at');

	// Two increments within one second are one interval.
	equal(told.reduce((sum, one) => sum + one.units, 0), 50,
		'each interval was told');
	ok(told.every((one) => one.lasted > 0), 'with its length', told);
	equal(estate.events('LIC30844').length, told.length,
		'as the server\'s log says');
	equal(estate.events('LIC30828'), [], 'the units were there: no penalty');
	equal(status(gateway).link.penalty_until, null, 'nor does it hear of one');
	await synced(gateway);
	equal(estate.events('LIC30844').length, told.length, 'and told once');
}

// ---- in a cluster -------------------------------------------------------------------

async function clusters(estate, gateway) {
	gateway.command(['link', 'set', '--cluster', 'emea', '--lead', 'on']);
	await synced(gateway);
	const { link } = status(gateway);

	equal([link.cluster, link.offers_to_lead, link.leader],
		['emea', true, 'gw001'], 'who offers to lead its cluster may');
	ok(/^Cluster: +emea, leader gw001 until \d{4}-/m
		.test(gateway.command(['status'])), 'its status names the leader');
	ok(link.leader_until > link.last_success, 'for some time', link);
	equal(estate.sql('SELECT cluster FROM client WHERE name = \'gw001\'')[0]
		.cluster, 'emea', 'and the server knows of the cluster');
	gateway.command(['link', 'set', '--cluster', 'apac', '--lead', 'off']);
	await synced(gateway);
	ok(/^Cluster: +apac, no leader$/m.test(gateway.command(['status'])),
		'or says that there is none');
	ok(/^Leader: +none$/m.test(gateway.command(['link', 'show'])),
		'and so does the link');
	gateway.command(['link', 'set', '--cluster', '']);
	await synced(gateway);
	equal([gateway.link().cluster, gateway.link().leader], ['', ''],
		'until it leaves');
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	estate.addLicense('CONSEC-ADD-1000U');
	estate.addClient('gw001', password, 'CONSEC=5/25/60');
	estate.addClient('gw002', password, 'CONSEC=0/1095/1095');
	gateway.make();
	gateway.addLicense('CONSEC-ADD-100U');
	estate.key = gateway.sql('SELECT statement FROM license')[0].statement;
	await estate.start();
	await gateway.start();
	try {
		gateway.setServer(estate.port, 'gw001', password);
		await gateway.ask({ op: 'sync' });
		gateway.confirmPin();
		await synced(gateway);
		const serial = await surrenders(estate, gateway);

		stays(estate, gateway, serial);
		await recalls(estate, gateway, serial);
		await alone(estate, gateway);
		await goesOn(gateway);
		await reconciled(estate, gateway);
		await clusters(estate, gateway);
		equal(await gateway.stop(), 0, 'the agent ends well');
	} finally {
		await gateway.stop('SIGKILL');
	}
});
