-- SPDX-License-Identifier: BSD-2-Clause
-- On a license client: licenses that stay surrendered with a server that was
-- left; they count nowhere here until that server, or its spare, is back.
ALTER TABLE license ADD COLUMN left_at INTEGER NOT NULL DEFAULT 0;	-- 0 = it was not left
ALTER TABLE license ADD COLUMN left_server TEXT NOT NULL DEFAULT '';	-- address of that server, as it was entered
ALTER TABLE license ADD COLUMN left_key BLOB;				-- Ed25519 public key that it signs leases with; NULL = it never did

-- On a license server: what one device gave, under whatever Client IDs.
CREATE INDEX client_hardware ON client (hardware_id);
