#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// The center changes the key by which it signs: old license keys stay good, new
// ones count where the new key is trusted, which an appliance offers to do only
// when one that it trusts says so, and what is revoked is heard of by everybody.
'use strict';

const crypto = require('crypto');
const fs = require('fs');
const path = require('path');

const { equal, exchange, ok, play } = require('./lease-support.cjs');
const { Buyer, Center, Relay, run } = require('./center-support.cjs');

const kidOf = (key) => JSON.parse(Buffer.from(key.split('.')[0], 'base64url')).kid;

async function published(center) {
	const answer = await exchange(center, { method: 'GET', url: '/center/v1/issuers' });

	equal([answer.status, answer.headers['content-type']], [200, 'application/jwk-set+json'], 'the public keys are published');
	return answer.json;
}

// Any JOSE library can check what is published.
function verifies(set, key) {
	const jwk = set.keys.find((one) => one.kid === kidOf(key));
	const [head, body, signature] = key.split('.');

	return jwk && crypto.verify(null, Buffer.from(`${head}.${body}`),
		crypto.createPublicKey({ key: jwk, format: 'jwk' }), Buffer.from(signature, 'base64url'));
}

async function rotates(center, before) {
	const old = await published(center);

	equal([old.keys.length, old.signed.length], [1, 1], 'one key at first');
	ok(verifies(old, before), 'which verifies what it signed');
	const kid = JSON.parse(center.command('issuer', 'rotate', '--json')).kid;
	const after = await published(center);

	equal([after.keys.length, after.signed.length], [2, 2], 'after a rotation the former one stays, without a restart');
	ok(verifies(after, before), 'and what it signed stays verifiable');
	equal(after.keys.map((one) => one.iss), ['center.example', 'center.example'], 'under the same name');
	return kid;
}

function isOffered(estate, center, buyer, kid) {
	const code = center.code('Example Ltd', 'CONSEC-ADD-200U');
	const refused = buyer.download(code);

	ok(refused.status === 1 && /does not trust/.test(refused.err) && /offers issuer keys .*leasehold issuer fetch/.test(refused.out),
		'a license key of the new one is not installed where that is not trusted', refused);
	const offered = run(['issuer', 'fetch', '--state', buyer.state]);

	ok(offered.status === 0 && offered.out.includes(kid) && /say --yes/.test(offered.out), 'the appliance shows what is offered', offered);
	ok(!JSON.stringify(JSON.parse(estate.command(['issuer', 'list', '--json', '--state', buyer.state]))).includes(kid),
		'and trusts nothing by itself');
	equal(run(['issuer', 'fetch', '--yes', '--state', buyer.state]).status, 0, 'an administrator does');
	equal(estate.sql('SELECT object FROM event WHERE code = \'LHD10145\'', buyer.state), [{ object: kid }], 'which the log keeps');
	const got = buyer.download(code);

	equal([got.status, buyer.keys().some((one) => one.sku === 'CONSEC-ADD-200U')], [0, true], 'then the same code installs it', got);
	const again = run(['issuer', 'fetch', '--state', buyer.state]);

	ok(/Every issuer key of the center is trusted/.test(again.out), 'and nothing more is offered', again);
}

function thumbprint(key) {
	const { crv, kty, x } = (key.type === 'public' ? key : crypto.createPublicKey(key)).export({ format: 'jwk' });

	return crypto.createHash('sha256').update(JSON.stringify({ crv, kty, x })).digest('base64url');
}

// Who has a key that is trusted offers another one under a thumbprint that is not its own.
async function isNotDeceived(center, buyer) {
	const relay = new Relay(center);
	const stolen = crypto.createPrivateKey(fs.readFileSync(path.join(center.state, 'issuer.key')));
	const [thief, honest] = [1, 2].map(() => crypto.generateKeyPairSync('ed25519').publicKey);
	const part = (object) => Buffer.from(JSON.stringify(object)).toString('base64url');
	const sign = (keys) => {
		const text = `${part({ alg: 'EdDSA', typ: 'leasehold-issuers', kid: thumbprint(stolen) })}.${part({ iat: 1, keys })}`;

		return `${text}.${crypto.sign(null, Buffer.from(text), stolen).toString('base64url')}`;
	};
	const offers = (key, kid) => ({ ...key.export({ format: 'jwk' }), kid, iss: 'center.example', use: 'sig', extra: 'not kept' });
	let keys = [offers(thief, thumbprint(honest))];

	await relay.start();
	relay.does = (answer) => (answer.url === '/center/v1/issuers' ? { ...answer, body: JSON.stringify({ keys, signed: [sign(keys)] }) } : answer);
	await buyer.later('download', '--settings', '--center', `https://127.0.0.1:${relay.port}`);
	const got = await buyer.later('issuer', 'fetch', '--yes');

	ok(got.status === 0 && /Every issuer key of the center is trusted/.test(got.out), 'a key under the thumbprint of another is not offered', got);
	keys = [offers(honest, thumbprint(honest))];
	ok((await buyer.later('issuer', 'fetch')).out.includes(thumbprint(honest)), 'under its own it is');
	relay.stop();
	await buyer.later('download', '--settings', '--center', `https://127.0.0.1:${center.port}`);
}

function isRevokedForAll(center, other) {
	const serial = other.keys()[0].serial;

	center.command('key', 'revoke', serial, '--why', 'The order was cancelled.');
	other.download();
	equal(other.keys().find((one) => one.serial === serial).state, 'revoked',
		'an appliance that knows only the former key hears of what is revoked');
}

