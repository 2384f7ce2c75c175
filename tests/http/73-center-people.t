#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Everybody at the vendor's console, over every route of the table: who may
// open or send what, and that nobody is shown, or changes, what is somebody
// else's. A new route is in the grid by itself.
'use strict';

const fs = require('fs');
const https = require('https');
const path = require('path');

const { equal, ok, play } = require('./lease-support.cjs');
const { Center, run } = require('./center-support.cjs');

const ROLES = { root: 'administrator', agent: 'support-agent', reader: 'read-only', partner: 'partner', buyer: 'customer' };
const PASSWORD = 'a long enough password';

// Who may, by the word in the table. Worked out here once more, in plain words.
const MAY = {
	PUBLIC: () => true,
	AGREEMENT: () => true,
	OWN: () => true,
	PARTNER: (who) => ['root', 'agent', 'partner'].includes(who),
	ASSIST: (who) => ['root', 'agent'].includes(who),
	READ: (who) => ['root', 'agent', 'reader'].includes(who),
	OPERATE: (who) => who === 'root',
	ADMINISTER: (who) => who === 'root',
};

function routes() {
	const text = fs.readFileSync(path.join(process.env.top_srcdir, 'cgi/routes.tbl'), 'utf8');

	return [...text.matchAll(/^ROUTE\((\w+), "([^"]+)", \w+, (\w+), (\w+),/gm)]
		.map(([, method, address, capability, roles]) => ({ method, address, capability, roles }))
		.filter((route) => ['ON_CENTER', 'ON_ANY'].includes(route.roles) && route.address !== '/signout');
}

class Person {
	constructor(center, name) {
		this.center = center;
		this.name = name;
		this.cookie = '';
	}

	ask(method, address, fields) {
		const body = fields ? new URLSearchParams(fields).toString() : '';

		return new Promise((resolve, reject) => {
			const request = https.request({ host: '127.0.0.1', port: this.center.port, path: address, method,
				rejectUnauthorized: false, headers: { Cookie: this.cookie,
					...(method === 'POST' && { 'Content-Type': 'application/x-www-form-urlencoded',
						'Content-Length': Buffer.byteLength(body) }) } }, (answer) => {
				let text = '';

				answer.setEncoding('utf8').on('data', (part) => { text += part; })
					.on('end', () => resolve({ status: answer.statusCode, headers: answer.headers, text }));
			});

			request.on('error', reject);
			request.end(body);
		});
	}

	async signIn() {
		const form = await this.ask('GET', '/signin');
		const csrf = form.text.match(/name="csrf" value="([^"]+)"/)[1];
		const done = await this.ask('POST', '/signin', { username: this.name, password: PASSWORD, csrf, next: '' });

		this.cookie = done.headers['set-cookie'][0].split(';')[0];
		this.csrf = (await this.ask('GET', '/center/devices')).text.match(/name="csrf" value="([^"]+)"/)[1];
		return done.status;
	}
}

// ---- two companies, each with a device, a code, a license key ---------------------------

function sells(estate, center) {
	const hardware = (name) => {
		const state = path.join(estate.directory, name);

		estate.command(['init', '--state', state, '--role', 'server', '--listen', '127.0.0.1:1',
			'--hostname', `${name}.example`, '--platform', 'PSA-7000f',
			'--trust', path.join(center.state, 'trusted.jwks'), '--admin', 'admin',
			'--admin-password-file', estate.file('init', PASSWORD)]);
		return estate.command(['hwid', '--state', state]).trim();
	};
	const own = hardware('own');
	const foreign = hardware('foreign');

	center.command('customer', 'add', '--name', 'Partner Inc', '--partner', 'on', '--spares', 'on');
	center.command('customer', 'add', '--name', 'Own Company', '--looked-after-by', 'Partner Inc');
	center.command('customer', 'add', '--name', 'Foreign Corp');
	center.command('device', 'add', '--hwid', own, '--customer', 'Own Company', '--serial', 'OWN-1');
	center.command('device', 'add', '--hwid', foreign, '--customer', 'Foreign Corp', '--serial', 'FOREIGN-1');
	center.code('Own Company', 'CONSEC-ADD-100U');
	center.code('Foreign Corp', 'CONSEC-ADD-200U');
	center.command('key', 'issue', '--hwid', own, '--sku', 'CONSEC-ADD-50U');
	center.command('key', 'issue', '--hwid', foreign, '--sku', 'CONSEC-ADD-75U');
	const serial = (id) => center.sql(`SELECT serial FROM issued WHERE hardware_id = '${id}'`)[0].serial;

	return {
		own: { id: own, hwid: own, serial: serial(own), n: '2' },
		foreign: { id: foreign, hwid: foreign, serial: serial(foreign), n: '3' },
		words: ['Foreign Corp', 'FOREIGN-1', foreign, serial(foreign)],
	};
}

