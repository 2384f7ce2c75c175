-- SPDX-License-Identifier: BSD-2-Clause
-- A changed license server on trial: how it was before, to go back to unless a
-- person keeps the change in time.

-- The row of link as it was, under the same names, and until when.
CREATE TABLE link_trial (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	before TEXT NOT NULL,			-- JSON: the columns of link, its features and parts
	began_at INTEGER NOT NULL,		-- wall clock
	seconds INTEGER NOT NULL CHECK (seconds >= 1),
	boot TEXT NOT NULL DEFAULT '',		-- boot identity then, '' = not known
	elapsed_ms INTEGER NOT NULL,		-- elapsed boot time then
	actor TEXT NOT NULL
) STRICT;
