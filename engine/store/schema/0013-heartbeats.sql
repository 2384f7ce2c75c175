-- SPDX-License-Identifier: BSD-2-Clause
-- A virtual license server shows its vendor that it is there, and the center
-- sees when two do so in one name.

-- On a virtual license server, from its first start on.
CREATE TABLE heartbeat (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	instance TEXT NOT NULL CHECK (length(instance) = 32),	-- goes with a copy of this store
	sequence INTEGER NOT NULL DEFAULT 0,	-- of the last heartbeat, stored before it leaves
	accepted_at INTEGER NOT NULL,		-- of the last accepted one, or when all began
	run_seconds INTEGER NOT NULL DEFAULT 0,	-- of running since then: a clock that stands still gains nothing
	tried_at INTEGER NOT NULL DEFAULT 0,
	failure TEXT NOT NULL DEFAULT '',	-- of the last try, for a person; '' = none
	duplicate_since INTEGER NOT NULL DEFAULT 0,	-- the center saw another one in this name; 0 = it did not
	missed_told INTEGER NOT NULL DEFAULT 0 CHECK (missed_told IN (0, 1)),
	stopped_told INTEGER NOT NULL DEFAULT 0 CHECK (stopped_told IN (0, 1))
) STRICT;

-- At the center: each boot that was heard of.
CREATE TABLE instance (
	id INTEGER PRIMARY KEY,
	hardware_id TEXT NOT NULL,
	instance TEXT NOT NULL,
	boot TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	sent_at INTEGER NOT NULL,		-- of the last heartbeat, by its own clock
	superseded_at INTEGER NOT NULL DEFAULT 0,	-- by that of the one that followed; 0 = it is the last
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	address TEXT NOT NULL,
	UNIQUE (hardware_id, boot)
) STRICT;

-- Hardware IDs that two instances use, until the vendor clears them.
CREATE TABLE duplicate (
	hardware_id TEXT PRIMARY KEY,
	since INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
