<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: server.{hwid,customer,state,days,last.*,since.*}, boots.N.{instance,boot,sequence,address,first.*,last.*,is_last} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center_instance.cs" ?><?cs
call:page_begin("Instance") ?>
<h1>Virtual license server <code class="lh-key"><?cs var:server.hwid ?></code></h1>
<dl class="lh-facts">
<div><dt>State</dt><dd><?cs call:instance_state(server) ?></dd></div>
<div><dt>Customer</dt><dd><?cs if:?server.customer ?><?cs var:server.customer ?><?cs else ?>–<?cs /if ?></dd></div>
<div><dt>Device</dt><dd><a href="/center/devices/<?cs var:server.hwid ?>">Dates and license keys</a></dd></div>
</dl>
<section aria-labelledby="starts">
<h2 id="starts">Starts that were heard of</h2>
<p class="lh-help">Each start of a server has a word of its own. One that is heard of again after another had followed it is a second server.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Start</th><th scope="col">From</th><th scope="col">First heard</th><th scope="col">Last heard</th><th scope="col" class="lh-num">Heartbeat number</th></tr></thead>
<tbody><?cs each:boot = boots ?>
<tr><th scope="row" data-label="Start"><code><?cs var:boot.boot ?></code><?cs if:?boot.is_last ?> <?cs call:state("info", "Newest start") ?><?cs /if ?></th>
<td data-label="From" class="text-nowrap"><?cs var:boot.address ?></td>
<td data-label="First heard"><?cs call:instant(boot.first) ?></td>
<td data-label="Last heard"><?cs call:instant(boot.last) ?></td>
<td data-label="Heartbeat number" class="lh-num"><?cs var:boot.sequence ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs if:server.state == "duplicate" ?><?cs if:?frame.may_assist ?>
<form method="post" action="/center/instances/<?cs var:server.hwid ?>" class="lh-form lh-panel"><?cs call:csrf() ?>
<h2>One of them is gone</h2>
<p>What was heard of this hardware ID is forgotten, and the one that is left is not taken for a copy. If both still run, they are marked again.</p>
<div class="lh-actions"><button class="btn btn-primary">Clear the mark</button></div>
</form><?cs else ?>
<p>A support agent clears the mark when one of them is gone.</p><?cs /if ?><?cs /if ?>
<p class="lh-actions"><a href="/center/instances">All instances</a></p>
<?cs call:page_end() ?>
