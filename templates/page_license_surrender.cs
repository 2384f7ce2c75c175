<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: license.{id,serial,sku,feature,units}, server, capacity.{now,then,users,above}, refusal ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Surrender license") ?>
<h1>Surrender license <?cs var:license.sku ?>?</h1><?cs if:?refusal ?>
<p><?cs call:state("bad", "Not possible now.") ?> <?cs var:refusal ?></p>
<p><a href="/licensing/summary">Back to the Licensing Summary</a></p><?cs else ?>
<ul>
<li>Serial <code id="serial"><?cs var:license.serial ?></code></li>
<li>Its <?cs var:license.units ?> units of <?cs var:license.feature ?> count on the license server <?cs var:server ?> instead, for all its clients. This gateway can lease them there like any other unit.</li>
<li>Here they stop counting at once: this gateway may admit <?cs var:capacity.then ?> users then, <?cs var:capacity.now ?> now, with what it leases at present.</li><?cs if:?capacity.above ?>
<li><?cs call:state("warn", "Too few") ?> <?cs var:capacity.users ?> users are signed in, <?cs var:capacity.above ?> more than it may admit then. They stay; new ones are refused until that many have left, or more units are leased.</li><?cs else ?>
<li><?cs var:capacity.users ?> users are signed in; none of them is above the new limit.</li><?cs /if ?>
<li>The LICENSE-MBR license that this needs is installed.</li>
<li>It can be recalled later. The license server gives it back when its own clients can spare the units.</li>
</ul>
<form method="post" action="/licensing/keys/<?cs var:license.id ?>/surrender" class="lh-actions"><?cs call:csrf() ?>
<button class="btn btn-primary">Surrender</button> <a class="btn btn-outline-secondary" href="/licensing/summary">Cancel</a>
</form><?cs /if ?>
<?cs call:page_end() ?>
