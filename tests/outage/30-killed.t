#!/usr/bin/env node
// SPDX-License-Identifier: BSD-2-Clause
//
// A license client is killed at a system call of a sync, of a surrender, of a
// recall, while another client wants all that there is. Whatever it was about to
// do, units are usable once, and with its next sync both sides are what the
// rules say. A sample of the calls; with OUTAGE_LONG=1 (make outage-long) each,
// with OUTAGE_LONG=effects each that leaves something behind.
'use strict';

const { finish, ok, skip } = require('../http/lease-support.cjs');
const { BASE, GROWN, ISSUED, LENT, LITTLE, MAIN, MIDDLE, MUCH, Play, WORKER, obstacle, pause } =
	require('./killed-support.cjs');

const why = obstacle();

if (why)
	skip(`killed clients: ${why}`);

const isLong = process.env.OUTAGE_LONG === '1';
// Only calls that change what outlives the process. Killed at any other call it
// leaves what it leaves at the next of these: locks and memory go with it.
const hasEffects = process.env.OUTAGE_LONG === 'effects';
const EFFECT = /^(p?write(64|v)?|send(to|msg)|f(data)?sync|ftruncate|unlink(at)?|rename(at)?|mkdir|connect|shutdown)$/;
// Where something is stored or said: killed there, and at the call after it.
const TELLING = /^(fdatasync|sendto|connect)$/;
// Of each act in the short run.
const FEW = 8;

// ---- what is done, and what is so before and afterwards ------------------------

async function sync(play) {
	return play.one.ask({ op: 'sync' });
}

// It syncs at once, and does not wait for the agent to look.
async function clickAndSync(play, what) {
	play.click(what);
	return sync(play);
}

// There are five units for who comes first, and two who want them.
async function fiveFree(play) {
	await play.limitTwo(LITTLE);
	play.maximum('one', MIDDLE);
	play.maximum('two', MUCH);
}

async function backToBase(play) {
	play.maximum('one', LITTLE);
	await play.settles([BASE]);
}

// "two" leaves room for what is to be recalled.
async function roomForRecall(play) {
	await play.settles([LENT]);
	await play.limitTwo(MIDDLE);
}

// And would take it, were it still there.
async function temptTwo(play) {
	play.maximum('two', MUCH);
	return play.settles([BASE]);
}

// An act on "one": "expected" is what may be so when it has synced again.
const acts = [
	{ name: 'a sync that changes nothing, over a new connection', thread: WORKER,
		before: async (play) => {
			await play.one.stop('SIGKILL');
			await play.one.start();
		},
		act: sync, expected: [BASE] },
	{ name: 'a sync that grows', thread: WORKER, before: fiveFree, act: sync,
		expected: [GROWN, BASE], after: backToBase },
	{ name: 'a sync that shrinks', thread: WORKER,
		before: async (play) => {
			await play.limitTwo(LITTLE);
			play.maximum('one', MIDDLE);
			await play.settles([GROWN]);
			play.maximum('two', MUCH);
			play.maximum('one', LITTLE);
		},
		act: sync, expected: [BASE] },
	{ name: 'the sync of a surrender', thread: WORKER,
		act: (play) => clickAndSync(play, 'surrender'), expected: [LENT],
		after: async (play) => {
			await roomForRecall(play);
			play.click('recall');
			await play.settles([BASE]);
			await temptTwo(play);
		} },
	{ name: 'the sync of a surrender that is taken back before it starts again', thread: WORKER,
		act: (play) => clickAndSync(play, 'surrender'),
		dead: (play) => play.click('recall'),
		// Where "two" was faster, the recall waits for it.
		settle: async (play) => {
			await play.syncs();
			play.maximum('two', MIDDLE);
		},
		expected: [BASE], after: temptTwo },
	{ name: 'the sync of a recall', thread: WORKER,
		before: async (play) => {
			play.click('surrender');
			await roomForRecall(play);
		},
		act: (play) => clickAndSync(play, 'recall'), expected: [BASE], after: temptTwo },
	{ name: 'the click on Surrender', command: 'surrender', expected: [LENT],
		after: async (play) => {
			await roomForRecall(play);
			play.click('recall');
			await play.settles([BASE]);
			await temptTwo(play);
		} },
	{ name: 'the click on Recall', command: 'recall',
		before: async (play) => {
			play.click('surrender');
			await roomForRecall(play);
		},
		expected: [BASE], after: temptTwo },
	// The last: from now on "one" has fewer users.
	{ name: 'a user who needs one more increment', thread: MAIN,
		before: async (play) => {
			for (let i = 11; i <= 15; i++)
				await play.one.ask({ op: 'end', id: `u${i}` });
			await fiveFree(play);
		},
		act: (play) => play.one.begin('guest', { id: 'guest' }),
		expected: [GROWN, BASE],
		check: async (play, answer, state) => {
			const { sessions } = await play.one.sessions();
			const isIn = sessions.some((one) => one.id === 'guest');

			if (answer && answer.ok && !(isIn && state.leased === GROWN.leased))
				return ['a user was let in, and is not there'];
			return [];
		},
		after: async (play) => {
			await play.one.ask({ op: 'end', id: 'guest' });
			await backToBase(play);
		} },
];

// ---- one kill ---------------------------------------------------------------------

