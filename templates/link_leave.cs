<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What ends and what stays behind when the license server is left. Keys: leave.{is_something,server,client_name}, leave.leased.N.{feature,units,expires.*}, leave.licenses.N.{serial,sku,id} ?><?cs

def:leave_rows() ?><?cs each:row = leave.leased ?>
<li><?cs var:row.feature ?>: <?cs var:row.units ?> leased units end here at once. <?cs var:leave.server ?> holds them for <?cs var:leave.client_name ?> until <?cs call:instant(row.expires) ?> and lends them to nobody before.</li><?cs /each ?><?cs each:row = leave.licenses ?>
<li>License <?cs var:row.sku ?>, serial <code><?cs var:row.serial ?></code>, stays surrendered to <?cs var:leave.server ?> and counts nowhere here until that server, or the spare in its place, is this gateway's again. <a href="/licensing/keys/<?cs var:row.id ?>/recall" aria-label="Recall it first, license <?cs var:row.serial ?>">Recall it first</a> if the server can be reached.</li><?cs /each ?><?cs /def ?>
