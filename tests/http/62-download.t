#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// License keys that come by themselves: the agent of a license server fetches
// them at the instants that the schedule names (rules.md 10), under virtual
// time, and not before.
'use strict';

const { equal, ok, pause, play, skip } = require('./lease-support.cjs');
const { Gateway, fakeTime } = require('./gateway-support.cjs');
const { Buyer, Center } = require('./center-support.cjs');

const DAY = 86400;
const date = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

// The same time of day so many calendar months later, as long as the month has the day.
function monthsLater(seconds, months) {
	const at = new Date(seconds * 1000);

	at.setUTCMonth(at.getUTCMonth() + months);
	return Math.floor(at / 1000);
}

class Server extends Buyer {
	constructor(estate, center, name) {
		super(estate, center, name);
		this.agent = new Gateway(estate, name);
		this.trustsCenter(center);
	}

	runs() {
		return this.estate.sql('SELECT ended_at, is_automatic, is_good, text FROM download ORDER BY id', this.state);
	}

	// The agent alone, with its clock at that instant, for as long as it takes to look once.
	async liveAt(instant) {
		const offset = instant - Math.floor(Date.now() / 1000);

		await this.agent.start(fakeTime(`${offset < 0 ? '' : '+'}${offset}s`));
		for (let tries = 0; tries < 200; tries++) {
			const state = await this.agent.ask({ op: 'download_state' });

			if (state && state.done && tries > 30)
				break;
			await pause(50);
		}
		await this.agent.stop();
		return this.runs().length;
	}
}

// Of one row: nothing right before its interval is over, a run right after. The
// center's clock is right meanwhile, so the runs fail where it is too far off,
// and the next is tried soon; here only that they are made counts, and when.
async function comes(server, name, after) {
	const [{ ended_at: last }] = server.runs().slice(-1);
	const count = server.runs().length;

	server.estate.sql(`UPDATE download SET is_good = 1 WHERE id = ${count}`, server.state);
	equal(await server.liveAt(after(last) - 60), count, `${name}: nothing a minute before it is due`);
	equal(await server.liveAt(after(last) + 5), count + 1, `${name}: a run when it is`);
	ok(server.runs()[count].is_automatic === 1, 'by itself', server.runs()[count]);
}

// A good run for a code, which asks for nothing but it.
function entered(server, instant) {
	server.estate.sql(`INSERT INTO download (began_at, ended_at, started_by, is_automatic, codes, received, installed, is_good, text)
		VALUES (${instant}, ${instant}, 'admin', 0, 'HB2NC', 1, 1, 1, 'x')`, server.state);
}

play(async (estate) => {
	const center = new Center(estate);

	center.port = estate.port;
	if (!fakeTime('+1d').LD_PRELOAD)
		skip('downloads by themselves: libfaketime is missing');
	await center.start();
	try {
		const server = new Server(estate, center, 'buyer');
		const now = Math.floor(Date.now() / 1000);

		center.command('customer', 'add', '--name', 'Example Ltd');
		equal(await server.liveAt(now), 1, 'where a center is known the first run is made at once');
		equal([server.runs()[0].is_good, /does not know this appliance yet/.test(server.runs()[0].text)], [1, true],
			'of whom nothing was bought there is nothing to fetch, and nothing is wrong');
		await comes(server, 'every 3 months', (last) => monthsLater(last, 3));
		const last = () => server.runs().slice(-1)[0].ended_at;
		const add = (days) => {
			const end = date(last() + days * DAY);
			const key = center.command('key', 'issue', '--hwid', server.hardware, '--sku', 'CONSEC-5U-1YR',
				'--start', '2026-01-01', '--end', end);

			estate.command(['key', 'add', '--state', server.state], key);
		};

		add(75);
		await comes(server, 'every month', (at) => monthsLater(at, 1));
		add(10);
		await comes(server, 'every week', (at) => at + 7 * DAY);
		// Its grace of 31 days ends within a week.
		add(-27);
		await comes(server, 'every day', (at) => at + DAY);
		entered(server, last() + DAY - 120);
		const before = server.runs().length;

		equal(await server.liveAt(server.runs()[before - 2].ended_at + DAY + 5), before + 1, 'codes that somebody entered meanwhile put off nothing');
		const failed = server.runs().length;

		estate.sql(`UPDATE download SET is_good = 0 WHERE id = ${failed}`, server.state);
		equal(await server.liveAt(last() + 6 * 3600 - 60), failed, 'after a run that failed: nothing within six hours');
		equal(await server.liveAt(last() + 6 * 3600 + 5), failed + 1, 'and then another');
		estate.command(['download', '--settings', '--enabled', 'off', '--state', server.state]);
		equal(await server.liveAt(last() + 400 * DAY), failed + 1, 'switched off, none is made');
		// As a client's surrender leaves it.
		estate.command(['client', 'add', '--id', 'gw1', '--platform', 'PSA-3000', '--product', 'PCS', '--password-file',
			estate.file('client', 'Correct-Horse-1'), '--state', server.state]);
		estate.sql(`INSERT INTO surrendered (client, issuer, serial, sku, feature, units, statement, state, since, accepted_at,
			changed_at) VALUES (1, 'i', 's', 'CONSEC-ADD-1U', 'CONSEC', 1, 'x', 1, 1, 1, 1)`, server.state);
		const ended = last();

		equal(await server.liveAt(ended + DAY - 60), failed + 1, 'who holds surrendered units hears nothing of revoked ones before a day is over');
		equal(await server.liveAt(ended + DAY + 5), failed + 2, 'and then does, though it is switched off');
		equal(estate.sql('SELECT codes, is_automatic FROM download ORDER BY id DESC LIMIT 1', server.state),
			[{ codes: 'revocations', is_automatic: 1 }], 'of the list alone');
		const heard = last();

		estate.sql(`UPDATE download SET is_good = 1 WHERE id = ${failed + 2}`, server.state);
		entered(server, heard + DAY - 120);
		equal(await server.liveAt(heard + DAY + 5), failed + 4, 'a run for codes brings no such list and does not stand for it');
	} finally {
		await center.stop();
	}
});
