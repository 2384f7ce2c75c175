<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: has_center, has_proxy_password, proxy_open, refused, run.{shown,running,good,nothing,text,passed}, run.steps.N.{label,state,text}, run.codes.N.{what,ok,text}, run.keys.N.{what,ok,text}, run.offer, run.issuers.N.{kid,issuer}, plan.{revocations.*,on,failed,due,next.*,last.*}, plan.rows.N.{word,active}, history.N.{ended.*,by,automatic,codes,none,list,received,installed,good,text}, form.*, network.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"networks.cs" ?><?cs

def:run_result(row, word) ?>
<li><?cs if:?row.ok ?><?cs call:state("ok", "OK") ?><?cs else ?><?cs call:state("bad", "Refused") ?><?cs /if ?> <?cs if:?row.what ?><?cs var:word ?> <code><?cs var:row.what ?></code>: <?cs /if ?><?cs var:row.text ?></li><?cs /def ?><?cs
def:run_panel() ?>
<section class="lh-panel" aria-labelledby="run" id="ran"<?cs if:?run.running ?> data-reload="/licensing/download"<?cs /if ?>>
<h2 id="run">Download and Install</h2>
<p role="status"><?cs if:?run.running ?><?cs call:state("info", "Under way") ?> <a href="/licensing/download">Look again</a><?cs elif:?run.good ?><?cs if:?run.nothing ?><?cs call:state("info", "Nothing came") ?><?cs else ?><?cs call:state("ok", "Done") ?><?cs /if ?> <?cs var:run.text ?><?cs else ?><?cs call:state("bad", "Not done") ?> <?cs var:run.text ?><?cs /if ?></p><?cs if:?run.steps.0.label ?>
<progress max="4" value="<?cs var:run.passed ?>" aria-label="Steps done"></progress>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Step</th><th scope="col">State</th><th scope="col">What to do</th></tr></thead>
<tbody><?cs each:step = run.steps ?>
<tr><th scope="row" data-label="Step"><?cs var:step.label ?></th>
<td data-label="State" class="text-nowrap"><?cs if:step.state == "ok" ?><?cs call:state("ok", "OK") ?><?cs elif:step.state == "failed" ?><?cs call:state("bad", "Failed") ?><?cs elif:step.state == "running" ?><?cs call:state("info", "Under way") ?><?cs else ?><?cs call:state("info", "Not reached") ?><?cs /if ?></td>
<td data-label="What to do"><?cs if:?step.text ?><?cs var:step.text ?><?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table><?cs /if ?><?cs if:?run.codes.0.text ?>
<ul><?cs each:row = run.codes ?><?cs call:run_result(row, "Code ending in") ?><?cs /each ?></ul><?cs /if ?><?cs if:?run.keys.0.text ?>
<ul><?cs each:row = run.keys ?><?cs call:run_result(row, "License") ?><?cs /each ?></ul><?cs /if ?><?cs if:?run.offer ?>
<p><?cs var:run.offer ?></p><?cs /if ?><?cs if:?run.issuers.0.kid ?><?cs if:?frame.may_administer ?>
<h3 id="offered">New issuer keys</h3>
<p>The center signs by keys that are not trusted here yet; one that is trusted vouches for them. Compare the thumbprint with the one your vendor tells you before you trust it.</p><?cs each:issuer = run.issuers ?>
<form method="post" action="/licensing/download/issuer"><?cs call:csrf() ?><input type="hidden" name="kid" value="<?cs var:issuer.kid ?>">
<p><code class="lh-key"><?cs var:issuer.kid ?></code><?cs if:?issuer.issuer ?> of <?cs var:issuer.issuer ?><?cs /if ?> <button class="btn btn-outline-secondary">Trust it <span class="visually-hidden">issuer key <?cs var:issuer.kid ?></span></button></p>
</form><?cs /each ?><?cs /if ?><?cs /if ?>
</section><?cs /def ?><?cs

