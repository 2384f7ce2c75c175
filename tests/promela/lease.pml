/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lease.pml: documents, their confirmation, surrender and recall between one
 * license server and two clients, over a network that loses, doubles, delays
 * and reorders: whatever was sent once may arrive at any later time, any
 * number of times, or never. Asked of every state: no unit is usable twice.
 *
 * The server is freer than the product: it may give any number of units that
 * the rules of holding allow, and may take back any. Client 0 owns UNITS
 * units of a permanent license, which its person may surrender and recall.
 *
 * Time never ends: a document runs for so many ticks more, and nobody's tick
 * comes before another's. Numbers never end: each client's documents are
 * counted from the one it confirmed last, which is 0 here. What is older can
 * do nothing: a request that names it confirms nothing, an answer that brings
 * it is not taken.
 *
 *	BROKEN_CONFIRM	the server forgets older documents before the client
 *			has confirmed a newer one
 *	BROKEN_SINCE	the server believes messages of any age
 *	BROKEN_RECALL	the client counts its license again at the click
 *	BROKEN_RETURN	the server returns a license while its units are held
 *
 * With RECALL the same server and clients are played as the product does it,
 * greedy clients and a network that loses only a few messages more, and it is
 * asked whether a recall always ends (weak fairness):
 *
 *	BROKEN_EXTEND	the server goes on extending what a recall waits for
 */

#ifndef WINDOW
#define WINDOW 3	/* documents beyond the one confirmed */
#endif
#define POOL 1		/* units of the server's own licenses */
#define UNITS 1		/* of the license of client 0 */
#define CLICKS 4	/* surrender, recall, surrender, recall */

#define AT(c, number) ((c) * (WINDOW + 1) + (number))

/* The license: where its owner stands, and the server's row of it. */
mtype = { OWN, SURRENDERING, SURRENDERED, RECALLING };
mtype = { NONE, ACCEPTED, WAITING, RETURNED };
mtype license = OWN;
mtype row = NONE;
byte since = 0;		/* clicks; odd ones surrender, even ones recall */
byte row_since = 0;
bit told = 0;		/* the server answered the last click */

/* Documents: what each gives, and for how many ticks more. */
byte units[2 * (WINDOW + 1)];
byte runs[2 * (WINDOW + 1)];
byte newest[2];
byte holds[2];
byte had[2];		/* bit n: the client held n, and said so */

hidden byte held, most, total, usable, i;

/* The most units of any document that "who" may hold. */
inline count(who)
{
	most = 0;
#ifdef BROKEN_CONFIRM
	i = newest[who];
#else
	i = 0;
#endif
	do
	:: i > newest[who] -> break
	:: else ->
		if
		:: units[AT(who, i)] > most -> most = units[AT(who, i)]
		:: else
		fi;
		i++
	od
}

/* No unit is usable twice. */
inline check()
{
	usable = units[AT(0, holds[0])] + units[AT(1, holds[1])];
	if
	:: license == OWN -> usable = usable + UNITS
	:: else
	fi;
	assert(usable <= POOL + UNITS)
}

/* A tick: what ran out gives nothing. */
inline tick()
{
	i = 0;
	do
	:: i == 2 * (WINDOW + 1) -> break
	:: else ->
		if
		:: runs[i] > 0 ->
			runs[i]--;
			if
			:: runs[i] == 0 -> units[i] = 0
			:: else
			fi
		:: else
		fi;
		i++
	od;
	check()
}

/* "who" said that it holds "number": documents are counted from there. */
inline confirm(who, number)
{
	i = 0;
	do
	:: i + number > newest[who] -> break
	:: else ->
		units[AT(who, i)] = units[AT(who, i + number)];
		runs[AT(who, i)] = runs[AT(who, i + number)];
		i++
	od;
	do
	:: i > WINDOW -> break
	:: else -> units[AT(who, i)] = 0; runs[AT(who, i)] = 0; i++
	od;
	newest[who] = newest[who] - number;
	holds[who] = holds[who] - number;
	had[who] = had[who] >> number
}

/* Total, and what of it a recall leaves for new and extended documents. */
inline count_total()
{
	total = POOL;
	if
	:: row == ACCEPTED -> total = total + UNITS
#ifdef BROKEN_EXTEND
	:: row == WAITING -> total = total + UNITS
#endif
	:: else
	fi
}

/* A new document that gives "give" for "ticks". */
inline sign(who, give, ticks)
{
	newest[who]++;
	units[AT(who, newest[who])] = give;
	runs[AT(who, newest[who])] = ticks;
	check()
}

/* A grant, or an extension: it has to fit beside what everybody may hold. */
inline grant(who, give, ticks)
{
	count(1 - who); held = most;
	count(who);
	if
	:: most < give -> most = give
	:: else
	fi;
	held = held + most;
	count_total();
	if
	:: held <= total -> sign(who, give, ticks)
	:: else
	fi
}

#define LAST(who) AT(who, newest[who])
#define CONFIRM(who, n) \
	:: d_step { (had[who] & (1 << n)) && n <= newest[who] -> confirm(who, n) }
#define GRANT(who, give, ticks) \
	:: d_step { newest[who] < WINDOW -> grant(who, give, ticks) }
#define TAKE(who, n) \
	:: d_step { n > holds[who] && n <= newest[who] -> \
		holds[who] = n; had[who] = had[who] | (1 << n); check() }

#ifdef BROKEN_SINCE
#define IS_OLD(age) false
#else
#define IS_OLD(age) ((age) < row_since)
#endif

