<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: test.{shown,is_well,no_agent,refused,slow,pin,certificate.*}, steps.N.{label,state,text}, form.*, network.{internal,external,management}.{chosen,state}, network.{used,used_state,used_local,wanted,why,local}, has_server, conflict, trial.{shown,is_over,until,by,ver,outcome,failure}, trial.before.{server,client_name,network,verify}, those of client_lease.cs, link_ladder.cs and link_leave.cs ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"client_lease.cs" ?><?cs include!"link_ladder.cs" ?><?cs include!"link_leave.cs" ?><?cs include!"networks.cs" ?><?cs

def:trial_outcome() ?><?cs if:trial.outcome == "connected" ?><?cs call:state("ok", "Connected") ?> The license server has answered over the changed connection.<?cs elif:?link.seen_pin ?><?cs call:state("warn", "Waits for you") ?> Nothing was sent yet: the public key below waits for your confirmation. That gives the whole time again.<?cs elif:trial.outcome == "failed" ?><?cs call:state("bad", "Not connected") ?> <?cs var:trial.failure ?><?cs else ?><?cs call:state("info", "Not contacted yet") ?> Open this page again in a moment to see whether the license server answers.<?cs /if ?><?cs /def ?><?cs
def:trial_banner() ?>
<section class="lh-banner lh-banner-warn" id="on-trial" aria-labelledby="on-trial-title">
<h2 id="on-trial-title"><?cs if:?trial.is_over ?>The trial is over<?cs else ?>On trial until <?cs var:trial.until ?><?cs /if ?></h2>
<p><?cs if:?trial.is_over ?>The connection of before comes back in a moment.<?cs else ?>The connection of before comes back unless you keep this one. A restart of the appliance brings it back at once.<?cs /if ?></p>
<p><?cs call:trial_outcome() ?></p>
<p>Before, until <?cs var:trial.by ?> changed it: license server <strong><?cs var:trial.before.server ?></strong>, Unique ID <strong><?cs var:trial.before.client_name ?></strong>, Preferred Network <?cs call:network_name(trial.before.network) ?>, Verify SSL Certificate <?cs if:?trial.before.verify ?>on<?cs else ?>off<?cs /if ?>.</p><?cs if:?frame.may_administer ?><?cs if:trial.outcome == "connected" ?><?cs else ?>
<p><strong>There was no contact so far.</strong> Keep the change only if you know why.</p><?cs /if ?>
<div class="lh-actions"><?cs if:!?trial.is_over ?>
<form method="post" action="/licensing/server/keep"><?cs call:csrf() ?><input type="hidden" name="ver" value="<?cs var:trial.ver ?>"><button class="btn <?cs if:trial.outcome == "connected" ?>btn-primary<?cs else ?>btn-outline-secondary<?cs /if ?>"><?cs if:trial.outcome == "connected" ?>Keep<?cs else ?>Keep without contact<?cs /if ?></button></form><?cs /if ?>
<form method="post" action="/licensing/server/back"><?cs call:csrf() ?><button class="btn btn-outline-secondary">Go back now</button></form>
</div><?cs /if ?>
</section><?cs /def ?><?cs

