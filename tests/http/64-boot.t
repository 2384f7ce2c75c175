#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The boot dialogue of a virtual license server: by a pipe, on a terminal, and
// without anybody; each answer and none; before it runs and while it does
// (rules.md 11).
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');

const { Device, basic, endsWithTest, equal, freePort, ok, pause, play, post, requestBody } =
	require('./lease-support.cjs');

const leasehold = process.env.LEASEHOLD;
const PASSWORD = 'Correct-Horse-1';

class Virtual {
	static count = 0;

	constructor(estate, port = 1) {
		this.estate = estate;
		this.port = port;
		this.state = path.join(estate.directory, `virtual${++Virtual.count}`);
		estate.command(['init', '--state', this.state, '--role', 'virtual-server', '--platform', 'VA-SPE',
			'--listen', `127.0.0.1:${port}`, '--hostname', 'virtual.example',
			'--trust', path.join(estate.center, 'trusted.jwks'),
			'--admin', 'admin', '--admin-password-file', estate.file('admin', PASSWORD)]);
	}

	// "leasehold ..." with that on standard input.
	run(words, input = '') {
		const done = child.spawnSync(leasehold, [...words, '--state', this.state], { input, encoding: 'utf8' });

		return { status: done.status, out: done.stdout, err: done.stderr };
	}

	boot(input, ...options) {
		return this.run(['boot', ...options], input);
	}

	json(...words) {
		return JSON.parse(this.run([...words, '--json']).out);
	}

	// What the dialogue may change.
	facts() {
		return [this.json('agreement', 'show').accepted, this.json('server', 'show').enabled,
			this.estate.sql('SELECT count(*) AS n FROM event', this.state)[0].n];
	}

	records() {
		return this.estate.sql('SELECT version, digest, actor, address FROM agreement', this.state);
	}

	events() {
		return this.estate.sql("SELECT text, actor, at FROM event WHERE text LIKE '%agreement%' OR text LIKE 'Licensing server%' ORDER BY id",
			this.state);
	}
}

const AGREE = /^Do you agree to the terms of the license agreement \(y\/n\/r\)\? /m;
const ENABLE = /Do you want to enable Virtual License Server \(y\/n\)\? /;

function byPipe(estate) {
	const one = new Virtual(estate);
	const before = one.facts();

	equal(before.slice(0, 2), [false, false], 'a new virtual license server has agreed to nothing and lends nothing');
	const done = one.boot('r\ny\ny\n');

	equal([done.status, done.err], [0, ''], 'r, y and y through a pipe', done);
	ok(AGREE.test(done.out) && ENABLE.test(done.out), 'both questions are asked, in their words', done.out);
	ok(/Entering y indicates that you have read and\nagreed to the terms described in it/.test(done.out),
		'what y means is said before', done.out);
	const text = one.json('agreement', 'show').text;

	ok(done.out.includes(text) && !/Enter: next page/.test(done.out), 'r shows the whole text, plainly');
	equal(one.facts(), [true, true, before[2] + 2], 'then it is agreed to and enabled, with one event each');
	const [first, second] = one.events().slice(-2);

	equal([first.at, first.actor], [second.at, second.actor], 'both in one act of one person', [first, second]);
	const other = new Virtual(estate);

	other.run(['agreement', 'accept', '--yes']);
	equal(one.records(), other.records(), 'the record is that of agreement accept');

	const again = one.boot('');

	equal([again.status, again.err], [0, ''], 'once more needs no answer', again);
	ok(/version 1: accepted by cli:/.test(again.out) && /is enabled already/.test(again.out) && !/\?/.test(again.out),
		'and says that all is done', again.out);
	equal(one.facts(), [true, true, before[2] + 2], 'and changes nothing');
	const rest = other.boot('y\n');

	ok(rest.status === 0 && !AGREE.test(rest.out) && ENABLE.test(rest.out), 'what was accepted is not asked again', rest);
	equal(other.facts().slice(0, 2), [true, true], 'and the rest is done');
	one.run(['server', 'set', '--enabled', 'off']);
	equal([one.boot('y\n').status, one.facts()[1]], [0, true], 'one that was switched off is enabled again');
}

function changesNothing(estate) {
	const one = new Virtual(estate);
	const before = one.facts();

	for (const [input, why, words] of [['n\n', 'n to the agreement', /was not accepted/], ['', 'no answer', /was not answered/],
		['r\n', 'reading, and then no answer', /was not answered/], ['y\n', 'no answer to the second', /was not answered/],
		['y\nn\n', 'n to the second', /was not enabled/], ['y\nr\nn\n', 'r where there is nothing to read', /was not enabled/],
		['what\n'.repeat(20), 'a line that only makes noise', /was not answered/]]) {
		const done = one.boot(input);

		ok(done.status === 1 && words.test(done.err) && /nothing was changed/.test(done.err) &&
			done.err.includes(`leasehold boot --state ${one.state}`) && done.err.trim().split('\n').length === 1,
		`${why}: nothing was changed, and how to come back`, done);
	}
	equal(one.facts(), before, 'and nothing was');
	const done = one.boot(`maybe\n\n${'y'.repeat(1000)}\n  YES \r\nr\nY`);

	equal(done.status, 0, 'wrong answers are asked again, and y, Y and yes are one', done);
	equal((done.out.match(/Answer y for yes, n for no, or r to read the license agreement\./g) || []).length, 3,
		'each with a hint', done.out);
	equal((done.out.match(/Answer y for yes or n for no\./g) || []).length, 1, 'of the answers there are');
	equal(one.facts().slice(0, 2), [true, true], 'the last line needs no end');
}

