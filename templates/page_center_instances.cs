<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: instances.N.{hwid,customer,state,days,address,last.*,since.*}, duplicates, is_cut ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center_instance.cs" ?><?cs
call:page_begin("Instances") ?>
<h1>Instances</h1>
<p class="lh-help">Virtual license servers, as their heartbeats are heard here: one every 8 hours. After 24 days without one a server stops lending. A copy of a server uses the same hardware ID, and both are marked.</p><?cs if:?duplicates ?>
<div class="lh-banner lh-banner-bad"><p>Hardware IDs that two servers use at once: <?cs var:duplicates ?>. Open one, find out which one the customer keeps, and clear the mark when the other is gone.</p></div><?cs /if ?><?cs if:?instances.0.hwid ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Hardware ID</th><th scope="col">State</th><th scope="col">Customer</th><th scope="col">Last heartbeat</th><th scope="col">From</th></tr></thead>
<tbody><?cs each:one = instances ?>
<tr><th scope="row" data-label="Hardware ID"><a href="/center/instances/<?cs var:one.hwid ?>"><code><?cs var:one.hwid ?></code></a></th>
<td data-label="State"><?cs call:instance_state(one) ?></td>
<td data-label="Customer" class="lh-object"><?cs if:?one.customer ?><?cs var:one.customer ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Last heartbeat"><?cs call:instant(one.last) ?></td>
<td data-label="From" class="text-nowrap"><?cs var:one.address ?></td></tr><?cs /each ?>
</tbody>
</table><?cs if:?is_cut ?>
<p class="lh-quiet">There are more; leasehold center instance list has all.</p><?cs /if ?><?cs else ?>
<p class="lh-empty">No virtual license server was heard of yet.</p><?cs /if ?>
<?cs call:page_end() ?>
