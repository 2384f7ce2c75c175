#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Preferred Network: the conversation leaves from the address or interface of
// the preferred network while that is up, and from the internal one otherwise;
// the command line says which, and why.
'use strict';

const fs = require('fs');
const net = require('net');
const path = require('path');
const { equal, play } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

// Notes from where each connection comes, and hangs up.
function listen(seen) {
	const server = net.createServer((socket) => {
		seen.push(socket.remoteAddress);
		socket.on('error', () => {});
		socket.destroy();
	});

	return new Promise((resolve) =>
		server.listen(0, '127.0.0.1', () => resolve(server)));
}

play(async (estate) => {
	const gateway = new Gateway(estate, 'gateway');
	const seen = [];
	const server = await listen(seen);
	const from = async (networks, preferred) => {
		const file = path.join(gateway.state, 'networks.json');

		fs.rmSync(file, { force: true });
		if (networks)
			fs.writeFileSync(file, JSON.stringify(networks));
		gateway.command(['link', 'set', '--network', preferred]);
		seen.length = 0;
		const { code } = await gateway.ask({ op: 'sync' });
		const { used, preferred_state: state } = gateway.link().network_now;

		return [[...new Set(seen)].join() || code, used, state];
	};

	gateway.make();
	gateway.setServer(server.address().port, 'gw001', 'Correct-Horse-1');
	await gateway.start();
	equal(await from(null, 'management'),
		['127.0.0.1', 'internal', 'unconfigured'],
		'one that is not configured gives way to the internal one');
	equal(await from({ management: '127.0.0.9', internal: '127.0.0.8' }, 'management'),
		['127.0.0.9', 'management', 'up'],
		'the conversation leaves from the preferred network');
	equal(await from({ external: 'lo' }, 'external'),
		['127.0.0.1', 'external', 'up'], 'an interface serves, too');
	equal(await from({ management: '127.0.0.9', internal: '127.0.0.8' }, 'internal'),
		['127.0.0.8', 'internal', 'up'],
		'the internal one has an address of its own');
	equal(await from({ management: '192.0.2.77', internal: '127.0.0.8' }, 'management'),
		['127.0.0.8', 'internal', 'absent'],
		'one that is not there gives way to the internal one');
	equal(await from({ external: 'nosuch0' }, 'external'),
		['127.0.0.1', 'internal', 'absent'],
		'and so does an interface that is not there');
	equal(await from({ external: 'nosuch0', internal: 'nosuch1' }, 'external'),
		['network', 'internal', 'absent'],
		'without the internal one nothing leaves');
	await gateway.stop();
	server.close();
});
