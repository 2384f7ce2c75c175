<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: license.{id,serial,sku,feature,units} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Delete license") ?>
<h1>Delete license <?cs var:license.sku ?>?</h1>
<ul>
<li>Serial <code id="serial"><?cs var:license.serial ?></code></li><?cs if:?license.units ?>
<li><?cs var:license.units ?> units of <?cs var:license.feature ?> stop counting at once, if they count now.</li><?cs else ?>
<li>What it switches on (<?cs var:license.feature ?>) is off at once.</li><?cs /if ?><?cs if:?frame.is_server ?>
<li>Leases that run keep their expiry; what no longer fits is not extended.</li><?cs /if ?>
<li>The same license key can be added again later.</li>
</ul>
<form method="post" action="/licensing/keys/<?cs var:license.id ?>/delete" class="lh-actions"><?cs call:csrf() ?>
<button class="btn btn-danger">Delete license</button> <a class="btn btn-outline-secondary" href="/licensing/summary">Cancel</a>
</form>
<?cs call:page_end() ?>
