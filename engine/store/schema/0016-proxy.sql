-- SPDX-License-Identifier: BSD-2-Clause
-- The way to the center may lead through a proxy.
ALTER TABLE appliance ADD COLUMN proxy TEXT NOT NULL DEFAULT '';	-- "HOST:PORT"; '' = none
ALTER TABLE appliance ADD COLUMN proxy_user TEXT NOT NULL DEFAULT '';
ALTER TABLE appliance ADD COLUMN proxy_password TEXT NOT NULL DEFAULT '';
