#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license server is restored from a copy older than the lease that a gateway
// holds: the gateway shows its lease document, keeps every unit that it says,
// and nobody else is lent one of them.
'use strict';

const { Device, basic, equal, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

async function synced(gateway) {
	let answer = await gateway.ask({ op: 'sync' });

	for (let tries = 0; tries < 20 && !answer.ok; tries++) {
		await pause(500);
		answer = await gateway.ask({ op: 'sync' });
	}
	return answer;
}

async function leased(gateway) {
	return (await gateway.ask({ op: 'status' })).leased.CONSEC;
}

function held(estate) {
	return JSON.parse(estate.server(['status', '--json'])).features
		.find((one) => one.feature === 'CONSEC').held;
}

async function crowd(gateway, count) {
	for (let i = 0; i < count; i++)
		await gateway.begin(`user${i}`);
}

// The agent does not notice: no sync falls into the time in between.
async function restore(estate, copy) {
	await estate.stop();
	estate.server(['restore', copy]);
	await estate.start();
}

// What the gateway and the server then have of CONSEC, and in which epoch.
async function state(estate, gateway) {
	return [await leased(gateway), held(estate),
		gateway.sql('SELECT epoch FROM link')[0].epoch];
}

async function other(estate) {
	const device = new Device();
	const body = requestBody(device.hardware, { CONSEC: 80 },
		{ device_key: device.jwk });
	const answer = await post(estate, { ...basic('gw002', password),
		...device.proof(body) }, body);

	return answer.json.features.CONSEC;
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');
	const copy = `${estate.directory}/copy.db`;

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw001', password, 'CONSEC=5/25/80');
	estate.addClient('gw002', password, 'CONSEC=0/50/100');
	gateway.make();
	await estate.start();
	await gateway.start();
	try {
		gateway.setServer(estate.port, 'gw001', password);
		await gateway.ask({ op: 'sync' });
		gateway.confirmPin();
		await synced(gateway);
		equal(await state(estate, gateway), [5, 5, 1], 'a gateway leases 5');
		estate.server(['backup', copy]);
		await crowd(gateway, 55);
		equal(await state(estate, gateway), [55, 55, 1],
			'and two increments more after the copy was made');
		await restore(estate, copy);
		equal(held(estate), 5, 'the restored server knows of 5');
		ok((await synced(gateway)).ok, 'the gateway syncs');
		equal(await state(estate, gateway), [55, 55, 2],
			'shows what it holds, and both know of 55 again');
		equal(estate.events('LHD10027').length, 1, 'as the server\'s log says');
		equal((await other(estate)).leased, 0, 'none of them is lent twice');
		// A second time, with an agent that was started since.
		await restore(estate, copy);
		await gateway.stop();
		await gateway.start();
		await synced(gateway);
		equal(await state(estate, gateway), [55, 55, 3],
			'an agent just started shows it without being asked');
		equal(await gateway.stop(), 0, 'the agent ends well');
	} finally {
		await gateway.stop('SIGKILL');
	}
});
