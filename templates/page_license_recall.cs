<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: license.{id,serial,sku,feature,units,since.*,is_unsent}, server, waits, contact.*, refusal ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Recall license") ?>
<h1>Recall license <?cs var:license.sku ?>?</h1><?cs if:?refusal ?>
<p><?cs call:state("bad", "Not possible now.") ?> <?cs var:refusal ?></p>
<p><a href="/licensing/summary">Back to the Licensing Summary</a></p><?cs else ?>
<ul>
<li>Serial <code id="serial"><?cs var:license.serial ?></code>, surrendered <?cs call:instant(license.since) ?></li><?cs if:?license.is_unsent ?>
<li>The license server was not told of the surrender yet: the license counts here again at once.</li><?cs else ?>
<li>The license server <?cs var:server ?> gives its <?cs var:license.units ?> units of <?cs var:license.feature ?> back when its clients can spare them: incremental leases run out by themselves, reservations are never cut.</li><?cs if:?waits ?>
<li><?cs call:state("warn", "Not at once") ?> As it said at the last contact, <?cs call:instant(contact) ?>, others have them. <span id="waits"><?cs var:waits ?></span></li><?cs elif:?contact.iso ?>
<li>At the last contact, <?cs call:instant(contact) ?>, nobody stood in the way.</li><?cs /if ?>
<li>Until then the recall is pending, the Licensing Summary says what it waits for, and the units count on the license server only.</li><?cs /if ?>
</ul>
<form method="post" action="/licensing/keys/<?cs var:license.id ?>/recall" class="lh-actions"><?cs call:csrf() ?>
<button class="btn btn-primary">Recall</button> <a class="btn btn-outline-secondary" href="/licensing/summary">Cancel</a>
</form><?cs /if ?>
<?cs call:page_end() ?>
