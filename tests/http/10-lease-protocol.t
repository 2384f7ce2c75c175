#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The lease protocol as an integrator's client meets it: who gets in, what is
// refused and how, and that a repeat is a repeat.
'use strict';

const { Device, basic, bearer, equal, exchange, hardwareId, json, ok, openLease,
	play, post, requestBody, requestId } = require('./lease-support.cjs');

const password = 'Correct-Horse-1';
const longId = 'L'.repeat(19999) + 'a';

function isProblem(answer, status, code, name) {
	return ok(answer.status === status && answer.json !== null &&
		answer.json.code === code && answer.json.status === status &&
		typeof answer.json.title === 'string' &&
		/^application\/problem\+json/.test(answer.headers['content-type']) &&
		answer.headers['cache-control'] === 'no-store',
	`${name}: ${status} ${code}`, answer);
}

async function grants(estate) {
	const hardware = hardwareId();
	const body = requestBody(hardware, { CONSEC: 60 });
	const first = await post(estate, basic('gw1', password), body);
	const id = JSON.parse(body).request_id;
	const answer = first.json || {};

	equal(first.status, 200, 'Basic: 200');
	ok(/^application\/json/.test(first.headers['content-type']), 'JSON');
	equal(first.headers['cache-control'], 'no-store', 'kept by no cache');
	equal([answer.protocol, answer.request_id], [1, id],
		'protocol, request_id');
	ok(answer.number > 1e9, 'number: none of an earlier client had it',
		answer.number);
	ok(Math.abs(answer.server_time - Date.now() / 1000) < 5, 'server_time');
	ok(answer.renew_after >= 60, 'renew_after', answer.renew_after);
	const feature = answer.features && answer.features.CONSEC;

	equal(feature && [feature.reserved, feature.increment, feature.maximum,
		feature.leased, feature.denied], [50, 25, 100, 75, null],
	'60 users of 50/25/100 are 75 units');
	equal(feature && feature.parts.map((p) => [p.kind, p.units]),
		[['reserved', 50], ['quantum', 25]], 'parts');
	const lease = openLease(estate, answer.lease);

	ok(lease !== null, 'the lease document is signed with the server key');
	equal(lease && lease.header.typ, 'lease+jwt', 'its type');
	ok(JSON.stringify(lease && lease.payload).includes(id),
		'it names the request');
	ok(JSON.stringify(lease && lease.payload).includes(hardware),
		'it names the hardware ID');

	const again = await post(estate, basic('gw1', password), body);

	equal(again.text, first.text, 'the same request: the same answer');
	const altered = await post(estate, basic('gw1', password), body + ' ');

	isProblem(altered, 409, 'request_reused', 'the same ID, another body');
	const second = await post(estate, bearer(answer.token),
		requestBody(hardware, { CONSEC: 60 }, { holds: answer.number }));

	equal([second.status, second.json && second.json.number],
		[200, answer.number + 1], 'the token of an answer lets in');
	const third = await post(estate, {}, requestBody(hardware, { CONSEC: 60 },
		{ client: 'gw1', password, holds: answer.number + 1 }));

	equal(third.status, 200, 'client and password in the body let in');
	isProblem(await post(estate, basic('gw1', password),
		requestBody(hardwareId(), {})), 409, 'hardware_mismatch',
	'the same password from another device');
	isProblem(await post(estate, bearer(answer.token),
		requestBody(hardwareId(), {})), 409, 'hardware_mismatch',
	'the same token from another device');
	return { hardware, token: answer.token };
}

async function longIds(estate) {
	const hardware = hardwareId();
	const inHeader = await post(estate, basic(longId, password),
		requestBody(hardware, {}));
	const inBody = await post(estate, {}, requestBody(hardware, {},
		{ client: longId, password }));
	const other = await post(estate, {}, requestBody(hardware, {},
		{ client: longId.slice(0, -1) + 'b', password }), { from: '127.0.0.31' });

	equal([inHeader.status, inBody.status], [200, 200],
		'an ID of 20,000 characters lets in, by header and by body');
	isProblem(other, 401, 'unauthorized', 'its last character counts');
}

