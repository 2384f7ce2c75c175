#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// leasehold conformance: the real license server keeps every rule, and of a
// proxy before it that breaks one, that rule is named.
'use strict';

const child = require('child_process');
const fs = require('fs');
const https = require('https');
const path = require('path');
const { equal, freePort, ok, play } = require('./lease-support.cjs');

const password = 'Correct-Horse-1';
const json = (edit) => (answer) => {
	const object = JSON.parse(answer.text);

	edit(object, answer);
	return { ...answer, text: JSON.stringify(object) };
};
const only = (status, edit) => (answer, request) =>
	answer.status === status ? edit(answer, request) : answer;
const asOther = (body) => only(400, (answer, request) =>
	request.text.includes(body) ? { ...answer, status: 401,
		text: answer.text.replace('bad_request', 'unauthorized') } : answer);
const grown = (edit) => only(200, json((object) => {
	if (object.features.CONSEC)
		edit(object.features.CONSEC);
}));
let repeats = 0;

// What each does to an answer, and the rule that it breaks.
const mutants = [
	['S-01', 'a refusal as HTML', only(400, (answer) => ({ ...answer, type: 'text/html' }))],
	['S-02', 'no bound', only(413, (answer) => ({ ...answer, status: 400 }))],
	['S-03', 'names twice', asOther('"x":1,"x":1')],
	['S-03', 'half a number', asOther('"since":1.0')],
	['S-03', 'deep nesting', asOther('[[[[')],
	['S-04', 'no versions', only(400, json((object) => { delete object.versions; }))],
	['S-05', 'another request ID', only(200, json((object) => { object.request_id = 'f'.repeat(32); }))],
	['S-06', 'more in the open', only(200, json((object) => {
		object.features.CONSEC.parts[0].units++;
	}))],
	['S-06', 'a signature of nobody', only(200, json((object) => {
		object.lease = object.lease.replace(/.{8}$/, 'AAAAAAAA');
	}))],
	['S-07', 'no rest', only(200, json((object) => { object.renew_after = 30; }))],
	['S-08', 'another answer to a repeat', only(200, json((object) => {
		object.later = ++repeats;
	}))],
	['S-09', 'another code', (answer) => ({ ...answer,
		text: answer.text.replace('request_reused', 'conflict') })],
	['S-10', 'numbers that stand', only(200, json((object) => {
		object.number += ++repeats;
	}))],
	['S-11', 'a token for everybody', (answer) =>
		answer.text.includes('hardware_mismatch') ? { ...answer, status: 200 } : answer],
	['S-12', 'another word', (answer, request) => request.headers['leasehold-device'] ||
		answer.status !== 401 ? answer : { ...answer, status: 403 }],
	['S-13', 'another word for a signature', (answer, request) => answer.status === 401 &&
		/^Bearer/.test(request.headers.authorization) ? { ...answer, status: 403 } : answer],
	['S-14', 'the ID was wrong', (answer, request) => Buffer.from(String(
		request.headers.authorization).slice(6), 'base64').toString()
		.startsWith('conformancenobody') ? { ...answer,
			text: answer.text.replace('Not authorized', 'No such client') } : answer],
	['S-15', 'no word on the clock', only(200, json((object) => { object.notices = []; }))],
	['S-16', 'a denial without a text', only(200, json((object) => {
		for (const one of Object.values(object.features))
			if (one.denied)
				one.denied.text = '';
	}))],
	['S-17', 'the ID before the credentials', (answer, request) =>
		request.text.endsWith(' ') ? { ...answer, status: 409,
			text: answer.text.replace('unauthorized', 'request_reused') } : answer],
	['S-18', 'half an increment', grown((feature) => {
		if (feature.leased === 15)
			feature.leased = 10;
	})],
	['S-18', 'growth at each repeat', only(200, json((object) => {
		if (object.features.CONSEC && object.features.CONSEC.leased > 5)
			object.later = ++repeats;
	}))],
	['S-19', 'no denial', grown((feature) => { feature.denied = null; })],
	['S-19', 'more than the maximum', grown((feature) => {
		if (feature.denied)
			feature.leased = 45;
	})],
];

