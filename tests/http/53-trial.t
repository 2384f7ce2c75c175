#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A changed connection on trial, with the running product: it reverts by itself
// unless it is kept, and no unit counts twice or is lost by that.
'use strict';

const child = require('child_process');
const fs = require('fs');
const https = require('https');
const path = require('path');
const { Estate, equal, freePort, ok, play } = require('./lease-support.cjs');
const { Gateway, fakeTime } = require('./gateway-support.cjs');
const { until } = require('./namespace-support.cjs');

const password = 'Correct-Horse-1';

// Both answers of a command, which may fail.
function attempt(client, words, input = '') {
	const done = child.spawnSync(process.env.LEASEHOLD, [...words, '--state', client.state],
		{ input, encoding: 'utf8' });

	return { status: done.status, out: done.stdout, problem: done.stderr };
}

const tryServer = (client, server, more = []) => client.command(
	['link', 'set', '--trial', '--server', server, '--password', ...more], `${password}\n`);

// As if the trial had begun so many seconds earlier: the clock that decides is
// one that nobody can set.
const older = (client, seconds) => client.sql(
	`UPDATE link_trial SET elapsed_ms = elapsed_ms - ${seconds * 1000}`);

const trial = (client) => client.link().trial;
const leased = (client) => client.sql(
	"SELECT coalesce(sum(units), 0) AS n FROM link_part WHERE feature = 'CONSEC'")[0].n;
const lent = (estate, id) => estate.sql(`SELECT coalesce(sum(size * count), 0) AS n
	FROM lease_part p JOIN client c ON c.id = p.client
	WHERE c.name = '${id}' AND p.last IS NULL`)[0].n;
const told = (client, code) => client.sql(
	`SELECT actor, text FROM event WHERE code = '${code}' ORDER BY id`);
const isBack = (client) => until(() => !trial(client));
const inContact = (client) => until(() => {
	const link = client.link();

	return link.failure_code === '' && link.last_attempt;
});

async function connected(estate, name, id) {
	const client = new Gateway(estate, name);

	client.make();
	client.setServer(estate.port, id, password);
	await client.start();
	await client.ask({ op: 'sync' });
	client.confirmPin();
	await client.ask({ op: 'sync' });
	return client;
}

// ---- the whole minute, by nobody's help ---------------------------------------

function beginMinute(client, dead) {
	client.command(['link', 'set', '--trial-seconds', '60']);
	tryServer(client, dead);
	return Date.now();
}

async function endMinute(client, began) {
	await isBack(client);
	const seconds = (Date.now() - began) / 1000;

	ok(seconds >= 59 && !trial(client), 'a minute later the connection of before is back', seconds);
	equal(told(client, 'LHD10093').map((event) => event.actor), ['System'], 'with one event, by nobody');
	equal(told(client, 'LHD10092').length, 1, 'and one line of the log');
}

// ---- a dead server --------------------------------------------------------------

async function deadServer(estate, client, dead) {
	const before = client.link();
	const units = leased(client);

	ok(units > 0, 'there is a lease', units);
	equal([before.trial, before.trial_seconds], [null, 90], 'nothing is on trial');
	tryServer(client, dead);
	await until(() => trial(client).outcome === 'failed');
	const tried = client.link();

	equal([tried.server, tried.trial.before.server, tried.trial.outcome],
		[dead, before.server, 'failed'], 'a dead server is on trial, and was not reached');
	ok(tried.trial.seconds_left > 60 && tried.trial.seconds_left <= 90 && tried.failure_text,
		'for how long, and why not, is shown', tried);
	const text = client.command(['link', 'show']);

	ok(/On trial: .* s more, by cli:.*; failed\nBefore the trial: .*127\.0\.0\.1/.test(text),
		'in words, too', text);
	equal(leased(client), 0, 'meanwhile the lease of before does not count');
	older(client, 90);
	await isBack(client);
	equal(client.link().server, before.server, 'it reverts by itself');
	equal(leased(client), units, 'with its lease');
	ok(await inContact(client), 'and asks its server at once');
	equal(lent(estate, 'vpn1'), leased(client), 'which lent no unit twice');
	ok(/Nobody kept .* in its 90 seconds/.test(told(client, 'LHD10093')[0].text) &&
		told(client, 'LHD10092')[0].text.includes(`License server ${dead} \u2192 ${before.server}`),
	'both are told', told(client, 'LHD10092'));
}

// ---- kept, left, refused ----------------------------------------------------------

async function keptOrLeft(client, dead) {
	const before = client.link().server;

	equal(attempt(client, ['link', 'keep']).status, 1, 'there is nothing to keep');
	tryServer(client, dead);
	older(client, 90 + 1);
	const late = attempt(client, ['link', 'keep']);

	ok(late.status === 1 && /over|No changed/.test(late.problem), 'what is over cannot be kept', late);
	await isBack(client);
	tryServer(client, dead);
	const early = attempt(client, ['link', 'set', '--network', 'external']);

	ok(early.status === 1 && /on trial/.test(early.problem),
		'a script that would change it at once is told to wait', early);
	const kept = attempt(client, ['link', 'keep']);

	ok(kept.status === 0 && /without contact/.test(kept.problem), 'it is kept, with a warning', kept);
	await client.stop();
	await client.start();
	equal([client.link().server, trial(client)], [dead, null], 'and stays, whoever looks');
	tryServer(client, before, ['--verify', 'off']);
	await until(() => client.link().seen_pin);
	client.confirmPin();
	ok(await until(() => trial(client).outcome === 'connected'), 'the right one answers', client.link());
	equal(attempt(client, ['link', 'keep']), { status: 0, out: '', problem: '' }, 'and is kept without a word');
	tryServer(client, dead);
	client.command(['link', 'revert']);
	equal([client.link().server, trial(client)], [before, null], 'one is left at once');
	equal(attempt(client, ['link', 'revert']).status, 1, 'and only once');
	ok(await inContact(client), 'the server of before answers still');
}

