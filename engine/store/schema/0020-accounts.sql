-- SPDX-License-Identifier: BSD-2-Clause
-- The vendor's console has people of three more kinds, and partners look after customers.

-- What an account may do at a center; '' = as its column role says. Those that have one are 'read-only' there.
ALTER TABLE admin ADD COLUMN center_role TEXT NOT NULL DEFAULT '' CHECK (center_role IN ('', 'support-agent', 'partner', 'customer'));
ALTER TABLE admin ADD COLUMN customer INTEGER REFERENCES customer (id);	-- whose rows alone it sees; NULL = all
CREATE INDEX admin_customer ON admin (customer);

-- The partner that looks after a customer, and sees what is the customer's.
ALTER TABLE customer ADD COLUMN partner INTEGER REFERENCES customer (id);
CREATE INDEX customer_partner ON customer (partner);
CREATE INDEX device_serial ON device (serial);
