-- SPDX-License-Identifier: BSD-2-Clause
-- What the whole rules of leasing need: where a leased unit comes from,
-- surrendered licenses, the history of every pool, auto-leasing, clusters,
-- and what keeps a server from lending twice after a restore.

-- Of the units of this part, those that draw on subscription licenses; the
-- others draw on permanent ones (rules.md 5).
ALTER TABLE lease_part ADD COLUMN subscription INTEGER NOT NULL DEFAULT 0 CHECK (subscription >= 0);

-- The epoch of the last sync, and the serial of the member license shown in it ('' = none).
ALTER TABLE client_contact ADD COLUMN epoch INTEGER NOT NULL DEFAULT 1;
ALTER TABLE client_contact ADD COLUMN member TEXT NOT NULL DEFAULT '';
-- The first document signed in an epoch in which the client has not shown yet
-- what it holds, 0 = it has: whoever holds this one or a later holds no older.
ALTER TABLE client_contact ADD COLUMN unproven INTEGER NOT NULL DEFAULT 0;

-- Since when it draws on permanent licenses without a member license, 0 = it does not.
ALTER TABLE client_contact ADD COLUMN noncompliant_at INTEGER NOT NULL DEFAULT 0;

-- At the beginning of every second somebody asks whose configuration has just ended.
CREATE INDEX client_expires ON client (expires);

-- What a denial's sentence cannot say in one line: who holds the units, as
-- the JSON that the client was told.
ALTER TABLE denial ADD COLUMN holders TEXT NOT NULL DEFAULT '[]';

-- What watches over a license server; exactly one row.
CREATE TABLE watch (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	clock_mark INTEGER NOT NULL DEFAULT 0,		-- latest instant at which anything was decided
	clock_behind_at INTEGER NOT NULL DEFAULT 0,	-- the system's clock when it was seen to be behind that, 0 = it is not
	penalty_until INTEGER NOT NULL DEFAULT 0,	-- auto-leasing is off for all until then, 0 = no penalty
	penalty_client TEXT NOT NULL DEFAULT '',
	penalty_text TEXT NOT NULL DEFAULT '',
	recovering_at INTEGER NOT NULL DEFAULT 0,	-- when this epoch began by a restore, 0 = not recovering
	epoch_at INTEGER NOT NULL DEFAULT 0,		-- likewise, and stays when the recovery is over; 0 = the first epoch
	halted_at INTEGER NOT NULL DEFAULT 0,		-- an invariant was found broken: nothing is granted, 0 = sound
	halted_text TEXT NOT NULL DEFAULT '',
	sampled_at INTEGER NOT NULL DEFAULT 0		-- when the present figures were folded into the history last
) STRICT;
INSERT INTO watch (id) VALUES (1);

-- Every license ever installed here, so that none counts as new again.
CREATE TABLE license_seen (
	issuer TEXT NOT NULL,
	serial TEXT NOT NULL,
	first_at INTEGER NOT NULL,
	PRIMARY KEY (issuer, serial)
) STRICT, WITHOUT ROWID;
INSERT INTO license_seen SELECT issuer, serial, min(added_at) FROM license GROUP BY issuer, serial;

-- On a client: how far the surrender or recall of a license of its own got.
ALTER TABLE license ADD COLUMN surrender_sent INTEGER NOT NULL DEFAULT 0 CHECK (surrender_sent IN (0, 1));	-- a server may know of it
ALTER TABLE license ADD COLUMN surrender_server TEXT NOT NULL DEFAULT '';	-- server ID that has it or is to have it
ALTER TABLE license ADD COLUMN surrender_text TEXT NOT NULL DEFAULT '';		-- what the server said last: refusal, or what a recall waits for

-- On a server: licenses of clients that count here. A returned one stays, so
-- that a late copy of its surrender is known for what it is.
CREATE TABLE surrendered (
	id INTEGER PRIMARY KEY,
	client INTEGER NOT NULL REFERENCES client (id),
	issuer TEXT NOT NULL,
	serial TEXT NOT NULL,
	sku TEXT NOT NULL,
	feature TEXT NOT NULL,
	units INTEGER NOT NULL CHECK (units BETWEEN 0 AND 10000000),
	statement TEXT NOT NULL,
	state INTEGER NOT NULL CHECK (state IN (1, 2, 3)),	-- 1 accepted, 2 being recalled, 3 returned
	since INTEGER NOT NULL,			-- the client's instant of its last surrender or recall
	accepted_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	distrusted_at INTEGER NOT NULL DEFAULT 0,	-- since when its key is not believed: it counts nowhere, 0 = it is right
	unheard INTEGER NOT NULL DEFAULT 0 CHECK (unheard IN (0, 1)),	-- a recovery ended before its client was heard of: it counts nowhere until then
	UNIQUE (issuer, serial)
) STRICT;
CREATE INDEX surrendered_feature ON surrendered (feature) WHERE state < 3;
CREATE INDEX surrendered_client ON surrendered (client);
CREATE INDEX surrendered_serial ON surrendered (serial);

