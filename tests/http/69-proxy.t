#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The way to the center leads through a proxy, a real one, which sees a tunnel
// and nothing in it: open, asking for a password, refusing, and not there.
'use strict';

const http = require('http');
const net = require('net');

const { equal, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const SECRET = 'pässword with: signs';

// CONNECT alone. "seen" is what it could read.
function startProxy(mayPass) {
	const seen = { heads: [], bytes: '' };
	const server = http.createServer((request, response) => { response.writeHead(405).end(); });

	server.on('connect', (request, socket, head) => {
		seen.heads.push(request.headers);
		if (!mayPass(request)) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		const [host, port] = request.url.split(':');
		const other = net.connect(Number(port), host, () => {
			socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
			other.write(head);
			socket.pipe(other).pipe(socket);
		});

		socket.on('data', (data) => { seen.bytes += data.toString('latin1'); });
		other.on('error', () => socket.destroy());
		socket.on('error', () => other.destroy());
	});
	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve({ server, seen, port: server.address().port })));
}

// Not run(): that would hold the proxy's loop.
function later(words, environment = {}) {
	const child = require('child_process').spawn(process.env.LEASEHOLD, words, { env: { ...process.env, ...environment } });
	const said = { out: '', err: '' };

	child.stdout.on('data', (data) => { said.out += data; });
	child.stderr.on('data', (data) => { said.err += data; });
	return new Promise((resolve) => child.on('exit', (status) => resolve({ status, ...said })));
}

play(async (estate) => {
	const center = new Center(estate);

	center.port = estate.port;
	center.command('customer', 'add', '--name', 'Example Ltd');
	await center.start();
	const buyer = new Buyer(estate, center, 'buyer');
	const settings = (...words) => run(['download', '--settings', ...words, '--state', buyer.state]);
	const fetchCode = (code, environment) => later(['download', '--code-file', estate.file('code', code), '--state', buyer.state], environment);

	buyer.trustsCenter(center);
	const open = await startProxy(() => true);
	const guarded = await startProxy((request) => request.headers['proxy-authorization'] ===
		`Basic ${Buffer.from(`ada:${SECRET}`).toString('base64')}`);
	const codes = [1, 2, 3].map(() => center.code('Example Ltd', 'CONSEC-ADD-100U'));

	equal(settings('--proxy', 'proxy.example').status, 1, 'a proxy needs a port');
	equal(settings('--proxy', `127.0.0.1:${open.port}`).status, 0, 'a proxy is set');
	const first = await fetchCode(codes[0]);

	equal([first.status, open.seen.heads.length > 0], [0, true], 'license keys come through it', first);
	ok(!open.seen.bytes.includes(codes[0]) && !open.seen.bytes.includes('activations'), 'and it reads nothing of them');
	settings('--proxy', `127.0.0.1:${guarded.port}`);
	const refused = await fetchCode(codes[1]);

	ok(refused.status === 1 && /proxy on the way .*user name and password\. The code was not used\./.test(refused.err),
		'one that asks for a password says what to do, and that the code was not used', refused);
	equal(settings('--proxy-user', 'ada', '--proxy-password-file', estate.file('secret', SECRET)).status, 0, 'user name and password are set');
	equal((await fetchCode(codes[1])).status, 0, 'and let through');
	equal(settings('--proxy-user', 'a:b').status, 1, 'a user name has no colon');
	const page = estate.sql('SELECT text FROM event', buyer.state).map((row) => row.text).join('\n');

	ok(!page.includes(SECRET), 'the password stands in no log');
	open.server.close();
	guarded.server.close();
	open.server.closeAllConnections?.();
	guarded.server.closeAllConnections?.();
	settings('--proxy', `127.0.0.1:${open.port}`);
	const gone = await fetchCode(codes[2]);

	ok(gone.status === 1 && /proxy on the way cannot be reached/.test(gone.err), 'one that is not there is told', gone);
	settings('--proxy', '');
	equal(estate.sql('SELECT proxy_user, proxy_password FROM appliance', buyer.state), [{ proxy_user: '', proxy_password: '' }],
		'without a proxy nothing of it is kept');
	equal((await fetchCode(codes[2], { https_proxy: `http://127.0.0.1:${open.port}`, HTTPS_PROXY: `http://127.0.0.1:${open.port}`,
		ALL_PROXY: `http://127.0.0.1:${open.port}` })).status, 0, 'and none is taken from the environment');
	await center.stop();
});