function people(estate, center) {
	const of = { partner: 'Partner Inc', buyer: 'Own Company' };

	return Promise.all(Object.entries(ROLES).map(async ([name, role]) => {
		const added = run(['admin', 'add', name, '--role', role, '--state', center.state,
			...(of[name] ? ['--customer', of[name]] : []), '--password-file', estate.file(name, PASSWORD)]);

		equal(added.status, 0, `an account with role ${role}`, added);
		const person = new Person(center, name);

		equal(await person.signIn(), 303, `and ${name} signs in`);
		return person;
	}));
}

const fill = (address, objects) => address.replace(/\{(\w+)\}/, (all, word) => objects[word] || objects.n);
// What tells the state of the center but for sign-ins, sessions' notices and events.
const TABLES = ['admin', 'customer', 'device', 'authcode', 'entitlement', 'issued', 'setting'];
const state = (center) => TABLES.map((table) => {
	const rows = center.sql(`SELECT * FROM ${table}`);

	return rows.map(({ last_sign_in_at, last_sign_in_from, ...rest }) => JSON.stringify(rest)).join('\n');
}).join('\n');

async function opens(person, scene) {
	const wrong = [];
	const leaks = [];

	for (const route of routes().filter((one) => one.method === 'GET'))
		for (const whose of ['own', 'foreign']) {
			const address = fill(route.address, scene[whose]);
			const answer = await person.ask('GET', address);
			const isGuest = ['partner', 'buyer'].includes(person.name);

			if (!MAY[route.capability](person.name) ? answer.status !== 403
				: ![200, 303, 404].includes(answer.status))
				wrong.push(`${address}: ${answer.status}`);
			if (isGuest && whose === 'foreign' && route.address.includes('{') &&
				MAY[route.capability](person.name) && !route.address.startsWith('/tasks') && answer.status !== 404)
				wrong.push(`${address} is another's: ${answer.status}`);
			/* An error page repeats the address that was asked for. */
			const text = answer.text.replaceAll(scene.foreign.hwid, (word) =>
				answer.status === 404 ? '' : word);

			if (isGuest)
				leaks.push(...scene.words.filter((word) => text.includes(word) && answer.status === 200)
					.map((word) => `${address}: ${word}`));
		}
	equal(wrong, [], `${person.name} opens what the role allows and nothing else`);
	equal(leaks, [], `${person.name} is not shown what is another's`);
}

async function sends(person, scene, center) {
	const wrong = [];
	const before = state(center);

	for (const route of routes().filter((one) => one.method === 'POST' && one.address !== '/signin'))
		for (const whose of ['own', 'foreign']) {
			if (MAY[route.capability](person.name) && (whose === 'own' || !['partner', 'buyer'].includes(person.name)))
				continue;
			const answer = await person.ask('POST', fill(route.address, scene[whose]), { csrf: person.csrf });

			if (MAY[route.capability](person.name) ? ![404, 422].includes(answer.status) && route.address.includes('{')
				: answer.status !== 403)
				wrong.push(`${route.address} (${whose}): ${answer.status}`);
		}
	equal(wrong, [], `${person.name} sends nothing that the role does not allow`);
	ok(state(center) === before, 'and nothing changed by it');
}

async function strangers(center, scene) {
	const nobody = new Person(center, 'nobody');
	const wrong = [];

	for (const route of routes().filter((one) => one.capability !== 'PUBLIC')) {
		const answer = await nobody.ask(route.method, fill(route.address, scene.own),
			route.method === 'POST' ? { csrf: 'x' } : undefined);

		if (answer.status !== (route.method === 'POST' ? 403 : 303))
			wrong.push(`${route.method} ${route.address}: ${answer.status}`);
	}
	equal(wrong, [], 'whoever is not signed in is shown nothing');
}

play(async (estate) => {
	const center = new Center(estate);

	// Of the support's two appliances only the center is of use here.
	center.port = estate.port;
	const scene = sells(estate, center);

	await center.start();
	const all = await people(estate, center);

	await strangers(center, scene);
	for (const person of all) {
		await opens(person, scene);
		await sends(person, scene, center);
	}
	const [partner, buyer] = [all[3], all[4]];

	ok((await partner.ask('GET', `/center/devices/${scene.own.hwid}`)).text.includes('OWN-1'),
		'a partner sees the device of a customer it looks after');
	ok((await buyer.ask('GET', '/center/report')).text.includes('CONSEC-ADD-50U'),
		'a customer sees the licenses it holds');
	center.command('customer', 'set', '--name', 'Own Company', '--looked-after-by', '');
	equal((await partner.ask('GET', `/center/devices/${scene.own.hwid}`)).status, 404,
		'and a partner that looks after it no more sees it no more');
	const sums = JSON.parse(center.command('report', '--json'));

	equal(sums.map((one) => [one.customer, one.feature, one.units, one.keys, one.devices]),
		[['Foreign Corp', 'CONSEC', 75, 1, 1], ['Own Company', 'CONSEC', 50, 1, 1]],
	'the license report sums who holds what');
	const table = await all[0].ask('GET', '/center/report.csv');

	ok(/^text\/csv/.test(table.headers['content-type']) && table.text.split('\r\n').length === 4 &&
		table.text.includes('"Own Company"'), 'and the console gives it as CSV', table);
	await center.stop();
});
