<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: query.{feature,client,range,rest}, features.N.{name,chosen}, ranges.N.{word,chosen}, chart.*, points.N.{at.*,installed,leased,users,available,denials}, most, denials ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"chart.cs" ?><?cs

def:range_name(word) ?><?cs if:word == "24h" ?>24 hours<?cs elif:word == "30d" ?>30 days<?cs else ?>13 months<?cs /if ?><?cs /def ?><?cs

call:page_begin("Usage") ?>
<h1>Usage<?cs if:?query.feature ?> of <?cs var:query.feature ?><?cs /if ?><?cs if:?query.client ?> by <span class="lh-object"><?cs var:query.client ?></span><?cs /if ?></h1><?cs if:?features.0.name ?>
<form method="get" action="/licensing/usage" class="lh-find">
<span class="lh-pair"><label for="feature">Feature</label> <select class="form-select" id="feature" name="feature"><?cs each:one = features ?><option<?cs if:?one.chosen ?> selected<?cs /if ?>><?cs var:one.name ?></option><?cs /each ?></select></span>
<span class="lh-pair"><label for="client">Client ID</label> <input class="form-control" type="search" id="client" name="client" value="<?cs var:query.client ?>" placeholder="Empty: all together" autocomplete="off"></span><input type="hidden" name="range" value="<?cs var:query.range ?>">
<button class="btn btn-outline-secondary">Show</button>
</form>
<nav aria-label="Range" class="lh-actions"><?cs each:one = ranges ?><a href="/licensing/usage?range=<?cs var:one.word ?>&amp;<?cs var:query.rest ?>"<?cs if:?one.chosen ?> aria-current="true"<?cs /if ?>><?cs call:range_name(one.word) ?></a> <?cs /each ?></nav><?cs if:?points.0.leased ?>
<figure class="lh-figure"><?cs call:chart_lines(chart, "Units over time", "The table below has the same figures.") ?>
<figcaption class="lh-help">Most leased at once: <?cs var:most ?>. Requests denied: <?cs var:denials ?>. <?cs if:query.range == "13m" ?>Each point is the worst hour of its day (UTC).<?cs elif:query.range == "30d" ?>Each point is the worst of its hour.<?cs else ?>Each point is the worst of its five minutes.<?cs /if ?></figcaption></figure>
<details><summary>The same as a table</summary>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">From</th><th scope="col" class="lh-num"><?cs if:?query.client ?>Maximum Count<?cs else ?>Installed<?cs /if ?></th><th scope="col" class="lh-num">Leased</th><th scope="col" class="lh-num">Users</th><th scope="col" class="lh-num">Available</th><th scope="col" class="lh-num">Denied</th></tr></thead>
<tbody><?cs each:point = points ?>
<tr><th scope="row" data-label="From"><?cs call:instant(point.at) ?></th><td class="lh-num" data-label="<?cs if:?query.client ?>Maximum Count<?cs else ?>Installed<?cs /if ?>"><?cs var:point.installed ?></td><td class="lh-num" data-label="Leased"><?cs var:point.leased ?></td><td class="lh-num" data-label="Users"><?cs var:point.users ?></td><td class="lh-num" data-label="Available"><?cs var:point.available ?></td><td class="lh-num" data-label="Denied"><?cs var:point.denials ?></td></tr><?cs /each ?>
</tbody>
</table></details>
<p class="lh-actions"><a href="/licensing/usage.csv?range=<?cs var:query.range ?>&amp;<?cs var:query.rest ?>">Export CSV</a></p><?cs else ?>
<p class="lh-empty"><?cs if:?query.client ?>No history of <?cs var:query.feature ?> is known of this client in that time.<?cs else ?>Nothing is known of that time yet. The agent notes what is in use every five minutes.<?cs /if ?></p><?cs /if ?><?cs else ?>
<p class="lh-empty">No licenses for leasing are installed, so nothing is used. <a href="/licensing/summary">Add a license key</a> first.</p><?cs /if ?>
<?cs call:page_end() ?>
