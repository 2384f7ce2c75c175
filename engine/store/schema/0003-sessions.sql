-- SPDX-License-Identifier: BSD-2-Clause
-- What keeps the users of a gateway that crashed from staying for ever, and
-- what monitoring needs.

ALTER TABLE session ADD COLUMN gateway TEXT NOT NULL DEFAULT '';	-- the program that began it, by its own word
ALTER TABLE session ADD COLUMN timeout INTEGER NOT NULL DEFAULT 0 CHECK (timeout >= 0);	-- seconds without a renewal after which it is over, as the gateway said; 0 = the setting session-timeout
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;	-- begun or renewed last, by the wall clock, for people: what decides is elapsed boot time, in the agent
ALTER TABLE session ADD COLUMN over_at INTEGER NOT NULL DEFAULT 0;	-- when it is over unless it is renewed, by the wall clock, for people; 0 = never
UPDATE session SET seen_at = began_at;
CREATE INDEX session_order ON session (began_at, id);
CREATE INDEX session_gateway ON session (gateway, began_at, id);

-- Since when more users are here than there is capacity for; no row: they are not.
CREATE TABLE beyond (
	feature TEXT PRIMARY KEY,	-- '' users, else the feature of RDP users
	since INTEGER NOT NULL,
	users INTEGER NOT NULL,	-- most that were signed in since
	capacity INTEGER NOT NULL	-- when it began, with the allowance
) STRICT, WITHOUT ROWID;
