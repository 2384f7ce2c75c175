<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{enabled,duration,interval,strict}, settings.*, clients.N.*, clients_exist, sums.N.{feature,reserved,leased,maximum}, releasing.N.*, paging.*, query.{find,product,sort,all,end,unsorted}, chips.N.{label,name,value,address}, platforms.N.{name,chosen}, clusters.N.*, states.N.*, features.N.*, row_counts.N.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

def:client_word(word) ?><?cs if:word == "ok" ?>OK<?cs elif:word == "never" ?>Never contacted<?cs elif:word == "overdue" ?>Overdue<?cs elif:word == "ended" ?>Lease expired<?cs elif:word == "noncompliant" ?>Out of compliance<?cs elif:word == "denied" ?>Wants more<?cs elif:word == "expired" ?>Configuration expired<?cs else ?><?cs var:word ?><?cs /if ?><?cs /def ?><?cs

def:client_state(word, id) ?><span class="lh-state lh-state-<?cs if:word == "ok" ?>ok<?cs elif:word == "never" ?>info<?cs elif:word == "overdue" ?>warn<?cs elif:word == "denied" ?>warn<?cs else ?>bad<?cs /if ?>"><?cs call:client_word(word) ?></span><?cs if:word == "noncompliant" ?> (<a href="/licensing/compliance#why-<?cs var:id ?>">Why?</a>)<?cs /if ?><?cs /def ?><?cs

def:sort_head(key, reverse, label) ?><th scope="col"<?cs if:query.sort == key ?> aria-sort="ascending"<?cs elif:query.sort == reverse ?> aria-sort="descending"<?cs elif:key == "name" ?><?cs if:!?query.sort ?> aria-sort="ascending"<?cs /if ?><?cs /if ?>><a href="/licensing/clients?<?cs var:query.unsorted ?>sort=<?cs if:query.sort == key ?><?cs var:reverse ?><?cs elif:!?query.sort ?><?cs if:key == "name" ?><?cs var:reverse ?><?cs else ?><?cs var:key ?><?cs /if ?><?cs else ?><?cs var:key ?><?cs /if ?>"><?cs var:label ?></a></th><?cs /def ?><?cs

def:choice(id, label, list) ?><label for="<?cs var:id ?>"><?cs var:label ?></label> <select class="form-select" id="<?cs var:id ?>" name="<?cs var:id ?>"><option value="">any</option><?cs each:one = list ?><option<?cs if:?one.chosen ?> selected<?cs /if ?>><?cs var:one.name ?></option><?cs /each ?></select><?cs /def ?><?cs