call:page_begin("Configure Server") ?>
<h1>Configure Server</h1><?cs if:?trial.shown ?><?cs call:trial_banner() ?><?cs /if ?><?cs if:?conflict ?>
<div class="lh-banner lh-banner-warn"><p>Saved now: license server <strong><?cs var:link.server ?></strong>, Unique ID <strong><?cs var:link.client_name ?></strong>, Preferred Network <strong><?cs var:link.network ?></strong>, Verify SSL Certificate <strong><?cs if:?link.verify ?>on<?cs else ?>off<?cs /if ?></strong>.</p></div><?cs /if ?><?cs if:?link.seen_pin ?>
<div class="lh-banner lh-banner-bad" id="confirm-key">
<p><strong>Is this your license server?</strong> Its certificate is not verified, so its public key must be confirmed once. Compare it with the one on the license server's own console, under Licensing Summary; the password is sent to no other key.</p>
<p>Public key of <?cs var:link.server ?>: <code id="pin"><?cs var:link.seen_pin ?></code><?cs if:?link.pin ?><br>Confirmed before: <code><?cs var:link.pin ?></code><?cs /if ?></p><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/server/pin"><?cs call:csrf() ?><input type="hidden" name="pin" value="<?cs var:link.seen_pin ?>"><button class="btn btn-primary">Confirm public key</button></form><?cs /if ?>
</div><?cs /if ?><?cs if:?has_server ?><?cs if:!?link.verify ?><?cs if:?link.pin ?>
<div class="lh-banner lh-banner-warn"><p>Verify SSL Certificate is off: the license server is recognized by its confirmed public key only.</p></div><?cs /if ?><?cs /if ?>
<?cs /if ?><?cs if:?test.shown ?>
<section class="lh-panel" aria-labelledby="test" id="tested">
<h2 id="test">Test connection</h2><?cs if:?test.no_agent ?>
<p role="status"><?cs call:state("bad", "Not tested") ?> The agent of this appliance is not running. Start the appliance with leasehold serve.</p><?cs elif:?test.refused ?>
<p role="status"><?cs call:state("bad", "Not tested") ?> <?cs var:test.refused ?></p><?cs elif:?test.slow ?>
<p role="status"><?cs call:state("warn", "Not done yet") ?> The test takes longer than expected. Try again in a moment.</p><?cs else ?>
<p role="status"><?cs if:?test.is_well ?><?cs call:state("ok", "All is well") ?> The license server can be used with these values.<?cs else ?><?cs call:state("bad", "It stops here") ?> Mend the step that failed; the later ones were not reached.<?cs /if ?> Nothing was saved. A password that was typed must be entered again before Save Changes.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Step</th><th scope="col">Outcome</th><th scope="col">What was seen, or what to do</th></tr></thead>
<tbody><?cs each:step = steps ?>
<tr><th scope="row" class="text-nowrap" data-label="Step"><?cs var:step.label ?></th>
<td data-label="Outcome" class="text-nowrap"><?cs if:step.state == "ok" ?><?cs call:state("ok", "OK") ?><?cs elif:step.state == "failed" ?><?cs call:state("bad", "Failed") ?><?cs else ?><?cs call:state("info", "Not reached") ?><?cs /if ?></td>
<td data-label="What"><?cs var:step.text ?></td></tr><?cs /each ?>
</tbody>
</table><?cs if:?test.certificate.subject ?>
<p class="lh-help">Certificate met: <?cs var:test.certificate.subject ?>, issued by <?cs var:test.certificate.issuer ?><?cs if:?test.certificate.ends.iso ?>, valid until <?cs call:instant(test.certificate.ends) ?><?cs /if ?>.<br>SHA-256 fingerprint <code><?cs var:test.certificate.fingerprint ?></code><br>Public key <code><?cs var:test.pin ?></code></p><?cs /if ?><?cs /if ?>
</section><?cs /if ?><?cs if:?has_server ?>
<section class="lh-panel" aria-labelledby="state">
<h2 id="state">State</h2>
<p><?cs call:link_state() ?><?cs if:?link.last_success.iso ?> · last contact <?cs call:instant(link.last_success) ?><?cs else ?> · no contact so far<?cs /if ?><?cs if:?link.next_sync.iso ?> · next renewal <?cs call:instant(link.next_sync) ?><?cs /if ?></p><?cs if:?link.seen_pin ?>
<p>Nothing was sent yet: the public key above waits for your confirmation.</p><?cs elif:?link.failure_text ?>
<p><?cs call:state("bad", link.failure_text) ?></p><?cs /if ?><?cs if:?link.network_used ?>
<p class="lh-quiet">Last conversation over the <?cs var:link.network_used ?> network</p><?cs /if ?><?cs call:link_news() ?><?cs call:feature_rows() ?><?cs if:?frame.may_operate ?>
<form method="post" action="/licensing/server/pull" class="lh-actions"><?cs call:csrf() ?><button class="btn btn-outline-secondary">Pull State from Server</button></form><?cs if:!?frame.may_administer ?>
<form method="post" action="/licensing/server/test" class="lh-actions"><?cs call:csrf() ?><button class="btn btn-outline-secondary" name="test" value="1">Test connection</button></form><?cs /if ?><?cs /if ?>
</section><?cs call:ladder() ?><?cs /if ?><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/server" class="lh-form" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:form.ver.value ?>">
<div class="lh-columns"><?cs
call:text_field(form.server, "Host name or IP address, with a port after a colon unless it is 443.", "off") ?><?cs
call:text_field(form.unique_id, "Enter the same ID on the license server as the Client ID. Letters and digits.", "off") ?>
<div class="lh-field">
<label for="network"><?cs var:form.network.label ?></label><?cs call:field_error(form.network) ?>
<select class="form-select" id="network" name="network"<?cs call:field_described(form.network) ?>><?cs
call:network_option("internal", network.internal) ?><?cs
call:network_option("external", network.external) ?><?cs
call:network_option("management", network.management) ?>
</select>
<p class="lh-help" id="network-help"><?cs call:network_in_use() ?> The preferred network is used while it is configured and up, otherwise the internal one.</p>
</div><?cs if:?has_server ?><?cs
call:password_field(form.password, "The client password entered on the license server. Leave empty to keep the saved one, for the same server and Unique ID.", "new-password") ?><?cs else ?><?cs
call:password_field(form.password, "The client password entered on the license server.", "new-password") ?><?cs /if ?><?cs
call:password_field(form.password2, "Once more, against slips.", "new-password") ?>
</div>
<div class="form-check"><input class="form-check-input" type="checkbox" id="verify" name="verify" value="1"<?cs if:?form.verify.checked ?> checked<?cs /if ?> aria-describedby="verify-help"><label class="form-check-label" for="verify">Verify SSL Certificate</label>
<p class="lh-help" id="verify-help">On: the server's certificate must be signed by an authority this appliance trusts and name the server. Off: its public key is shown here and must be confirmed once.</p></div>
<?cs if:?leave.is_something ?>
<div class="form-check"><?cs call:field_error(form.leave) ?><input class="form-check-input" type="checkbox" id="leave" name="leave" value="1"<?cs if:?form.leave.checked ?> checked<?cs /if ?><?cs call:field_described(form.leave) ?>><label class="form-check-label" for="leave">Leave <?cs var:leave.server ?></label>
<div class="lh-help" id="leave-help"><p>Only for another license server or Unique ID.</p><ul><?cs call:leave_rows() ?></ul></div></div><?cs /if ?>
<?cs call:number_field(form.trial, "s", "When a connection that had contact is changed, the new one is on trial for so long, 60 to 600 seconds. Unless you keep it, the one of before comes back by itself.") ?>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button> <button class="btn btn-outline-secondary" name="test" value="1" formaction="/licensing/server/test" aria-describedby="test-help">Test connection</button>
<p class="lh-help" id="test-help">The test tries what stands above and saves nothing. A saved password is used only for the server and the Unique ID that it was entered for.</p></div>
</form><?cs if:?has_server ?>
<p><a href="/licensing/server/remove">Remove the license server…</a></p><?cs /if ?><?cs /if ?>
<?cs call:page_end() ?>
