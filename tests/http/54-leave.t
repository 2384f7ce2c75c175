#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A gateway leaves the license server that has a license of it, for another
// one and back, by way of a trial, under another Unique ID, and after it was
// set back to a time before all that: its units never count on two sides
// (docs/decisions/0029).
'use strict';

const fs = require('fs');

const { Estate, equal, ok, pause, play } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';
const OWN = 100;
const RESERVED = 5;
const THERE = 1000;
// Without licenses and leases.
const FEW = 2;

function refused(act) {
	try {
		act();
		return '';
	} catch (error) {
		return String(error);
	}
}

async function until(good, act, tries = 80) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

const license = (gateway) => JSON.parse(gateway.command(['key', 'list', '--json']))
	.find((one) => one.feature === 'CONSEC');

const total = (server) => JSON.parse(server.server(['status', '--json'])).features
	.find((one) => one.feature === 'CONSEC').installed;

const synced = (gateway) => until((answer) => answer.ok, () => gateway.ask({ op: 'sync' }));

const capacity = (gateway, wanted) => until((found) => found === wanted,
	async () => (await gateway.ask({ op: 'status' })).capacity);

const set = (gateway, server, id, ...more) => gateway.command(['link', 'set', '--server',
	`127.0.0.1:${server.port}`, '--client-id', id, '--password-file',
	gateway.estate.file('gateway-password', password), '--verify', 'off', ...more]);

async function joins(gateway, server, id, ...more) {
	set(gateway, server, id, ...more);
	await gateway.ask({ op: 'sync' });
	gateway.confirmPin();
	return synced(gateway);
}

// All that a server has ever heard of licenses that are not its own.
const heard = (server) => server.sql('SELECT serial FROM surrendered' +
	' UNION SELECT serial FROM surrender_closed');

async function isNotLeftUnasked(gateway, first, second, serial) {
	gateway.addLicense('PSA-LICENSE-MBR');
	gateway.command(['key', 'surrender', serial]);
	await until((one) => one.state === 'surrendered', () => license(gateway));
	equal([total(first), await capacity(gateway, RESERVED)], [THERE + OWN, RESERVED],
		'a license is surrendered');
	for (const act of [() => gateway.command(['link', 'remove']),
		() => set(gateway, second, 'gw002'), () => set(gateway, first, 'gw009')]) {
		const said = refused(act);

		ok(said.includes(serial) && /Recall it before you leave that server, or choose to leave it there/.test(said),
			'its server is not left unasked', said);
	}
	equal(gateway.link().client_id, 'gw001', 'and is there still');
}

// For another one, that hears nothing of it.
async function isLeft(gateway, first, second, serial) {
	const said = gateway.command(['link', 'remove', '--leave-licenses']);

	ok(new RegExp(`CONSEC: ${RESERVED} units leased from 127\\.0\\.0\\.1:${first.port} end here; they stay held there until \\d{4}-`)
		.test(said) && said.includes(`${serial} stays surrendered to 127.0.0.1:${first.port} and counts nowhere here.`),
	'who removes the server is told what ends, and what stays', said);
	equal([await capacity(gateway, FEW), total(first)], [FEW, THERE + OWN],
		'it counts where it was, and not here');
	equal(license(gateway).left_server, `127.0.0.1:${first.port}`, 'with the server that was left');
	await joins(gateway, second, 'gw002');
	equal(await capacity(gateway, RESERVED), RESERVED, 'another one lends');
	for (let i = 0; i < 3; i++)
		await synced(gateway);
	equal(heard(second), [], 'and is told of no license');
	ok(/another license server/.test(refused(() => gateway.command(['key', 'recall', serial]))),
		'nor asked for it');
}

