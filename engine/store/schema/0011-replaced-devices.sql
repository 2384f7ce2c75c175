-- SPDX-License-Identifier: BSD-2-Clause
-- On a license server: devices that were replaced. Each goes on as a deleted
-- client that holds what was signed for it; the client itself goes on with
-- another device.
ALTER TABLE client ADD COLUMN successor INTEGER NOT NULL DEFAULT 0;	-- the client that goes on; 0 = no device was replaced
CREATE INDEX client_successor ON client (successor) WHERE successor > 0;
