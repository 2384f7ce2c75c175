<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: log.{name,path}, events.N.{id,at.*,severity,code,actor,address,text}, paging.*, query.{find,find_url,severity,filters,page}, verify.{done,broken,is_missing,entry.*} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

def:severity(word) ?><?cs if:word == "critical" ?><?cs call:state("bad", "Critical") ?><?cs elif:word == "major" ?><?cs call:state("warn", "Major") ?><?cs elif:word == "minor" ?><?cs call:state("info", "Minor") ?><?cs else ?><?cs call:state("info", "Info") ?><?cs /if ?><?cs /def ?><?cs

def:degree(word, label) ?><option value="<?cs var:word ?>"<?cs if:query.severity == word ?> selected<?cs /if ?>><?cs var:label ?></option><?cs /def ?><?cs

def:log_title() ?><?cs if:log.name == "admin" ?>Admin log<?cs else ?>Event log<?cs /if ?><?cs /def ?><?cs

def:log_page() ?>
<h1><?cs call:log_title() ?></h1>
<p class="lh-help"><?cs if:log.name == "admin" ?>What administrators did, and from where.<?cs else ?>What happened to licenses, clients and leases.<?cs /if ?> Entries are only ever added, each sealed with the one before it.</p><?cs if:?verify.done ?><?cs if:?verify.broken ?>
<div class="lh-banner lh-banner-bad" role="alert" id="verified"><p><strong>The logs were changed.</strong> <?cs if:?verify.is_missing ?>Entry <?cs var:verify.broken ?> is missing: it was deleted.<?cs else ?>Entry <?cs var:verify.broken ?> does not fit the one before it: it was changed or inserted. It reads now: <?cs var:verify.entry.at.text ?>, <?cs var:verify.entry.code ?>, <?cs var:verify.entry.actor ?>: “<?cs var:verify.entry.text ?>”<?cs /if ?></p><p>All entries before it are as they were written. Compare the later ones with a backup.</p></div><?cs else ?>
<div class="lh-notice" role="status" id="verified"><p>Both logs are as they were written: no entry was changed, deleted or inserted.</p></div><?cs /if ?><?cs /if ?>
<div class="lh-actions"><form method="get" action="<?cs var:log.path ?>" class="lh-find" role="search">
<label for="find">Find</label> <input class="form-control" type="search" id="find" name="find" value="<?cs var:query.find ?>" placeholder="Client, user, event or words" autocomplete="off">
<label for="severity">Severity</label> <select class="form-select" id="severity" name="severity"><?cs call:degree("info", "All") ?><?cs call:degree("minor", "Minor and worse") ?><?cs call:degree("major", "Major and worse") ?><?cs call:degree("critical", "Critical") ?></select>
<button class="btn btn-outline-secondary">Find</button><?cs if:?query.filters ?> <a href="<?cs var:log.path ?>">Clear</a><?cs /if ?>
</form>
<form method="post" action="<?cs var:log.path ?>" class="lh-find"><?cs call:csrf() ?><input type="hidden" name="find" value="<?cs var:query.find ?>"><input type="hidden" name="severity" value="<?cs var:query.severity ?>"><input type="hidden" name="page" value="<?cs var:query.page ?>"><button class="btn btn-outline-secondary" name="verify" value="1">Verify</button></form></div><?cs if:?events.0.id ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?>, newest first</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col" class="lh-num">Entry</th><th scope="col">Time</th><th scope="col">Severity</th><th scope="col">Event</th><th scope="col">Who</th><th scope="col">What happened</th></tr></thead>
<tbody><?cs each:event = events ?>
<tr><th scope="row" class="lh-num" data-label="Entry"><?cs var:event.id ?></th>
<td data-label="Time"><?cs call:instant(event.at) ?></td>
<td data-label="Severity" class="text-nowrap"><?cs call:severity(event.severity) ?></td>
<td data-label="Event"><code><?cs var:event.code ?></code></td>
<td data-label="Who" class="lh-about"><?cs var:event.actor ?><?cs if:?event.address ?><br><span class="lh-quiet text-nowrap"><?cs var:event.address ?></span><?cs /if ?></td>
<td data-label="What happened"><?cs var:event.text ?></td></tr><?cs /each ?>
</tbody>
</table>
<?cs if:?paging.more ?><nav aria-label="Pages" class="lh-actions"><?cs if:?paging.previous ?><a href="<?cs var:log.path ?>?page=<?cs var:paging.previous ?>&amp;severity=<?cs var:query.severity ?>&amp;find=<?cs var:query.find_url ?>">Newer entries</a> <?cs /if ?><?cs if:?paging.next ?><a href="<?cs var:log.path ?>?page=<?cs var:paging.next ?>&amp;severity=<?cs var:query.severity ?>&amp;find=<?cs var:query.find_url ?>">Older entries</a><?cs /if ?></nav><?cs /if ?><?cs elif:?query.filters ?>
<p class="lh-empty">No entry matches. <a href="<?cs var:log.path ?>">Show all entries</a></p><?cs else ?>
<p class="lh-empty">Nothing is recorded here yet.</p><?cs /if ?><?cs /def ?><?cs

if:log.name == "admin" ?><?cs call:page_begin("Admin log") ?><?cs else ?><?cs call:page_begin("Event log") ?><?cs /if ?><?cs call:log_page() ?>
<?cs call:page_end() ?>
