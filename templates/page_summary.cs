<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: findings.N.{object,text}, findings_more, steps.*, pools.N.*, forecasts.N.*, recovering.*, groups.N.{family,platforms,feature,installed,is_own,subscriptions_only}, licenses.N.*, held.N.*, results.N.*, issuers.N.*, trust_damaged, appliance.pin, agreement.{by,version,at.*}, server.enabled, tiles.clients, link.*, features.N.*, users.*, form.keys ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"client_lease.cs" ?><?cs

def:auto_lease(auto) ?><?cs if:?auto.on ?><?cs call:state("ok", "On") ?><?cs elif:?auto.known ?><?cs call:state("info", "Off") ?><?cs else ?><?cs call:state("info", "Not judged yet") ?><?cs /if ?><?cs if:?auto.text ?><span class="lh-why"><?cs var:auto.text ?></span><?cs /if ?><?cs /def ?><?cs

def:pool_state(pool) ?><?cs if:?pool.over ?><?cs call:state("bad", "Over-allocated") ?> <span class="text-nowrap">by <?cs var:pool.over ?></span><?cs elif:?pool.is_full ?><?cs call:state("warn", "None left") ?><?cs else ?><?cs call:state("ok", "OK") ?><?cs /if ?><?cs if:?pool.recalling ?><span class="lh-line"><?cs call:state("warn", "Recall in progress") ?> of <?cs var:pool.recalling ?> units</span><?cs /if ?><?cs if:?recovering.iso ?><span class="lh-line"><?cs call:state("warn", "Recovering") ?></span><?cs /if ?><?cs /def ?><?cs

def:license_state(row) ?><?cs if:row.state == "active" ?><?cs call:state("ok", "Installed") ?><?cs if:?row.surrender.text ?><span class="lh-why">Surrender refused: <?cs var:row.surrender.text ?></span><?cs /if ?><?cs elif:row.state == "grace" ?><?cs call:state("warn", "In grace period") ?><?cs elif:row.state == "future" ?><?cs call:state("info", "Not started") ?><?cs elif:row.state == "pending_renewal" ?><?cs call:state("info", "Renewal, waiting") ?><?cs elif:row.state == "expired" ?><?cs call:state("bad", "Expired") ?><?cs elif:row.state == "renewed" ?><?cs call:state("info", "Renewed") ?><?cs elif:row.state == "revoked" ?><?cs call:state("bad", "Revoked") ?><span class="lh-why"><?cs if:?row.is_distrusted ?>Its issuer is not trusted here any more, or its record was changed.<?cs else ?>Its issuer took it back, so it counts no more. Licenses of a device that was replaced are on its spare.<?cs /if ?></span><?cs elif:?row.surrender.left.iso ?><?cs call:state("warn", "Left") ?> with <?cs var:row.surrender.server ?> <?cs call:instant(row.surrender.left) ?><span class="lh-why">It counts nowhere here until that server, or the spare in its place, is this gateway's again.</span><?cs elif:row.state == "surrender_pending" ?><?cs call:state("warn", "Surrender pending") ?> since <?cs call:instant(row.surrender.since) ?><span class="lh-why">It counts on <?cs var:row.surrender.server ?> when that has taken it.</span><?cs elif:row.state == "surrendered" ?><?cs call:state("info", "Surrendered") ?> <?cs call:instant(row.surrender.since) ?><?cs elif:row.state == "recall_pending" ?><?cs call:state("warn", "Recall pending") ?> since <?cs call:instant(row.surrender.since) ?><span class="lh-why"><?cs if:?row.surrender.text ?><?cs var:row.surrender.text ?><?cs else ?>It waits for the license server's answer.<?cs /if ?></span><?cs else ?><?cs call:state("info", row.state) ?><?cs /if ?><?cs /def ?><?cs

def:license_act(row, path, label, may, refusal) ?><?cs if:?may ?><a class="lh-act" href="/licensing/keys/<?cs var:row.id ?>/<?cs var:path ?>" aria-label="<?cs var:label ?> license <?cs var:row.serial ?>"><?cs var:label ?>…</a><?cs elif:?refusal ?><button type="button" class="lh-refused" disabled aria-label="<?cs var:label ?> license <?cs var:row.serial ?>" aria-describedby="<?cs var:path ?>-<?cs var:row.id ?>"><?cs var:label ?>…</button><span class="lh-why" id="<?cs var:path ?>-<?cs var:row.id ?>"><?cs var:refusal ?></span><?cs /if ?><?cs /def ?><?cs

