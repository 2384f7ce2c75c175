#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The disk refuses a sync at commit: nobody can say whether the grant is kept.
// The client hears 503, the process makes room for a fresh one, and the same
// bytes sent again find out. Needs strace to make the disk refuse.
'use strict';

const child = require('child_process');
const fs = require('fs');
const { basic, bearer, equal, hardwareId, ok, pause, play, post, requestBody,
	skip } = require('./lease-support.cjs');

const password = 'Correct-Horse-1';

if (child.spawnSync('strace', ['-e', 'trace=none', 'true']).status !== 0)
	skip('strace is not there, or may not trace');

// True once all threads of the process are traced.
function isTraced(pid) {
	return fs.readdirSync(`/proc/${pid}/task`).every((task) =>
		!/^TracerPid:\t0$/m.test(
			fs.readFileSync(`/proc/${pid}/task/${task}/status`, 'utf8')));
}

play(async (estate) => {
	const hardware = hardwareId();

	estate.addLicense('CONSEC-ADD-1000U');
	estate.addClient('gw', password, 'CONSEC=0/1/100');
	await estate.start();
	const first = await post(estate, basic('gw', password),
		requestBody(hardware, { CONSEC: 1 }));
	const headers = bearer(first.json && first.json.token);
	const pid = estate.processOf('lease.fcgi');
	const tracer = child.spawn('strace', ['-f', '-p', String(pid), '-o',
		estate.file('trace', ''), '-e', 'trace=fdatasync,fsync', '-e',
		'inject=fdatasync,fsync:error=EIO'], { stdio: 'ignore' });

	for (let tries = 0; !isTraced(pid) && tries < 500; tries++)
		await pause(20);
	const body = requestBody(hardware, { CONSEC: 2 });
	const failed = await post(estate, headers, body);

	equal([failed.status, failed.json && failed.json.code],
		[503, 'store_unavailable'], 'the outcome is unknown: 503');
	ok(Number(failed.headers['retry-after']) >= 1, 'it says when to repeat');
	await new Promise((resolve) => tracer.on('exit', resolve));
	const again = await post(estate, headers, body);

	equal([again.status, again.json && again.json.features.CONSEC.leased],
		[200, 2], 'the repeat finds out');
	ok(estate.processOf('lease.fcgi') !== pid, 'from another process');
	equal((await post(estate, headers, body)).text, again.text,
		'and only once was it granted');
});
