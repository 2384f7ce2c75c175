-- SPDX-License-Identifier: BSD-2-Clause
-- On a license client: the other nodes of its cluster, where they are reached,
-- what they own, and since when they are gone.

-- What the nodes show each other, at a verified or confirmed address only.
CREATE TABLE cluster_secret (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	password TEXT NOT NULL
) STRICT;

CREATE TABLE cluster_node (
	client_name TEXT PRIMARY KEY,		-- its Unique ID on the license server
	address TEXT NOT NULL,			-- host or host:port
	verify INTEGER NOT NULL DEFAULT 0 CHECK (verify IN (0, 1)),
	pin TEXT NOT NULL DEFAULT '',		-- public key confirmed by the admin
	seen_pin TEXT NOT NULL DEFAULT '',	-- public key met last that is not confirmed
	row_version INTEGER NOT NULL DEFAULT 1,
	seen_at INTEGER NOT NULL DEFAULT 0,	-- last heard of, by the license server's clock; 0 = never
	lost_at INTEGER NOT NULL DEFAULT 0,	-- when it had not been heard of for too long; 0 = it is there
	failure_text TEXT NOT NULL DEFAULT ''	-- of the last attempt to reach it; '' = it succeeded
) STRICT, WITHOUT ROWID;

-- Units of own licenses of each of them, as it said last.
CREATE TABLE cluster_node_units (
	client_name TEXT NOT NULL REFERENCES cluster_node (client_name) ON DELETE CASCADE,
	feature TEXT NOT NULL,
	units INTEGER NOT NULL CHECK (units >= 0),
	PRIMARY KEY (client_name, feature)
) STRICT, WITHOUT ROWID;