call:page_begin("Configure Clients") ?>
<h1>Configure Clients</h1><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/clients" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<div class="form-check"><input class="form-check-input" type="checkbox" id="enabled" name="enabled" value="1"<?cs if:?form.enabled.checked ?> checked<?cs /if ?> aria-describedby="enabled-help"><label class="form-check-label" for="enabled">Enable Licensing server</label>
<p class="lh-help" id="enabled-help">License clients can lease licenses only while this is on. Leases that run keep their expiry when it is switched off.</p></div>
<details<?cs if:?settings.open ?> open<?cs /if ?>><summary>Advanced Settings</summary>
<div class="lh-columns"><?cs
call:number_field(form.duration, "hours", "24 to 240 hours (10 days).") ?><?cs
call:number_field(form.interval, "hours", "1 hour to half of the Incremental Lease Duration.") ?>
</div>
<div class="form-check"><input class="form-check-input" type="checkbox" id="strict" name="strict" value="1"<?cs if:?form.strict.checked ?> checked<?cs /if ?> aria-describedby="strict-help"><label class="form-check-label" for="strict"><?cs var:form.strict.label ?></label>
<p class="lh-help" id="strict-help"><?cs var:settings.strict_help ?></p></div>
</details>
<div class="lh-actions"><button class="btn btn-primary">Save Changes</button></div>
</form><?cs elif:!?settings.enabled ?>
<p><?cs call:state("warn", "The licensing server is off") ?></p><?cs /if ?>
<section aria-labelledby="clients">
<h2 id="clients">License clients</h2><?cs if:?clients_exist ?>
<form method="get" action="/licensing/clients" class="lh-find" role="search">
<span class="lh-pair"><label for="find">Find</label> <input class="form-control" type="search" id="find" name="find" value="<?cs var:query.find ?>" placeholder="Part of a Client ID" aria-describedby="find-help"></span><span class="visually-hidden" id="find-help">Shows the clients whose ID contains this, in any case.</span>
<span class="lh-pair"><?cs call:choice("platform", "Platform", platforms) ?></span>
<span class="lh-pair"><label for="product">Product</label> <select class="form-select" id="product" name="product"><option value="">any</option><option<?cs if:query.product == "PCS" ?> selected<?cs /if ?>>PCS</option><option<?cs if:query.product == "PPS" ?> selected<?cs /if ?>>PPS</option></select></span><?cs if:?clusters.0.name ?>
<span class="lh-pair"><?cs call:choice("cluster", "Cluster", clusters) ?></span><?cs /if ?>
<span class="lh-pair"><label for="state">State</label> <select class="form-select" id="state" name="state"><option value="">any</option><?cs each:one = states ?><option value="<?cs var:one.name ?>"<?cs if:?one.chosen ?> selected<?cs /if ?>><?cs call:client_word(one.name) ?></option><?cs /each ?></select></span>
<span class="lh-pair"><?cs call:choice("feature", "Feature", features) ?></span>
<span class="lh-pair"><label for="rows">Rows</label> <select class="form-select" id="rows" name="rows"><?cs each:one = row_counts ?><option<?cs if:?one.chosen ?> selected<?cs /if ?>><?cs var:one.name ?></option><?cs /each ?></select></span><?cs if:?query.sort ?><input type="hidden" name="sort" value="<?cs var:query.sort ?>"><?cs /if ?>
<button class="btn btn-outline-secondary">Find</button><?cs if:?frame.may_operate ?>
<a class="btn btn-outline-secondary lh-push" href="/licensing/clients/new">New Client</a><?cs /if ?>
</form><?cs if:?chips.0.label ?>
<ul class="lh-chips" aria-label="What is asked for"><?cs each:chip = chips ?>
<li><?cs var:chip.label ?> <strong><?cs if:chip.name == "state" ?><?cs call:client_word(chip.value) ?><?cs else ?><?cs var:chip.value ?><?cs /if ?></strong> <a href="/licensing/clients?<?cs var:chip.address ?>">Remove<span class="visually-hidden"> <?cs var:chip.label ?> <?cs var:chip.value ?></span></a></li><?cs /each ?>
<li><a href="/licensing/clients">Clear all</a></li>
</ul><?cs /if ?><?cs if:?clients.0.name ?>
<p class="lh-quiet lh-over"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?> <a href="/licensing/clients.csv?<?cs var:query.end ?>">Export CSV</a></p>
<?cs if:?frame.may_operate ?><form method="get" action="/licensing/clients/bulk"><?cs each:chip = chips ?><input type="hidden" name="<?cs var:chip.name ?>" value="<?cs var:chip.value ?>"><?cs /each ?><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><?cs if:?frame.may_operate ?><td></td><?cs /if ?><?cs call:sort_head("name", "-name", "Client ID") ?><?cs call:sort_head("platform", "-platform", "Platform") ?><th scope="col">Product</th><th scope="col">Cluster</th><th scope="col">Feature</th><th scope="col" class="lh-num">Reserved</th><th scope="col" class="lh-num">Leased</th><th scope="col" class="lh-num">Maximum</th><?cs call:sort_head("expires", "-expires", "Config expires") ?><?cs call:sort_head("contact", "-contact", "Last contact") ?><?cs call:sort_head("state", "-state", "State") ?></tr></thead>
<tbody><?cs each:client = clients ?>
<tr><?cs if:?frame.may_operate ?><td class="lh-pick"><input class="form-check-input" type="checkbox" name="pick.<?cs var:client.id ?>" value="1" aria-label="Select <?cs var:client.name ?>"></td><?cs /if ?><th scope="row"><a href="<?cs var:client.path ?>"><?cs var:client.name ?></a></th>
<td class="text-nowrap" data-label="Platform"><?cs var:client.platform ?></td>
<td data-label="Product"><?cs var:client.product ?></td>
<td data-label="Cluster"><?cs if:?client.cluster ?><?cs var:client.cluster ?><?cs else ?>–<?cs /if ?></td>
<td class="text-nowrap" data-label="Feature"><?cs if:?client.features.0.feature ?><?cs each:f = client.features ?><span class="lh-line"><?cs var:f.feature ?></span><?cs /each ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Reserved"><?cs if:?client.features.0.feature ?><?cs each:f = client.features ?><span class="lh-line"><?cs var:f.reserved ?></span><?cs /each ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Leased"><?cs if:?client.features.0.feature ?><?cs each:f = client.features ?><span class="lh-line"><?cs var:f.leased ?></span><?cs /each ?><?cs else ?>–<?cs /if ?></td>
<td class="lh-num" data-label="Maximum"><?cs if:?client.features.0.feature ?><?cs each:f = client.features ?><span class="lh-line"><?cs var:f.maximum ?></span><?cs /each ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Config expires"><?cs if:?client.expires ?><?cs var:client.expires ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Last contact"><?cs if:?client.contact.iso ?><?cs call:instant(client.contact) ?><?cs else ?>–<?cs /if ?></td>
<td data-label="State"><?cs call:client_state(client.state, client.id) ?><?cs if:?client.others.0.hardware_id ?><span class="lh-why"><?cs call:state("bad", "Second device") ?> <code><?cs var:client.others.0.hardware_id ?></code> from <?cs var:client.others.0.address ?> came with this ID and password; bound is <code><?cs var:client.hardware_id ?></code>. <a href="<?cs var:client.path ?>#devices">What to do<span class="visually-hidden"> about the second device of <?cs var:client.name ?></span></a></span><?cs /if ?></td></tr><?cs /each ?>
</tbody><?cs if:?sums.0.feature ?>
<tfoot><tr><?cs if:?frame.may_operate ?><td></td><?cs /if ?><th scope="row" colspan="4">All <?cs var:paging.matching ?> together</th>
<td class="text-nowrap" data-label="Feature"><?cs each:f = sums ?><span class="lh-line"><?cs var:f.feature ?></span><?cs /each ?></td>
<td class="lh-num" data-label="Reserved"><?cs each:f = sums ?><span class="lh-line"><?cs var:f.reserved ?></span><?cs /each ?></td>
<td class="lh-num" data-label="Leased"><?cs each:f = sums ?><span class="lh-line"><?cs var:f.leased ?></span><?cs /each ?></td>
<td class="lh-num" data-label="Maximum"><?cs each:f = sums ?><span class="lh-line"><?cs var:f.maximum ?></span><?cs /each ?></td>
<td colspan="3"></td></tr></tfoot><?cs /if ?>
</table><?cs if:?frame.may_operate ?>
<p class="lh-actions"><button class="btn btn-outline-secondary" name="some" value="1">Change selected…</button> <button class="btn btn-outline-secondary" name="all" value="1">Change all <?cs var:paging.matching ?>…</button></p></form><?cs /if ?>
<?cs if:?paging.more ?><nav aria-label="Pages" class="lh-actions"><?cs if:?paging.previous ?><a href="/licensing/clients?<?cs var:query.all ?>page=1">First page</a> <a href="/licensing/clients?<?cs var:query.all ?>page=<?cs var:paging.previous ?>">Previous page</a> <?cs /if ?><?cs if:?paging.next ?><a href="/licensing/clients?<?cs var:query.all ?>page=<?cs var:paging.next ?>">Next page</a> <a href="/licensing/clients?<?cs var:query.all ?>page=1000000">Last page</a><?cs /if ?></nav><?cs /if ?><?cs else ?>
<p class="lh-empty">No client is like that. <a href="/licensing/clients">Show all clients</a></p><?cs /if ?><?cs else ?>
<p class="lh-empty">No license clients yet. Each gateway that leases from this server is entered here once, with an ID and a password that its own administrator enters there under Configure Server.</p><?cs if:?frame.may_operate ?>
<p><a class="btn btn-primary" href="/licensing/clients/new">New Client</a></p><?cs /if ?><?cs /if ?>
</section><?cs if:?releasing.0.name ?>
<section aria-labelledby="releasing">
<h2 id="releasing">Deleted clients and replaced devices that still hold units</h2>
<p class="lh-help">A lease that was handed out runs to its signed expiry; until then its units are lent to nobody else.</p>
<ul><?cs each:client = releasing ?>
<li><strong><?cs var:client.name ?></strong><?cs if:?client.device ?>, replaced device <code><?cs var:client.device ?></code><?cs /if ?>: <?cs each:f = client.features ?><?cs if:?f.releasing ?><?cs var:f.releasing ?> <?cs var:f.feature ?>, releasing until <?cs call:instant(f.until) ?> <?cs /if ?><?cs /each ?></li><?cs /each ?>
</ul>
</section><?cs /if ?>
<?cs call:page_end() ?>