def:held_state(row) ?><?cs if:?row.uncounted ?><?cs call:state("bad", "Not counted") ?><span class="lh-why">Because <?cs var:row.uncounted ?>.</span><?cs /if ?><?cs if:?row.recalling.iso ?><?cs call:state("warn", "Recall in progress") ?> since <?cs call:instant(row.recalling) ?><?cs else ?><?cs call:state("info", "Surrendered") ?> <?cs call:instant(row.accepted) ?><?cs /if ?><span class="lh-line">by <?cs if:?row.path ?><a href="<?cs var:row.path ?>"><?cs var:row.client ?></a><?cs else ?><?cs var:row.client ?>, deleted since<?cs /if ?></span><?cs if:?row.waits ?><span class="lh-why"><?cs var:row.waits ?></span><?cs /if ?><?cs /def ?><?cs

def:forecast_line(row) ?><?cs if:!?row.known ?>not known yet: it takes seven days of history.<?cs elif:?row.exhausted.iso ?><?cs if:?row.is_over ?>at the pace of the last weeks every unit is in use now<?cs else ?>at the pace of the last weeks the last unit is used about <?cs call:instant(row.exhausted) ?><?cs /if ?>: <?cs var:row.pace ?> units a day, <?cs var:row.at_now ?> of <?cs var:row.total ?> held now.<?cs else ?>at the pace of the last weeks units last for more than a year: <?cs var:row.pace ?> units a day, <?cs var:row.at_now ?> of <?cs var:row.total ?> held now.<?cs /if ?><?cs /def ?><?cs

def:platform_groups() ?><?cs if:?groups.0.family ?>
<details><summary>Licenses applicable for specific platform groups</summary>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Platform group</th><th scope="col">Platforms</th><th scope="col">Feature</th><th scope="col" class="lh-num">Installed</th><th scope="col">Remark</th></tr></thead>
<tbody><?cs each:row = groups ?>
<tr><th scope="row" class="text-nowrap"><?cs var:row.family ?></th>
<td data-label="Platforms"><?cs var:row.platforms ?></td>
<td data-label="Feature" class="text-nowrap"><?cs if:?row.feature ?><?cs var:row.feature ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Installed"><?cs if:?row.feature ?><?cs var:row.installed ?><?cs else ?>0<?cs /if ?></td>
<td data-label="Remark"><?cs if:?row.subscriptions_only ?>Subscriptions only: permanent units are for hardware<?cs elif:?row.is_own ?>For this group only<?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-help">What license clients of each platform group may lease from here. Units that are for several groups are one stock, shown in each of them.</p></details><?cs /if ?><?cs /def ?><?cs

