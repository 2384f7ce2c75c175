#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// One directory makes the product another vendor's: names, SKUs, agreement,
// issuers, logo, center. What is wrong with one is told before anything is made.
'use strict';

const fs = require('fs');
const path = require('path');

const { equal, exchange, freePort, ok, play } = require('./lease-support.cjs');
const { Center, run } = require('./center-support.cjs');

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0h1v1H0z"/></svg>\n';

// Everything of the product's own, under other names.
function makePack(estate, name) {
	const pack = path.join(estate.directory, name);
	const own = path.join(process.env.LEASEHOLD_DATADIR, 'conf');

	fs.mkdirSync(path.join(pack, 'conf'), { recursive: true });
	fs.writeFileSync(path.join(pack, 'vendor.json'), JSON.stringify({ name: 'Acme Networks', center: 'https://center.acme.example:8443' }));
	fs.writeFileSync(path.join(pack, 'conf/catalogue.json'),
		fs.readFileSync(path.join(own, 'catalogue.json'), 'utf8').replaceAll('CONSEC', 'SEATS'));
	fs.writeFileSync(path.join(pack, 'conf/agreement.txt'), 'version: 7\n\n# Acme\nBe fair.\n');
	fs.writeFileSync(path.join(pack, 'logo.svg'), LOGO);
	return pack;
}

function checks(estate, pack) {
	const say = (...words) => run(['vendor', 'check', ...words]);
	const spoilt = (name, text, pattern, what) => {
		const file = path.join(pack, name);
		const before = fs.readFileSync(file);

		fs.writeFileSync(file, text);
		const done = say(pack);

		fs.writeFileSync(file, before);
		ok(done.status === 1 && done.err.includes(name) && pattern.test(done.err), what, done);
	};

	equal(say(pack).status, 0, 'a whole pack is good');
	equal(say(path.join(process.env.LEASEHOLD_DATADIR, 'conf/vendors/pulse-secure')).status, 0, 'so is the one that comes along');
	spoilt('vendor.json', '{', /./, 'what is no JSON is told');
	spoilt('vendor.json', '{"name":""}', /1 to 64 characters/, 'a vendor needs a name');
	spoilt('vendor.json', '{"name":"A","center":"http://x"}', /https/, 'and a center an address');
	spoilt('conf/catalogue.json', '{}', /./, 'a catalogue must be one');
	spoilt('conf/agreement.txt', 'hello', /./, 'and an agreement');
	spoilt('logo.svg', LOGO.replace('<path', '<script>alert(1)</script><path'), /without scripts/, 'a logo with a script is refused');
	spoilt('logo.svg', LOGO.replace('<path', '<image xlink:href="https://evil.example/x"/><path'), /without addresses/, 'and one with an address');
	spoilt('logo.svg', ' '.repeat(70000), /64 KiB/, 'and a large one');
	const none = say(path.join(estate.directory, 'nowhere'));

	ok(none.status === 1 && /vendor\.json: there is no such file/.test(none.err), 'and where there is none', none);
}

async function serves(estate, center, pack) {
	const state = path.join(estate.directory, 'acme');
	const port = await freePort();

	fs.copyFileSync(path.join(center.state, 'trusted.jwks'), path.join(pack, 'trusted.jwks'));
	const made = run(['init', '--state', state, '--vendor', pack, '--role', 'server', '--listen', `127.0.0.1:${port}`,
		'--hostname', 'acme.example', '--platform', 'PSA-7000f', '--admin', 'admin', '--admin-password-file', estate.file('pw', 'An-Administrator-1')]);

	equal(made.status, 0, 'an appliance is made with it', made);
	equal(estate.sql('SELECT center_url FROM appliance', state), [{ center_url: 'https://center.acme.example:8443' }], 'its center is the vendor\'s');
	fs.rmSync(pack, { recursive: true });
	ok(/Be fair\./.test(estate.command(['agreement', 'show', '--state', state])), 'its agreement, too, though the pack itself is gone');
	estate.command(['agreement', 'accept', '--yes', '--state', state]);
	const hardware = estate.command(['hwid', '--state', state]).trim();
	const issue = (sku) => run(['center', 'key', 'issue', '--state', center.state, '--hwid', hardware, '--sku', sku]);
	const add = (key) => run(['key', 'add', '--state', state], key);

	equal(add(issue('SEATS-ADD-100U').out).status, 0, 'and a SKU of the vendor\'s is installed');
	equal(issue('CONSEC-ADD-100U').status, 1, 'where the product\'s own name is none');
	const served = Object.assign(new Center(estate), { state, port, log: path.join(estate.directory, 'acme.log') });

	await served.start();
	const page = await exchange(served, { method: 'GET', url: '/signin' });
	const logo = await exchange(served, { method: 'GET', url: '/vendor/logo' });

	ok(page.text.includes('Acme Networks') && page.text.includes('src="/vendor/logo"'), 'the console shows name and logo');
	equal([logo.status, logo.headers['content-type'], logo.text], [200, 'image/svg+xml', LOGO], 'as a picture');
	ok(/default-src 'none'/.test(logo.headers['content-security-policy']), 'that can run nothing');
	await served.stop();
	const reset = run(['factory-reset', '--state', state, '--yes', hardware]);

	ok(/as new/.test(reset.out) && /Be fair\./.test(estate.command(['agreement', 'show', '--state', state])), 'a factory reset leaves it the vendor\'s', reset);
}

play(async (estate) => {
	const pack = makePack(estate, 'pack');
	const center = new Center(estate);

	checks(estate, pack);
	const bad = run(['init', '--state', path.join(estate.directory, 'bad'), '--vendor', '/nowhere', '--role', 'server']);

	ok(bad.status === 1 && /--vendor: .*there is no such file/.test(bad.err) && !fs.existsSync(path.join(estate.directory, 'bad')),
		'with a bad pack nothing is made', bad);
	// A center of that vendor's.
	center.state = path.join(estate.directory, 'acme-center');
	run(['init', '--state', center.state, '--vendor', pack, '--role', 'center', '--listen', '127.0.0.1:1',
		'--hostname', 'center.acme.example', '--admin', 'admin', '--admin-password-file', estate.file('cpw', 'An-Administrator-1')]);
	await serves(estate, center, pack);
});
