<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What ends while a client hears nothing of its server. Keys: link.{lost,next_sync}, alone.{days,hours,ends}, rungs.N.{step,at,is_past,is_next,capacity,too_many,feature,units}, users.is_monitoring ?><?cs

def:rung_text(row) ?><?cs if:row.step == "contact" ?>Last contact with the license server<?cs
elif:row.step == "quanta" ?><?cs var:row.units ?> <?cs var:row.feature ?> units leased in increments lapse<?cs
elif:row.step == "reserved" ?><?cs var:row.units ?> reserved <?cs var:row.feature ?> units lapse<?cs
elif:row.step == "auto_lease" ?>Auto-leasing of <?cs var:row.feature ?> ends<?cs if:?row.units ?>, and with it the <?cs var:row.units ?> units taken so far<?cs /if ?><?cs
else ?>Only licenses of its own count here, or the default number of users<?cs /if ?><?cs /def ?><?cs

def:rung_when(row) ?><?cs if:row.step == "contact" ?><?cs call:state("ok", "Heard") ?><?cs elif:?row.is_past ?><?cs call:state("bad", "Over") ?><?cs elif:?row.is_next ?><?cs call:state("warn", "Next") ?><?cs else ?><?cs call:state("info", "Later") ?><?cs /if ?><?cs /def ?><?cs

def:ladder() ?><?cs if:?rungs.0.step ?>
<section class="lh-panel" aria-labelledby="ladder" id="alone">
<h2 id="ladder">Without the license server</h2><?cs if:?link.lost.iso ?>
<p><?cs call:state("warn", "On its own") ?> <strong><?cs var:alone.days ?> days and <?cs var:alone.hours ?> hours of 10 days</strong> are used; they are over at <?cs call:instant(alone.ends) ?>.<?cs if:?link.next_sync.iso ?> The next attempt to reach it is at <?cs call:instant(link.next_sync) ?>; one that succeeds starts the ten days anew.<?cs /if ?></p><?cs elif:?link.failure_code ?>
<p>The last attempt failed; what to do stands above. Unless a later one succeeds, this ends, and nothing before its time:</p><?cs else ?>
<p>The license server answers. Were it silent from its last answer on, this would end, and nothing before its time:</p><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">When</th><th scope="col">State</th><th scope="col">What happens</th><th scope="col" class="lh-num">Capacity from then on</th></tr></thead>
<tbody><?cs each:row = rungs ?>
<tr<?cs if:?row.is_next ?> aria-current="step"<?cs /if ?>><th scope="row" data-label="When"><?cs call:instant(row.at) ?></th>
<td data-label="State" class="text-nowrap"><?cs call:rung_when(row) ?></td>
<td data-label="What happens"><div><?cs call:rung_text(row) ?><?cs if:row.step == "auto_lease" ?><span class="lh-why">Until then this gateway may take whole increments by itself, up to its Maximum Count</span><?cs /if ?></div></td>
<td class="lh-num" data-label="Capacity from then on"><div><?cs var:row.capacity ?><?cs if:?row.too_many ?><span class="lh-why"><?cs var:row.too_many ?> fewer than are signed in now</span><?cs /if ?></div></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-help">By the license server's clock. Nobody who is signed in is thrown out: beyond the capacity new users are <?cs if:?users.is_monitoring ?>recorded<?cs else ?>refused<?cs /if ?>.</p>
</section><?cs /if ?><?cs /def ?>
