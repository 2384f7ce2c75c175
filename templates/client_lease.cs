<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What a license client holds. Keys: link.*, cluster.*, notices.N.*, compliance.N.{feature,units}, features.N.*, users.{signed_in,capacity,is_monitoring} ?><?cs

def:link_state() ?><?cs if:!?link.server ?><?cs call:state("info", "No license server") ?><?cs elif:?link.connected ?><?cs call:state("ok", "Connected") ?><?cs elif:?link.failure_code ?><?cs call:state("bad", "Not connected") ?><?cs else ?><?cs call:state("info", "Not contacted yet") ?><?cs /if ?><?cs /def ?><?cs

def:auto_leased(auto) ?><?cs if:?auto.units ?><strong><?cs var:auto.units ?></strong><?cs if:?auto.ends.iso ?> until <?cs call:instant(auto.ends) ?><?cs /if ?><span class="lh-why">taken by itself</span><?cs elif:?auto.known ?>0<?cs else ?>–<?cs /if ?><?cs if:?auto.known ?><span class="lh-why"><?cs if:?auto.on ?>Auto-leasing is on<?cs else ?>Auto-leasing is off<?cs /if ?>, as last heard</span><?cs /if ?><?cs /def ?><?cs

def:link_compliance() ?><?cs if:?compliance.0.feature ?>
<div class="lh-banner lh-banner-bad"><p><strong>Out of compliance.</strong> Without a LICENSE-MBR license, this gateway leases <?cs each:one = compliance ?><?cs var:one.units ?> units of <?cs var:one.feature ?>, <?cs /each ?>which come from permanent licenses. <a href="/licensing/compliance#why-own">Why, and what to do</a></p></div><?cs /if ?><?cs /def ?><?cs

def:link_told() ?><?cs each:one = notices ?>
<div class="lh-banner lh-banner-warn"><p>The license server says: <?cs var:one.text ?><?cs if:?one.since.iso ?> <span class="lh-quiet">Since <?cs var:one.since.text ?></span><?cs /if ?></p></div><?cs /each ?><?cs if:?link.lost.iso ?>
<p><?cs call:state("warn", "On its own") ?> The license server cannot be reached since <?cs call:instant(link.lost) ?>.</p><?cs /if ?><?cs if:?link.penalty.iso ?>
<p><?cs call:state("warn", "Auto-leasing penalty") ?> Nobody may auto-lease until <?cs call:instant(link.penalty) ?>.</p><?cs /if ?><?cs if:?cluster.name ?>
<p>Cluster <strong><?cs var:cluster.name ?></strong>: <?cs if:?cluster.is_leader ?>the license server lets this gateway ask for all nodes until <?cs call:instant(cluster.until) ?>; it asks for itself and for those that hand it their requests.<?cs elif:?cluster.asks_leader ?>the license server lets <?cs var:cluster.leader ?> ask for all nodes until <?cs call:instant(cluster.until) ?>; it asks for this gateway, which asks for itself only when <?cs var:cluster.leader ?> cannot be reached.<?cs elif:?cluster.leader ?>the license server lets <?cs var:cluster.leader ?> ask for all nodes until <?cs call:instant(cluster.until) ?>; this gateway asks for itself, because it cannot hand its requests to <?cs var:cluster.leader ?>: see <a href="/system/clustering">Clustering</a>.<?cs else ?>no node may ask for the others; this gateway asks for itself.<?cs /if ?></p><?cs /if ?><?cs /def ?><?cs

def:link_news() ?><?cs call:link_compliance() ?><?cs call:link_told() ?><?cs /def ?><?cs

def:feature_rows() ?><?cs if:?features.0.feature ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col" class="lh-num">Own</th><th scope="col" class="lh-num">Reserved</th><th scope="col" class="lh-num">Leased now</th><th scope="col" class="lh-num">Maximum</th><th scope="col" class="lh-num">Usable</th><th scope="col">Auto-leased</th><th scope="col">Lease expires</th></tr></thead>
<tbody><?cs each:row = features ?>
<tr><th scope="row"><?cs var:row.feature ?></th>
<td class="lh-num" data-label="Own"><?cs var:row.own ?></td>
<td class="lh-num" data-label="Reserved"><?cs if:?row.reserved ?><?cs var:row.reserved ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Leased now"><?cs var:row.leased ?></td>
<td class="lh-num" data-label="Maximum"><?cs if:?row.maximum ?><?cs var:row.maximum ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Usable"><?cs var:row.total ?></td>
<td data-label="Auto-leased"><div><?cs call:auto_leased(row.auto) ?></div></td>
<td data-label="Lease expires"><?cs if:?row.expires.iso ?><?cs call:instant(row.expires) ?><?cs else ?>–<?cs /if ?><?cs if:?row.denied ?><br><?cs call:state("warn", row.denied) ?><?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p class="lh-empty">This gateway has no license of its own and no lease: it admits the default number of users only.</p><?cs /if ?><?cs /def ?><?cs

def:client_lease() ?><?cs if:?link.is_tried ?>
<div class="lh-banner lh-banner-warn"><p>A changed connection to the license server is on trial. <a href="/licensing/server">Configure Server</a> keeps it or goes back.</p></div><?cs /if ?><?cs call:link_told() ?>
<section class="lh-tiles" aria-label="Users and license server">
<div class="lh-tile"><h2>Users signed in</h2><p class="lh-big"><?cs var:users.signed_in ?></p><p class="lh-quiet">of <?cs var:users.capacity ?> that there is capacity for<?cs if:?users.is_monitoring ?>, only monitored<?cs /if ?> · <a href="/status/users">Users</a></p></div>
<div class="lh-tile"><h2>License server</h2><p class="lh-big"><?cs call:link_state() ?></p><p class="lh-quiet"><?cs if:?link.server ?><?cs var:link.server ?> as <?cs var:link.client_name ?><?cs if:?link.last_success.iso ?> · last contact <?cs var:link.last_success.relative ?><?cs /if ?><?cs else ?><a href="/licensing/server">Configure Server</a> names one<?cs /if ?></p></div>
</section><?cs if:?link.clock_unknown ?>
<div class="lh-banner lh-banner-bad"><p><strong>The clock of this appliance went back over a restart.</strong> Leases count again after the next contact with the license server: press Pull State from Server on <a href="/licensing/server">Configure Server</a>.</p></div><?cs /if ?>
<section aria-labelledby="capacity">
<h2 id="capacity">Capacity by feature</h2><?cs call:feature_rows() ?>
</section><?cs /def ?>
