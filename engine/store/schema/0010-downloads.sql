-- SPDX-License-Identifier: BSD-2-Clause
-- License keys fetched from the center: by which network, and what came of it.
ALTER TABLE appliance ADD COLUMN download_network TEXT NOT NULL DEFAULT 'internal' CHECK (download_network IN ('internal', 'external', 'management'));

-- Of each run one row; the last 1000 stay.
CREATE TABLE download (
	id INTEGER PRIMARY KEY,
	began_at INTEGER NOT NULL,
	ended_at INTEGER NOT NULL,
	started_by TEXT NOT NULL,
	is_automatic INTEGER NOT NULL CHECK (is_automatic IN (0, 1)),
	codes TEXT NOT NULL,			-- last groups of the authentication codes, by commas; '' = all keys were asked for
	received INTEGER NOT NULL,		-- license keys that came
	installed INTEGER NOT NULL,		-- of those, new ones
	is_good INTEGER NOT NULL CHECK (is_good IN (0, 1)),
	text TEXT NOT NULL			-- for a person: what happened, or what to do
) STRICT;
