#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Two real license clients with the same ID and password: the second is
// refused, and both are named to the administrator.
'use strict';

const { Device, basic, equal, ok, play, post, requestBody } =
	require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

const sync = (gateway) => gateway.ask({ op: 'sync' });

async function makeGateway(estate, name, secret = password) {
	const gateway = new Gateway(estate, name);

	gateway.make();
	gateway.setServer(estate.port, 'gw1', secret);
	await gateway.start();
	await sync(gateway);
	gateway.confirmPin();
	gateway.hardware = gateway.command(['hwid']).trim();
	return gateway;
}

// What the license server says of its client gw1.
function client(estate) {
	return JSON.parse(estate.server(['client', 'list', '--json']))
		.find((one) => one.id === 'gw1');
}

async function refusesTheSecond(estate, first, second) {
	equal((await sync(first)).ok, true, 'the first device is let in');
	equal(client(estate).hardware_id, first.hardware, 'and bound');
	equal(client(estate).second_devices, [], 'nobody else came yet');
	const refused = await sync(second);

	equal([refused.ok, refused.code], [false, 'hardware_mismatch'],
		'the second with the same ID and password is refused');
	ok(/Another device is bound to this Unique ID.*delete the client there and add it again.*client of its own/
		.test(refused.text), 'and told what to do', refused);
	equal(second.link().failure_code, 'hardware_mismatch', 'its Configure Server page knows');
	for (let i = 0; i < 3; i++)
		await sync(second);
	const [other, ...more] = client(estate).second_devices;

	equal([other && other.hardware_id, more.length, other && other.tries,
		other && other.address, other && other.platform],
	[second.hardware, 0, 4, '127.0.0.1', 'PSA-3000'],
	'the server keeps one row of it, and counts its tries');
	ok(other && /^[\w-]{43}$/.test(other.device_key), 'with the thumbprint of its device key', other);
	const events = estate.events('LIC30635');

	ok(events.length === 1 && events[0].includes(first.hardware) &&
		events[0].includes(second.hardware) && /delete the client and add it again; if not, change its password/.test(events[0]),
	'one event names both and what to do', events);
	equal((await sync(first)).ok, true, 'the first goes on');
}

async function hidesTheFirst(estate, second) {
	const wrong = new Device();
	const body = requestBody(wrong.hardware, {}, { device_key: wrong.jwk });
	const ask = (id, secret) => post(estate, { ...basic(id, secret), ...wrong.proof(body) }, body);
	const [known, unknown] = [await ask('gw1', 'wrong'), await ask('gw9', 'wrong')];

	equal([known.status, known.json.code], [401, 'unauthorized'],
		'another device with a wrong password is unauthorized');
	equal(known.text, unknown.text, 'as is a client that nobody knows');
	equal(client(estate).second_devices.map((one) => one.hardware_id), [second.hardware],
		'and is not kept as a second device');
}

async function endsWithThePassword(estate, first, second) {
	estate.server(['client', 'set', '--id', 'gw1', '--password-file',
		estate.file('password', 'Another-Horse-2')]);
	equal(client(estate).second_devices, [], 'a new password is the end of second devices');
	equal((await sync(second)).code, 'unauthorized', 'the second does not know it');
	first.setServer(estate.port, 'gw1', 'Another-Horse-2');
	equal((await sync(first)).ok, true, 'the first is let in with it');
}

play(async (estate) => {
	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw1', password, 'CONSEC=50/25/100');
	await estate.start();
	const first = await makeGateway(estate, 'first');
	const second = await makeGateway(estate, 'second');

	await refusesTheSecond(estate, first, second);
	await hidesTheFirst(estate, second);
	await endsWithThePassword(estate, first, second);
	await first.stop();
	await second.stop();
});
