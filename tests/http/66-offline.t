#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// License keys where there is no way out: a file is carried to the center and
// another one back. Neither is of use to anybody else.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { equal, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const request = (buyer, codes) => run(['download', 'request', '--state', buyer.state,
	...(codes ? ['--code-file', buyer.estate.file('codes', codes)] : [])]);
const answer = (estate, center, text) => run(['center', 'activate', '--file', estate.file('asked', text), '--state', center.state]);
const install = (buyer, text) => run(['download', 'install', '--file', buyer.estate.file('answer', text), '--state', buyer.state]);
const refuses = (done, pattern, what) => ok(done.status === 1 && pattern.test(done.err), what, done);

// As the device would have signed it at another time.
function resign(site, text, time) {
	const [head, payload] = text.trim().split('.');
	const body = Buffer.from(JSON.stringify({ ...JSON.parse(Buffer.from(payload, 'base64url')), time })).toString('base64url');
	const key = crypto.createPrivateKey(fs.readFileSync(path.join(site.state, 'device.key')));

	return `${head}.${body}.${crypto.sign(null, Buffer.from(`${head}.${body}`), key).toString('base64url')}`;
}

play(async (estate) => {
	const center = new Center(estate);
	// The center is never started: nothing goes over the network.
	const [site, other] = ['site', 'other'].map((name) => new Buyer(estate, Object.assign(center, { port: 1 }), name));

	center.command('customer', 'add', '--name', 'Example Ltd');
	const codes = [center.code('Example Ltd', 'CONSEC-ADD-100U', 'PSA-LICENSE-MBR'), center.code('Example Ltd', 'ACCESS-50U-1YR')];
	const wrong = `${codes[0].slice(0, -1)}${codes[0].endsWith('0') ? '1' : '0'}`;

	refuses(request(site, wrong), /authentication code/i, 'a code that is mistyped is told before anything is carried');
	const asked = request(site, `${codes[0]}, ${codes[1].toLowerCase()}`);

	equal([asked.status, asked.out.trim().split('\n').length], [0, 1], 'an activation file is one line', asked);
	refuses(answer(estate, center, `${asked.out.trim().slice(0, -4)}AAAA\n`), /no activation file, or not the device/, 'one that was changed is refused');
	refuses(answer(estate, center, 'hello'), /no activation file/, 'and what is none');
	ok(Math.abs(JSON.parse(Buffer.from(asked.out.split('.')[1], 'base64url')).time - Date.now() / 1000) < 600,
		'it says when it was made', asked.out);
	const dated = (time) => answer(estate, center, `${resign(site, asked.out, time)}\n`);
	const now = Math.floor(Date.now() / 1000);

	refuses(dated(now + 960), /clock of the appliance .* is ahead by more than 15 minutes/, 'one from the future is refused, and why');
	for (const time of [undefined, 0, -1, 'now'])
		refuses(dated(time), /no activation file/, `and one of time ${time}`);
	const file = dated(now + 840);

	equal([file.status, JSON.parse(file.out).results.map((one) => one.ok)], [0, [true, true]], 'the center answers each code', file);
	refuses(install(other, file.out), new RegExp(`for the appliance ${site.hardware}`), 'another appliance has nothing of it');
	equal(other.keys(), [], 'indeed nothing');
	refuses(install(other, file.out.replaceAll(site.hardware, other.hardware)), /not all of it could be installed/, 'nor when its name is written over');
	equal(other.keys(), [], 'for each license key names its device');
	const done = install(site, file.out);

	equal([done.status, site.keys().map((one) => one.sku).sort()], [0, ['ACCESS-50U-1YR', 'CONSEC-ADD-100U', 'PSA-LICENSE-MBR']],
		'the appliance installs them all', done);
	equal([install(site, file.out).status, site.keys().length], [0, 3], 'twice is once');
	equal(estate.sql('SELECT started_by, codes, received, installed, is_good FROM download ORDER BY id', site.state)
		.map((row) => ({ ...row, started_by: row.started_by !== '' })), [3, 0].map((installed) => ({ started_by: true,
		codes: `by file: ${codes.map((code) => code.slice(-5)).join(', ')}`, received: 3, installed, is_good: 1 })),
	'the history of downloads has both');
	equal(JSON.parse(answer(estate, center, asked.out).out).keys, JSON.parse(file.out).keys, 'asked again, the same license keys come');
	const stolen = answer(estate, center, request(other, codes[0]).out);

	equal(JSON.parse(stolen.out).results.map((one) => [one.ok, /used by another device/.test(one.text)]), [[false, true]],
		'another device has nothing for the same code', stolen);
	const serial = site.keys()[0].serial;

	center.command('key', 'revoke', serial, '--why', 'The order was cancelled.');
	install(site, answer(estate, center, request(site).out).out);
	equal(site.keys().find((one) => one.serial === serial).state, 'revoked', 'without a code all keys come, and what is revoked is heard of');
	const forged = JSON.parse(file.out);

	forged.keys = forged.keys.map((key) => `${key.slice(0, -6)}AAAAAA`);
	const before = other.keys();

	refuses(install(site, JSON.stringify(forged)), /not all of it could be installed/, 'a forged license key is refused');
	equal(other.keys(), before, 'and nothing changed');
	refuses(install(site, '{}'), /no key file/, 'what is no key file is told');
});
