#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license server is replaced by another appliance: its last copy and its key
// for leases are restored on a spare, the vendor issues keys for the spare, and
// the spare takes its address. Gateways go on by the key that they know; every
// lease is honored, what was surrendered counts once, and at no moment more
// units are in use than were issued. The old one may be up meanwhile, or dead.
'use strict';

const fs = require('fs');
const path = require('path');
const { equal, freePort, ok, pause, play } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const password = 'Correct-Horse-1';
const ISSUED = 150;	// 100 on the license server, 50 of a gateway

// The last line that a command which must fail has to say; "" when it does not fail.
function refusal(act) {
	try {
		act();
	} catch (error) {
		return String(error.message);
	}
	return '';
}

async function until(good, act, tries = 120) {
	let answer = await act();

	while (!good(answer) && --tries > 0) {
		await pause(250);
		answer = await act();
	}
	return answer;
}

const synced = (gateway) => until((answer) => answer && answer.ok,
	() => gateway.ask({ op: 'sync' }));

const pool = (estate) => JSON.parse(estate.server(['status', '--json'])).features
	.find((one) => one.feature === 'CONSEC');

const license = (gateway) => JSON.parse(gateway.command(['status', '--json']))
	.licenses.find((one) => one.feature === 'CONSEC');

// Units that can serve users on all gateways together; never more than were issued.
async function inUse(gateways, when) {
	let sum = 0;

	for (const gateway of gateways) {
		const { capacity } = await gateway.ask({ op: 'status' });

		// Two users are free where there is no license at all.
		sum += capacity > 2 ? capacity : 0;
	}
	ok(sum <= ISSUED, `${when}: ${sum} of ${ISSUED} units are in use`);
	return sum;
}

// How many come in, one after the other, before one is refused.
async function admit(gateway, count, name) {
	for (let i = 0; i < count; i++) {
		const id = `${name}${i}`;
		const answer = await gateway.begin(id, { id });

		if (!answer || !answer.ok)
			return i;
	}
	return count;
}

const leased = async (gateway) =>
	(await gateway.ask({ op: 'status' })).leased.CONSEC || 0;

// As when the name of the license server leads to another machine.
function move(gateway, server) {
	gateway.sql(`UPDATE link SET server = '127.0.0.1:${server.port}', next_sync = 0`);
}

// ---- the spare ------------------------------------------------------------------

// Made by the vendor and the administrator before it is needed.
function makeSpare(estate) {
	const spare = path.join(estate.directory, 'spare');

	estate.command(['init', '--state', spare, '--role', 'server', '--listen',
		`127.0.0.1:${estate.port}`, '--hostname', 'spare.example',
		'--platform', 'PSA-7000c', '--trust',
		path.join(estate.center, 'trusted.jwks'), '--admin', 'admin',
		'--admin-password-file', path.join(estate.directory, 'admin')]);
	return spare;
}

function refusals(estate, spare, old, copy) {
	const key = path.join(old, 'server.key');
	const tries = (...words) => refusal(() =>
		estate.command(['restore', '--state', spare, ...words, copy]));

	ok(/is a copy of appliance .* says so with --replace/.test(tries()),
		'a copy of another appliance is restored on purpose only');
	ok(/belong together/.test(tries('--replace', 'X')),
		'with the key that its clients know');
	ok(/is no key/.test(tries('--replace', 'X', '--key', copy)), 'and no other file');
	ok(/not of 0331J8K29P4T77QX/.test(
		tries('--replace', '0331J8K29P4T77QX', '--key', key)),
	'whose place it is has to be named');
	ok(/is a copy of this very appliance/.test(refusal(() => estate.command(['restore',
		'--state', old, '--replace', estate.command(['hwid', '--state', old]).trim(),
		'--key', key, copy]))), 'and is another one');
}

// What the spare is after that, before any license of its own.
function takesOver(estate, spare, old, copy) {
	const former = estate.command(['hwid', '--state', old]).trim();
	const key = path.join(old, 'server.key');
	const listed = () => JSON.parse(estate.server(['key', 'list', '--json']));

	estate.command(['restore', '--state', spare, '--replace', former, '--key', key, copy]);
	estate.state = spare;
	equal(fs.readFileSync(path.join(spare, 'server.key'), 'utf8'),
		fs.readFileSync(key, 'utf8'), 'the spare signs with the key that clients know');
	equal(fs.readdirSync(spare).filter((name) =>
		/^server\.key\.replaced-\d+$/.test(name)).length, 1, 'its own is kept');
	ok(estate.server(['hwid']).trim() !== former, 'its hardware ID is its own');
	equal(estate.sql('SELECT hostname, platform FROM appliance')[0],
		{ hostname: 'spare.example', platform: 'PSA-7000c' }, 'and so is its name');
	equal(estate.events('LHD10040').length, 1, 'the admin log tells whose place it took');
	equal(pool(estate).installed, 50,
		'keys of the former count no more, what was surrendered does');
	ok(JSON.stringify(listed()).includes('CONSEC-ADD-100U'), 'they are listed');
	return former;
}

