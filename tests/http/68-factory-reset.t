#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// An appliance is made as new: nothing by a slip, nothing while it runs or while
// others rely on it, nothing left over, and the center is told the truth.
'use strict';

const fs = require('fs');
const path = require('path');

const { equal, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const reset = (state, ...words) => run(['factory-reset', '--state', state, ...words]);
const refuses = (done, pattern, what) => ok(done.status === 1 && pattern.test(done.err), what, done);

async function serves(buyer) {
	await buyer.start();
	refuses(reset(buyer.state, '--yes', buyer.hardware), /is running; stop it/, 'while it runs: refused');
	await buyer.stop();
}

function slips(buyer, center) {
	refuses(reset(buyer.state), new RegExp(`takes away 2 license keys .*--yes ${buyer.hardware}`), 'without a word: refused, and said what would be lost');
	refuses(reset(buyer.state, '--yes', 'PX8NPVNXGT9GQFPS'), /--yes/, 'for another hardware ID: refused');
	refuses(reset(buyer.state, '--confirm'), /was not reset/, 'nothing is confirmed that was not done');
	refuses(reset(center.state, '--yes', 'x'), /center is not reset/, 'a center never');
	equal(buyer.keys().length, 2, 'and nothing was lost');
}

function isNew(estate, buyer, before) {
	equal(buyer.keys(), [], 'no license key is left');
	equal(estate.sql('SELECT name FROM admin', buyer.state), [{ name: 'admin' }], 'one administrator');
	equal(estate.sql('SELECT count(*) AS n FROM event WHERE code = \'LHD10135\'', buyer.state), [{ n: 1 }],
		'the log knows the reset, and nothing of before');
	equal(estate.command(['hwid', '--state', buyer.state]).trim(), buyer.hardware, 'what it is stays');
	ok(!fs.existsSync(path.join(buyer.state, 'reset')), 'nothing lies about');
	const now = JSON.parse(estate.command(['status', '--json', '--state', buyer.state]));

	equal([now.role, now.hostname, now.listen, now.platform, now.agreement_accepted],
		[before.role, before.hostname, before.listen, before.platform, false], 'role, name and address, too');
	equal(JSON.parse(estate.command(['verify', '--json', '--state', buyer.state])).ok ?? true, true, 'and the store is sound');
}

play(async (estate) => {
	const center = new Center(estate);
	const device = (hardware) => center.sql(`SELECT reset_at > 0 AS done FROM device WHERE hardware_id = '${hardware}'`)[0].done;

	center.port = estate.port;
	center.command('customer', 'add', '--name', 'Example Ltd');
	await center.start();
	const [buyer, alone] = ['buyer', 'alone'].map((name) => {
		const one = new Buyer(estate, center, name);

		one.trustsCenter(center);
		one.download(center.code('Example Ltd', 'CONSEC-ADD-100U', 'PSA-LICENSE-MBR'));
		return one;
	});
	// A license key that was taken back, which somebody has kept.
	const kept = center.command('key', 'issue', '--hwid', buyer.hardware, '--sku', 'CONSEC-ADD-5U');

	center.command('key', 'revoke', JSON.parse(center.command('key', 'list', '--json'))[0].serial, '--why', 'Sold twice');
	buyer.download();
	const before = JSON.parse(estate.command(['status', '--json', '--state', buyer.state]));

	slips(buyer, center);
	await serves(buyer);
	// As a reset that was killed leaves it.
	fs.mkdirSync(path.join(buyer.state, 'reset'));
	fs.writeFileSync(path.join(buyer.state, 'reset/store.db'), 'half');
	const done = reset(buyer.state, '--yes', buyer.hardware);

	ok(done.status === 0 && /Password: \S+ \(shown only now\)/.test(done.out) && /center knows/.test(done.out), 'it is reset, and the center knows', done);
	equal(device(buyer.hardware), 1, 'and has noted it');
	isNew(estate, buyer, before);
	estate.command(['agreement', 'accept', '--yes', '--state', buyer.state]);
	const again = run(['key', 'add', '--state', buyer.state], kept);

	ok(again.status === 1 && /revoked|took it back|taken back/i.test(again.err + again.out), 'a license key that was taken back is not installed on it', again);
	equal(buyer.download().status, 0, 'its license keys can be fetched again, for nothing was taken from it');

	await center.stop();
	const late = reset(alone.state, '--yes', alone.hardware);

	ok(late.status === 1 && /reset is done, and the center does not know it yet: .*--confirm/.test(late.err), 'without a center it is reset, too, and says so', late);
	equal([alone.keys(), device(alone.hardware)], [[], 0], 'as it is');
	await center.start();
	const told = reset(alone.state, '--confirm');

	equal([told.status, device(alone.hardware)], [0, 1], 'and can be confirmed later', told);
	await center.stop();
});
