#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// Room for one more quantum, and 64 clients that ask for it at the same
// moment: exactly one gets it, round after round.
'use strict';

const { basic, bearer, equal, hardwareId, ok, play, post, requestBody } =
	require('./lease-support.cjs');

const clients = 64;
const rounds = 12;
const password = 'Correct-Horse-1';

function leased(answer) {
	const feature = answer.json && answer.json.features &&
		answer.json.features.CONSEC;

	return feature ? feature.leased : NaN;
}

play(async (estate) => {
	const nodes = [];

	for (let i = 0; i < clients; i++) {
		nodes.push({ id: `gw${i}`, hardware: hardwareId(), leased: 0 });
		estate.addClient(`gw${i}`, password, 'CONSEC=0/10/10');
	}
	await estate.start();
	const first = await Promise.all(nodes.map((node) => post(estate,
		basic(node.id, password), requestBody(node.hardware, { CONSEC: 10 }))));

	first.forEach((answer, i) => {
		nodes[i].token = answer.json && answer.json.token;
	});
	ok(first.every((answer) => answer.status === 200 && leased(answer) === 0),
		'an empty pool lends nothing');
	for (let round = 1; round <= rounds; round++) {
		estate.addLicense('CONSEC-ADD-10U');
		const answers = await Promise.all(nodes.map((node) => post(estate,
			bearer(node.token), requestBody(node.hardware, { CONSEC: 10 }))));
		const winners = answers.filter((answer, i) =>
			leased(answer) > nodes[i].leased).length;
		const denied = answers.filter((answer) => answer.status === 200 &&
			leased(answer) === 0 &&
			answer.json.features.CONSEC.denied.code === 'pool_exhausted').length;

		answers.forEach((answer, i) => {
			nodes[i].leased = leased(answer);
		});
		equal([winners, denied], [1, clients - round],
			`round ${round}: one of ${clients} is granted, the others hear why`);
	}
	equal(nodes.reduce((sum, node) => sum + node.leased, 0), 10 * rounds,
		'the sum is the pool');
});