// ---- a server that lends ------------------------------------------------------------

async function otherServer(estate, other, client) {
	const units = leased(client);
	const before = client.link();

	tryServer(client, `127.0.0.1:${other.port}`);
	await until(() => client.link().seen_pin);
	client.confirmPin();
	ok(await until(() => trial(client).outcome === 'connected'), 'another server answers');
	equal([leased(client), lent(other, 'vpn1')], [3, 3], 'and lends');
	equal(lent(estate, 'vpn1'), units, 'while the first one holds what it lent');
	older(client, 90);
	await isBack(client);
	ok(leased(client) === units && client.link().number >= before.number,
		'only what the first one lent counts afterwards', [leased(client), units]);
	ok(await inContact(client), 'it is asked at once');
	equal(lent(estate, 'vpn1'), leased(client), 'and both sides count the same');
	equal(client.sql('SELECT count(*) AS n FROM link_part WHERE units = 3')[0].n, 0,
		'nothing of the other is left');
}

// Another address of the same server: it answers there by a key of its own, and
// is asked under the one name that it knows itself by.
function forward(estate) {
	const key = path.join(estate.directory, 'front.key');
	const cert = path.join(estate.directory, 'front.pem');

	child.execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt',
		'ec_paramgen_curve:P-256', '-nodes', '-days', '30', '-subj', '/CN=front',
		'-keyout', key, '-out', cert], { stdio: 'ignore' });
	const front = https.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) },
		(asked, answer) => asked.pipe(https.request({ host: '127.0.0.1', port: estate.port,
			method: asked.method, path: asked.url, rejectUnauthorized: false,
			headers: { ...asked.headers, host: `127.0.0.1:${estate.port}` } }, (found) => {
			answer.writeHead(found.statusCode, found.headers);
			found.pipe(answer);
		}).on('error', () => answer.destroy())));

	return new Promise((resolve) => front.listen(0, '127.0.0.1', () => resolve(front)));
}

// By another name it is the same server; its lease goes on.
async function sameServer(estate, client) {
	const front = await forward(estate);
	const before = client.link();

	tryServer(client, `127.0.0.1:${front.address().port}`);
	await until(() => client.link().seen_pin);
	client.confirmPin();
	ok(await until(() => trial(client).outcome === 'connected'), 'the same server by another name', client.link());
	const { number } = client.link();

	older(client, 90);
	await isBack(client);
	ok(client.link().number >= number && number > before.number && leased(client) > 0,
		'its newest document goes on counting', [client.link().number, number, before.number]);
	ok(await inContact(client), 'under the name of before');
	equal(lent(estate, 'vpn1'), leased(client), 'and both sides count the same');
	front.close();
}

// ---- restarts and clocks ------------------------------------------------------------

async function restarts(client, dead) {
	const before = client.link().server;

	tryServer(client, dead);
	await client.stop('SIGKILL');
	older(client, 90);
	equal(client.link().server, dead, 'while no agent runs nothing reverts');
	ok(/over; the connection of before comes back/.test(client.command(['link', 'show'])), 'which is said');
	await client.start();
	equal([client.link().server, trial(client)], [before, null],
		'it has reverted before the agent answers its first question');
	tryServer(client, dead);
	await client.stop();
	client.sql("UPDATE link_trial SET boot = 'a boot before this one'");
	await client.start();
	equal([client.link().server, trial(client)], [before, null], 'a reboot reverts at once');
	if (!fakeTime('+1d').LD_PRELOAD) {
		console.log('# without libfaketime no clock is moved');
		return;
	}
	for (const offset of ['+1d', '-1d']) {
		tryServer(client, dead);
		await client.stop();
		await client.start(fakeTime(offset));
		equal(client.link().server, dead, `a wall clock moved by ${offset} ends no trial`);
		older(client, 90);
		await isBack(client);
		equal(client.link().server, before, 'nor keeps one');
	}
	await client.stop();
	await client.start();
}

play(async (estate) => {
	const other = new Estate();
	const dead = `127.0.0.1:${await freePort()}`;

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('vpn1', password, 'CONSEC=5/5/50');
	estate.addClient('slow', password, 'CONSEC=5/5/50');
	await estate.start();
	await other.make();
	other.addLicense('CONSEC-ADD-100U');
	other.addClient('vpn1', password, 'CONSEC=3/1/3');
	await other.start();
	const slow = await connected(estate, 'slow', 'slow');
	const client = await connected(estate, 'client', 'vpn1');

	try {
		const began = beginMinute(slow, dead);

		await deadServer(estate, client, dead);
		await keptOrLeft(client, dead);
		await otherServer(estate, other, client);
		await sameServer(estate, client);
		await restarts(client, dead);
		await endMinute(slow, began);
	} finally {
		await client.stop();
		await slow.stop();
		await other.stop();
		other.remove();
	}
});