async function refusesRequests(estate) {
	const body = requestBody(hardwareId(), {});
	const headers = basic('gw1', password);
	const send = (text, more) => post(estate, { ...headers, ...more }, text);

	isProblem(await send('x'.repeat(65537)), 413, 'too_large', '65,537 bytes');
	isProblem(await send(' '.repeat(65536)), 400, 'bad_request',
		'65,536 bytes of nothing');
	isProblem(await send('{'), 400, 'bad_request', 'half of JSON');
	isProblem(await send(''), 400, 'bad_request', 'no body');
	isProblem(await send('['.repeat(10000)), 400, 'bad_request', 'deep nesting');
	isProblem(await send(body, { 'Content-Type': 'text/plain' }), 400,
		'bad_request', 'another content type');
	isProblem(await send(body, { 'Content-Type': 'application/json; charset=utf-16' }),
		400, 'bad_request', 'another charset');
	isProblem(await send(body, { 'Content-Encoding': 'gzip' }), 415,
		'unsupported_encoding', 'a content encoding');
	isProblem(await send(requestBody(hardwareId(), { CONSEC: 1.5 })), 400,
		'bad_request', 'half a user');
	const other = await send('{"protocol":2}');

	isProblem(other, 400, 'unsupported_protocol', 'protocol 2');
	equal(other.json && other.json.versions, [1], 'the versions spoken');
	const get = await exchange(estate, { method: 'GET' });

	isProblem(get, 405, 'method_not_allowed', 'GET');
	equal(get.headers.allow, 'POST', 'the method allowed');
	for (const url of ['/lease/', '/lease/v1/sync/', '/lease/v2/sync',
		'/lease/v1/syncs'])
		isProblem(await exchange(estate, { url, headers: json, body }), 404,
			'not_found', url);
}

async function median(times, act) {
	const taken = [];

	for (let i = 0; i < times; i++) {
		const began = process.hrtime.bigint();

		await act(i);
		taken.push(Number(process.hrtime.bigint() - began));
	}
	return taken.sort((a, b) => a - b)[times >> 1];
}

async function refusesStrangers(estate) {
	const hardware = hardwareId();
	const id = requestId();
	const ask = (headers, from) => post(estate, headers,
		requestBody(hardware, {}, { request_id: id }), { from });
	const wrong = await ask(basic('gw1', 'wrong'), '127.0.0.21');
	const unknown = await ask(basic('nobody', 'wrong'), '127.0.0.22');

	isProblem(wrong, 401, 'unauthorized', 'a wrong password');
	isProblem(unknown, 401, 'unauthorized', 'an unknown client');
	equal(unknown.text, wrong.text, 'both hear the same words');
	const names = (answer) => Object.keys(answer.headers).sort();

	equal(names(unknown), names(wrong), 'and the same headers');
	ok(/^Basic /.test(wrong.headers['www-authenticate']), 'WWW-Authenticate');
	const known = await median(7, () => ask(basic('gw1', 'wrong'), '127.0.0.23'));
	const strange = await median(7, () => ask(basic('nobody', 'wrong'), '127.0.0.24'));

	// Told, not judged: no test fails on time.
	console.log(`# a wrong password takes ${known / 1e6} ms, an unknown client ${strange / 1e6} ms`);
	for (const [name, headers] of Object.entries({
		'no credentials': {}, 'a scheme of no kind': { Authorization: 'Digest x' },
		'Basic without a colon': { Authorization: 'Basic Z3cx' },
		'Basic that is not base64': { Authorization: 'Basic !' },
		'a token of nobody': bearer('1.999.1767225600.' + '0'.repeat(64)),
		'a token that is none': bearer('x') }))
		isProblem(await ask(headers, '127.0.0.25'), 401, 'unauthorized', name);
}