call:page_begin("Licensing Summary") ?>
<h1>Licensing Summary</h1><?cs if:?findings.0.text ?>
<div class="lh-banner lh-banner-bad" id="findings"><ul class="lh-plain"><?cs each:finding = findings ?>
<li><?cs if:?finding.object ?><strong><?cs var:finding.object ?></strong>: <?cs /if ?><?cs var:finding.text ?></li><?cs /each ?></ul>
<p><a href="/licensing/compliance">Why, and what to do<?cs if:?findings_more ?> (<?cs var:findings_more ?> more)<?cs /if ?></a></p></div><?cs /if ?><?cs if:?steps.shown ?>
<section class="lh-panel" aria-labelledby="steps">
<h2 id="steps">First steps</h2>
<ol class="lh-steps">
<li class="lh-done">Accept the license agreement <span class="lh-quiet">(done)</span></li><?cs if:?frame.is_server ?>
<?cs if:?steps.is_virtual ?><li<?cs if:?steps.has_server_license ?> class="lh-done"<?cs /if ?>>Install a license-server license by its authentication code: <a href="/licensing/download">Download Licenses</a><?cs if:?steps.has_server_license ?> <span class="lh-quiet">(done)</span><?cs /if ?></li>
<?cs /if ?><li<?cs if:?steps.has_license ?> class="lh-done"<?cs /if ?>><a href="#keys">Add a license key</a><?cs if:?steps.has_license ?> <span class="lh-quiet">(done)</span><?cs /if ?></li>
<li<?cs if:?steps.is_enabled ?> class="lh-done"<?cs /if ?>><a href="/licensing/clients">Enable the licensing server</a><?cs if:?steps.is_enabled ?> <span class="lh-quiet">(done)</span><?cs /if ?></li>
<li<?cs if:?steps.has_client ?> class="lh-done"<?cs /if ?>><a href="/licensing/clients/new">Add a license client</a><?cs if:?steps.has_client ?> <span class="lh-quiet">(done)</span><?cs /if ?></li><?cs else ?>
<li<?cs if:?steps.has_server ?> class="lh-done"<?cs /if ?>><a href="/licensing/server">Enter the license server</a>, or <a href="#keys">add license keys</a> of its own</li><?cs /if ?>
</ol>
</section><?cs /if ?><?cs if:?frame.is_client ?><?cs call:client_lease() ?><?cs else ?>
<section aria-labelledby="allocation">
<h2 id="allocation">Allocation by feature</h2><?cs if:?pools.0.feature ?><?cs if:!?server.enabled ?>
<p><?cs call:state("warn", "The licensing server is off") ?> Clients cannot lease licenses until <a href="/licensing/clients">Configure Clients</a> enables it.</p><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col" class="lh-num">Installed</th><th scope="col" class="lh-num">Reserved</th><th scope="col" class="lh-num">Leased</th><th scope="col" class="lh-num">Available</th><th scope="col">Use</th><th scope="col">Auto-leasing</th><th scope="col">State</th></tr></thead>
<tbody><?cs each:pool = pools ?>
<tr><th scope="row" class="text-nowrap"><?cs var:pool.feature ?></th>
<td class="lh-num" data-label="Installed"><div><?cs var:pool.installed ?><?cs if:?pool.surrendered ?><span class="lh-why"><?cs var:pool.surrendered ?> surrendered by clients</span><?cs /if ?></div></td>
<td class="lh-num" data-label="Reserved"><?cs var:pool.reserved ?></td>
<td class="lh-num" data-label="Leased"><?cs var:pool.leased ?></td>
<td class="lh-num" data-label="Available"><?cs var:pool.available ?></td>
<td data-label="Use"><meter min="0" max="<?cs var:pool.meter_max ?>" value="<?cs var:pool.meter ?>" aria-label="<?cs var:pool.feature ?> reserved or leased"></meter></td>
<td data-label="Auto-leasing"><div><?cs call:auto_lease(pool.auto) ?></div></td>
<td data-label="State"><div><?cs call:pool_state(pool) ?></div></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-help">Installed: units of licenses that count now. Reserved and Leased: over all license clients (<?cs var:tiles.clients ?>). Available: what can still be leased, once each client's larger share of its reservation and its lease is taken off. Auto-leasing: whether a client that cannot reach this server may take units by itself.</p><?cs call:platform_groups() ?>
<h2 id="forecast">Forecast</h2>
<ul class="lh-plain"><?cs each:row = forecasts ?>
<li><strong><?cs var:row.feature ?></strong>: <?cs call:forecast_line(row) ?></li><?cs /each ?>
</ul>
<p><a href="/licensing/usage">Usage of the last 24 hours, 30 days, 13 months</a></p>
<details><summary>How the forecast is made</summary>
<p class="lh-help">A straight line by least squares through the most units held on each day of the last year. With x the days from now to each of n days (0 or less) and y its units: units a day = (n Σxy − Σx Σy) ÷ (n Σx² − (Σx)²), and units now = (Σy Σx² − Σx Σxy) ÷ (n Σx² − (Σx)²). The last unit is used after (installed − units now) ÷ units a day. It takes seven days of history, and knows no weekends.</p></details><?cs else ?>
<p class="lh-empty">No licenses for leasing are installed. Add a license key below; then its units are shown here.</p><?cs call:platform_groups() ?><?cs /if ?>
</section><?cs /if ?>
<section aria-labelledby="details">
<h2 id="details">Installed License Details</h2><?cs if:?licenses.0.serial || ?held.0.serial ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">License</th><th scope="col">Serial</th><th scope="col">Feature</th><th scope="col" class="lh-num">Count</th><th scope="col">Starts</th><th scope="col">Expires</th><th scope="col">State</th><?cs if:?frame.may_administer ?><th scope="col"><span class="visually-hidden">Action</span></th><?cs /if ?></tr></thead>
<tbody><?cs each:row = licenses ?>
<tr><th scope="row" class="lh-sku"><?cs var:row.sku ?><?cs if:?row.org ?><br><span class="lh-quiet fw-normal"><?cs var:row.org ?></span><?cs /if ?></th>
<td data-label="Serial"><code class="text-nowrap"><?cs var:row.serial ?></code></td>
<td data-label="Feature" class="text-nowrap"><?cs var:row.feature ?></td>
<td class="lh-num" data-label="Count"><?cs if:?row.units ?><?cs var:row.units ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Starts" class="text-nowrap"><?cs if:?row.start ?><?cs var:row.start ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Expires"><?cs if:?row.end ?><span class="text-nowrap"><?cs var:row.end ?></span> <span class="lh-quiet text-nowrap">(<?cs var:row.ends.relative ?>)</span><?cs else ?><span class="text-nowrap">Permanent</span><?cs /if ?></td>
<td data-label="State" class="lh-about"><div><?cs call:license_state(row) ?></div></td><?cs if:?frame.may_administer ?>
<td data-label="Action" class="text-nowrap"><div><?cs call:license_act(row, "surrender", "Surrender", row.surrender.may_surrender, row.surrender.refusal.may_surrender) ?><?cs call:license_act(row, "recall", "Recall", row.surrender.may_recall, row.surrender.refusal.may_recall) ?><a class="lh-act" href="/licensing/keys/<?cs var:row.id ?>/delete" aria-label="Delete license <?cs var:row.serial ?>">Delete…</a></div></td><?cs /if ?></tr><?cs /each ?><?cs each:row = held ?>
<tr><th scope="row" class="lh-sku"><?cs var:row.sku ?></th>
<td data-label="Serial"><code class="text-nowrap"><?cs var:row.serial ?></code></td>
<td data-label="Feature" class="text-nowrap"><?cs var:row.feature ?></td>
<td class="lh-num" data-label="Count"><?cs var:row.units ?></td>
<td data-label="Starts" class="text-nowrap">–</td>
<td data-label="Expires" class="text-nowrap">Permanent</td>
<td data-label="State" class="lh-about"><div><?cs call:held_state(row) ?></div></td><?cs if:?frame.may_administer ?><td data-label="Action" class="text-nowrap">–</td><?cs /if ?></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p class="lh-empty">No license key is installed on this appliance yet.</p><?cs /if ?>
<p>License agreement: <?cs if:?agreement.by ?>version <?cs var:agreement.version ?>, accepted by <?cs var:agreement.by ?> on <?cs call:instant(agreement.at) ?>. <?cs /if ?><a href="/agreement">Read the license agreement</a></p><?cs if:?appliance.pin ?>
<p class="lh-quiet">Public key of this appliance's certificate: <code><?cs var:appliance.pin ?></code>. <?cs if:?frame.is_client ?>When another node of a cluster<?cs else ?>When a license client<?cs /if ?> asks for a public key of this appliance to be confirmed, compare it with this one.</p><?cs /if ?>
<?cs if:?trust_damaged ?><p><?cs call:state("warn", "The list of trusted issuers (trusted.jwks) cannot be read. Those known before still count.") ?></p><?cs /if ?>
<p class="lh-quiet">Trusted issuers: <?cs if:?issuers.0.kid ?><?cs each:issuer = issuers ?><?cs var:issuer.name ?> (key <code><?cs var:issuer.kid ?></code>) <?cs /each ?><?cs else ?>none. License keys can be entered once an issuer's key stands in <code>trusted.jwks</code>.<?cs /if ?></p>
</section><?cs if:?results.0.text ?>
<section aria-labelledby="results">
<h2 id="results">What became of the keys</h2>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">License key</th><th scope="col">License</th><th scope="col">Result</th></tr></thead>
<tbody><?cs each:result = results ?>
<tr><th scope="row"><code><?cs var:result.shown ?></code></th><td data-label="License"><?cs if:?result.sku ?><?cs var:result.sku ?><?cs else ?>–<?cs /if ?></td><td data-label="Result"><?cs if:?result.is_good ?><?cs call:state("ok", result.text) ?><?cs else ?><?cs call:state("bad", result.text) ?><?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs /if ?><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/summary" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-field lh-wide">
<label for="keys"><?cs var:form.keys.label ?></label><?cs call:field_error(form.keys) ?>
<textarea class="form-control" id="keys" name="keys" rows="4" spellcheck="false" autocomplete="off"<?cs call:field_described(form.keys) ?>><?cs var:form.keys.value ?></textarea>
<p class="lh-help" id="keys-help">One key or many; the whole e-mail will do. Each is answered on its own.</p>
</div>
<div class="lh-actions"><button class="btn btn-primary" name="add" value="1">Add</button><?cs if:?frame.is_client ?>
<button class="btn btn-outline-secondary" name="save" value="1">Save Changes</button><?cs /if ?></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
