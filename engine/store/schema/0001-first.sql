-- SPDX-License-Identifier: BSD-2-Clause
-- The first schema. Instants are whole seconds UTC; counts are units 0..10,000,000.

-- What this installation is; exactly one row, written by "leasehold init".
CREATE TABLE appliance (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	role TEXT NOT NULL CHECK (role IN ('server', 'virtual-server', 'client', 'center')),
	hostname TEXT NOT NULL,
	listen TEXT NOT NULL,			-- ADDR:PORT of the console and the lease protocol
	redirect TEXT NOT NULL DEFAULT '',	-- ADDR:PORT that only redirects, or empty
	hardware_id TEXT NOT NULL CHECK (length(hardware_id) = 16),
	platform TEXT NOT NULL,
	product INTEGER NOT NULL CHECK (product IN (1, 2)),	-- 1 PCS, 2 PPS
	version TEXT NOT NULL,			-- software version told to a server, "8.0r5"
	zone TEXT NOT NULL,			-- tzdata name
	center_url TEXT NOT NULL DEFAULT '',
	epoch INTEGER NOT NULL DEFAULT 1 CHECK (epoch >= 1),	-- grows with each restore
	token_secret BLOB NOT NULL CHECK (length(token_secret) = 32),
	trust_digest TEXT NOT NULL DEFAULT '',	-- SHA-256 of trusted.jwks when last looked at
	verified_digest TEXT NOT NULL DEFAULT '',	-- trusted.jwks by which the licenses were verified last …
	verified_at INTEGER NOT NULL DEFAULT 0,		-- … and when
	made_at INTEGER NOT NULL
) STRICT;

