#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license server's store is copied while it runs, life goes on, and the copy
// is put back: the gateway keeps what it was lent since, and nobody gets more
// before all have reported.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');
const { Device, basic, equal, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';

// The error line of a command that must fail; "" when it does not.
function refusal(estate, words) {
	try {
		estate.server(words);
	} catch (error) {
		return String(error.message);
	}
	return '';
}

async function until(good, act, tries = 60) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

function pool(estate) {
	return JSON.parse(estate.server(['status', '--json'])).features
		.find((one) => one.feature === 'CONSEC');
}

function synced(gateway) {
	return until((answer) => answer && answer.ok,
		() => gateway.ask({ op: 'sync' }));
}

async function capacity(gateway) {
	return (await gateway.ask({ op: 'status' })).capacity;
}

// One after another, each with its own sync if it takes one.
async function admit(gateway, from, to) {
	for (let i = from; i < to; i++) {
		const answer = await until((one) => one.ok,
			() => gateway.begin(`user${i}`, { id: `user${i}` }), 5);

		if (!answer.ok)
			return answer;
	}
	return { ok: true };
}

function replaced(estate) {
	return fs.readdirSync(estate.state)
		.filter((name) => /^store\.db\.replaced-\d+$/.test(name));
}

// ---- copies ---------------------------------------------------------------------

function copies(estate) {
	const file = path.join(estate.directory, 'copy');

	estate.server(['backup', file]);
	equal((fs.statSync(file).mode & 0o777).toString(8), '600',
		'only its owner reads a copy');
	ok(/is there already/.test(refusal(estate, ['backup', file])),
		'a copy replaces no file');
	const piped = child.spawnSync(process.env.LEASEHOLD,
		['backup', '-', '--state', estate.state]);

	ok(piped.status === 0 &&
		piped.stdout.subarray(0, 15).toString() === 'SQLite format 3',
	'a copy goes down a pipe, too', piped.stderr.toString());
	equal(fs.readdirSync(estate.state).filter((name) => /^copy-/.test(name)), [],
		'nothing is left of it');
	equal(estate.events('LHD10026').length, 2, 'the admin log has both');
	return file;
}

async function refusals(estate, gateway, file) {
	const bad = path.join(estate.directory, 'bad');
	const other = path.join(estate.directory, 'other');
	const before = estate.sql('SELECT max(id) AS id FROM event');

	ok(/is running; stop it/.test(refusal(estate, ['restore', file])),
		'a running appliance is not restored');
	await estate.stop();
	fs.writeFileSync(bad, fs.readFileSync(file).subarray(0, 40960));
	ok(/no whole store/.test(refusal(estate, ['restore', bad])),
		'half a copy is refused');
	fs.writeFileSync(bad, 'no store at all');
	ok(/no whole store/.test(refusal(estate, ['restore', bad])),
		'and what is none');
	gateway.command(['backup', other]);
	ok(/is a copy of appliance/.test(refusal(estate, ['restore', other])),
		'and that of another appliance');
	ok(/cannot be read/.test(refusal(estate, ['restore', bad + 'x'])),
		'and one that is not there');
	equal(estate.sql('SELECT max(id) AS id FROM event'), before,
		'nothing was changed by that');
	equal(fs.readdirSync(estate.state).filter((name) => /^copy-/.test(name)), [],
		'nothing is left of it');
}

// ---- afterwards -------------------------------------------------------------------

async function honored(estate, gateway) {
	equal(pool(estate).leased, 25, 'the copy knows of one increment');
	ok((await synced(gateway)).ok, 'the gateway syncs');
	equal(await capacity(gateway), 50, 'it serves as many as before');
	equal(pool(estate).leased, 50, 'and the server knows of them again');
	equal(estate.events('LHD10027').length, 1, 'the log says why',
		estate.events('LHD10027'));
	equal(estate.sql('SELECT epoch FROM appliance')[0].epoch, 2,
		'it is the second epoch');
	equal(gateway.sql('SELECT epoch FROM link')[0].epoch, 2,
		'and the gateway knows');
}

async function waits(estate, gateway) {
	const more = await admit(gateway, 50, 51);

	ok(!more.ok, 'one more user waits for the recovery', more);
	const notices = JSON.parse(gateway.command(['status', '--json']));

	ok(/recover|restored/.test(JSON.stringify(notices)),
		'the gateway says that the server was restored', notices);
	ok(/waits for its clients to report/.test(refusal(estate, ['client', 'set',
		'--id', 'gw001', '--feature', 'CONSEC=10/25/100'])),
	'no reservation is raised meanwhile');
	ok(/has not reported/.test(refusal(estate, ['client', 'remove', 'gw002'])),
		'nor a silent client deleted');
	equal(estate.events('LHD10021').length, 0, 'it is not over yet');
}

async function recovers(estate, gateway) {
	const device = new Device();
	const body = requestBody(device.hardware, { CONSEC: 25 },
		{ device_key: device.jwk });
	const answer = await post(estate,
		{ ...basic('gw002', password), ...device.proof(body) }, body);

	equal([answer.status, answer.json.epoch, answer.json.features.CONSEC.leased],
		[200, 2, 25], 'the last one to report gets what it asks for');
	equal(estate.events('LHD10021'), ['Recovery is over: every client has reported.'],
		'that is the end of it');
	ok((await admit(gateway, 50, 51)).ok, 'and the gateway grows again');
	equal(pool(estate).leased, 100, 'up to all there is');
	ok(/not recovering/.test(refusal(estate, ['recover'])),
		'nothing is left to be ended');
	ok(/Clean/.test(estate.server(['verify'])), 'everything adds up');
}

// The same copy once more: an epoch above both, and somebody who will not wait.
async function again(estate, gateway, file) {
	await estate.stop();
	estate.server(['restore', file]);
	equal(replaced(estate).length, 2, 'each store that was replaced is kept');
	await estate.start();
	equal(estate.sql('SELECT epoch FROM appliance')[0].epoch, 3,
		'each restore is an epoch of its own');
	ok((await synced(gateway)).ok, 'the gateway follows');
	equal([await capacity(gateway), pool(estate).leased], [75, 75],
		'and keeps what it had in the second');
	estate.server(['recover']);
	equal(estate.events('LHD10021'),
		['Recovery is over: an administrator ended it.'], 'it is ended by hand');
	ok(/Clean/.test(estate.server(['verify'])), 'everything adds up');
}

// Stores that cannot be read: an epoch that no earlier one was as high as.
async function damaged(estate, gateway, file) {
	const store = path.join(estate.state, 'store.db');

	for (const lose of [() => fs.writeFileSync(store, 'garbage'),
		() => fs.rmSync(store)]) {
		await estate.stop();
		const before = replaced(estate).length;

		lose();
		const said = estate.server(['restore', file]);

		equal(replaced(estate).length - before, /kept as/.test(said) ? 1 : 0,
			'what there was is kept');
		const epoch = estate.sql('SELECT epoch FROM appliance')[0].epoch;

		ok(epoch > 1.7e9, 'the epoch is above all before', epoch);
		await estate.start();
		ok((await synced(gateway)).ok, 'the gateway follows');
		equal([await capacity(gateway), pool(estate).leased], [75, 75],
			'and keeps what it had');
		ok(/Clean/.test(estate.server(['verify'])), 'everything adds up');
		await pause(1100);
	}
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw001', password, 'CONSEC=0/25/100');
	estate.addClient('gw002', password, 'CONSEC=0/25/100');
	await estate.start();
	gateway.make();
	gateway.setServer(estate.port, 'gw001', password);
	try {
		await gateway.start();
		await gateway.ask({ op: 'sync' });
		gateway.confirmPin();
		await synced(gateway);
		ok((await admit(gateway, 0, 25)).ok, 'one increment of users');
		const file = copies(estate);

		ok((await admit(gateway, 25, 50)).ok, 'and another after the copy');
		equal(pool(estate).leased, 50, 'both are lent');
		await refusals(estate, gateway, file);
		ok(/Restored/.test(estate.server(['restore', file])), 'restored');
		equal(replaced(estate).length, 1, 'the store before is kept');
		await estate.start();
		await honored(estate, gateway);
		await waits(estate, gateway);
		await recovers(estate, gateway);
		await again(estate, gateway, file);
		await damaged(estate, gateway, file);
	} finally {
		await gateway.stop();
	}
});
