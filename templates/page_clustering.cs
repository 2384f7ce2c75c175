<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.*, has_server, is_uneven, surplus, cluster.{name,leader,has_password},
# nodes.N.{name,address,is_self,leads,verify,units,surplus,pin,seen_pin,failure_text,seen.*,lost.*,until.*},
# failures.N.{feature,node,now,days,after} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Clustering") ?>
<h1>Clustering</h1><?cs if:!?has_server ?>
<div class="lh-banner lh-banner-warn"><p>The nodes of a cluster share a license server. Enter it under <a href="/licensing/server">Configure Server</a> first.</p></div><?cs /if ?><?cs
if:?cluster.name ?><?cs if:!?cluster.has_password ?>
<div class="lh-banner lh-banner-warn"><p>No cluster password was entered, so this node talks to no other. Enter the one that the other nodes have.</p></div><?cs /if ?><?cs
each:row = nodes ?><?cs if:?row.seen_pin ?>
<div class="lh-banner lh-banner-bad">
<p><strong>Is this node <?cs var:row.name ?>?</strong> Its certificate is not verified, so its public key must be confirmed once. Compare it with the one on that node's own console, under Licensing Summary; the cluster password is sent to no other key.</p>
<p>Public key at <?cs var:row.address ?>: <code><?cs var:row.seen_pin ?></code><?cs if:?row.pin ?><br>Confirmed before: <code><?cs var:row.pin ?></code><?cs /if ?></p><?cs if:?frame.may_administer ?>
<form method="post" action="/system/clustering/pin"><?cs call:csrf() ?><input type="hidden" name="node" value="<?cs var:row.name ?>"><input type="hidden" name="pin" value="<?cs var:row.seen_pin ?>"><button class="btn btn-primary">Confirm public key of <?cs var:row.name ?></button></form><?cs /if ?>
</div><?cs /if ?><?cs /each ?>
<section class="lh-panel" aria-labelledby="nodes">
<h2 id="nodes">Nodes of <?cs var:cluster.name ?></h2>
<p><?cs if:?cluster.leader ?>Leader by the last answer of the license server: <strong><?cs var:cluster.leader ?></strong>. The other nodes hand it their requests, and ask the license server themselves when it cannot be reached.<?cs else ?>The license server has named no leader so far: every node asks for itself.<?cs /if ?></p><?cs if:?surplus ?>
<p><?cs call:state("warn", "In place of lost nodes") ?> This node may use <?cs var:surplus ?> beyond its own units, until the date beside each lost node.</p><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Node</th><th scope="col">Address</th><th scope="col">State</th><th scope="col">Own units</th><th scope="col">Last heard of</th><?cs if:?frame.may_administer ?><th scope="col">Actions</th><?cs /if ?></tr></thead>
<tbody><?cs each:row = nodes ?>
<tr><th scope="row" data-label="Node"><?cs var:row.name ?><?cs if:?row.leads ?> (leader)<?cs /if ?></th>
<td data-label="Address"><?cs if:?row.is_self ?>this node<?cs else ?><span class="lh-address"><?cs var:row.address ?></span><?cs if:!?row.verify ?><br><span class="lh-quiet">certificate not verified</span><?cs /if ?><?cs /if ?></td>
<td data-label="State"><div><?cs if:?row.is_self ?><?cs call:state("ok", "Here") ?><?cs elif:?row.lost.iso ?><?cs call:state("bad", "Lost") ?> since <?cs call:instant(row.lost) ?>; stood in for until <?cs call:instant(row.until) ?><?cs elif:?row.seen_pin ?><?cs call:state("warn", "Public key not confirmed") ?><?cs elif:?row.failure_text ?><?cs call:state("bad", "Not reached") ?><?cs elif:?row.seen.iso ?><?cs call:state("ok", "Reachable") ?><?cs else ?><?cs call:state("info", "Not heard of yet") ?><?cs /if ?><?cs if:?row.failure_text ?><?cs if:!?row.seen_pin ?><br><?cs var:row.failure_text ?><?cs /if ?><?cs /if ?></div></td>
<td data-label="Own units"><?cs if:?row.units ?><?cs var:row.units ?><?cs else ?>none<?cs /if ?></td>
<td data-label="Last heard of"><?cs if:?row.seen.iso ?><?cs call:instant(row.seen) ?><?cs elif:?row.is_self ?>–<?cs else ?>never<?cs /if ?></td><?cs if:?frame.may_administer ?>
<td data-label="Actions"><?cs if:?row.is_self ?><a href="/system/clustering/leave">Leave cluster</a><?cs else ?><a href="/system/clustering/remove?node=<?cs var:row.name ?>">Remove <?cs var:row.name ?></a><?cs /if ?></td><?cs /if ?></tr><?cs /each ?>
</tbody>
</table>
</section><?cs if:?failures.0.node ?>
<section class="lh-panel" aria-labelledby="failures">
<h2 id="failures">If a node fails</h2><?cs if:?is_uneven ?>
<p><?cs call:state("warn", "Uneven") ?> The nodes do not have the same units. A node stands in for a lost one with as many units at most as it has of its own, so the loss of the larger one costs capacity. Give each node licenses of the same size.</p><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col">Node that fails</th><th scope="col" class="lh-num">Cluster now</th><th scope="col" class="lh-num">For 10 days</th><th scope="col" class="lh-num">After that</th></tr></thead>
<tbody><?cs each:row = failures ?>
<tr><th scope="row" data-label="Feature"><?cs var:row.feature ?></th><td data-label="Node that fails"><?cs var:row.node ?></td><td data-label="Cluster now" class="lh-num"><?cs var:row.now ?></td><td data-label="For 10 days" class="lh-num"><?cs var:row.days ?></td><td data-label="After that" class="lh-num"><?cs var:row.after ?></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-quiet">Units of licenses installed on the nodes, as each said last; leased units are not among them.</p>
</section><?cs /if ?><?cs if:?frame.may_administer ?>
<form method="post" action="/system/clustering/node" class="lh-form" data-guard><?cs call:csrf() ?>
<h2>Add a node</h2>
<div class="lh-columns"><?cs
call:text_field(form.node, "Its Unique ID on the license server.", "off") ?><?cs
call:text_field(form.address, "Host name or IP address of its console, with a port after a colon unless it is 443.", "off") ?>
</div>
<div class="form-check"><input class="form-check-input" type="checkbox" id="verify" name="verify" value="1"<?cs if:?form.verify.checked ?> checked<?cs /if ?> aria-describedby="verify-help"><label class="form-check-label" for="verify">Verify SSL Certificate</label>
<p class="lh-help" id="verify-help">On: the node's certificate must be signed by an authority this appliance trusts and name the node. Off: its public key is shown here and must be confirmed once.</p></div>
<div class="lh-actions"><button class="btn btn-primary">Add node</button></div>
</form><?cs /if ?><?cs /if ?><?cs if:?frame.may_administer ?><?cs if:?has_server ?>
<form method="post" action="/system/clustering" class="lh-form" data-guard><?cs call:csrf() ?>
<h2>Cluster</h2>
<input type="hidden" name="ver" value="<?cs var:form.ver.value ?>">
<div class="lh-columns"><?cs
call:text_field(form.name, "The same on every node. Another name than before forgets the nodes.", "off") ?><?cs
call:number_field(form.hello, "s", "A node that is silent for three hellos is lost.") ?><?cs
call:password_field(form.password, "The same on every node. Leave empty to keep a saved one.", "new-password") ?><?cs
call:password_field(form.password2, "Once more, against slips.", "new-password") ?>
</div>
<div class="form-check"><input class="form-check-input" type="checkbox" id="lead" name="lead" value="1"<?cs if:?form.lead.checked ?> checked<?cs /if ?> aria-describedby="lead-help"><label class="form-check-label" for="lead">Offer to lead</label>
<p class="lh-help" id="lead-help">The license server names one of those that offer. It asks for all; it sees their requests and leases.</p></div>
<div class="lh-actions"><button class="btn btn-primary">Save Changes</button></div>
</form><?cs /if ?><?cs /if ?>
<?cs call:page_end() ?>
