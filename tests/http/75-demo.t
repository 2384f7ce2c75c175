#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Many clients to look at: the same seed makes the same rows, whatever else
// differs; they are in every state there is, and the store is sound.
'use strict';

const path = require('path');

const { equal, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const CLIENTS = 400;
const DAY = 86400;
const TABLES = ['client', 'client_contact', 'allocation', 'lease_part', 'denial', 'sample'];
const demo = (state, ...words) => run(['demo', '--state', state, '--clients', String(CLIENTS), ...words]);

// A server that has units to lend since last year.
function makes(estate, center, name) {
	const server = new Buyer(estate, center, name);
	const start = new Date(Date.now() - 500 * DAY * 1000).toISOString().slice(0, 10);

	for (const sku of ['CONSEC-ADD-30000U', 'CONSEC-30000U-3YR', 'ACCESS-4000U-3YR', 'ACCESS-ADD-8000U'])
		run(['key', 'add', '--state', server.state], center.command('key', 'issue', '--hwid', server.hardware, '--sku', sku, '--start', start));
	return server;
}

const rows = (server) => TABLES.map((table) => JSON.stringify(server.sql(`SELECT * FROM ${table}`)));

play(async (estate) => {
	const center = new Center(estate);

	center.port = 1;
	const [one, two, other] = ['one', 'two', 'other'].map((name) => makes(estate, center, name));
	const at = String(Math.floor(Date.now() / 1000 / 3600) * 3600 - 7200);
	const poor = new Buyer(estate, center, 'poor');

	ok(/install license keys first, of 100 units and more for each client/.test(demo(poor.state).err), 'without units there is nothing to show');
	ok(/--seed x must be a whole number/.test(run(['demo', '--state', one.state, '--seed', 'x']).err), 'a seed is a number');
	for (const server of [one, two])
		equal(demo(server.state, '--seed', '1', '--at', at).status, 0, `${path.basename(server.state)} is filled`);
	equal(demo(other.state, '--seed', '2', '--at', at).status, 0, 'and another by another seed');
	ok(/this license server has clients/.test(demo(one.state).err), 'only one that has no clients');
	const [first, second, third] = [one, two, other].map(rows);

	TABLES.forEach((table, i) => ok(first[i] === second[i], `the same seed makes the same rows of ${table}`));
	ok(first[0] !== third[0] && first[3] !== third[3], 'another seed makes others');
	const list = JSON.parse(estate.command(['client', 'list', '--json', '--state', one.state]));

	equal(list.length, CLIENTS, 'so many clients as were wanted');
	for (const state of ['ok', 'overdue', 'ended', 'never', 'expired', 'denied', 'noncompliant'])
		ok(list.some((row) => row.state === state), `some are ${state}`);
	ok(/^Clean:/m.test(estate.command(['verify', '--state', one.state])), 'and the store adds up');
	const use = one.sql(`SELECT min(at) AS first, max(at) AS last, count(*) AS n FROM sample WHERE client = 0 AND span = 3600 AND feature = 'CONSEC'`)[0];

	ok(use.last - use.first >= 394 * DAY && use.n > 9000, 'its use is known for thirteen months', use);
	const usage = (...words) => run(['usage', '--feature', 'CONSEC', '--state', one.state, ...words]);
	const year = JSON.parse(usage('--range', '13m', '--json').out);

	ok(year.length >= 395 && year.length <= 397 && year.every((day) => day.leased <= day.installed), 'day by day', year.length);
	equal(usage('--range', '13m', '--csv').out.trim().split('\r\n').length - 1, year.length, 'as a table, too');
	const hours = JSON.parse(usage('--json').out).filter((hour) => Math.floor(hour.from / DAY) === year.at(-3).from / DAY);

	equal([Math.max(...hours.map((hour) => hour.leased)), hours.reduce((sum, hour) => sum + hour.denials, 0)],
		[year.at(-3).leased, year.at(-3).denials], 'a day is as bad as its worst hour, and has all its denials');
	equal([usage('--range', '1y').status, usage('--client', 'nobody').status], [2, 1], 'other ranges and clients there are not');
	ok(one.sql('SELECT max(leased) AS most, min(total) AS least FROM sample')[0].most > 0, 'something was leased');
	equal(one.sql('SELECT count(*) AS n FROM sample WHERE client = 0 AND (leased > total OR users > total)'), [{ n: 0 }], 'and never more than there was');
});
