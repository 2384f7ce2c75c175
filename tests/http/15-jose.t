#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// License keys made by somebody else's JOSE library: one signed with a key that
// the appliance trusts installs, whatever name of the algorithm the library
// knows; another algorithm, another issuer, or a key that signs for itself does
// not, and nothing of it stays.
'use strict';

const child = require('child_process');
const fs = require('fs');
const os = require('os');
const path = require('path');
const { equal, finish, ok, skip } = require('./lease-support.cjs');

const modules = process.env.NODE_PATH ||
	path.join(process.env.top_builddir || 'build', 'npm/tests/node_modules');
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'jose-'));
const state = path.join(folder, 'appliance');

function leasehold(words, input = '') {
	return child.spawnSync(process.env.LEASEHOLD, [...words, '--state', state],
		{ input, encoding: 'utf8' });
}

function library() {
	try {
		return require(path.join(modules, 'jose'));
	} catch (error) {
		if (error.code !== 'MODULE_NOT_FOUND')
			throw error;
		return skip('the npm package jose is not here; ./bootstrap check fetches it');
	}
}

function claims(hardwareId, serial, more = {}) {
	return { iss: 'Jose Inc.', jti: serial, iat: Math.floor(Date.now() / 1000),
		sub: hardwareId, sku: 'CONSEC-ADD-100U', start: '2026-01-01', ...more };
}

async function makeAppliance(jose, trusted) {
	const jwk = { ...await jose.exportJWK(trusted.publicKey), kid: 'k1', iss: 'Jose Inc.' };
	const jwks = path.join(folder, 'trusted.jwks');
	const password = path.join(folder, 'password');

	fs.writeFileSync(jwks, JSON.stringify({ keys: [jwk] }));
	fs.writeFileSync(password, 'a password for the test\n');
	leasehold(['init', '--role', 'server', '--platform', 'PSA-5000',
		'--trust', jwks, '--admin-password-file', password]);
	equal(leasehold(['agreement', 'accept', '--yes']).status, 0, 'an appliance that trusts one key of ours');
}

function sign(jose, key, payload, header = {}) {
	return new jose.SignJWT(payload)
		.setProtectedHeader({ alg: 'EdDSA', kid: 'k1', typ: 'license+jwt', ...header })
		.sign(key);
}

function installed() {
	const list = JSON.parse(leasehold(['key', 'list', '--json']).stdout);
	const rows = Array.isArray(list) ? list : list.licenses || list.keys;

	return rows.map((row) => row.serial).sort();
}

function refused(key, name) {
	const before = installed();
	const answer = leasehold(['key', 'add'], key);

	equal(answer.status, 1, `${name} is refused`);
	ok(/\w{4,}.*\./.test(answer.stdout + answer.stderr), `${name}: it says why`, answer);
	equal(installed(), before, `${name}: nothing of it stays`);
}

async function main() {
	const jose = library();
	const trusted = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519' });
	const stranger = await jose.generateKeyPair('EdDSA', { crv: 'Ed25519' });
	const curve = await jose.generateKeyPair('ES256');
	const secret = Buffer.from('the public key as a secret, an old trick');

	await makeAppliance(jose, trusted);
	const hardwareId = leasehold(['hwid']).stdout.trim();

	const good = await sign(jose, trusted.privateKey, claims(hardwareId, 'J-1'));

	equal(leasehold(['key', 'add'], good).status, 0, 'a key made by jose installs');
	equal(installed(), ['J-1'], 'and is there');
	equal(leasehold(['key', 'add'], good).status, 0, 'a second time it is no error');
	equal(installed(), ['J-1'], 'and not counted twice');

	const term = claims(hardwareId, 'J-2', { sku: 'CONSEC-100U-1YR', start: '2026-01-01', end: '2126-12-31' });

	equal(leasehold(['key', 'add'], await sign(jose, trusted.privateKey, term)).status, 0, 'a subscription too');
	equal(installed(), ['J-1', 'J-2'], 'both are there');
	refused(await sign(jose, trusted.privateKey, claims(hardwareId, 'J-12', { start: undefined })), 'neither start nor end');

	refused(await sign(jose, curve.privateKey, claims(hardwareId, 'J-3'), { alg: 'ES256' }), 'alg ES256');
	refused(await sign(jose, secret, claims(hardwareId, 'J-4'), { alg: 'HS256' }), 'alg HS256');
	refused(new jose.UnsecuredJWT(claims(hardwareId, 'J-5')).encode(), 'alg none');
	refused(await sign(jose, stranger.privateKey, claims(hardwareId, 'J-6')), 'a stranger under the trusted name');
	refused(await sign(jose, stranger.privateKey, claims(hardwareId, 'J-7'), { kid: 'k2' }), 'an unknown key');
	refused(await sign(jose, trusted.privateKey, claims(hardwareId, 'J-8', { iss: 'Other Inc.' })), 'another issuer');
	refused(await sign(jose, stranger.privateKey, claims(hardwareId, 'J-9'),
		{ jwk: await jose.exportJWK(stranger.publicKey) }), 'a key that brings its own key');
	refused(await sign(jose, trusted.privateKey, claims(hardwareId, 'J-10'), { typ: 'JWT' }), 'another type');
	refused(await sign(jose, trusted.privateKey, claims('0000000000000000', 'J-11')), 'another hardware ID');
	refused(good.slice(0, -6) + (good.endsWith('AAAA') ? 'BBBBBB' : 'AAAAAA'), 'an altered signature');
	fs.rmSync(folder, { recursive: true });
}

main().then(finish).catch((error) => {
	ok(false, String(error && error.stack));
	process.exit(1);
});