// ---- the play -------------------------------------------------------------------

async function begins(estate, first, second) {
	for (const [gateway, id] of [[first, 'gw001'], [second, 'gw002']]) {
		gateway.setServer(estate.port, id, password);
		await gateway.ask({ op: 'sync' });
		gateway.confirmPin();
		await synced(gateway);
	}
	first.command(['key', 'surrender', license(first).serial]);
	await until((one) => one.state === 'surrendered', () => license(first));
	equal(pool(estate).installed, ISSUED, 'all units count on the license server');
	equal([await admit(first, 55, 'one'), await admit(second, 30, 'two')], [55, 30],
		'users come');
	equal([await leased(first), await leased(second)], [55, 30], 'and are leased for');
	await inUse([first, second], 'at first');
}

async function goesOn(estate, first, second) {
	const shown = await until((one) => one.seen_pin || one.failure_code,
		async () => { await first.ask({ op: 'sync' }); return first.link(); });

	equal([shown.failure_code, await leased(first)], ['pin_changed', 80],
		'another certificate is not believed, and no lease is lost for it');
	for (const gateway of [second, first]) {
		await until((one) => one.seen_pin, async () => {
			await gateway.ask({ op: 'sync' });
			return gateway.link();
		});
		gateway.confirmPin();
		ok((await synced(gateway)).ok, 'confirmed once, the gateway goes on');
		if (gateway === second)
			equal(await admit(second, 1, 'early'), 0,
				'but gets no more before the other has shown what it holds');
	}
	equal([await leased(first), await leased(second)], [80, 30],
		'every unit is still leased, those since the copy, too');
	equal(pool(estate).leased, 110, 'and the spare knows of each');
	equal([first, second].map((one) => one.sql('SELECT server_id FROM link')[0].server_id),
		Array(2).fill(estate.server(['hwid']).trim()),
		'both know the hardware ID that they talk to now');
	equal([pool(estate).installed, pool(estate).surrendered], [ISSUED, 50],
		'what was surrendered counts once');
	await inUse([first, second], 'on the spare');
}

async function oldReturns(estate, first, second, old) {
	const spare = estate.state;

	// Somebody starts the old one in its place, even with the new certificate.
	await estate.stop();
	fs.copyFileSync(path.join(spare, 'tls.pem'), path.join(old, 'tls.pem'));
	estate.state = old;
	await estate.start();
	const answers = [await first.ask({ op: 'sync' }), await second.ask({ op: 'sync' })];

	equal(answers.map((one) => one.ok), [false, false],
		'the old one, back again, is not believed');
	equal([first.link().failure_code, second.link().failure_code],
		['replayed', 'replayed'], 'because it is of an epoch that is over');
	equal([await leased(first), await leased(second)], [80, 30], 'and changes nothing');
	await inUse([first, second], 'with the old one back');
	await estate.stop();
	estate.state = spare;
	await estate.start();
	for (const gateway of [first, second])
		ok((await synced(gateway)).ok, 'the spare in its place, all goes on');
}

async function returns(estate, first, second) {
	const { serial } = license(first);

	// Nobody recovers for long: both have reported.
	await until((one) => one.length === 1, () => estate.events('LHD10021'));
	equal(await admit(second, 25, 'more'), 25, 'after both have reported it lends again');
	await inUse([first, second], 'lent by the spare');
	first.command(['key', 'recall', serial]);
	const waits = await until((one) => one.surrender_text || one.state === 'active',
		() => license(first));

	ok(/The recall waits/.test(waits.surrender_text),
		'what was surrendered to the former is recalled from the spare', waits);
	await inUse([first, second], 'while the recall waits');
	// The administrator takes as many away.
	estate.server(['client', 'set', '--id', 'gw002', '--feature', 'CONSEC=5/25/5']);
	estate.server(['client', 'set', '--id', 'gw001', '--feature', 'CONSEC=5/25/80']);
	await until((one) => one.state === 'active', async () => {
		await synced(second);
		await synced(second);
		await synced(first);
		return license(first);
	}, 30);
	equal([license(first).state, pool(estate).installed], ['active', 100],
		'and counts on its gateway again, not there');
	await inUse([first, second], 'after the recall');
}

// ---- both are up ----------------------------------------------------------------

