#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The way to the center leads through a proxy, a real one, which sees a tunnel
// and nothing in it: open, asking for a password, refusing, and not there.
'use strict';

const child = require('child_process');
const fs = require('fs');
const http = require('http');
const net = require('net');
const path = require('path');
const tls = require('tls');

const { equal, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, run } = require('./center-support.cjs');

const SECRET = 'pässword with: signs';

// What an inspecting proxy shows instead of the center.
function startInspector(estate) {
	const [key, cert] = ['spy.key', 'spy.pem'].map((name) => path.join(estate.directory, name));

	child.execFileSync('openssl', ['req', '-x509', '-newkey', 'ed25519', '-nodes', '-subj', '/CN=127.0.0.1',
		'-addext', 'subjectAltName=IP:127.0.0.1', '-keyout', key, '-out', cert, '-days', '2'], { stdio: 'ignore' });
	const server = tls.createServer({ key: fs.readFileSync(key), cert: fs.readFileSync(cert) }, (socket) => socket.on('error', () => {}));

	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

// CONNECT alone. "seen" is what it could read; "does" is done instead of a tunnel, and one leads to "elsewhere" if that is a port.
function startProxy(mayPass, does = null, elsewhere = 0) {
	const seen = { heads: [], bytes: '' };
	const server = http.createServer((request, response) => { response.writeHead(405).end(); });

	server.on('connect', (request, socket, head) => {
		seen.heads.push(request.headers);
		if (!mayPass(request)) {
			socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm="p"\r\nContent-Length: 0\r\n\r\n');
			return;
		}
		if (does) {
			socket.on('error', () => {});
			does(socket);
			return;
		}
		const [host, port] = request.url.split(':');
		const other = net.connect(elsewhere || Number(port), host, () => {
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
	const one = child.spawn(process.env.LEASEHOLD, words, { env: { ...process.env, ...environment } });
	const said = { out: '', err: '' };

	one.stdout.on('data', (data) => { said.out += data; });
	one.stderr.on('data', (data) => { said.err += data; });
	return new Promise((resolve) => one.on('exit', (status) => resolve({ status, ...said })));
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
	const beats = new Buyer(estate, center, 'beats', [], 'virtual-server');

	beats.trustsCenter(center);
	run(['download', '--settings', '--proxy', `127.0.0.1:${open.port}`, '--state', beats.state]);
	equal((await later(['download', '--code-file', estate.file('code', center.code('Example Ltd', 'VLS-LICENSE-SERVER')),
		'--state', beats.state])).status, 0, 'a virtual license server fetches through it');
	run(['download', '--settings', '--proxy', '127.0.0.1:1', '--state', beats.state]);
	await beats.start();
	const lost = await later(['heartbeat', '--state', beats.state]);

	ok(lost.status === 1 && /proxy on the way cannot be reached/.test(lost.err), 'its heartbeats take no other way than the proxy', lost);
	run(['download', '--settings', '--proxy', `127.0.0.1:${open.port}`, '--state', beats.state]);
	const before = open.seen.heads.length;
	const beat = await later(['heartbeat', '--state', beats.state]);

	await beats.stop();
	ok(beat.status === 0 && open.seen.heads.length > before, 'and arrive by it', { beat, heads: open.seen.heads });
	open.server.close();
	guarded.server.close();
	open.server.closeAllConnections?.();
	guarded.server.closeAllConnections?.();
	settings('--proxy', `127.0.0.1:${open.port}`);
	const gone = await fetchCode(codes[2]);

	ok(gone.status === 1 && /proxy on the way cannot be reached/.test(gone.err), 'one that is not there is told', gone);
	const refuser = await startProxy(() => true, (socket) => socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n'));

	settings('--proxy', `127.0.0.1:${refuser.port}`);
	const forbidden = await fetchCode(codes[2]);

	ok(forbidden.status === 1 && /proxy on the way .*does not let this appliance through.*The code was not used\./.test(forbidden.err),
		'one that forbids the way is told', forbidden);
	const breaker = await startProxy(() => true, (socket) => {
		socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
		socket.once('data', () => socket.destroy());
	});

	settings('--proxy', `127.0.0.1:${breaker.port}`);
	const broken = await fetchCode(codes[2]);

	ok(broken.status === 1 && /The code was not used\./.test(broken.err), 'a tunnel that breaks before anything was sent used no code', broken);
	const inspector = await startInspector(estate);
	const spy = await startProxy(() => true, null, inspector.address().port);

	settings('--proxy', `127.0.0.1:${spy.port}`);
	const inspected = await fetchCode(codes[2]);

	ok(inspected.status === 1 && /certificate is not trusted, so nothing was sent/.test(inspected.err),
		'one that puts its own certificate in between is told nothing', inspected);
	for (const { server } of [refuser, breaker, spy]) {
		server.close();
		server.closeAllConnections?.();
	}
	inspector.close();
	settings('--proxy', '');
	equal(estate.sql('SELECT proxy_user, proxy_password FROM appliance', buyer.state), [{ proxy_user: '', proxy_password: '' }],
		'without a proxy nothing of it is kept');
	equal((await fetchCode(codes[2], { https_proxy: `http://127.0.0.1:${open.port}`, HTTPS_PROXY: `http://127.0.0.1:${open.port}`,
		ALL_PROXY: `http://127.0.0.1:${open.port}` })).status, 0, 'and none is taken from the environment');
	await center.stop();
});