async function bindsDevices(estate) {
	const device = new Device();
	const thief = new Device();
	const body = (members = {}) => requestBody(device.hardware, { CONSEC: 1 },
		{ device_key: device.jwk, ...members });
	const send = (headers, text, from) => post(estate, headers, text, { from });
	let text = body();

	isProblem(await send(basic('gw2', password), text, '127.0.0.40'), 401,
		'unauthorized', 'a device key without a signature');
	isProblem(await send({ ...basic('gw2', password), ...thief.proof(text) },
		text, '127.0.0.40'), 401, 'unauthorized', "another's signature");
	const first = await send({ ...basic('gw2', password), ...device.proof(text) },
		text);

	equal(first.status, 200, 'a device registers with its key');
	text = body({ device_key: undefined });
	const second = await send({ ...bearer(first.json && first.json.token),
		...device.proof(text, 1) }, text);

	equal(second.status, 200, 'its signature lets in, whatever its clock says');
	isProblem(await send(bearer(first.json && first.json.token), text,
		'127.0.0.40'), 401, 'unauthorized', 'a stolen token without the device');
	isProblem(await send(basic('gw2', password), text, '127.0.0.40'), 401,
		'unauthorized', 'the right password without the device');
	isProblem(await send({ ...basic('gw2', password), ...device.proof(text) },
		text + ' ', '127.0.0.40'), 401, 'unauthorized',
	'a signature over another body');
	text = requestBody(thief.hardware, {}, { device_key: thief.jwk });
	isProblem(await send({ ...basic('gw2', password), ...thief.proof(text) },
		text, '127.0.0.40'), 409, 'hardware_mismatch', 'a second device key');
	isProblem(await send({ ...basic('gw2', 'wrong'), ...thief.proof(text) },
		text, '127.0.0.40'), 401, 'unauthorized',
	'a second device with a wrong password hears nothing of the first');
	isProblem(await send(basic('gw2', password), text, '127.0.0.40'), 401,
		'unauthorized', 'a second device whose key did not sign');
	text = body({ device_key: thief.jwk });
	const taken = await send({ ...basic('gw2', password), ...thief.proof(text) },
		text, '127.0.0.40');

	isProblem(taken, 400, 'bad_request', "another's hardware ID with a key of its own");
	ok(taken.json && /^hardware_id .*device_key\.$/.test(taken.json.detail),
		'it names the two that do not belong together', taken.json);
	return device;
}

async function slowsGuessers(estate, device) {
	const from = '127.0.0.50';
	const hardware = hardwareId();
	const guess = (id) => post(estate, basic(id, 'guess'),
		requestBody(hardware, {}), { from });
	const statuses = [];

	for (let i = 0; i < 14; i++)
		statuses.push((await guess(i % 2 ? 'gw3' : `guess${i}`)).status);
	equal(statuses.slice(0, 10), Array(10).fill(401), 'ten guesses are heard');
	const slowed = await guess('gw3');

	isProblem(slowed, 429, 'too_many_requests', 'then the address is slowed');
	ok(Number(slowed.headers['retry-after']) >= 1, 'and told for how long');
	const old = requestBody(device.hardware, {});

	isProblem(await post(estate, { ...basic('gw2', password),
		...device.proof(old, 1) }, old, { from }), 429, 'too_many_requests',
	'a proof of long ago, which may be recorded, exempts nobody');
	equal((await post(estate, basic('gw3', password),
		requestBody(hardware, {}))).status, 200,
	'the client itself is let in from elsewhere');
	let guessed;

	for (let i = 0; i < 90 && (guessed || {}).status !== 429; i++)
		guessed = await post(estate, basic('gw3', 'guess'),
			requestBody(hardwareId(), {}), { from: `127.0.0.${60 + i}` });
	const own = await post(estate, basic('gw3', password),
		requestBody(hardware, {}), { from: '127.0.0.160' });

	equal([guessed.status, own.status], [429, 200],
		'guesses from everywhere are slowed, but not the client itself');
	const text = requestBody(device.hardware, {});

	equal((await post(estate, { ...basic('gw2', password), ...device.proof(text) },
		text, { from })).status, 200, 'a known device is let in from there');
	const burst = await Promise.all(Array.from({ length: 60 }, (_, i) =>
		post(estate, basic(`burst${i}`, 'guess'), requestBody(hardware, {}),
			{ from: '127.0.0.51' })));
	const heard = burst.filter((answer) => answer.status === 401).length;

	ok(heard >= 10 && heard <= 14, 'sixty guesses at once gain nothing', heard);
}

