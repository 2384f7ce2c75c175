-- SPDX-License-Identifier: BSD-2-Clause
-- What keeps the users of a gateway that crashed from staying for ever, and
-- what monitoring needs.

ALTER TABLE session ADD COLUMN gateway TEXT NOT NULL DEFAULT '';	-- the program that began it, by its own word
ALTER TABLE session ADD COLUMN timeout INTEGER NOT NULL DEFAULT 0 CHECK (timeout >= 0);	-- seconds without a renewal after which it is over; 0 = never
ALTER TABLE session ADD COLUMN seen_at INTEGER NOT NULL DEFAULT 0;	-- begun or renewed last, by the wall clock
ALTER TABLE session ADD COLUMN is_beyond INTEGER NOT NULL DEFAULT 0 CHECK (is_beyond IN (0, 1));	-- admitted beyond capacity, while only monitored
UPDATE session SET seen_at = began_at;