// The copy was made in passing, nothing was switched off, and the certificate
// came along: one gateway is on the former, the other on the one in its place.
async function bothUp(estate, first, second) {
	const copy = path.join(estate.directory, 'copy-of-spare');
	const third = Object.assign(Object.create(Object.getPrototypeOf(estate)), estate, {
		state: path.join(estate.directory, 'third'), port: await freePort(),
		log: path.join(estate.directory, 'third.log'), master: null });

	first.command(['key', 'surrender', license(first).serial]);
	await until((one) => one.state === 'surrendered', () => license(first));
	estate.server(['backup', copy]);
	third.server(['init', '--role', 'server', '--listen', `127.0.0.1:${third.port}`,
		'--hostname', 'third.example', '--platform', 'PSA-7000c', '--trust',
		path.join(estate.center, 'trusted.jwks'), '--admin', 'admin',
		'--admin-password-file', path.join(estate.directory, 'admin')]);
	third.server(['restore', '--replace', estate.server(['hwid']).trim(), '--key',
		path.join(estate.state, 'server.key'), copy]);
	fs.copyFileSync(path.join(estate.state, 'tls.pem'), path.join(third.state, 'tls.pem'));
	third.addLicense('CONSEC-ADD-100U');
	await third.start();
	try {
		move(first, third);
		ok((await synced(first)).ok, 'with the certificate of the former nothing is to be confirmed');
		equal([pool(estate).surrendered, pool(third).surrendered], [50, 50],
			'both know of what was surrendered');
		await apart(estate, third, first, second);
	} finally {
		await third.stop();
	}
}

async function apart(estate, third, first, second) {
	const before = await leased(first);

	// Each asks for more than there is.
	for (const server of [estate, third])
		server.server(['client', 'set', '--id', 'gw002', '--feature', 'CONSEC=5/25/130']);
	equal(await admit(first, 30, 'third'), 0, 'the one in its place lends nothing new');
	await admit(second, 140, 'former');
	await inUse([first, second], 'with both up');
	ok(await leased(second) > 5, 'though the former goes on to lend');
	third.server(['client', 'set', '--id', 'gw001', '--feature', 'CONSEC=5/25/5']);
	await synced(first);
	await synced(first);
	ok(await leased(first) < before, 'what is given back in one place');
	await admit(second, 5, 'again');
	await inUse([first, second], 'is lent in none before all have moved');
	const kept = await leased(second);

	move(second, third);
	ok((await synced(second)).ok, 'the second moves, too');
	equal(await leased(second), kept, 'with all that it was lent in the other place');
	await until((one) => one.length >= 2, () => third.events('LHD10021'));
	ok(await admit(second, 30, 'last') > 0, 'and from now on it is lent again');
	await inUse([first, second], 'on the last one');
	ok(pool(third).leased <= pool(third).installed, 'as that counts, too', pool(third));
}

play(async (estate) => {
	const first = new Gateway(estate, 'first');
	const second = new Gateway(estate, 'second');
	const copy = path.join(estate.directory, 'copy');
	const old = estate.state;

	estate.addLicense('CONSEC-ADD-100U');
	estate.addClient('gw001', password, 'CONSEC=5/25/80');
	estate.addClient('gw002', password, 'CONSEC=5/25/80');
	for (const gateway of [first, second]) {
		gateway.make();
		// Leased is what is in use, and nothing ahead of it.
		gateway.set({ 'ask-ahead': 0 });
	}
	first.addLicense('CONSEC-ADD-50U');
	first.addLicense('PSA-LICENSE-MBR');
	await estate.start();
	for (const gateway of [first, second])
		await gateway.start();
	try {
		await begins(estate, first, second);
		// The one that dies without a word: life went on after its copy.
		estate.server(['backup', copy]);
		equal(await admit(first, 25, 'late'), 25, 'after the copy users come');
		equal(await leased(first), 80, 'and increments');
		const { statement } = estate.sql('SELECT statement FROM license')[0];
		const planned = `${copy}-last`;

		// The one that is replaced as planned: off first, and then copied.
		estate.server(['backup', '--last', planned]);
		equal(JSON.parse(estate.server(['server', 'show', '--json'])).enabled, false,
			'the last copy is made of a server that lends no more');
		equal((await first.ask({ op: 'sync' })).ok, false, 'the old one, up, serves nobody');
		equal(await leased(first), 80, 'what it lent runs on');
		estate.server(['server', 'set', '--enabled', 'on']);
		await estate.stop();
		const spare = makeSpare(estate);

		refusals(estate, spare, old, copy);
		takesOver(estate, spare, old, copy);
		refusal(() => estate.server(['key', 'add'], statement));
		equal(pool(estate).installed, 50, 'a key of the former is none of the spare');
		estate.addLicense('CONSEC-ADD-100U');
		equal(pool(estate).installed, ISSUED, 'with the keys issued for it all is there');
		await estate.start();
		await goesOn(estate, first, second);
		await oldReturns(estate, first, second, old);
		await returns(estate, first, second);
		await bothUp(estate, first, second);
	} finally {
		for (const gateway of [first, second])
			await gateway.stop('SIGKILL');
	}
});