async function keepsAPace(estate) {
	const hardware = hardwareId();
	const first = await post(estate, basic('gw4', password),
		requestBody(hardware, {}));
	const answers = await Promise.all(Array.from({ length: 90 }, () =>
		post(estate, bearer(first.json.token), requestBody(hardware, {}))));
	const heard = answers.filter((answer) => answer.status === 200).length;
	const slowed = answers.find((answer) => answer.status === 429) || {};

	ok(heard >= 59 && heard < 90, 'a client is let in sixty times at once',
		heard);
	isProblem(slowed, 429, 'too_many_requests', 'and slowed down after that');
	ok(Number(slowed.headers['retry-after']) >= 1, 'and told for how long');
}

async function looksAtDocuments(estate, { hardware, token }) {
	const ask = (members) => post(estate, bearer(token),
		requestBody(hardware, {}, members));
	const strange = (answer) => answer.json.notices
		.filter((notice) => notice.code === 'lease_not_recognized').length;
	const plain = await ask({ cluster: null, later: [1] });
	const own = await ask({ lease: plain.json && plain.json.lease });
	const forged = await ask({ lease: String(plain.json && plain.json.lease)
		.replace(/.{8}$/, 'AAAAAAAA') });
	const other = await ask({ lease: 'x' });

	equal([plain, own, forged, other].map((answer) => answer.status),
		[200, 200, 200, 200], 'a lease document shown refuses nothing');
	equal([plain, own, forged, other].map(strange), [0, 0, 1, 1],
		'one that this server did not sign is told');
	isProblem(await ask({ surrenders: [{ key: 'k' }] }), 400, 'bad_request',
		'a surrender without an instant');
	const early = await post(estate, bearer(token), requestBody(hardware, {},
		{ sent_at: Math.floor(Date.now() / 1000) - 960 }));

	ok(early.status === 200 && early.json.notices.some((n) => n.code === 'clock_skew'),
		'a clock 16 min off is answered, with a notice', early);
}

async function followsTheConsole(estate, { hardware, token }) {
	const ask = (headers) => post(estate, headers, requestBody(hardware, {}));

	estate.server(['server', 'set', '--enabled', 'off']);
	isProblem(await ask(bearer(token)), 403, 'server_disabled',
		'the server is switched off');
	estate.server(['server', 'set', '--enabled', 'on']);
	equal((await ask(bearer(token))).status, 200, 'and on again');
	estate.server(['client', 'set', '--id', 'gw1', '--password-file',
		estate.file('password', 'Another-Horse-2')]);
	isProblem(await ask(bearer(token)), 401, 'unauthorized',
		'a token of the old password');
	equal((await ask(basic('gw1', 'Another-Horse-2'))).status, 200,
		'the new password');
	// Nobody can enter a date that is over; this one has passed meanwhile.
	estate.sql("UPDATE client SET expires = 1580428800 WHERE name = 'gw1'");
	isProblem(await ask(basic('gw1', 'Another-Horse-2')), 403,
		'configuration_expired', 'an expired configuration');
	estate.server(['client', 'remove', 'gw1']);
	isProblem(await ask(basic('gw1', 'Another-Horse-2')), 401, 'unauthorized',
		'a deleted client');
}

play(async (estate) => {
	estate.addLicense('CONSEC-ADD-1000U');
	for (const id of ['gw1', 'gw2', 'gw3', 'gw4', longId])
		estate.addClient(id, password, 'CONSEC=50/25/100');
	await estate.start();
	const known = await grants(estate);

	await longIds(estate);
	await refusesRequests(estate);
	await refusesStrangers(estate);
	await slowsGuessers(estate, await bindsDevices(estate));
	await keepsAPace(estate);
	await looksAtDocuments(estate, known);
	await followsTheConsole(estate, known);
	const log = estate.logText();

	ok(![password, 'Another-Horse-2', known.token, 'guess\b'].some((secret) =>
		log.includes(secret)), 'no password and no token in the log');
	equal(await estate.stop(), 0, 'the server stops cleanly');
});
