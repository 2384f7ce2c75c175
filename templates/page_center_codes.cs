<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: codes.N.{id,tail,customer,state,made.*,by,used.*,revoked.*,hwid,worth.N.*}, paging.*, query.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs
call:page_begin("Entitlements") ?>
<h1>Entitlements</h1>
<p class="lh-help">Authentication codes and the license keys they are worth, newest first. A code is shown when it is made and never again: here it is known by its last group.</p><?cs
call:find_form("/center/entitlements", "codes", "Last group, customer or hardware ID") ?><?cs if:?frame.may_assist ?>
<p><a class="btn btn-outline-secondary" href="/center/entitlements/new">New authentication code</a></p><?cs /if ?><?cs if:?codes.0.tail ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Code ending in</th><th scope="col">Customer</th><th scope="col">Worth</th><th scope="col">State</th><th scope="col">Device</th><th scope="col">Made</th></tr></thead>
<tbody><?cs each:code = codes ?>
<tr><th scope="row" data-label="Code ending in"><code><?cs var:code.tail ?></code></th>
<td data-label="Customer" class="lh-object"><?cs var:code.customer ?></td>
<td data-label="Worth"><?cs call:code_worth(code) ?></td>
<td data-label="State"><?cs call:code_state(code.state) ?><?cs if:code.state == "used" ?> <?cs call:instant(code.used) ?><?cs elif:code.state == "revoked" ?> <?cs call:instant(code.revoked) ?><?cs elif:?frame.may_assist ?> <a href="/center/entitlements/<?cs var:code.id ?>/revoke">Revoke<span class="visually-hidden"> the code ending in <?cs var:code.tail ?></span></a><?cs /if ?></td>
<td data-label="Device"><?cs if:?code.hwid ?><a href="/center/devices/<?cs var:code.hwid ?>"><code><?cs var:code.hwid ?></code></a><?cs else ?>–<?cs /if ?></td>
<td data-label="Made"><?cs call:instant(code.made) ?> by <?cs var:code.by ?></td></tr><?cs /each ?>
</tbody>
</table><?cs call:pages_of("/center/entitlements") ?><?cs elif:?query.find ?>
<p class="lh-empty">No code matches “<?cs var:query.find ?>”. <a href="/center/entitlements">Show all codes</a></p><?cs else ?>
<p class="lh-empty">No authentication codes yet.</p><?cs /if ?>
<?cs call:page_end() ?>