call:page_begin("Download Licenses") ?>
<h1>Download Licenses</h1><?cs if:?refused ?>
<div class="lh-banner lh-banner-bad" role="alert"><p><?cs var:refused ?></p></div><?cs /if ?><?cs if:?run.shown ?><?cs call:run_panel() ?><?cs /if ?>
<section class="lh-panel" aria-labelledby="schedule">
<h2 id="schedule">By itself</h2>
<p><?cs if:!?plan.on ?><?cs call:state("info", "Off") ?> <?cs if:?has_center ?>License keys are fetched only when you press Download and Install.<?cs else ?>No center is known yet. Enter its address below.<?cs /if ?><?cs elif:?plan.due ?><?cs call:state("warn", "Due now") ?> The agent fetches license keys within a minute.<?cs else ?><?cs call:state("ok", "On") ?> Next <?cs call:instant(plan.next) ?><?cs if:?plan.failed ?>, sooner than by the schedule because the last run failed<?cs /if ?>.<?cs /if ?><?cs if:?plan.last.iso ?> Last <?cs call:instant(plan.last) ?>.<?cs /if ?></p>
<ul><?cs each:row = plan.rows ?>
<li<?cs if:?row.active ?> class="lh-active" aria-current="true"<?cs /if ?>><?cs if:?row.active ?><strong><?cs /if ?><?cs var:row.word ?><?cs if:row.word == "every 3 months" ?> when nothing ends soon<?cs elif:row.word == "every month" ?> when a license ends within 3 months<?cs elif:row.word == "every week" ?> when one ends within 2 weeks, or is in its grace period<?cs elif:row.word == "every day" ?> when a grace period ends within a week<?cs /if ?><?cs if:?row.active ?></strong> (as it is now)<?cs /if ?></li><?cs /each ?>
</ul><?cs if:?plan.revocations.iso ?>
<p>Clients surrendered licenses to this server, so the list of revoked license keys is fetched every day, whatever is enabled. Next <?cs call:instant(plan.revocations) ?>.</p><?cs /if ?>
</section><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/download" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:text_field(form.center, "Address of the vendor's center, as in https://center.example.net, with a port after a colon unless it is 443.", "off") ?>
<div class="lh-field">
<label for="network"><?cs var:form.network.label ?></label><?cs call:field_error(form.network) ?>
<select class="form-select" id="network" name="network"<?cs call:field_described(form.network) ?>><?cs
call:network_option("internal", network.internal) ?><?cs
call:network_option("external", network.external) ?><?cs
call:network_option("management", network.management) ?>
</select>
<p class="lh-help" id="network-help"><?cs call:network_in_use() ?></p>
</div>
</div>
<details<?cs if:?proxy_open ?> open<?cs /if ?>><summary>Proxy</summary>
<div class="lh-columns"><?cs
call:text_field(form.proxy, "Host name or address with a port, as in proxy.example.net:3128. Empty: the center is reached directly. Nothing is taken from elsewhere.", "off") ?><?cs
call:text_field(form.proxy_user, "Empty: the proxy asks for none.", "off") ?><?cs if:?has_proxy_password ?><?cs
call:password_field(form.proxy_password, "One is stored. Empty: it stays.", "new-password") ?><?cs else ?><?cs
call:password_field(form.proxy_password, "Stored here, shown nowhere.", "new-password") ?><?cs /if ?>
</div></details>
<div class="form-check"><input class="form-check-input" type="checkbox" id="enabled" name="enabled" value="1"<?cs if:?form.enabled.checked ?> checked<?cs /if ?> aria-describedby="enabled-help"><label class="form-check-label" for="enabled">Enabled</label>
<p class="lh-help" id="enabled-help">License keys are fetched by themselves, by the schedule above.</p></div>
<h2>On Demand License Downloads</h2>
<div class="lh-field">
<label for="codes"><?cs var:form.codes.label ?></label><?cs call:field_error(form.codes) ?>
<textarea class="form-control" id="codes" name="codes" rows="3" autocomplete="off" spellcheck="false" autocapitalize="characters"<?cs call:field_described(form.codes) ?>><?cs var:form.codes.value ?></textarea>
<p class="lh-help" id="codes-help">As they were sent to you, one or several: four groups of five letters and digits. Empty: all license keys that the center has for this appliance.</p>
</div>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button> <button class="btn btn-outline-secondary" name="install" value="1" formaction="/licensing/download/install">Download and Install</button>
<p class="lh-help">Download and Install saves what stands above, too; Save Changes uses no code. While a run fails, its code stays in the field.</p></div>
</form>
<p>The center cannot be reached from here? <a href="/licensing/download/file">Activation by file</a></p><?cs /if ?><?cs if:?history.0.text ?>
<h2>History</h2>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">When</th><th scope="col">Started by</th><th scope="col">Codes</th><th scope="col" class="lh-num">Came</th><th scope="col" class="lh-num">New</th><th scope="col">Result</th></tr></thead>
<tbody><?cs each:row = history ?>
<tr><th scope="row" data-label="When"><?cs call:instant(row.ended) ?></th>
<td data-label="Started by"><?cs if:?row.automatic ?>by itself<?cs else ?><?cs var:row.by ?><?cs /if ?></td>
<td data-label="Codes"><?cs if:?row.codes ?><span class="text-nowrap"><?cs var:row.codes ?></span><?cs elif:?row.none ?>none<?cs elif:?row.list ?>list of revoked<?cs else ?>all<?cs /if ?></td>
<td data-label="Came" class="lh-num"><?cs var:row.received ?></td>
<td data-label="New" class="lh-num"><?cs var:row.installed ?></td>
<td data-label="Result"><?cs if:?row.good ?><?cs call:state("ok", "OK") ?><?cs else ?><?cs call:state("bad", "Failed") ?><?cs /if ?> <?cs var:row.text ?></td></tr><?cs /each ?>
</tbody>
</table><?cs /if ?>
<?cs call:page_end() ?>
