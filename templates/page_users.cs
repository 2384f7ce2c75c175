<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: users.*, rdp.*, is_monitoring, form.*, platform.{name,allowance,most}, sessions.N.*, paging.*, query.{find,find_url} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

def:limit(l, kind) ?><p class="lh-big"><?cs var:l.here ?></p><p class="lh-quiet">of <?cs var:l.capacity ?> <?cs var:kind ?> that there is capacity for<?cs if:?l.surplus ?>, <?cs var:l.surplus ?> of it of vanished nodes of the cluster<?cs /if ?><?cs if:?l.over_capacity ?>, and <?cs var:l.over_capacity ?> more by the allowance<?cs /if ?></p><?cs if:?l.beyond ?>
<p><?cs call:state("bad", "Beyond capacity") ?> <?cs var:l.beyond ?></p><?cs /if ?><?cs /def ?><?cs

call:page_begin("Users") ?>
<h1>Users</h1>
<section class="lh-tiles" aria-label="Limits">
<div class="lh-tile"><h2>Signed in</h2><?cs call:limit(users, "users") ?></div><?cs if:?rdp.here ?>
<div class="lh-tile"><h2>RDP users</h2><?cs call:limit(rdp, "RDP users") ?></div><?cs /if ?>
<div class="lh-tile"><h2>Mode</h2><p class="lh-big"><?cs if:?is_monitoring ?>Monitoring<?cs else ?>Enforcing<?cs /if ?></p><p class="lh-quiet"><?cs if:?is_monitoring ?>Nobody is refused<?cs if:?users.most ?> up to <?cs var:users.most ?> users<?cs /if ?>; what is beyond capacity is noted.<?cs else ?>The user beyond capacity<?cs if:?users.over_capacity ?> and allowance<?cs /if ?> is refused.<?cs /if ?></p></div>
</section><?cs if:?frame.may_administer ?>
<form method="post" action="/status/users" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<details<?cs if:?form.is_open ?> open<?cs /if ?>><summary>How users are admitted</summary>
<fieldset class="lh-field">
<legend>Mode</legend>
<div class="form-check"><input class="form-check-input" type="radio" id="mode-enforcing" name="mode" value="enforcing"<?cs if:!?form.is_monitoring ?> checked<?cs /if ?> aria-describedby="mode-enforcing-help"><label class="form-check-label" for="mode-enforcing">Enforcing</label>
<p class="lh-help" id="mode-enforcing-help">The user beyond capacity waits for one sync with the license server and is then refused, with the reason.</p></div>
<div class="form-check"><input class="form-check-input" type="radio" id="mode-monitoring" name="mode" value="monitoring"<?cs if:?form.is_monitoring ?> checked<?cs /if ?> aria-describedby="mode-monitoring-help"><label class="form-check-label" for="mode-monitoring">Monitoring</label>
<p class="lh-help" id="mode-monitoring-help">Users are admitted up to the platform's maximum<?cs if:?platform.most ?>, <?cs var:platform.most ?> on <?cs var:platform.name ?><?cs /if ?>. More than there is capacity for is out of compliance, and is noted when it begins and when it ends.</p></div>
</fieldset>
<div class="lh-columns"><?cs
call:number_field(form.wait, "seconds", "How long a user waits for one sync before being refused: 0 to 60.") ?><?cs
call:number_field(form.ahead, "%", "The next increment is leased as soon as fewer seats are free than this share of one increment, so that nobody waits for it: 0 to 100. 0: only when a user finds no seat.") ?><?cs
call:number_field(form.timeout, "seconds", "A session that its gateway does not renew for so long is over. 0: never, unless the gateway itself says after how long. Only for gateways that renew.") ?><?cs
call:number_field(form.default_users, "users", "Admitted without any license and lease: 0 to 1,000.") ?>
<div class="lh-field">
<label for="allowance"><?cs var:form.allowance.label ?></label><?cs call:field_error(form.allowance) ?>
<div class="lh-with-unit"><input class="form-control lh-number" type="text" inputmode="numeric" id="allowance" name="allowance" value="<?cs var:form.allowance.value ?>" autocomplete="off"<?cs call:field_described(form.allowance) ?>><span>%</span></div>
<p class="lh-help" id="allowance-help">Of the licensed and leased units, beyond them: 0 to 1,000. Empty: what the platform <?cs var:platform.name ?> allows, <?cs var:platform.allowance ?> %.</p>
</div>
</div>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button></div>
</details>
</form><?cs /if ?>
<section aria-labelledby="who">
<h2 id="who">Who is signed in</h2>
<form method="get" action="/status/users" class="lh-find" role="search">
<label for="find">Find</label> <input class="form-control" type="search" id="find" name="find" value="<?cs var:query.find ?>" placeholder="Part of a user, ID or gateway" autocomplete="off">
<button class="btn btn-outline-secondary">Find</button><?cs if:?query.find ?> <a href="/status/users">Clear</a><?cs /if ?>
</form><?cs if:?sessions.0.user ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?>, the newest first</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">User</th><th scope="col">Session ID</th><th scope="col">Gateway</th><th scope="col">Since</th><th scope="col">Last renewal</th><th scope="col">Times out</th><?cs if:?frame.may_operate ?><th scope="col"><span class="visually-hidden">Action</span></th><?cs /if ?></tr></thead>
<tbody><?cs each:session = sessions ?>
<tr><th scope="row"><?cs var:session.user ?><?cs if:?session.feature ?> <span class="lh-quiet fw-normal"><?cs var:session.feature ?></span><?cs /if ?></th>
<td data-label="Session ID"><code><?cs var:session.id ?></code></td>
<td data-label="Gateway"><?cs if:?session.gateway ?><?cs var:session.gateway ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Since"><?cs call:instant(session.began) ?></td>
<td data-label="Last renewal"><?cs if:?session.seen.iso ?><?cs call:instant(session.seen) ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Times out"><?cs if:?session.over.iso ?><?cs call:instant(session.over) ?><?cs else ?>Never<?cs /if ?></td><?cs if:?frame.may_operate ?>
<td data-label="Action"><a href="/status/users/end?id=<?cs var:session.id_url ?>">End<span class="visually-hidden"> the session of <?cs var:session.user ?></span></a></td><?cs /if ?></tr><?cs /each ?>
</tbody>
</table><?cs if:?paging.more ?>
<nav aria-label="Pages" class="lh-actions"><?cs if:?paging.previous ?><a href="/status/users?page=<?cs var:paging.previous ?>&amp;find=<?cs var:query.find_url ?>">Previous page</a> <?cs /if ?><?cs if:?paging.next ?><a href="/status/users?page=<?cs var:paging.next ?>&amp;find=<?cs var:query.find_url ?>">Next page</a><?cs /if ?></nav><?cs /if ?><?cs elif:?query.find ?>
<p class="lh-empty">No session matches. <a href="/status/users">Show all users</a></p><?cs else ?>
<p class="lh-empty">Nobody is signed in. A gateway says who comes and goes through <code>leasehold session</code> or the session socket.</p><?cs /if ?>
</section>
<?cs call:page_end() ?>