function withoutAnybody(estate) {
	const one = new Virtual(estate);
	const part = one.boot('', '--accept-agreement');

	equal([part.status, one.facts().slice(0, 2)], [1, [false, false]], 'half of it is nothing', part);
	const done = one.boot('', '--accept-agreement', '--enable', '--json');

	equal([done.status, JSON.parse(done.out)], [0, { accepted: true, changed: true, enabled: true, version: '1' }],
		'cloud-init accepts and enables without a question', done);
	equal(JSON.parse(one.boot('', '--accept-agreement', '--enable', '--json').out).changed, false, 'twice as well as once');
	const mixed = new Virtual(estate).boot('y\n', '--enable');

	ok(mixed.status === 0 && AGREE.test(mixed.out) && !ENABLE.test(mixed.out), 'what is given is not asked', mixed);
	const wrong = child.spawnSync(leasehold, ['boot', '--state', estate.state], { input: 'y\ny\n', encoding: 'utf8' });

	ok(wrong.status === 1 && /virtual-server/.test(wrong.stderr), 'other appliances have no such dialogue', wrong.stderr);
	equal(one.boot('', '--yes').status, 2, 'an option that there is none is named');
}

// ---- on a terminal -----------------------------------------------------------------------

// The dialogue on a terminal of its own: says what is typed once the words are there.
async function onTerminal(one, talk) {
	const process = endsWithTest(child.spawn('script',
		['-qefc', `stty rows 12 cols 60; exec '${leasehold}' boot --state '${one.state}'`, '/dev/null'],
		{ stdio: ['pipe', 'pipe', 'inherit'] }));
	const ended = new Promise((resolve) => process.on('exit', resolve));
	let shown = '';

	process.stdout.on('data', (bytes) => { shown += bytes; });
	for (const [words, typed] of talk) {
		let tries = 0;

		while (!words.test(shown) && tries++ < 600)
			await pause(20);
		ok(words.test(shown), `on a terminal: ${words.source}`, shown.slice(-1500));
		if (words.source.includes('next page'))
			equal(shown.split('\n').slice(-12).filter((line) => line.replace(/\r/g, '').length > 60), [],
				'no line of the page is wider than the terminal');
		shown = '';
		process.stdin.write(typed);
	}
	const code = await ended;

	return { code, shown };
}

async function byTerminal(estate) {
	const one = new Virtual(estate);
	const done = await onTerminal(one, [[/y\/n\/r\)\? /, 'r\n'], [/1\. What this[^]*next page/, '\n'], [/next page/, '\n'],
		[/next page/, 'q\n'], [/y\/n\/r\)\? /, 'y\n'], [/\(y\/n\)\? /, 'y\n']]);

	equal([done.code, one.facts().slice(0, 2)], [0, [true, true]], 'read in pages, agreed to and enabled', done);
	const other = new Virtual(estate);
	const gone = await onTerminal(other, [[/y\/n\/r\)\? /, '\u0004']]);

	equal([gone.code, other.facts().slice(0, 2)], [1, [false, false]], 'Ctrl-D ends it without change', gone);
	const broken = await onTerminal(other, [[/y\/n\/r\)\? /, 'y\n'], [/\(y\/n\)\? /, '\u0003']]);

	ok(broken.code !== 0, 'and so does Ctrl-C', broken);
	equal(other.facts().slice(0, 2), [false, false], 'before the last answer nothing is written');
}

// ---- while it is served --------------------------------------------------------------------

async function whileServed(estate) {
	const one = new Virtual(estate, await freePort());
	const log = fs.openSync(path.join(estate.directory, 'virtual.log'), 'w');
	const readLog = () => fs.readFileSync(path.join(estate.directory, 'virtual.log'), 'utf8');
	const master = endsWithTest(child.spawn(leasehold, ['serve', '--state', one.state], { stdio: ['ignore', log, log] }));
	const ended = new Promise((resolve) => master.on('exit', resolve));
	const device = new Device();
	const asks = async () => (await post(one, basic('gw1', PASSWORD), requestBody(device.hardware, { CONSEC: 10 }))).json;

	for (let tries = 0; tries < 400 && !/^ready: /m.test(readLog()); tries++)
		await pause(50);
	const hardware = one.run(['hwid']).out.trim();

	// As somebody did who tried it in the shell first, and thought better of it.
	one.run(['agreement', 'accept', '--yes']);
	for (const sku of ['VLS-LICENSE-SERVER', 'CONSEC-ADD-100U'])
		one.run(['key', 'add'], estate.command(['center', 'key', 'issue', '--state', estate.center, '--hwid', hardware, '--sku', sku]));
	const added = one.run(['client', 'add', '--id', 'gw1', '--platform', 'PSA-3000', '--product', 'PCS',
		'--password-file', estate.file('client', PASSWORD), '--feature', 'CONSEC=0/10/100']);

	equal(added.status, 0, 'a client is entered', added);
	const refused = await asks();

	equal(refused?.code, 'server_disabled', 'until it is enabled it lends nothing', refused);
	equal(one.boot('y\n').status, 0, 'the dialogue while it is served');
	const lent = await asks();

	equal(lent?.features?.CONSEC?.leased, 10, 'and it lends at once', lent);
	master.kill('SIGTERM');
	await ended;
}

play(async (estate) => {
	byPipe(estate);
	changesNothing(estate);
	withoutAnybody(estate);
	await byTerminal(estate);
	await whileServed(estate);
});
