-- SPDX-License-Identifier: BSD-2-Clause
-- Appliances in whose place this one stands, by hardware ID: it goes on with
-- their store and their key for leases, so what they signed is honored here.
CREATE TABLE predecessor (
	hardware_id TEXT PRIMARY KEY CHECK (length(hardware_id) = 16),
	replaced_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
