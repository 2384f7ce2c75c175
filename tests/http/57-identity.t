#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Two real license clients with the same ID and password: the second is
// refused, and both are named to the administrator, who may replace the device.
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
	ok(/Another device is bound to this Unique ID.*replace the device of that client there.*client of its own/
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
		events[0].includes(second.hardware) && /replace the device of the client; if not, change its password/.test(events[0]),
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

// Units that a gateway has from the server, as it says itself.
const leased = async (gateway) => (await gateway.ask({ op: 'status' })).leased.CONSEC || 0;

// Why the command line does not replace the device of gw1 by that one.
function refusal(estate, device) {
	try {
		estate.server(['client', 'replace-device', '--id', 'gw1', '--device', device]);
	} catch (error) {
		return error.message;
	}
	return 'replaced';
}

// Of 100 units the first device has 50, which are reserved, and another client reserves the rest.
async function replacesTheDevice(estate, first, second) {
	const third = new Device();
	const body = requestBody(third.hardware, { CONSEC: 50 }, { device_key: third.jwk });

	estate.addClient('gw2', password, 'CONSEC=50/0/50');
	ok(/16 characters.*typing error/.test(refusal(estate, '0331J8K29P4T77QX')), 'a mistyped hardware ID is found');
	ok(/is the one that client gw1 has/.test(refusal(estate, first.hardware)), 'the bound one is no other one');
	equal(refusal(estate, second.hardware), 'replaced', 'the second one takes the place');
	const now = client(estate);

	equal([now.hardware_id, now.second_devices.length, now.features.CONSEC.leased, now.features.CONSEC.reserved],
		[second.hardware, 0, 0, 50], 'it is bound; the counts stay');
	equal(now.replaced_devices.map((one) => [one.hardware_id, one.feature, one.units]),
		[[first.hardware, 'CONSEC', 50]], 'what the first may still use is listed');
	ok(estate.events('LHD10094').some((text) => text.includes(first.hardware) && /may still use: 50 CONSEC until/.test(text)),
		'an event names it', estate.events('LHD10094'));
	equal((await sync(second)).ok, true, 'the second is let in');
	equal((await sync(first)).code, 'hardware_mismatch', 'the first is refused from now on');
	const other = (await post(estate, { ...basic('gw2', password), ...third.proof(body) }, body)).json.features.CONSEC;

	equal([await leased(first), await leased(second), other.leased], [50, 0, 50],
		'together they have what there is: the new device waits for the lease of the former one');
	const waiting = client(estate);

	equal(waiting.features.CONSEC.denied, 'pool_exhausted', 'and is told so');
	equal(waiting.second_devices.map((one) => one.hardware_id), [first.hardware],
		'the former one is named as the second device now');
}

// It was a mistake: the first one gets its place again, and its lease.
async function takesItBack(estate, first, second) {
	equal(refusal(estate, first.hardware), 'replaced', 'the first one gets its place again');
	equal((await sync(first)).ok, true, 'it is let in');
	equal([await leased(first), client(estate).features.CONSEC.leased, client(estate).replaced_devices], [50, 50, []],
		'with the lease that it had');
	equal((await sync(second)).code, 'hardware_mismatch', 'and the second is refused');
}

// A client of the same ID is another one: a token of the first opens nothing.
async function inheritsNoToken(estate) {
	const device = new Device();
	const add = () => estate.addClient('gw7', password, 'CONSEC=0/25/100');
	const ask = (headers) => {
		const body = requestBody(device.hardware, {}, { device_key: device.jwk });

		return post(estate, { ...headers, ...device.proof(body) }, body);
	};

	add();
	const { token } = (await ask(basic('gw7', password))).json;
	const bearer = { Authorization: `Bearer ${token}` };

	equal((await ask(bearer)).status, 200, 'a token lets its device in');
	estate.server(['client', 'remove', 'gw7']);
	equal((await ask(bearer)).status, 401, 'not when its client is deleted');
	add();
	equal((await ask(bearer)).status, 401, 'nor when another one has its ID, with the same password');
	equal((await ask(basic('gw7', password))).status, 200, 'which that device may register with anew');
	const spare = new Device();

	estate.server(['client', 'replace-device', '--id', 'gw7', '--device', spare.hardware]);
	const anew = (await ask(basic('gw7', password)));

	equal([anew.status, anew.json.code], [409, 'hardware_mismatch'], 'a replaced device is refused by name');
	const body = requestBody(spare.hardware, {}, { device_key: spare.jwk });

	equal((await post(estate, { ...bearer, ...spare.proof(body) }, body)).status, 401,
		'its token is no use to the new one');
	equal((await post(estate, { ...basic('gw7', password), ...spare.proof(body) }, body)).status, 200,
		'which comes with ID and password');
}

play(async (estate) => {
	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw1', password, 'CONSEC=50/25/100');
	await estate.start();
	const first = await makeGateway(estate, 'first');
	const second = await makeGateway(estate, 'second');

	await refusesTheSecond(estate, first, second);
	await hidesTheFirst(estate, second);
	await inheritsNoToken(estate);
	await replacesTheDevice(estate, first, second);
	await takesItBack(estate, first, second);
	await endsWithThePassword(estate, first, second);
	await first.stop();
	await second.stop();
});