-- No surrender of that license by that client up to then counts any more: it
-- was refused, or its recall came before it. A recall names no issuer.
CREATE TABLE surrender_closed (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	serial TEXT NOT NULL,
	since INTEGER NOT NULL,
	PRIMARY KEY (client, serial)
) STRICT, WITHOUT ROWID;

-- T and what is held of it, from each instant on (kept 11 days).
CREATE TABLE pool_change (
	feature TEXT NOT NULL,
	at INTEGER NOT NULL,
	total INTEGER NOT NULL,
	held INTEGER NOT NULL,
	PRIMARY KEY (feature, at)
) STRICT, WITHOUT ROWID;

-- Whether a feature may be auto-leased, as judged last, and with which figures.
CREATE TABLE auto_lease (
	feature TEXT PRIMARY KEY,
	is_on INTEGER NOT NULL CHECK (is_on IN (0, 1)),
	code TEXT NOT NULL,			-- of the verdict
	average INTEGER NOT NULL,		-- available, time-weighted over 24 h
	unallocated INTEGER NOT NULL,
	bound INTEGER NOT NULL,			-- 30 % of it
	seconds INTEGER NOT NULL,		-- of history there were
	judged_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What clients say they auto-leased while they could not reach this server (kept 11 days).
CREATE TABLE auto_lease_report (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	feature TEXT NOT NULL,
	from_at INTEGER NOT NULL,
	to_at INTEGER NOT NULL CHECK (to_at > from_at),
	units INTEGER NOT NULL CHECK (units BETWEEN 1 AND 10000000),
	reported_at INTEGER NOT NULL,
	PRIMARY KEY (client, feature, from_at, units)
) STRICT, WITHOUT ROWID;
CREATE INDEX auto_lease_report_feature ON auto_lease_report (feature, to_at);

-- Who asks for all nodes of a cluster, and until when that stands.
CREATE TABLE cluster (
	name TEXT PRIMARY KEY,
	leader INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	until INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX client_cluster ON client (cluster) WHERE cluster <> '';

-- Users that a client asked for in its last request.
CREATE TABLE client_users (
	feature TEXT NOT NULL,
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	users INTEGER NOT NULL,
	PRIMARY KEY (feature, client)
) STRICT, WITHOUT ROWID;
CREATE INDEX client_users_client ON client_users (client);

-- History: the worst of each span, per feature and client (0 = all of them; of
-- one of them "total" is its Maximum Count, and "available" what is left of it).
-- A row is written when something differs from the row before it.
CREATE TABLE sample (
	span INTEGER NOT NULL CHECK (span IN (300, 3600)),
	feature TEXT NOT NULL,
	client INTEGER NOT NULL,
	at INTEGER NOT NULL,			-- first instant of the span
	total INTEGER NOT NULL,			-- least T
	available INTEGER NOT NULL,		-- least; may be negative
	leased INTEGER NOT NULL,		-- most
	users INTEGER NOT NULL,			-- most
	denials INTEGER NOT NULL,		-- how many
	PRIMARY KEY (span, feature, client, at)
) STRICT, WITHOUT ROWID;

-- The newest row of each of those series again, side by side, for each minute's look.
CREATE TABLE sample_newest (
	span INTEGER NOT NULL,
	feature TEXT NOT NULL,
	client INTEGER NOT NULL,
	at INTEGER NOT NULL,
	total INTEGER NOT NULL,
	available INTEGER NOT NULL,
	leased INTEGER NOT NULL,
	users INTEGER NOT NULL,
	denials INTEGER NOT NULL,
	PRIMARY KEY (span, feature, client)
) STRICT, WITHOUT ROWID;

-- On a client: units it took by itself while it could not reach the server.
CREATE TABLE link_auto_lease (
	id INTEGER PRIMARY KEY AUTOINCREMENT,	-- never given twice: up to one of them they were reported
	feature TEXT NOT NULL,
	units INTEGER NOT NULL CHECK (units >= 1),
	from_at INTEGER NOT NULL,		-- by the server's clock
	to_at INTEGER NOT NULL DEFAULT 0,	-- 0 = still in use
	taken_at INTEGER NOT NULL		-- from_at, or that of the row this is the rest of
) STRICT;

-- On a client: its cluster, and what the server last said of it and of penalties.
ALTER TABLE link ADD COLUMN cluster TEXT NOT NULL DEFAULT '';		-- '' = in none
ALTER TABLE link ADD COLUMN offers_to_lead INTEGER NOT NULL DEFAULT 0 CHECK (offers_to_lead IN (0, 1));
ALTER TABLE link ADD COLUMN leader TEXT NOT NULL DEFAULT '';
ALTER TABLE link ADD COLUMN leader_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN penalty_until INTEGER NOT NULL DEFAULT 0;
ALTER TABLE link ADD COLUMN success_time INTEGER NOT NULL DEFAULT 0;	-- the server's clock of the last answer; unlike server_time never moved on
ALTER TABLE link ADD COLUMN lost_at INTEGER NOT NULL DEFAULT 0;		-- since when the server cannot be reached, 0 = it can
ALTER TABLE link ADD COLUMN notices TEXT NOT NULL DEFAULT '[]';		-- JSON, of the last answer
ALTER TABLE link ADD COLUMN compliance TEXT NOT NULL DEFAULT '[]';	-- likewise
