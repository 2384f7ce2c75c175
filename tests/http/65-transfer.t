#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A defective device is replaced by a spare: the whole play between a center,
// the customer's device, the partner's stock, and those who would like to have
// licenses twice (rules.md 12).
'use strict';

const child = require('child_process');
const path = require('path');

const { equal, ok, pause, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const leasehold = process.env.LEASEHOLD;
const FUTURE = '2090-06-30';

class Desk {
	constructor(estate, center) {
		Object.assign(this, { estate, center });
	}

	ask(...words) {
		return run(['center', 'transfer', ...words, '--state', this.center.state]);
	}

	begin(device, more = {}) {
		const fields = { case: 'CASE-1', hwid: device.hardware, partner: 'Partner Inc', text: 'it does not start', ...more };

		return this.ask('request', ...Object.entries(fields).flatMap(([name, value]) => [`--${name}`, value]));
	}

	refuses(done, pattern, what) {
		ok(done.status === 1 && pattern.test(done.err), what, done);
	}

	list() {
		return JSON.parse(this.ask('list', '--json').out);
	}

	device(hardware) {
		return JSON.parse(this.center.command('device', 'list', '--json')).find((one) => one.hwid === hardware);
	}
}

// ---- conditions ------------------------------------------------------------------------

function conditions(desk, defective, spare, other) {
	desk.refuses(desk.begin(defective), /no active service contract.*renew/s, 'without a service contract: refused, with the way to go on');
	desk.center.command('device', 'set', '--hwid', defective.hardware, '--contract-ends', '2020-01-31');
	desk.refuses(desk.begin(defective), /no active service contract/, 'with a contract that has run out: refused');
	desk.center.command('device', 'set', '--hwid', defective.hardware, '--contract-ends', FUTURE, '--warranty-ends', FUTURE);
	desk.refuses(desk.begin(defective, { partner: 'Reseller' }), /not authorised to stock spares/, 'by a partner without authority: refused');
	desk.refuses(desk.begin(defective, { case: '' }), /number of the support case/, 'without a case: refused');
	desk.refuses(desk.begin(defective, { text: '' }), /Enter what was found/, 'without a fault: refused');
	desk.refuses(desk.ask('stock', '--hwid', defective.hardware, '--partner', 'Partner Inc'), /has license keys/,
		'a device with licenses is no spare');
	desk.refuses(desk.ask('stock', '--hwid', other.hardware, '--partner', 'Partner Inc'), /is somebody else/,
		'nor is a device of somebody else');
	desk.center.command('device', 'set', '--hwid', defective.hardware, '--customer', '');
	desk.refuses(desk.begin(defective), /not known whose device/, 'a device of nobody\'s: refused');
	desk.center.command('device', 'set', '--hwid', defective.hardware, '--customer', 'Example Ltd');
	desk.center.command('customer', 'set', '--name', 'Example Ltd', '--looked-after-by', 'Reseller');
	desk.refuses(desk.begin(defective), /Another partner looks after/, 'a device of another partner\'s customer: refused');
	desk.center.command('customer', 'set', '--name', 'Example Ltd', '--looked-after-by', '');
	equal(desk.ask('stock', '--hwid', spare.hardware, '--partner', 'Partner Inc').status, 0, 'a new one joins the stock');
	desk.refuses(run(['center', 'key', 'issue', '--state', desk.center.state, '--hwid', spare.hardware, '--sku', 'CONSEC-ADD-100U']),
		/spare in stock/, 'no key is issued for a spare by hand');
}

// ---- the transfer -------------------------------------------------------------------------

function inOrder(desk, defective, spare) {
	const id = desk.begin(defective).out.trim();

	desk.refuses(desk.begin(defective, { case: 'CASE-2' }), /Another open replacement/, 'a second one for the same device: refused');
	desk.refuses(desk.ask('authorise', id), /not the next step/, 'untested: not authorised');
	equal(desk.ask('test', id, '--text', 'power supply is dead').status, 0, 'the partner tests it');
	desk.refuses(desk.ask('authorise', id), /No spare is chosen/, 'without a spare: not authorised');
	desk.refuses(desk.ask('spare', id, '--hwid', defective.hardware), /cannot replace itself/, 'itself is no spare');
	desk.refuses(desk.ask('run', id, '--case', 'CASE-1'), /not the next step/, 'unauthorised: not transferred');
	equal(desk.ask('spare', id, '--hwid', spare.hardware).status, 0, 'a spare is chosen');
	equal(desk.ask('authorise', id).status, 0, 'the vendor agrees');
	desk.refuses(desk.ask('run', id, '--case', 'CASE-9'), /type the case number CASE-1/, 'the case number must be typed');
	return id;
}

// Two at once: one alone does it.
async function atOnce(desk, id) {
	const codes = await Promise.all([1, 2, 3].map(() => new Promise((resolve) => {
		child.spawn(leasehold, ['center', 'transfer', 'run', id, '--case', 'CASE-1', '--state', desk.center.state],
			{ stdio: 'ignore' }).on('exit', resolve);
	})));

	equal(codes.sort(), [0, 1, 1], 'of three at once one moves the licenses');
}

async function moved(desk, defective, spare, code, before) {
	const shape = (keys) => keys.map((one) => [one.sku, one.start, one.end]).sort();
	const issued = (hardware) => desk.center.sql(`SELECT sku, start_date AS start, end_date AS end FROM issued
		WHERE hardware_id = '${hardware}' AND revoked_at = 0`);

	equal(shape(issued(spare.hardware)), shape(before), 'the spare has the same SKUs and the same dates');
	equal(issued(defective.hardware), [], 'and the defective device none');
	const [old, now] = [desk.device(defective.hardware), desk.device(spare.hardware)];

	equal([now.contract_ends, now.warranty_ends, now.customer, now.state], [FUTURE, FUTURE, 'Example Ltd', 'in service'],
		'contract, warranty and owner are the spare\'s');
	equal([old.contract_ends, old.state], ['', 'replaced'], 'and the defective device\'s no more');
	equal(spare.download().status, 0, 'the spare fetches its license keys');
	equal(spare.keys().map((one) => one.sku).sort(), before.map((one) => one.sku).sort(), 'and has them');
	equal(spare.download(code).status, 0, 'the code is the spare\'s, too');
	await pause(1100);
	defective.download();
	ok(defective.keys().every((one) => one.state === 'revoked'), 'the defective device loses them at its next contact', defective.keys());
	const again = defective.download(code);

	ok(again.status === 1 && /went to a spare/.test(again.err), 'and its code gives it nothing, and says why', again);
	ok(/replaced device .* was in contact/.test(desk.list()[0].findings.join()), 'that contact is a finding', desk.list()[0]);
}

function twice(desk, defective, spare, other) {
	desk.refuses(desk.begin(defective, { case: 'CASE-3' }), /Only a device in service can be replaced/, 'a second transfer of it: refused');
	desk.refuses(run(['center', 'key', 'issue', '--state', desk.center.state, '--hwid', defective.hardware, '--sku', 'CONSEC-ADD-100U']),
		/went to a spare/, 'nor is a key issued for it');
	const id = desk.begin(other, { case: 'CASE-4' }).out.trim();

	desk.ask('test', id, '--text', 'broken');
	desk.refuses(desk.ask('spare', id, '--hwid', '3VHHYX4PGY8WZ15Y'), /no device/i, 'nor is a device nobody knows');
	desk.refuses(desk.ask('spare', id, '--hwid', spare.hardware), /spare in the stock/, 'the spare in service is no spare again');
	desk.refuses(desk.ask('spare', id, '--hwid', defective.hardware), /spare in the stock/, 'nor is the replaced device');
	equal(desk.ask('cancel', id, '--text', 'it was the cable').status, 0, 'what has not moved can be cancelled');
	desk.refuses(desk.ask('test', id, '--text', 'x'), /not the next step/, 'and is over then');
}

// ---- afterwards ------------------------------------------------------------------------------

function afterwards(desk, defective, spare, other, id) {
	equal(desk.ask('no-trouble', id, '--text', 'works after a reset').status, 0, 'the second test finds no trouble');
	equal(desk.list().find((one) => String(one.id) === id).state, 'reset due', 'then the device is to be reset');
	equal(desk.ask('reset', id, '--text', 'The partner sent a picture of it.').status, 0, 'which is confirmed');
	equal([desk.device(defective.hardware).state, desk.device(defective.hardware).customer], ['spare', 'Partner Inc'],
		'it stands in the stock of the partner');
	equal(desk.list().find((one) => String(one.id) === id).findings, [], 'and nothing is found any more');

	// The spare breaks as well; what a license server holds waits for that one.
	const held = desk.center.sql(`SELECT serial FROM issued WHERE hardware_id = '${spare.hardware}'
		AND revoked_at = 0 AND sku = 'CONSEC-ADD-100U'`)[0].serial;
	const next = desk.begin(spare, { case: 'CASE-5' }).out.trim();

	desk.ask('test', next, '--text', 'fan');
	const member = desk.center.sql(`SELECT serial FROM issued WHERE hardware_id = '${spare.hardware}'
		AND revoked_at = 0 AND sku = 'PSA-LICENSE-MBR'`)[0].serial;
	const term = desk.center.sql(`SELECT serial FROM issued WHERE hardware_id = '${spare.hardware}'
		AND revoked_at = 0 AND sku = 'ACCESS-50U-1YR'`)[0].serial;

	for (const serial of [member, term])
		desk.refuses(desk.ask('hold', serial, '--server', 'lic01.example'), /only permanent user counts can/, 'what cannot be surrendered is held by nobody');
	equal(desk.ask('hold', held, '--server', 'lic01.example').status, 0, 'a license that was surrendered is held by a server');
	desk.ask('spare', next, '--hwid', defective.hardware);
	desk.ask('authorise', next);
	equal(desk.ask('run', next, '--case', 'CASE-5').status, 0, 'the device in stock replaces the spare');
	const count = () => desk.center.sql(`SELECT count(*) AS n FROM issued WHERE hardware_id = '${defective.hardware}'
		AND revoked_at = 0 AND sku = 'CONSEC-ADD-100U'`)[0].n;

	equal(count(), 0, 'what the server holds is not issued yet');
	desk.refuses(desk.ask('returned', next, 'LH-none'), /does not wait/, 'another license was not held');
	equal([desk.ask('returned', next, held).status, count()], [0, 1], 'it is when that has given it back');
	desk.refuses(desk.ask('returned', next, held), /does not wait/, 'once');
	equal(desk.ask('faulty', next, '--text', 'fan is dead').status, 0, 'the second test finds a fault');
	desk.refuses(desk.ask('receive', next, '--hwid', spare.hardware), /must be another device/, 'the same device is no exchange');
	desk.refuses(desk.ask('receive', next, '--hwid', other.hardware), /is somebody else/, 'nor is a customer\'s device');
	desk.center.command('device', 'add', '--hwid', '3VHHYX4PGY8WZ15Y', '--serial', 'NEW');
	equal(desk.ask('receive', next, '--hwid', '3VHHYX4PGY8WZ15Y').status, 0, 'its replacement comes');
	equal(desk.device('3VHHYX4PGY8WZ15Y').state, 'spare', 'into the stock');
	equal(desk.ask('notice', id, '--date', '2026-12-01').status, 0, 'an audit is opened, with its notice');
}

function audits(desk, id) {
	const lines = desk.ask('audit', '--csv').out.trim().split('\r\n');
	const shown = JSON.parse(desk.ask('show', id, '--json').out);
	const plain = desk.ask('show', id).out;

	equal(shown.steps.map((one) => one.step), ['requested', 'tested', 'spare chosen', 'authorised', 'transferred', 'finding',
		'no trouble found', 'factory reset confirmed', 'audit opened'], 'one shows its steps, and what was found stays');
	ok(shown.keys.length === 3 && shown.keys.every((one) => /^LH-/.test(one.successor)), 'and what became of each license', shown.keys);
	ok(/fan|power supply is dead/.test(plain) && /is now LH-/.test(plain), 'in plain words, too', plain);
	equal([shown.customer, shown.partner], ['Example Ltd', 'Partner Inc'], 'the customer stays named when the device is the partner\'s');
	equal(desk.ask('show', '999').status, 1, 'one that is not there is not shown');
	equal(desk.ask('audit').out, '', 'nothing is wrong now');
	ok(lines.some((line) => line.includes('"finding"') && /was in contact on/.test(line)), 'the report has what was found');

	equal(lines[0], '"case","partner","customer","device","spare","state","kind","at","by","what","text"', 'the audit report is a table');
	for (const word of ['requested', 'tested', 'spare chosen', 'authorised', 'transferred', 'no trouble found', 'fault found',
		'factory reset confirmed', 'replacement received', 'cancelled', 'audit opened'])
		ok(lines.some((line) => line.includes(`"step"`) && line.includes(`"${word}"`)), `with ${word}`);
	ok(lines.some((line) => line.includes('"license"') && /is now LH-/.test(line)), 'and every license that moved');
}

play(async (estate) => {
	const center = new Center(estate);
	const desk = new Desk(estate, center);

	center.port = estate.port;
	center.command('customer', 'add', '--name', 'Example Ltd');
	center.command('customer', 'add', '--name', 'Partner Inc', '--partner', 'on', '--spares', 'on');
	center.command('customer', 'add', '--name', 'Reseller', '--partner', 'on');
	await center.start();
	const [defective, spare, other] = ['defective', 'spare', 'other'].map((name) => {
		const buyer = new Buyer(estate, center, name);

		buyer.trustsCenter(center);
		return buyer;
	});

	center.command('device', 'add', '--hwid', other.hardware, '--customer', 'Example Ltd', '--contract-ends', FUTURE);
	center.command('device', 'add', '--hwid', spare.hardware, '--serial', 'SPARE-1');
	const code = center.code('Example Ltd', 'CONSEC-ADD-100U', 'ACCESS-50U-1YR', 'PSA-LICENSE-MBR');

	defective.download(code);
	const before = center.sql(`SELECT sku, start_date AS start, end_date AS end FROM issued WHERE revoked_at = 0`);

	conditions(desk, defective, spare, other);
	const id = inOrder(desk, defective, spare);

	await atOnce(desk, id);
	await moved(desk, defective, spare, code, before);
	twice(desk, defective, spare, other);
	afterwards(desk, defective, spare, other, id);
	audits(desk, id);
	await center.stop();
});
