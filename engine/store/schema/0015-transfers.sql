-- SPDX-License-Identifier: BSD-2-Clause
-- A spare takes the place of a defective device (rules.md 12).
CREATE TABLE transfer (
	id INTEGER PRIMARY KEY,
	case_number TEXT NOT NULL,
	fault TEXT NOT NULL,			-- what is wrong, as the partner saw it
	partner INTEGER NOT NULL REFERENCES customer (id),
	device INTEGER NOT NULL REFERENCES device (id),	-- the defective one
	customer INTEGER REFERENCES customer (id),	-- whose that was at the request
	spare INTEGER REFERENCES device (id),	-- NULL = none is chosen yet
	state INTEGER NOT NULL CHECK (state BETWEEN 0 AND 7),	-- enum transfer_state
	made_at INTEGER NOT NULL,
	transferred_at INTEGER NOT NULL DEFAULT 0,
	due_at INTEGER NOT NULL DEFAULT 0,	-- of the reset, or of the exchange; 0 = nothing is
	notice_at INTEGER NOT NULL DEFAULT 0,	-- an audit was opened with this date of notice; 0 = none
	row_version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX transfer_device ON transfer (device);
CREATE INDEX transfer_spare ON transfer (spare);
CREATE INDEX transfer_partner ON transfer (partner);
-- Two open ones never name one device, whoever comes first.
CREATE UNIQUE INDEX transfer_open_device ON transfer (device) WHERE state < 6;
CREATE UNIQUE INDEX transfer_open_spare ON transfer (spare) WHERE state < 6;

-- Who did what when, for the audit.
CREATE TABLE transfer_step (
	id INTEGER PRIMARY KEY,
	transfer INTEGER NOT NULL REFERENCES transfer (id),
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	step TEXT NOT NULL,
	text TEXT NOT NULL
) STRICT;
CREATE INDEX transfer_step_of ON transfer_step (transfer);

-- License keys that moved: the old serial, and the new one for the spare.
CREATE TABLE transfer_key (
	transfer INTEGER NOT NULL REFERENCES transfer (id),
	serial TEXT NOT NULL,
	successor TEXT NOT NULL DEFAULT '',	-- '' = not issued yet: a license server still holds the old one
	PRIMARY KEY (transfer, serial)
) STRICT, WITHOUT ROWID;

-- Surrendered to a license server: the spare has its successor when that one has given it back.
ALTER TABLE issued ADD COLUMN held_by TEXT NOT NULL DEFAULT '';
ALTER TABLE device ADD COLUMN reset_at INTEGER NOT NULL DEFAULT 0;	-- its last confirmed factory reset; 0 = none