/* A message of click "age" arrives, sent at that click or later, now or again. */
inline hear_surrender(age)
{
	if
	:: IS_OLD(age) || (age == row_since && row != ACCEPTED)
	:: else -> row = ACCEPTED; row_since = age
	fi;
	if
	:: age == since && row == ACCEPTED -> told = 1
	:: else
	fi;
	check()
}

inline hear_recall(age)
{
	if
	:: IS_OLD(age)
	:: else ->
		if
		:: row == ACCEPTED || row == WAITING -> row = WAITING
		:: else -> row = RETURNED
		fi;
		row_since = age
	fi;
	if
	:: row == WAITING ->
		count(0); held = most; count(1); held = held + most;
#ifdef BROKEN_RETURN
		held = 0;
#endif
		if
		:: held <= POOL -> row = RETURNED
		:: else
		fi
	:: else
	fi;
	if
	:: age == since && row == RETURNED -> told = 1
	:: else
	fi;
	check()
}

#define HEAR(age, what) :: d_step { age <= since -> what(age) }

#ifdef RECALL

byte losses = 2;	/* messages that will still be lost */

/* The server hears what the owner of the license says of it. */
inline hear(who)
{
	if
	:: who == 0 && (since & 1) -> hear_surrender(since)
	:: who == 0 && since > 0 && !(since & 1) -> hear_recall(since)
	:: else
	fi
}

/* Two units, one, or what it has for as long as it has it. */
inline serve(who)
{
	if
	:: newest[who] < WINDOW ->
		was = newest[who];
		grant(who, 2, 2);
		if
		:: newest[who] == was -> grant(who, 1, 2)
		:: else
		fi;
		if
		:: newest[who] == was ->
			sign(who, units[LAST(who) - 1], runs[LAST(who) - 1])
		:: else
		fi
	:: else
	fi;
	was = 0
}

inline ask(who)
{
	if
	:: holds[who] > 0 -> confirm(who, holds[who])
	:: else
	fi;
	hear(who);
	serve(who)
}

inline answer(who)
{
	holds[who] = newest[who];
	had[who] = had[who] | (1 << newest[who]);
	if
	:: who == 0 && told && license == SURRENDERING -> license = SURRENDERED
	:: who == 0 && told && license == RECALLING -> license = OWN
	:: else
	fi;
	check()
}

hidden byte was;

proctype client(byte me)
{
	do
	:: d_step { losses > 0 -> losses-- }
	:: d_step { losses > 0 -> losses--; ask(me) }
	:: d_step { true -> ask(me); answer(me) }
	od
}

active proctype clock()
{
	do
	:: d_step { true -> tick() }
	od
}

active proctype person()
{
	d_step { license == OWN ->
		license = SURRENDERING; since++; told = 0 };
	d_step { license == SURRENDERING || license == SURRENDERED ->
		license = RECALLING; since++; told = 0 }
}

init { atomic { run client(0); run client(1) } }

ltl recall_ends { [] (license == RECALLING -> <> (license == OWN)) }

#else

/* Everything that can happen, one thing at a time. */
active proctype world()
{
	do
	:: d_step { true -> tick() }

	/* A request arrives that names a document which its sender once held. */
	CONFIRM(0, 1)
	CONFIRM(0, 2)
	CONFIRM(0, 3)
	CONFIRM(1, 1)
	CONFIRM(1, 2)
	CONFIRM(1, 3)

	/* The server answers: with more, longer … */
	GRANT(0, 1, 1)
	GRANT(0, 1, 2)
	GRANT(0, 2, 1)
	GRANT(0, 2, 2)
	GRANT(1, 1, 1)
	GRANT(1, 1, 2)
	GRANT(1, 2, 1)
	GRANT(1, 2, 2)
	/* … with the same, with one less, with nothing. */
	:: d_step { newest[0] < WINDOW ->
		sign(0, units[LAST(0) - 1], runs[LAST(0) - 1]) }
	:: d_step { newest[1] < WINDOW ->
		sign(1, units[LAST(1) - 1], runs[LAST(1) - 1]) }
	:: d_step { newest[0] < WINDOW && units[LAST(0)] > 1 ->
		sign(0, units[LAST(0) - 1] - 1, runs[LAST(0) - 1]) }
	:: d_step { newest[1] < WINDOW && units[LAST(1)] > 1 ->
		sign(1, units[LAST(1) - 1] - 1, runs[LAST(1) - 1]) }
	:: d_step { newest[0] < WINDOW -> sign(0, 0, 0) }
	:: d_step { newest[1] < WINDOW -> sign(1, 0, 0) }

	/* An answer arrives: one older than what the client holds is not taken. */
	TAKE(0, 1)
	TAKE(0, 2)
	TAKE(0, 3)
	TAKE(1, 1)
	TAKE(1, 2)
	TAKE(1, 3)

	/* The person clicks. */
	:: d_step { license == OWN && since < CLICKS ->
		license = SURRENDERING; since++; told = 0; check() }
	:: d_step { (license == SURRENDERING || license == SURRENDERED) &&
		since < CLICKS ->
#ifdef BROKEN_RECALL
		license = OWN;
#else
		license = RECALLING;
#endif
		since++; told = 0; check() }

	/* The server hears of a click, the last or an earlier one. */
	HEAR(1, hear_surrender)
	HEAR(2, hear_recall)
	HEAR(3, hear_surrender)
	HEAR(4, hear_recall)

	/* Its answer arrives. */
	:: d_step { told && license == SURRENDERING -> license = SURRENDERED }
	:: d_step { told && license == RECALLING -> license = OWN; check() }
	od
}

#endif