function isStrange(estate, center, stranger) {
	// It trusts an issuer of its own and nobody else.
	const { publicKey } = crypto.generateKeyPairSync('ed25519');
	const file = path.join(stranger.state, 'trusted.jwks');

	fs.writeFileSync(file, JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'mine', iss: 'other' }] }));
	const refused = run(['issuer', 'fetch', '--yes', '--state', stranger.state]);

	ok(refused.status === 1 && /nothing that the center offers is signed by an issuer that is trusted here/.test(refused.err),
		'a center that no trusted issuer vouches for is not trusted, whatever is said', refused);
	ok(!fs.readFileSync(file, 'utf8').includes('center.example'), 'and its keys are not kept');
}

function finishes(center, kid) {
	const next = path.join(center.state, 'issuer-next.key');
	const present = path.join(center.state, 'issuer.key');
	const { privateKey } = crypto.generateKeyPairSync('ed25519');

	// As a rotation leaves it that was killed after its first step.
	fs.writeFileSync(next, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
	const expected = crypto.createHash('sha256').update(JSON.stringify(((jwk) => ({ crv: jwk.crv, kty: jwk.kty, x: jwk.x }))(
		crypto.createPublicKey(privateKey).export({ format: 'jwk' })))).digest('base64url');

	equal(JSON.parse(center.command('issuer', 'rotate', '--json')).kid, expected, 'a rotation that was killed is finished by the next');
	ok(!fs.existsSync(next) && fs.existsSync(path.join(center.state, `issuer-${kid}.key`)), 'and leaves nothing half done');
	equal(fs.statSync(present).mode & 0o777, 0o600, 'the private key is its owner\'s alone');
	return expected;
}

function retires(center, kid, present) {
	const refused = run(['center', 'issuer', 'retire', present, '--state', center.state]);

	ok(refused.status === 1 && /Have a new one made first/.test(refused.err), 'the present key is not retired', refused);
	const asked = run(['center', 'issuer', 'retire', kid, '--state', center.state]);

	ok(asked.status === 1 && /good license keys are signed by .*--yes/.test(asked.err), 'a former one with license keys only when one is sure', asked);
	equal(run(['center', 'issuer', 'retire', kid, '--yes', '--state', center.state]).status, 0, 'then it is');
	ok(!fs.existsSync(path.join(center.state, `issuer-${kid}.key`)), 'and its private half is gone');
	equal(run(['center', 'issuer', 'retire', 'nobody', '--state', center.state]).status, 1, 'one that is not there cannot be retired');
}

// Interrupted between its steps, or in the middle of a rotation.
function retiresWhatIsHalfDone(center) {
	const file = path.join(center.state, 'trusted.jwks');
	const kid = JSON.parse(center.command('issuer', 'list', '--json'))[0].kid;

	center.command('issuer', 'rotate');
	fs.rmSync(path.join(center.state, `issuer-${kid}.key`));
	equal(run(['center', 'issuer', 'retire', kid, '--yes', '--state', center.state]).status, 0, 'one whose private half is gone can be retired');
	const { publicKey, privateKey } = crypto.generateKeyPairSync('ed25519');
	const set = JSON.parse(fs.readFileSync(file));
	const next = path.join(center.state, 'issuer-next.key');

	set.keys.push({ ...publicKey.export({ format: 'jwk' }), kid: thumbprint(privateKey), iss: 'center.example' });
	fs.writeFileSync(file, JSON.stringify(set));
	fs.writeFileSync(next, privateKey.export({ format: 'pem', type: 'pkcs8' }), { mode: 0o600 });
	equal(run(['center', 'issuer', 'retire', thumbprint(privateKey), '--state', center.state]).status, 0, 'and one that never signed');
	ok(!fs.existsSync(next) && JSON.parse(center.command('issuer', 'rotate', '--json')).kid !== thumbprint(privateKey),
		'which no later rotation makes the present one');
}

async function isFull(center) {
	let done;

	for (let i = 0; i < 40; i++) {
		done = run(['center', 'issuer', 'rotate', '--state', center.state]);
		if (done.status)
			break;
	}
	ok(done.status === 1 && /keeps 31 former issuer keys at most\. Retire one of them first\./.test(done.err), 'there is an end to former keys', done);
	const list = JSON.parse(center.command('issuer', 'list', '--json'));

	equal([list.length, (await published(center)).signed.length], [32, 32], 'at which the center still answers, by all of them');
	equal(run(['center', 'issuer', 'retire', list[0].kid, '--yes', '--state', center.state]).status, 0, 'and retires one');
	equal(run(['center', 'issuer', 'rotate', '--state', center.state]).status, 0, 'for which there is room again');
}

play(async (estate) => {
	const center = new Center(estate);

	center.port = estate.port;
	center.command('customer', 'add', '--name', 'Example Ltd');
	await center.start();
	const [buyer, other, stranger] = ['buyer', 'other', 'stranger'].map((name) => {
		const one = new Buyer(estate, center, name);

		one.trustsCenter(center);
		return one;
	});

	buyer.download(center.code('Example Ltd', 'CONSEC-ADD-100U'));
	other.download(center.code('Example Ltd', 'CONSEC-ADD-100U'));
	const before = center.sql('SELECT statement FROM issued ORDER BY id LIMIT 1')[0].statement;
	await isNotDeceived(center, buyer);
	const kid = await rotates(center, before);

	isOffered(estate, center, buyer, kid);
	isRevokedForAll(center, other);
	isStrange(estate, center, stranger);
	const present = finishes(center, kid);

	retires(center, kid, present);
	equal((await published(center)).keys.length, 2, 'what is retired is published no more');
	retiresWhatIsHalfDone(center);
	await isFull(center);
	await center.stop();
});