// A trial of the first one again, and back: what it found is left again.
async function isTried(gateway, first, second, serial) {
	await joins(gateway, first, 'gw001', '--trial');
	await until((one) => one.left_at === null, () => license(gateway));
	equal([license(gateway).left_at, license(gateway).state], [null, 'surrendered'],
		'with the first one again, it is found');
	ok(/on trial/i.test(refused(() => set(gateway, { port: 1 }, 'gw001',
		'--leave-licenses'))), 'a trial is no time for leaving for good');
	gateway.command(['link', 'revert']);
	await synced(gateway);
	ok(gateway.link().server.endsWith(`:${second.port}`), 'the second comes back');
	for (let i = 0; i < 3; i++)
		await synced(gateway);
	equal([heard(second), total(first)], [[], THERE + OWN],
		'and hears nothing of it still', license(gateway));
	ok(license(gateway).state !== 'active' && license(gateway).left_at !== null,
		'as it is left again', license(gateway));
	ok(/another license server/.test(refused(() => gateway.command(['key', 'recall', serial]))),
		'and not to be had from the second');
}

async function isFound(gateway, first, serial) {
	await joins(gateway, first, 'gw003');
	const found = await until((one) => one.left_at === null, () => license(gateway));

	equal([found.left_at, found.state, total(first)], [null, 'surrendered', THERE + OWN],
		'under another Unique ID the same server is the same');
	await synced(gateway);
	equal(first.sql(`SELECT c.name FROM surrendered s JOIN client c ON c.id = s.client`),
		[{ name: 'gw003' }], 'which lists it with the ID that the device has now');
	gateway.command(['key', 'recall', serial]);
	equal((await until((one) => one.state === 'active', () => license(gateway))).state, 'active',
		'and gives it back');
	equal([total(first), await capacity(gateway, OWN + RESERVED)], [THERE, OWN + RESERVED],
		'to count here and not there');
}

// A disk of before there was a server, under an ID that never gave anything.
async function isSetBack(gateway, first, serial) {
	gateway.command(['key', 'surrender', serial]);
	await until((one) => one.state === 'surrendered', () => license(gateway));
	await gateway.stop();
	fs.rmSync(gateway.state, { recursive: true });
	fs.cpSync(`${gateway.state}.before`, gateway.state, { recursive: true });
	await gateway.start();
	equal([license(gateway).state, total(first)], ['active', THERE + OWN],
		'set back to a time before, a gateway knows nothing of its surrender');
	await joins(gateway, first, 'gw004');
	equal([license(gateway).state, await capacity(gateway, RESERVED), total(first)],
		['surrendered', RESERVED, THERE + OWN],
		'its first contact reminds it, under whatever Unique ID');
	gateway.command(['key', 'recall', serial]);
	await until((one) => one.state === 'active', () => license(gateway));
	equal([total(first), await capacity(gateway, OWN + RESERVED)], [THERE, OWN + RESERVED],
		'and it comes back as ever');
}

play(async (first) => {
	const second = new Estate();
	const gateway = new Gateway(first, 'gateway');

	await second.make();
	for (const [server, ids] of [[first, ['gw001', 'gw003', 'gw004']], [second, ['gw002']]]) {
		server.addLicense(`CONSEC-ADD-${THERE}U`);
		for (const id of ids)
			server.addClient(id, password, `CONSEC=${RESERVED}/25/60`);
		await server.start();
	}
	gateway.make();
	gateway.set({ 'ask-ahead': 0 });
	gateway.addLicense(`CONSEC-ADD-${OWN}U`);
	fs.cpSync(gateway.state, `${gateway.state}.before`, { recursive: true });
	await gateway.start();
	try {
		await joins(gateway, first, 'gw001');
		const { serial } = license(gateway);

		await isNotLeftUnasked(gateway, first, second, serial);
		await isLeft(gateway, first, second, serial);
		await isTried(gateway, first, second, serial);
		await isFound(gateway, first, serial);
		await isSetBack(gateway, first, serial);
	} finally {
		await gateway.stop('SIGKILL');
		await second.stop();
		second.remove();
	}
});
