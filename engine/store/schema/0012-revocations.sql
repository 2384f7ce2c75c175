-- SPDX-License-Identifier: BSD-2-Clause
-- License keys that their issuer took back, whether they were ever here or not.
CREATE TABLE revocation (
	issuer TEXT NOT NULL,
	serial TEXT NOT NULL,
	since INTEGER NOT NULL,		-- when it was heard of here
	PRIMARY KEY (issuer, serial)
) STRICT, WITHOUT ROWID;
ALTER TABLE appliance ADD COLUMN revocations_at INTEGER NOT NULL DEFAULT 0;	-- the issuer's clock of the newest list that was taken
