#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A center that sells, and appliances that fetch what was sold: an
// authentication code gives its license keys to one device, again and again
// the same, and to no other. A stranger gets nothing, says nothing that counts
// and learns nothing.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { Device, equal, freePort, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, Relay, run, send } = require('./center-support.cjs');

const CODE = /^([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}$/;

// ---- what is sold ---------------------------------------------------------------

function sells(center) {
	center.command('customer', 'add', '--name', 'Example Ltd');
	center.command('customer', 'add', '--name', 'Other Inc');
	const code = center.code('Example Ltd', 'CONSEC-ADD-100U', 'PSA-LICENSE-MBR');

	ok(CODE.test(code), 'a code is four groups of five, fit to be read aloud', code);
	const [row] = JSON.parse(center.command('authcode', 'list', '--json'));

	equal([row.ends_in, row.state, row.worth.map((one) => one.sku)],
		[code.slice(-5), 'free', ['CONSEC-ADD-100U', 'PSA-LICENSE-MBR']],
		'it is listed by its last group, with what it is worth');
	const kept = ['store.db', 'store.db-wal'].map((name) => path.join(center.state, name))
		.filter((file) => fs.existsSync(file)).map((file) => fs.readFileSync(file, 'latin1')).join('');

	ok(!kept.includes(code) && !kept.includes(code.replace(/-/g, '')),
		'and stands nowhere in the store');
	return code;
}

// ---- who has it -------------------------------------------------------------------

function activates(center, buyer, code) {
	const untrusted = buyer.download(code);

	ok(untrusted.status === 1 && /certificate is not trusted, so nothing was sent/.test(untrusted.err) &&
		/The code was not used\./.test(untrusted.err),
	'a center whose certificate nobody vouches for is told nothing', untrusted);
	equal(center.sql('SELECT count(*) AS n FROM device'), [{ n: 0 }], 'nor did it hear of the device');
	buyer.trustsCenter(center);
	const got = buyer.download(code.toLowerCase());

	equal([got.status, buyer.keys().map((one) => one.sku).sort()],
		[0, ['CONSEC-ADD-100U', 'PSA-LICENSE-MBR']], 'then its license keys come, and are installed', got);
	const before = buyer.keys();
	const again = buyer.download(code);

	ok(again.status === 0 && /already installed/.test(again.out), 'asked again, it gives the same', again);
	equal(buyer.keys(), before, 'and nothing twice');
	equal(center.sql('SELECT count(*) AS n FROM issued'), [{ n: 2 }], 'nor were more issued');
	equal(buyer.download().status, 0, 'without a code, all that the device has comes');
	const [device] = JSON.parse(center.command('device', 'list', '--json'));

	equal([device.hwid, device.customer, device.platform, device.state],
		[buyer.hardware, 'Example Ltd', 'PSA-7000f', 'in service'],
		'the center knows whose the device is now');
}

function refusesOthers(center, other, code) {
	const taken = other.download(code);

	ok(taken.status === 1 && /used by another device already/.test(taken.err) &&
		/The code was not used\./.test(taken.err), 'another device gets nothing for it', taken);
	ok(/typing error.*Nothing was sent/.test(other.download(
		code.replace(/^./, (c) => (c === '0' ? '1' : '0'))).err), 'a typing error is seen before anything is sent');
	ok(/four groups of five.*Nothing was sent/.test(other.download('$(touch${IFS}pwned)').err),
		'what is no code goes nowhere');
	const [mine, wrong] = [center.code('Other Inc', 'CONSEC-ADD-5U'), center.code('Other Inc', 'ACCESS-ADD-5U')];

	center.command('authcode', 'revoke', String(JSON.parse(center.command('authcode', 'list', '--json'))
		.find((one) => one.ends_in === wrong.slice(-5)).number));
	const both = other.download(`${wrong} ${mine}`);

	ok(both.status === 1 && /was revoked/.test(both.err), 'one of several codes is refused', both);
	equal(other.keys().map((one) => one.sku), ['CONSEC-ADD-5U'], 'the others are worth what they are');
	const none = other.download();

	equal(none.status, 0, 'each device has its own', none);
	equal(other.keys().length, 1, 'and nothing of the other');
}

// ---- strangers ----------------------------------------------------------------------

function call(center, device, { method = 'POST', where = '/center/v1/activations', body = '', signed = {}, by = device }) {
	const payload = { method, path: where, digest: crypto.createHash('sha256').update(body).digest('hex'),
		time: Math.floor(Date.now() / 1000), nonce: crypto.randomBytes(16).toString('hex'), ...signed };
	const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
	const text = `${part({ alg: 'EdDSA', typ: 'leasehold-device-call' })}.${part(payload)}`;
	const jws = `${text}.${crypto.sign(null, Buffer.from(text), by.key).toString('base64url')}`;

	return send(center, method, where, body, `Device ${jws}`);
}

async function strangers(center, buyer) {
	const device = new Device();
	const thief = new Device();
	const fresh = center.code('Example Ltd', 'CONSEC-ADD-7U');
	const ask = (who, authcode, members = {}) => JSON.stringify({ authcode, hardware_id: who.hardware,
		device_key: who.jwk, ...members });
	const said = async (options) => (({ status, json }) => [status, json && json.code])(await call(center, device, options));

	equal(await said({ body: ask(device, fresh, { hardware_id: buyer.hardware }) }), [400, 'bad_request'],
		'nobody takes the name of another device');
	equal(await said({ body: ask(device, fresh), by: thief }), [401, 'unauthorized'],
		'nor signs for it');
	equal(await said({ body: ask(device, fresh), signed: { path: '/center/v1/other' } }), [401, 'unauthorized'],
		'nor uses what it signed elsewhere');
	equal(await said({ body: ask(device, fresh), signed: { digest: '0'.repeat(64) } }), [401, 'unauthorized'],
		'or with another body');
	equal(await said({ body: ask(device, fresh), signed: { time: Math.floor(Date.now() / 1000) - 901 } }), [401, 'clock'],
		'a call of 15 minutes ago is none of now');
	equal(await said({ body: '{"authcode":' }), [400, 'bad_request'], 'what is no JSON is said to be none');
	equal(await said({ body: `{"authcode":"${'A'.repeat(17000)}"}` }), [413, 'too_large'], 'nor is too much read');
	equal(await said({ method: 'GET' }), [405, 'method_not_allowed'], 'nor another method');
	equal(await said({ where: '/center/v1/other', body: '{}' }), [404, 'not_found'], 'nor another address');
	equal(await said({ method: 'GET', where: `/center/v1/devices/${buyer.hardware}/keys` }), [401, 'unauthorized'],
		'nobody reads the license keys of another device');
	equal(center.sql(`SELECT used_at FROM authcode WHERE tail = '${fresh.slice(-5)}'`), [{ used_at: 0 }],
		'and no code was used up by any of it');
	const first = await call(center, device, { body: ask(device, fresh) });

	equal([first.status, first.json.before, first.json.keys.map((one) => one.sku)], [200, false, ['CONSEC-ADD-7U']],
		'a device of whatever make is served', first.json);
	const replay = await send(center, 'POST', '/center/v1/activations', ask(device, fresh), first.authorization);

	equal([replay.status, replay.json.code], [409, 'replayed'], 'a call that was recorded is answered once');
	const elsewhere = run(['key', 'add', '--state', buyer.state], first.json.keys[0].key);

	ok(elsewhere.status === 1 && buyer.keys().every((one) => one.sku !== 'CONSEC-ADD-7U'),
		'its answer installs nothing on another device', elsewhere);
}

// What the issuer takes back counts no more, and does not come back.
async function revokes(estate, center, buyer) {
	const [license] = buyer.keys().filter((one) => one.sku === 'CONSEC-ADD-100U');
	const [issued] = JSON.parse(center.command('key', 'list', '--json')).filter((one) => one.serial === license.serial);
	const key = center.sql(`SELECT statement FROM issued WHERE serial = '${license.serial}'`)[0].statement;

	equal([license.state, issued.hwid, issued.revoked_at], ['active', buyer.hardware, null], 'a license key is good');
	center.command('key', 'revoke', license.serial, '--why', 'Sold twice');
	equal(run(['center', 'key', 'revoke', license.serial, '--why', 'again', '--state', center.state]).status, 1,
		'it is taken back once');
	equal(buyer.keys().find((one) => one.serial === license.serial).state, 'active', 'which its appliance does not know yet');
	equal(buyer.download().status, 0, 'at its next contact');
	equal(buyer.keys().find((one) => one.serial === license.serial).state, 'revoked', 'it is, and counts no more');
	equal(estate.sql(`SELECT count(*) AS n FROM event WHERE code = 'LHD10110'`, buyer.state), [{ n: 1 }], 'which is told');
	buyer.download();
	equal(estate.sql(`SELECT count(*) AS n FROM event WHERE code = 'LHD10110'`, buyer.state), [{ n: 1 }], 'once');
	estate.command(['key', 'remove', license.serial, '--state', buyer.state]);
	ok(/revoked by its issuer/.test(run(['key', 'add', '--state', buyer.state], key).out), 'nor is it installed again');
	const stranger = await send(center, 'GET', `/center/v1/devices/${new Device().hardware}/keys`, '', '');

	equal([stranger.status, stranger.json.known, stranger.json.keys], [200, false, []], 'a stranger learns of no license key');
	const list = JSON.parse(Buffer.from(stranger.json.revocations.split('.')[1], 'base64url'));

	equal(list.serials, [license.serial], 'but of those that are revoked, by the issuer\'s word');
}

async function guesses(center, buyer, code) {
	const device = new Device();
	let answer;

	for (let i = 0; i < 40; i++) {
		answer = await call(center, device, { body: JSON.stringify({ authcode: '7K3QD-0M9XW-4RTZ8-HB2N0',
			hardware_id: device.hardware, device_key: device.jwk }) });
		if (answer.status === 429)
			break;
	}
	equal([answer.status, answer.json.code], [429, 'too_many_requests'], 'who guesses codes is slowed down', answer.json);
	ok(Number(answer.headers['retry-after']) > 0, 'and told for how long', answer.headers);
	equal(buyer.download(code).status, 0, 'a device that has had its keys is not held back by guessers beside it');
}

// Names cost nothing: who proves none of ours shares the pace of its address.
async function hurries(center, buyer) {
	const where = `/center/v1/devices/${new Device().hardware}/keys`;
	let answer;

	for (let i = 0; i < 200 && (!answer || answer.status === 200); i++)
		answer = await send(center, 'GET', where, '', '');
	equal([answer.status, answer.json.code], [429, 'too_many_requests'], 'a stranger who asks without end is told to wait',
		answer.json);
	ok(Number(answer.headers['retry-after']) > 0 && /asks too often/.test(answer.json.detail), 'for how long, and why', answer);
	equal((await send(center, 'GET', '/center/v1/issuers', '', '')).status, 429, 'so it is for whatever anybody may ask');
	equal((await send(center, 'POST', '/center/v1/heartbeats', JSON.stringify({ hardware_id: new Device().hardware,
		instance: '0'.repeat(32), boot: '0'.repeat(32), sequence: 1 }), '')).status, 429, 'and whatever it says');
	equal((await send(center, 'GET', `/center/v1/devices/${buyer.hardware}/keys`, '', '')).status, 429,
		'also in the name of a device');
	const device = new Device();
	const keys = { method: 'GET', where: `/center/v1/devices/${device.hardware}/keys` };

	center.command('device', 'add', '--hwid', device.hardware, '--customer', 'Example Ltd');
	equal((await call(center, device, { ...keys, method: 'POST', body: JSON.stringify({ device_key: device.jwk }) })).status, 200,
		'a device of the center is not held back by strangers at its address');
	equal((await call(center, device, { ...keys, signed: { time: Math.floor(Date.now() / 1000) - 901 } })).status, 429,
		'but what it signed long ago shares the pace of who repeats it');
	const said = await call(center, device, keys);

	for (let i = 0; i < 70; i++)
		answer = await send(center, 'GET', keys.where, '', said.authorization);
	equal([said.status, answer.status], [200, 429], 'and so does what it said already');
	equal((await call(center, device, keys)).status, 200, 'which does not use up its own');
	for (let i = 0; i < 200 && answer.status !== 200; i++)
		answer = await call(center, device, keys);
	for (let i = 0; i < 200 && answer.status === 200; i++)
		answer = await call(center, device, keys);
	ok(answer.status === 429 && /asks too often/.test(answer.json.detail), 'a device has a pace, too', answer);
	equal(buyer.download().status, 0, 'whose own calls are not held back by it');
}

async function replays(center, buyer, other) {
	const relay = new Relay(center);

	await relay.start();
	const got = await buyer.fetches(relay, center.code('Example Ltd', 'CONSEC-ADD-11U'));
	const kept = relay.kept.find((one) => one.url === '/center/v1/activations');

	equal([got.status, buyer.keys().some((one) => one.sku === 'CONSEC-ADD-11U')], [0, true], 'a relay passes on what the center says', got);
	const before = other.keys();

	// Word for word, and as if it were meant for who asks.
	for (const [body, what] of [[kept.body, 'as it was'], [kept.body.replaceAll(buyer.hardware, other.hardware), 'with the name written over']]) {
		relay.does = (answer) => (answer.url.startsWith('/center/v1/issuers') ? answer : { ...answer, status: 200, body });
		const byCode = await other.fetches(relay, center.code('Other Inc', 'CONSEC-ADD-12U'));
		const byDevice = await other.fetches(relay);

		ok(byCode.status === 1 && byDevice.status === 1, `an answer for one device, repeated to another ${what}, fails there`,
			{ byCode, byDevice });
		equal(other.keys(), before, 'and installs nothing');
	}
	relay.stop();
}

// One code after the other: what came for the first is not lost by the second.
async function isCutOff(center, buyer) {
	const relay = new Relay(center);
	const codes = [center.code('Example Ltd', 'CONSEC-ADD-13U'), center.code('Example Ltd', 'CONSEC-ADD-14U')];
	let asked = 0;

	await relay.start();
	relay.does = (answer) => (answer.url === '/center/v1/activations' && ++asked === 2 ? null : answer);
	const got = await buyer.fetches(relay, codes.join(' '));
	const has = (sku) => buyer.keys().some((one) => one.sku === sku);

	ok(got.status === 1 && /Whether the code was used is not known; sent again, it gives the same license keys\./.test(got.err + got.out),
		'of a code that was not answered it is said that nobody knows', got);
	equal([has('CONSEC-ADD-13U'), has('CONSEC-ADD-14U')], [true, false], 'what came before it is installed');
	equal([(await buyer.fetches(relay, codes[1])).status, has('CONSEC-ADD-14U')], [0, true], 'and sent again, it gives its license keys');
	relay.stop();
	buyer.estate.command(['download', '--settings', '--center', `https://127.0.0.1:${center.port}`, '--state', buyer.state]);
}

// More codes at once than the center answers at once.
function buysMany(center, buyer) {
	buyer.estate.command(['download', '--settings', '--center', `https://127.0.0.1:${center.port}`, '--state', buyer.state]);
	buyer.trustsCenter(center);
	const codes = Array.from({ length: 64 }, (_, i) => center.code('Other Inc', `ACCESS-ADD-${i + 100}U`));
	const got = buyer.download(codes.join(' '));

	equal([got.status, buyer.keys().filter((one) => /^ACCESS-ADD-1\d\dU$/.test(one.sku)).length], [0, 64],
		'many codes at once take their time, and none is lost', got);
}

// A center without the issuer's key: whatever it says is no license key.
async function fakes(estate, center, buyer) {
	const fake = new Center({ ...estate, center: path.join(estate.directory, 'fake'), command: (...a) => estate.command(...a),
		directory: path.join(estate.directory), sql: (...a) => estate.sql(...a) });
	const password = estate.file('admin', crypto.randomBytes(12).toString('hex'));
	const before = buyer.keys();

	fake.log = path.join(estate.directory, 'fake.log');
	fake.port = await freePort();
	estate.command(['init', '--state', fake.state, '--role', 'center', '--listen', `127.0.0.1:${fake.port}`,
		'--hostname', 'center.example', '--admin', 'admin', '--admin-password-file', password]);
	fake.command('customer', 'add', '--name', 'Example Ltd');
	const code = fake.code('Example Ltd', 'CONSEC-ADD-9999U');

	await fake.start();
	buyer.trustsCenter(fake);
	const got = run(['download', '--center', `https://127.0.0.1:${fake.port}`, '--code-file',
		estate.file('code', code), '--state', buyer.state]);

	ok(got.status === 1 && /does not trust|not signed|trust/.test(got.out + got.err), 'a center without the issuer\'s key is heard', got);
	equal(buyer.keys(), before, 'and installs nothing');
	await fake.stop();
}

play(async (estate) => {
	const center = new Center(estate);

	// Of the support's two appliances only the center is of use here.
	center.port = estate.port;
	await center.start();
	try {
		const code = sells(center);
		const [buyer, other] = [new Buyer(estate, center, 'buyer'), new Buyer(estate, center, 'other')];

		activates(center, buyer, code);
		other.trustsCenter(center);
		refusesOthers(center, other, code);
		await strangers(center, buyer);
		await revokes(estate, center, buyer);
		await replays(center, buyer, other);
		await isCutOff(center, buyer);
		await fakes(estate, center, other);
		await guesses(center, buyer, code);
		buysMany(center, other);
		await hurries(center, buyer);
	} finally {
		await center.stop();
	}
});
