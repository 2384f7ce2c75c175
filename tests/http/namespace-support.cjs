// SPDX-License-Identifier: BSD-2-Clause
//
// namespace-support.cjs: network namespaces of a test's own, joined by a bridge
// in one of them, and gone when the test ends, however it does.
'use strict';

const child = require('child_process');
const { pause } = require('./lease-support.cjs');

function run(words, options = {}) {
	const done = child.spawnSync(words[0], words.slice(1),
		{ encoding: 'utf8', ...options });

	return { status: done.status, text: (done.stdout || '') + (done.stderr || '') };
}

function must(words, options) {
	const done = run(words, options);

	if (done.status !== 0)
		throw new Error(`${words.join(' ')}: ${done.text}`);
	return done.text;
}

// Which of the programs are missing, in words; "" when none is.
function missing(...programs) {
	const found = programs.filter((one) =>
		run(['sh', '-c', `command -v ${one}`]).status !== 0);

	return found.length ? `not installed: ${found.join(' ')}` : '';
}

// Says why there can be no namespace in which "words" ("NAME" stands for it)
// can be done; "" when there can.
function obstacle(words, what) {
	const probe = `lhprobe${process.pid}`;

	if (process.getuid() !== 0)
		return 'network namespaces need root';
	const made = run(['ip', 'netns', 'add', probe]);

	if (made.status !== 0)
		return `no network namespace can be made: ${made.text.trim()}`;
	const done = run(words.map((word) => (word === 'NAME' ? probe : word)));

	run(['ip', 'netns', 'delete', probe]);
	return done.status === 0 ? '' : `${what}: ${done.text.trim()}`;
}

// Until "look" finds something, looking every "every" milliseconds; its last answer.
async function until(look, seconds = 60, every = 200) {
	const end = Date.now() + seconds * 1000;
	let found = await look();

	while (!found && Date.now() < end) {
		await pause(every);
		found = await look();
	}
	return found;
}

class Namespaces {
	// "hub": the one with the bridge.
	constructor(hub) {
		this.names = [];
		process.on('exit', () => this.close());
		this.hub = this.add(hub);
		must(['ip', '-n', this.hub, 'link', 'add', 'br0', 'type', 'bridge']);
		must(['ip', '-n', this.hub, 'link', 'set', 'br0', 'up']);
	}

	add(name) {
		const namespace = `lh${process.pid}${name}`;

		must(['ip', 'netns', 'add', namespace]);
		this.names.push(namespace);
		must(['ip', '-n', namespace, 'link', 'set', 'lo', 'up']);
		return namespace;
	}

	// One with that address, behind the bridge's port "port".
	join(name, port, address) {
		const namespace = this.add(name);

		must(['ip', '-n', this.hub, 'link', 'add', port, 'type', 'veth',
			'peer', 'name', 'eth0', 'netns', namespace]);
		must(['ip', '-n', this.hub, 'link', 'set', port, 'master', 'br0', 'up']);
		must(['ip', '-n', namespace, 'address', 'add', `${address}/24`, 'dev', 'eth0']);
		must(['ip', '-n', namespace, 'link', 'set', 'eth0', 'up']);
		return namespace;
	}

	killAll(namespace, signal = 'SIGKILL') {
		for (const pid of run(['ip', 'netns', 'pids', namespace]).text.split('\n').filter(Boolean))
			try {
				process.kill(Number(pid), signal);
			} catch {
				// Gone meanwhile.
			}
	}

	close() {
		for (const name of this.names) {
			this.killAll(name);
			run(['ip', 'netns', 'delete', name]);
		}
		this.names = [];
	}
}

module.exports = { Namespaces, missing, must, obstacle, run, until };