// Each mutant asks the server from an address of its own: guesses are counted by address.
async function proxy(estate, edit, from) {
	const pem = fs.readFileSync(path.join(estate.state, 'tls.pem'));
	const port = await freePort();
	const server = https.createServer({ key: pem, cert: pem }, (request, response) => {
		const parts = [];

		request.on('data', (part) => parts.push(part));
		request.on('end', () => {
			const body = Buffer.concat(parts);
			const onward = https.request({ host: '127.0.0.1', port: estate.port,
				method: request.method, path: request.url, localAddress: from,
				rejectUnauthorized: false, headers: { ...request.headers,
					host: `127.0.0.1:${estate.port}` } }, (answer) => {
				const said = [];

				answer.on('data', (part) => said.push(part));
				answer.on('end', () => {
					const given = edit({ status: answer.statusCode,
						type: answer.headers['content-type'],
						text: Buffer.concat(said).toString() },
					{ headers: request.headers, text: body.toString('latin1') });

					response.writeHead(given.status, { 'Content-Type': given.type });
					response.end(given.text);
				});
			});

			onward.on('error', () => response.socket.destroy());
			onward.end(body);
		});
	});

	await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
	return { port, server };
}

function run(estate, port, id, more = ['--json'], where = null) {
	return new Promise((resolve) => child.execFile(process.env.LEASEHOLD, ['conformance',
		where || `https://127.0.0.1:${port}/`, '--client-id', id, '--password-file',
		estate.file(`${id}-password`, password), '--device-key',
		path.join(estate.directory, `${id}.key`), '--ca',
		path.join(estate.state, 'tls.pem'), ...more], { timeout: 120000 },
	(error, out, err) => resolve({ status: error ? error.code : 0, out, err })));
}

function leased(estate) {
	return JSON.parse(estate.server(['leases', '--client', 'gw', '--json'])).parts
		.filter((row) => row.client === 'gw').reduce((sum, row) => sum + row.units, 0);
}

function broken(done) {
	return JSON.parse(done.out).filter((row) => !row.kept);
}

play(async (estate) => {
	estate.addLicense('CONSEC-ADD-1000U');
	estate.addClient('gw', password, 'CONSEC=5/10/40');
	mutants.forEach((one, i) => estate.addClient(`gw${i}`, password, 'CONSEC=5/10/40'));
	await estate.start();
	const good = await run(estate, estate.port, 'gw');

	equal([good.status, broken(good)], [0, []], 'the license server keeps every rule');
	equal(JSON.parse(good.out).length, 17, 'all of them were tried that lease no more than is reserved');
	equal(leased(estate), 5, 'and no more was leased');
	const whole = await run(estate, estate.port, 'gw', ['--json', '--grow', 'CONSEC']);

	equal([whole.status, broken(whole), JSON.parse(whole.out).length], [0, [], 19],
		'the rules of growth too');
	equal(leased(estate), 35, 'and it was grown for that');
	const text = await run(estate, estate.port, 'gw', []);

	ok(/^S-05 kept {3}/m.test(text.out), 'as text too, and the account is good again', text);
	equal((await run(estate, estate.port, 'gw', ['--pin', 'sha256//x'])).status, 2,
		'two ways to believe it are a mistake');
	for (const where of ['http://127.0.0.1', 'https://', 'https://127.0.0.1/lease/v1'])
		ok(await run(estate, estate.port, 'gw', ['--json'], where).then(({ status, err }) =>
			status === 2 && err.includes('https://HOST[:PORT], without a path')), `refused: ${where}`);
	for (const [i, [id, name, edit]] of mutants.entries()) {
		const { port, server } = await proxy(estate, edit, `127.0.0.${100 + i}`);
		const done = await run(estate, port, `gw${i}`, ['--json', '--grow', 'CONSEC']);

		ok(done.status === 1 && broken(done).some((row) => row.id === id && row.seen),
			`${id} finds: ${name}`, done);
		server.closeAllConnections();
		server.close();
	}
});
