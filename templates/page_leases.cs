<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: features.N.{name,is_chosen}, pools.N.*, parts.N.*, paging.*, query.{client,client_url,feature,feature_url,filters} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Leases") ?>
<h1>Leases</h1>
<form method="get" action="/licensing/leases" class="lh-find" role="search">
<label for="client">Client ID</label> <input class="form-control" type="search" id="client" name="client" value="<?cs var:query.client ?>" placeholder="Part of a Client ID" autocomplete="off">
<label for="feature">Feature</label> <select class="form-select" id="feature" name="feature"><option value="">All</option><?cs each:feature = features ?><option<?cs if:?feature.is_chosen ?> selected<?cs /if ?>><?cs var:feature.name ?></option><?cs /each ?></select>
<button class="btn btn-outline-secondary">Find</button><?cs if:?query.filters ?> <a href="/licensing/leases">Clear</a><?cs /if ?>
</form><?cs if:?pools.0.feature ?>
<section aria-labelledby="free">
<h2 id="free">What is free, and when more will be</h2>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col" class="lh-num">Installed</th><th scope="col" class="lh-num">Leased</th><th scope="col" class="lh-num">Reserved, not leased</th><th scope="col" class="lh-num">Available</th><th scope="col" class="lh-num">Unallocated maximum</th><th scope="col">Next to come free, unless renewed</th></tr></thead>
<tbody><?cs each:pool = pools ?>
<tr><th scope="row"><?cs var:pool.feature ?></th>
<td class="lh-num" data-label="Installed"><?cs var:pool.installed ?></td>
<td class="lh-num" data-label="Leased"><?cs var:pool.leased ?></td>
<td class="lh-num" data-label="Reserved, not leased"><?cs var:pool.idle ?></td>
<td class="lh-num" data-label="Available"><?cs var:pool.available ?></td>
<td class="lh-num" data-label="Unallocated maximum"><?cs var:pool.unallocated ?></td>
<td data-label="Next to come free"><?cs if:?pool.next.0.units ?><?cs each:next = pool.next ?><span class="lh-line"><?cs var:next.units ?> of <?cs var:next.client ?>, <?cs call:instant(next.at) ?></span><?cs /each ?><?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-help">Reserved, not leased: units promised to clients that do not use them now, or that a lease document still gives. Unallocated maximum: what clients may still ask for, up to their Maximum Counts.</p>
</section><?cs /if ?>
<section aria-labelledby="parts">
<h2 id="parts">Who holds what</h2><?cs if:?parts.0.client ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Client ID</th><th scope="col">Feature</th><th scope="col">Part</th><th scope="col" class="lh-num">Units</th><th scope="col" class="lh-num">Subscription</th><th scope="col" class="lh-num">Permanent</th><th scope="col">Granted</th><th scope="col">Expires</th><th scope="col">State</th></tr></thead>
<tbody><?cs each:part = parts ?>
<tr><th scope="row"><?cs if:?part.path ?><a href="<?cs var:part.path ?>"><?cs var:part.client ?></a><?cs else ?><?cs var:part.client ?> <span class="lh-quiet fw-normal"><?cs if:?part.is_replaced ?>(replaced device)<?cs else ?>(deleted)<?cs /if ?></span><?cs /if ?></th>
<td data-label="Feature" class="text-nowrap"><?cs var:part.feature ?></td>
<td data-label="Part" class="text-nowrap"><?cs if:?part.is_reserved ?>Reserved<?cs else ?>Incremental<?cs if:?part.count ?> <span class="lh-quiet"><?cs var:part.count ?> × <?cs var:part.size ?></span><?cs /if ?><?cs /if ?></td>
<td class="lh-num" data-label="Units"><?cs var:part.units ?></td>
<td class="lh-num" data-label="Subscription"><?cs var:part.subscription ?></td>
<td class="lh-num" data-label="Permanent"><?cs var:part.permanent ?></td>
<td data-label="Granted"><?cs call:instant(part.granted) ?></td>
<td data-label="Expires"><?cs call:instant(part.expires) ?></td>
<td data-label="State"><?cs if:?part.is_releasing ?><?cs call:state("info", "Releasing until it expires") ?><?cs elif:?part.is_lapsing ?><?cs call:state("warn", "Not extended: too few units") ?><?cs else ?><?cs call:state("ok", "Leased") ?><?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
<?cs if:?paging.more ?><nav aria-label="Pages" class="lh-actions"><?cs if:?paging.previous ?><a href="/licensing/leases?page=<?cs var:paging.previous ?>&amp;feature=<?cs var:query.feature_url ?>&amp;client=<?cs var:query.client_url ?>">Previous page</a> <?cs /if ?><?cs if:?paging.next ?><a href="/licensing/leases?page=<?cs var:paging.next ?>&amp;feature=<?cs var:query.feature_url ?>&amp;client=<?cs var:query.client_url ?>">Next page</a><?cs /if ?></nav><?cs /if ?>
<p class="lh-help">Subscription and Permanent: the licenses from which the units come. Releasing: given back, and lent to nobody else until the client says that it holds the smaller document, or until the part expires.</p><?cs elif:?query.filters ?>
<p class="lh-empty">No lease matches. <a href="/licensing/leases">Show all leases</a></p><?cs else ?>
<p class="lh-empty">Nothing is leased now. Clients lease when they first renew.</p><?cs /if ?>
</section>
<?cs call:page_end() ?>
