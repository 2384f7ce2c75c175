-- SPDX-License-Identifier: BSD-2-Clause
-- On a license server: devices that came with the ID and password of a client
-- that another device is bound to.

-- The last few of each client, each told of once.
CREATE TABLE other_device (
	client INTEGER NOT NULL REFERENCES client (id) ON DELETE CASCADE,
	hardware_id TEXT NOT NULL,
	device_key BLOB,			-- Ed25519 public key that signed its request; NULL = it showed none
	platform TEXT NOT NULL,
	address TEXT NOT NULL,			-- of the last try
	first_at INTEGER NOT NULL,
	last_at INTEGER NOT NULL,
	tries INTEGER NOT NULL CHECK (tries >= 1),
	PRIMARY KEY (client, hardware_id)
) STRICT, WITHOUT ROWID;
