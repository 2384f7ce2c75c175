#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// leasehold conformance --client: the product's own client and the reference
// client keep every rule, and of a client that breaks one, that rule is named.
'use strict';

const child = require('child_process');
const fs = require('fs');
const path = require('path');
const { endsWithTest, equal, freePort, ok, pause, play, skip } = require('./lease-support.cjs');
const { Gateway } = require('./gateway-support.cjs');

const source = path.join(process.env.top_srcdir || '.', 'docs/reference-client.py');
const atOnce = 2;

// What each has in the place of what, and the rule that it breaks.
const mutants = [
	['C-01', 'it takes every public key', ['not hmac.compare_digest(pin, self.options.pin)', 'False']],
	['C-02', 'it does not look at the name', ['context.minimum_version', 'context.check_hostname = False\n        context.minimum_version'], 'ca'],
	['C-03', 'it does not look at the certificate', ['context.minimum_version', 'context.check_hostname, context.verify_mode = False, ssl.CERT_NONE\n        context.minimum_version'], 'ca'],
	['C-04', 'it speaks TLS 1.1', ['context.minimum_version = ssl.TLSVersion.TLSv1_2', 'context.minimum_version = ssl.TLSVersion.TLSv1; context.set_ciphers("ALL:@SECLEVEL=0")']],
	['C-06', 'it begins with a token', ['self.post(body, basic)', 'self.post(body, "Bearer x")']],
	['C-08', 'it never sends the password again', ['if refusal.code != "unauthorized":', 'if True:']],
	['C-09', 'it does not repeat', ['self.state.get("pending") or ', '']],
	['C-10', 'it repeats what was refused', ['("too_many_requests", "store_unavailable")', '("too_many_requests", "request_reused")']],
	['C-11', 'it looks at no signature', [/\.verify\(\s+decode\(signature\), .*\)/, '']],
	['C-12', 'it pins no server key', ['self.state.get("server_key") or ', '']],
	['C-13', 'it takes any type', [' and head["typ"] == "lease+jwt"', '']],
	['C-14', 'it takes a lease of another client', ['document["client"] == self.options.client_id', 'True']],
	['C-15', 'it takes a lease of another device', ['document["hardware_id"] == self.hardware', 'True']],
	['C-16', 'it takes a recorded answer', ['document["request_id"] == answer["request_id"] == json.loads(body)["request_id"]', 'True']],
	['C-17', 'it believes what stands in the open', ['(same, "lease and answer differ"), ', '']],
	['C-18', 'it takes an older lease', ['(age, "older than the lease held")', '(True, "")']],
	['C-19', 'it goes by the number alone', ['(answer["epoch"], answer["number"]) >= (self.state["epoch"], self.state["number"])', 'answer["number"] >= self.state["number"]']],
	['C-22', 'it does not come back', ['answer["renew_after"] * random', '3600 * random']],
	['C-23', 'it waits for nobody', ['wait = max(wait, getattr(error, "retry_after", 0))', 'wait = 1']],
	['C-24', 'it keeps to itself that it holds less', ['return self.sync()  # less', 'return answer  # less']],
	['C-25', 'it shows no lease', ['if show_lease and', 'if False and']],
	['C-25', 'it takes a new epoch at once', ['return self.sync(show_lease=True)', 'pass']],
	['C-26', 'it shows its lease for nothing', ['age = (', 'age = (json.loads(body).get("lease") is None or answer["number"] >= self.state["number"]) and (']],
	['C-27', 'it says that it sends text', ['"Content-Type": "application/json"', '"Content-Type": "text/plain"']],
	['C-28', 'it leaves out its version', ['"version": self.options.version,', '']],
	['C-28', 'it tells the time in fractions', ['"sent_at": int(time.time())', '"sent_at": time.time()']],
	['C-29', 'it uses one ID for all', ['os.urandom(16).hex()', '"0" * 32']],
	['C-30', 'it shows a token of its own', ['"Bearer " + self.state["token"]', '"Bearer " + self.state["token"][1:]']],
	['C-31', 'it signs something else', ['digest = hashlib.sha256(body.encode())', 'digest = hashlib.sha256(b"")']],
	['C-31', 'it makes its hardware ID up', ['self.hardware = hardware_id(self.public)', 'self.hardware = "0123456789ABCDEF"']],
	['C-32', 'it confirms nothing', ['"holds": self.state["number"]', '"holds": 0']],
];

// The command, and the last thing that it asked the operator for.
class Bench {
	constructor(estate, name, more = [], wait = 180) {
		this.wait = wait;
		this.keys = path.join(estate.directory, `${name}-keys`);
		this.more = more;
		this.out = this.said = '';
		this.status = null;
	}

	async open() {
		this.port = await freePort();
		this.process = endsWithTest(child.spawn(process.env.LEASEHOLD, ['conformance',
			'--client', '--json', '--listen', `127.0.0.1:${this.port}`, '--keys',
			this.keys, '--client-id', 'gw1', '--pace', '3600', '--renew-after', '2',
			'--retry-after', '5', '--wait', String(this.wait), ...this.more]));
		this.process.stdout.on('data', (part) => { this.out += part; });
		this.process.stderr.on('data', (part) => { this.said += part; });
		this.ended = new Promise((resolve) => this.process.on('close', (status) => {
			this.status = status;
			resolve();
		}));
		for (let tries = 0; tries < 1200 && !this.latest() && this.status === null; tries++)
			await pause(50);
		this.password = fs.readFileSync(path.join(this.keys, 'password'), 'utf8');
		this.pin = (/sha256\/\/\S+/.exec(this.said) || [''])[0];
	}

