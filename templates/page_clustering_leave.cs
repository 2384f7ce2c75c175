<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: cluster.name, surplus ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Leave cluster") ?>
<h1>Leave cluster <?cs var:cluster.name ?>?</h1>
<ul><?cs if:?surplus ?>
<li>What this node may use in place of lost nodes (<?cs var:surplus ?>) ends at once.</li><?cs /if ?>
<li>This node asks the license server by itself again. Its leases stay.</li>
<li>The list of nodes and the cluster password are forgotten here. Remove this node on the other nodes as well.</li>
</ul>
<form method="post" action="/system/clustering/leave" class="lh-form"><?cs call:csrf() ?>
<div class="lh-actions"><button class="btn btn-danger">Leave cluster</button> <a class="btn btn-outline-secondary" href="/system/clustering">Cancel</a></div>
</form>
<?cs call:page_end() ?>