// The answer, null when it was killed before there was one.
async function actTraced(play, act, place) {
	const tracer = act.command ?
		play.one.traceCommand(['key', act.command, play.serial], place) :
		await play.one.trace(act.thread, place);
	const answer = act.command ? await tracer.ended : await act.act(play);

	if (answer && !act.command)
		await pause(20);
	await tracer.end();
	return { answer, calls: tracer.calls(), isKilled: tracer.hasKilled() };
}

// While it is away the other takes what it can.
async function recovers(play, act) {
	if (!act.command)
		await play.one.stop('SIGKILL');
	await play.two.ask({ op: 'sync' });
	const wrongs = await play.wrongs('killed');

	if (act.dead) {
		act.dead(play);
		await play.two.ask({ op: 'sync' });
		wrongs.push(...await play.wrongs('killed, and clicked again'));
	}
	if (act.command)
		play.click(act.command);
	else
		await play.one.start();
	wrongs.push(...await play.wrongs('before it syncs'));
	return wrongs;
}

async function afterwards(play, act, answer) {
	if (act.settle)
		await act.settle(play);
	const state = await play.settles(act.expected);
	const wrongs = await play.wrongs('afterwards');

	if (!act.expected.some((one) => JSON.stringify(one) === JSON.stringify(state)))
		wrongs.push({ state, expected: act.expected });
	if (act.check)
		wrongs.push(...await act.check(play, answer, state));
	return wrongs;
}

// Killed at that call, or, where it does not make it, when all was done.
async function once(play, act, place) {
	await play.letMoreSync();
	if (act.before)
		await act.before(play);
	const { answer, calls, isKilled } = await actTraced(play, act, place);
	const wrongs = [...await recovers(play, act), ...await afterwards(play, act, answer)];

	// Where something is wrong nothing else would begin as it should.
	if (act.after && !wrongs.length)
		await act.after(play);
	return { calls, isKilled, wrongs };
}

// ---- which calls ------------------------------------------------------------------

// Each call by its name, and its number among those of that name.
function placesOf(calls) {
	const seen = {};

	return calls.map((name) => {
		seen[name] = (seen[name] || 0) + 1;
		return { name, nth: seen[name] };
	});
}

// Of those that tell, and the calls after them, the last ones; then some of the rest.
function sample(places) {
	const tells = (i) => i >= 0 && TELLING.test(places[i].name);
	const telling = places.filter((one, i) => tells(i) || tells(i - 1));
	const chosen = new Set(telling.slice(-FEW + 2));

	chosen.add(places.find((one) => one.name === 'fdatasync'));
	for (let i = 1; chosen.size < FEW; i++)
		chosen.add(places[Math.round((places.length - 1) * i / FEW)]);
	return places.filter((one) => chosen.has(one));
}

async function killAll(play, act) {
	const began = Date.now();
	const whole = await once(play, act, null);
	const all = placesOf(whole.calls);
	const places = isLong ? all :
		hasEffects ? all.filter((one) => EFFECT.test(one.name)) : sample(all);
	const killers = [];

	ok(!whole.wrongs.length && !whole.isKilled, `${act.name}: killed when it is done`, whole.wrongs);
	for (const place of places) {
		const { isKilled, wrongs } = await once(play, act, place);

		if (isKilled)
			killers.push(place.name);
		ok(!wrongs.length, `${act.name}: killed ${isKilled ? 'at' : 'after all, without'} ${
			place.name} ${place.nth}`, wrongs);
		if (wrongs.length)
			throw new Error('no more is tried after that');
	}
	console.log(`# ${act.name}: ${all.length} calls, ${places.length} tried, ${killers.length} kills, ${
		Math.round((Date.now() - began) / 1000)} s`);
	return killers;
}

// ---- all of it --------------------------------------------------------------------

// What would be recorded had a kill looked like something else.
function nothingElse(play) {
	const count = (where) => play.server.sql(`SELECT count(*) AS n FROM event WHERE ${where}`)[0].n;

	ok(count('code = \'LHD10035\'') === 0, 'the server takes no kill for a disk that was set back',
		play.server.events('LHD10035'));
	for (const one of [play.server, play.one, play.two])
		one.command(['verify', ...(one === play.server ? ['--state', one.state] : [])]);
}

async function main() {
	const play = new Play();
	const only = process.env.OUTAGE_ONLY;
	const kills = [];

	try {
		await play.make();
		await roomForRecall(play);
		play.click('recall');
		await play.settles([BASE]);
		await temptTwo(play);
		for (const act of acts.filter((one) => !only || one.name.includes(only)))
			kills.push(...await killAll(play, act));
		// An act may make other calls each time: of one alone it is not certain.
		ok(kills.includes('fdatasync'), 'also where something is stored', kills);
		await play.watch.end();
		ok(!play.watch.over, `never more than ${ISSUED} usable in all: ${kills.length} kills, ${
			play.watch.looks} looks, at most ${play.watch.most}`, play.watch.over);
		ok(play.watch.most === ISSUED, 'and all of them were used', play.watch.most);
		nothingElse(play);
	} catch (error) {
		ok(false, 'the script runs to its end', String(error.stack));
		console.log(play.server.logText().slice(-1500).replace(/^/gm, '# '));
	}
	await play.end();
	finish();
}

main();