-- Settings that differ from their default; names are those of settings.tbl.
CREATE TABLE setting (
	name TEXT PRIMARY KEY,
	value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Installed license statements.
CREATE TABLE license (
	id INTEGER PRIMARY KEY,
	issuer TEXT NOT NULL,
	serial TEXT NOT NULL,
	kid TEXT NOT NULL,
	sku TEXT NOT NULL,
	prefix TEXT NOT NULL,
	feature TEXT NOT NULL,			-- feature counted, or 'member' / 'license-server'
	units INTEGER NOT NULL CHECK (units BETWEEN 0 AND 10000000),
	is_subscription INTEGER NOT NULL CHECK (is_subscription IN (0, 1)),
	is_renewal INTEGER NOT NULL CHECK (is_renewal IN (0, 1)),
	start_date TEXT NOT NULL DEFAULT '',	-- as written in the statement, '' when absent
	end_date TEXT NOT NULL DEFAULT '',
	org TEXT NOT NULL DEFAULT '',
	statement TEXT NOT NULL,		-- the license key itself
	added_at INTEGER NOT NULL,
	added_by TEXT NOT NULL,
	ended_at INTEGER NOT NULL DEFAULT 0,	-- seen to have ended (sticky), 0 = not yet
	announced INTEGER NOT NULL DEFAULT 0,	-- bit 1: activation event written, bit 2: expiry event written
	revoked_at INTEGER NOT NULL DEFAULT 0,
	distrusted_at INTEGER NOT NULL DEFAULT 0,	-- since when its key is not believed or says another thing, 0 = it is right
	surrender INTEGER NOT NULL DEFAULT 0 CHECK (surrender BETWEEN 0 AND 3),
	surrender_at INTEGER NOT NULL DEFAULT 0,
	renews TEXT NOT NULL DEFAULT '',	-- serial of the parent that the statement names
	activated_at INTEGER NOT NULL DEFAULT 0,	-- a renewal: seen to have taken over (sticky), 0 = not yet
	expired_at INTEGER NOT NULL DEFAULT 0,	-- seen to be past its grace, too (sticky), 0 = not yet
	UNIQUE (issuer, serial)
) STRICT;
CREATE INDEX license_feature ON license (feature);

-- People who sign in to the console.
CREATE TABLE admin (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	password_hash TEXT NOT NULL,
	role TEXT NOT NULL CHECK (role IN ('administrator', 'operator', 'read-only')),
	made_at INTEGER NOT NULL,
	last_sign_in_at INTEGER NOT NULL DEFAULT 0,
	last_sign_in_from TEXT NOT NULL DEFAULT '',
	failures INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0),	-- wrong passwords since the last right one
	failed_at INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Wrong passwords at the sign-in page, by typed name and address, whether
-- anybody has that name or not; the name '' counts all names of an address.
CREATE TABLE guess (
	name TEXT NOT NULL,
	address TEXT NOT NULL,
	failures INTEGER NOT NULL CHECK (failures >= 1),
	failed_at INTEGER NOT NULL,
	PRIMARY KEY (name, address)
) STRICT, WITHOUT ROWID;

-- Running sign-ins; the cookie itself is never stored.
CREATE TABLE sign_in (
	digest BLOB PRIMARY KEY CHECK (length(digest) = 32),	-- SHA-256 of the cookie's token
	admin INTEGER NOT NULL REFERENCES admin (id) ON DELETE CASCADE,
	csrf TEXT NOT NULL,
	address TEXT NOT NULL,
	made_at INTEGER NOT NULL,
	seen_at INTEGER NOT NULL,
	notice TEXT NOT NULL DEFAULT ''		-- shown once on the next page
) STRICT, WITHOUT ROWID;

-- Who accepted which license agreement.
CREATE TABLE agreement (
	id INTEGER PRIMARY KEY,
	version TEXT NOT NULL,
	digest TEXT NOT NULL,			-- SHA-256 of the text accepted
	actor TEXT NOT NULL,
	address TEXT NOT NULL,
	at INTEGER NOT NULL
) STRICT;

-- License clients as a license server knows them. A deleted one stays while
-- a lease document that it may hold still runs.
CREATE TABLE client (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,			-- the Client ID
	folded TEXT NOT NULL,			-- lower case, so that IDs never differ in case only
	password_hash TEXT NOT NULL,
	password_version INTEGER NOT NULL DEFAULT 1,
	expires_date TEXT NOT NULL DEFAULT '',
	expires INTEGER NOT NULL DEFAULT 9223372036854775807,	-- midnight that closes expires_date
	platform TEXT NOT NULL,
	product INTEGER NOT NULL CHECK (product IN (1, 2)),
	row_version INTEGER NOT NULL DEFAULT 1,
	made_at INTEGER NOT NULL,
	changed_at INTEGER NOT NULL,
	deleted_at INTEGER NOT NULL DEFAULT 0,
	hardware_id TEXT NOT NULL DEFAULT '',	-- registered at first contact
	device_key BLOB,			-- Ed25519 public key, once presented
	registered_at INTEGER NOT NULL DEFAULT 0,
	cluster TEXT NOT NULL DEFAULT '',
	announced_expiry INTEGER NOT NULL DEFAULT 0	-- the "expires" whose event is written
) STRICT;
CREATE UNIQUE INDEX client_folded ON client (folded) WHERE deleted_at = 0;

-- What changes with every sync, apart from the client, and never indexed.
CREATE TABLE client_contact (
	client INTEGER PRIMARY KEY REFERENCES client (id) ON DELETE CASCADE,
	last_contact INTEGER NOT NULL DEFAULT 0,
	address TEXT NOT NULL DEFAULT '',
	version TEXT NOT NULL DEFAULT '',
	users INTEGER NOT NULL DEFAULT 0,	-- users asked for in the last request, all features
	number INTEGER NOT NULL DEFAULT 0,	-- newest lease document signed
	confirmed INTEGER NOT NULL DEFAULT 0,	-- newest the client said it holds
	skewed_at INTEGER NOT NULL DEFAULT 0	-- since when its clock is far off, 0 = it is not
) STRICT;

-- Counts per client and feature.
CREATE TABLE allocation (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	feature TEXT NOT NULL,
	reserved INTEGER NOT NULL CHECK (reserved BETWEEN 0 AND 10000000),
	increment INTEGER NOT NULL CHECK (increment BETWEEN 0 AND 10000000),
	maximum INTEGER NOT NULL CHECK (maximum BETWEEN reserved AND 10000000),
	PRIMARY KEY (client, feature)
) STRICT, WITHOUT ROWID;
CREATE INDEX allocation_feature ON allocation (feature, client);

-- Parts of leases: live ones (last = NULL) and those that a lease document
-- which the client may still hold gives it. A part stands in the documents
-- first..last; its expiry only ever grows in place.
CREATE TABLE lease_part (
	id INTEGER PRIMARY KEY,
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	feature TEXT NOT NULL,
	kind INTEGER NOT NULL CHECK (kind IN (0, 1)),		-- 0 reserved, 1 quantum
	size INTEGER NOT NULL CHECK (size BETWEEN 1 AND 10000000),
	count INTEGER NOT NULL CHECK (count BETWEEN 1 AND 10000000),
	granted INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	lapsing INTEGER NOT NULL DEFAULT 0 CHECK (lapsing IN (0, 1)),
	first INTEGER NOT NULL,
	last INTEGER
) STRICT;
CREATE INDEX lease_part_client ON lease_part (client, feature);
CREATE INDEX lease_part_feature ON lease_part (feature, client);
CREATE INDEX lease_part_closed ON lease_part (feature, client) WHERE last IS NOT NULL;

-- Denials of the last sync, for the pages.
CREATE TABLE denial (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	feature TEXT NOT NULL,
	code TEXT NOT NULL,
	wanted INTEGER NOT NULL,
	available INTEGER NOT NULL,
	text TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (client, feature)
) STRICT, WITHOUT ROWID;

-- Answers kept 24 h, so that a repeated request grants nothing twice.
CREATE TABLE sync_answer (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	request_id TEXT NOT NULL,
	number INTEGER NOT NULL,		-- of the lease document
	at INTEGER NOT NULL,
	body_digest BLOB NOT NULL,
	answer TEXT NOT NULL,			-- JSON without signature and token
	document TEXT NOT NULL,			-- JSON of the lease document, unsigned
	PRIMARY KEY (client, request_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX sync_answer_age ON sync_answer (client, at);

-- Event and admin log: one row per effect, each hash over the row and the hash before it.
-- The highest id ever given is kept by AUTOINCREMENT, so that a missing end shows.
CREATE TABLE event (
	id INTEGER PRIMARY KEY AUTOINCREMENT,
	at INTEGER NOT NULL,
	log TEXT NOT NULL CHECK (log IN ('event', 'admin')),
	code TEXT NOT NULL,
	severity INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 10),
	actor TEXT NOT NULL,
	address TEXT NOT NULL,
	object TEXT NOT NULL,			-- client, serial, setting … that it is about
	text TEXT NOT NULL,
	hash BLOB NOT NULL CHECK (length(hash) = 32)
) STRICT;

-- A license client's server and what it last said; one row once configured.
CREATE TABLE link (
	id INTEGER PRIMARY KEY CHECK (id = 1),
	server TEXT NOT NULL,			-- host or host:port
	client_name TEXT NOT NULL,		-- Unique ID
	password TEXT NOT NULL,
	network TEXT NOT NULL CHECK (network IN ('internal', 'external', 'management')),
	verify INTEGER NOT NULL CHECK (verify IN (0, 1)),
	row_version INTEGER NOT NULL DEFAULT 1,
	pin TEXT NOT NULL DEFAULT '',		-- public key confirmed by the admin, "sha256//…"
	seen_pin TEXT NOT NULL DEFAULT '',	-- public key last met that is not confirmed
	server_key BLOB,			-- Ed25519 key that signs leases, pinned at first contact
	server_id TEXT NOT NULL DEFAULT '',
	token TEXT NOT NULL DEFAULT '',
	epoch INTEGER NOT NULL DEFAULT 0,
	number INTEGER NOT NULL DEFAULT 0,	-- lease document stored = holds
	document TEXT NOT NULL DEFAULT '',	-- the signed lease document
	last_success INTEGER NOT NULL DEFAULT 0,	-- local wall clock
	last_attempt INTEGER NOT NULL DEFAULT 0,
	failure_code TEXT NOT NULL DEFAULT '',
	failure_text TEXT NOT NULL DEFAULT '',
	next_sync INTEGER NOT NULL DEFAULT 0,
	network_used TEXT NOT NULL DEFAULT '',
	server_time INTEGER NOT NULL DEFAULT 0,	-- server's clock of the last answer …
	anchor_boot TEXT NOT NULL DEFAULT '',	-- … at this boot …
	anchor_elapsed_ms INTEGER NOT NULL DEFAULT 0,	-- … and elapsed boot time of the first sending …
	anchor_wall INTEGER NOT NULL DEFAULT 0	-- … and the local wall clock then
) STRICT;

-- What the server's last answer said per feature.
CREATE TABLE link_feature (
	feature TEXT PRIMARY KEY,
	reserved INTEGER NOT NULL,
	increment INTEGER NOT NULL,
	maximum INTEGER NOT NULL,
	auto_lease INTEGER NOT NULL DEFAULT 0,
	denied_code TEXT NOT NULL DEFAULT '',
	denied_text TEXT NOT NULL DEFAULT ''
) STRICT, WITHOUT ROWID;

-- The parts of the lease document held.
CREATE TABLE link_part (
	id INTEGER PRIMARY KEY,
	feature TEXT NOT NULL,
	kind INTEGER NOT NULL CHECK (kind IN (0, 1)),
	units INTEGER NOT NULL CHECK (units >= 0),
	granted INTEGER NOT NULL,
	expires INTEGER NOT NULL,
	told INTEGER NOT NULL DEFAULT 0 CHECK (told IN (0, 1))	-- its lapse was told of
) STRICT;

-- Users admitted by this gateway.
CREATE TABLE session (
	id TEXT PRIMARY KEY,
	user TEXT NOT NULL,
	feature TEXT NOT NULL DEFAULT '',	-- '' a user, 'ACCESS-RDP' an RDP user
	began_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- A center's own record of the license keys it issued.
CREATE TABLE issued (
	id INTEGER PRIMARY KEY,
	serial TEXT NOT NULL UNIQUE,
	hardware_id TEXT NOT NULL,
	sku TEXT NOT NULL,
	start_date TEXT NOT NULL DEFAULT '',
	end_date TEXT NOT NULL DEFAULT '',
	statement TEXT NOT NULL,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL
) STRICT;
