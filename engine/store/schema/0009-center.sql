-- SPDX-License-Identifier: BSD-2-Clause
-- The vendor's side: who bought what, for which device, against which code.

-- Companies that buy, and partners that sell to them and may stock spares.
CREATE TABLE customer (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	folded TEXT NOT NULL UNIQUE,		-- in lower case
	is_partner INTEGER NOT NULL DEFAULT 0 CHECK (is_partner IN (0, 1)),
	stocks_spares INTEGER NOT NULL DEFAULT 0 CHECK (stocks_spares IN (0, 1) AND stocks_spares <= is_partner),
	made_at INTEGER NOT NULL,
	row_version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE device (
	id INTEGER PRIMARY KEY,
	hardware_id TEXT NOT NULL UNIQUE CHECK (length(hardware_id) = 16),
	serial TEXT NOT NULL DEFAULT '',	-- on its case; '' = not known
	customer INTEGER REFERENCES customer (id),	-- whose it is; NULL = not known
	platform TEXT NOT NULL DEFAULT '',
	device_key BLOB,			-- Ed25519 public key of its first call
	warranty_ends TEXT NOT NULL DEFAULT '',	-- last day; '' = none
	contract_ends TEXT NOT NULL DEFAULT '',	-- of the service contract, likewise
	state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),	-- 0 in service, 1 spare, 2 replaced
	made_at INTEGER NOT NULL,
	contact_at INTEGER NOT NULL DEFAULT 0,	-- of its last call; 0 = it never called
	row_version INTEGER NOT NULL DEFAULT 1
) STRICT;
CREATE INDEX device_customer ON device (customer);

-- The code itself is nowhere: who has a copy of this store activates nothing.
CREATE TABLE authcode (
	id INTEGER PRIMARY KEY,
	digest BLOB NOT NULL UNIQUE CHECK (length(digest) = 32),
	tail TEXT NOT NULL,			-- its last group, to tell it by
	customer INTEGER NOT NULL REFERENCES customer (id),
	made_at INTEGER NOT NULL,
	made_by TEXT NOT NULL,
	device INTEGER REFERENCES device (id),	-- that had its keys; NULL = nobody yet
	used_at INTEGER NOT NULL DEFAULT 0,
	revoked_at INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX authcode_customer ON authcode (customer);

-- What a code is worth: one license key each.
CREATE TABLE entitlement (
	id INTEGER PRIMARY KEY,
	authcode INTEGER NOT NULL REFERENCES authcode (id),
	sku TEXT NOT NULL,
	start_date TEXT NOT NULL DEFAULT '',	-- '' = the day of the activation
	end_date TEXT NOT NULL DEFAULT ''	-- '' = by the term of the SKU
) STRICT;
CREATE INDEX entitlement_authcode ON entitlement (authcode);

ALTER TABLE issued ADD COLUMN entitlement INTEGER REFERENCES entitlement (id);	-- NULL = issued by hand
ALTER TABLE issued ADD COLUMN revoked_at INTEGER NOT NULL DEFAULT 0;	-- 0 = it is good
ALTER TABLE issued ADD COLUMN revoked_why TEXT NOT NULL DEFAULT '';
CREATE INDEX issued_hardware ON issued (hardware_id);
CREATE INDEX issued_entitlement ON issued (entitlement);

-- Signed calls that were answered, so that none is answered twice.
CREATE TABLE device_nonce (
	hardware_id TEXT NOT NULL,
	nonce TEXT NOT NULL,
	at INTEGER NOT NULL,
	PRIMARY KEY (hardware_id, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX device_nonce_at ON device_nonce (at);