	latest() {
		return (this.said.match(/^C-.*$/gm) || []).at(-1);
	}

	// Lets the client ask whenever that is asked for, until all is tried.
	async lead(ask) {
		while (this.status === null) {
			if (/let the client ask/.test(this.latest()))
				await ask();
			await pause(20);
		}
		this.rows = JSON.parse(this.out || '[]');
	}

	broken() {
		return this.rows.filter((row) => !row.kept).map(({ id, seen }) => [id, seen]);
	}
}

// A client that runs on after each time it was made to ask.
class Reference {
	constructor(bench, script, trust) {
		this.bench = bench;
		this.words = ['-B', script, '--server', `127.0.0.1:${bench.port}`,
			'--client-id', 'gw1', '--password-file', path.join(bench.keys, 'password'),
			'--state', path.join(bench.keys, 'state'), '--feature', 'CONSEC=5',
			...(trust === 'ca' ? ['--ca', path.join(bench.keys, 'ca.pem')] :
				['--pin', bench.pin])];
	}

	// Until it has told how it went, once; it goes on by itself after that.
	ask() {
		this.end();
		this.process = endsWithTest(child.spawn('python3', this.words));
		return new Promise((resolve) => {
			this.process.stdout.once('data', resolve);
			this.process.stderr.once('data', resolve);
			this.process.once('exit', resolve);
			this.bench.ended.then(resolve);
		});
	}

	end() {
		if (this.process)
			this.process.kill('SIGKILL');
	}
}

async function reference(estate, name, script, trust, more) {
	const bench = new Bench(estate, name, more);

	await bench.open();
	const client = new Reference(bench, script, trust);

	await bench.lead(() => client.ask());
	client.end();
	return bench;
}

async function ours(estate) {
	const bench = new Bench(estate, 'ours');
	const gateway = new Gateway(estate, 'gateway');

	await bench.open();
	gateway.make();
	fs.copyFileSync(path.join(bench.keys, 'ca.pem'),
		path.join(gateway.state, 'server-ca.pem'));
	gateway.setServer(bench.port, 'gw1', bench.password, 'on');
	await gateway.start();
	await bench.lead(() => gateway.ask({ op: 'sync' }));
	await gateway.stop();
	return bench;
}

async function mistaken(estate) {
	const run = (...words) => child.spawnSync(process.env.LEASEHOLD,
		['conformance', ...words], { encoding: 'utf8' });
	const keys = path.join(estate.directory, 'none');

	for (const [words, says] of [
		[['--client', '--keys', keys], '--listen ADDR:PORT'],
		[['--client', '--listen', '127.0.0.1:1'], '--keys DIR'],
		[['--client', '--listen', '0.0.0.0:1', '--keys', keys], '--hostname NAME'],
		[['--client', '--listen', '127.0.0.1:1', '--keys', keys, '--wait', '0'], '--wait'],
		[['--client', '--listen', '127.0.0.1:1', '--keys', keys, '--only', 'S-01'], 'no rule S-01'],
		[['--client', 'https://127.0.0.1'], 'no server is named'],
		[['https://127.0.0.1', '--client-id', 'x', '--device-key', keys, '--keys', keys],
			'go with --client']]) {
		const done = run(...words);

		ok(done.status === 2 && done.stderr.includes(says), `refused: ${words.join(' ')
			.replaceAll(keys, 'DIR')}`, done);
	}
	ok(!fs.existsSync(keys), 'and nothing was made');
}

async function nobody(estate) {
	const bench = new Bench(estate, 'nobody', ['--only', 'C-06', '--only', 'C-07'], 1);

	await bench.open();
	await bench.lead(() => {});
	equal([bench.status, bench.broken().map(([id]) => id)], [1, ['C-06', 'C-07']],
		'a client that never comes keeps no rule');
}

async function finds(estate, [id, name, [from, to], trust], i) {
	const text = fs.readFileSync(source, 'utf8');
	const spoilt = text.replace(from, to);
	const script = estate.file(`mutant-${i}.py`, spoilt);
	const bench = await reference(estate, `mutant-${i}`, script, trust,
		['--only', id, ...(Number(id.slice(2)) > 26 ? ['--only', 'C-07', '--only', 'C-08'] : [])]);

	ok(spoilt !== text && bench.status === 1 && bench.broken().some(([broken]) => broken === id),
		`${id} finds: ${name}`, [bench.out, bench.said]);
}

play(async (estate) => {
	if (child.spawnSync('python3', ['-c', 'import cryptography']).status !== 0)
		skip('python3-cryptography is not here');
	await mistaken(estate);
	await nobody(estate);
	// Most of their time passes in waiting, so they run beside the others.
	const whole = [ours(estate), reference(estate, 'pin', source, 'pin'),
		reference(estate, 'ca', source, 'ca')];
	const rest = mutants.map((one, i) => [one, i]);

	async function work() {
		for (let next = rest.shift(); next; next = rest.shift())
			await finds(estate, ...next);
	}
	await Promise.all(Array.from({ length: atOnce }, work));
	const [own, pinned, verified] = await Promise.all(whole);

	for (const [name, bench] of [['the product\'s own client', own],
		['the reference client with a pinned key', pinned],
		['the reference client that verifies', verified]])
		equal([bench.status, bench.broken(), bench.rows.length], [0, [], 33],
			`${name} keeps every rule`);
});
