<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.*, network.{internal,external,management}, has_server, conflict, those of client_lease.cs ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"client_lease.cs" ?><?cs
call:page_begin("Configure Server") ?>
<h1>Configure Server</h1><?cs if:?conflict ?>
<div class="lh-banner lh-banner-warn"><p>Saved now: license server <strong><?cs var:link.server ?></strong>, Unique ID <strong><?cs var:link.client_name ?></strong>, Preferred Network <strong><?cs var:link.network ?></strong>, Verify SSL Certificate <strong><?cs if:?link.verify ?>on<?cs else ?>off<?cs /if ?></strong>.</p></div><?cs /if ?><?cs if:?link.seen_pin ?>
<div class="lh-banner lh-banner-bad" id="confirm-key">
<p><strong>Is this your license server?</strong> Its certificate is not verified, so its public key must be confirmed once. Compare it with what the server's administrator reads there; the password is sent to no other key.</p>
<p>Public key of <?cs var:link.server ?>: <code id="pin"><?cs var:link.seen_pin ?></code><?cs if:?link.pin ?><br>Confirmed before: <code><?cs var:link.pin ?></code><?cs /if ?></p><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/server/pin"><?cs call:csrf() ?><input type="hidden" name="pin" value="<?cs var:link.seen_pin ?>"><button class="btn btn-primary">Confirm public key</button></form><?cs /if ?>
</div><?cs /if ?><?cs if:?has_server ?><?cs if:!?link.verify ?><?cs if:?link.pin ?>
<div class="lh-banner lh-banner-warn"><p>Verify SSL Certificate is off: the license server is recognized by its confirmed public key only.</p></div><?cs /if ?><?cs /if ?>
<section class="lh-panel" aria-labelledby="state">
<h2 id="state">State</h2>
<p><?cs call:link_state() ?><?cs if:?link.last_success.iso ?> · last contact <?cs call:instant(link.last_success) ?><?cs else ?> · no contact so far<?cs /if ?><?cs if:?link.next_sync.iso ?> · next renewal <?cs call:instant(link.next_sync) ?><?cs /if ?></p><?cs if:?link.seen_pin ?>
<p>Nothing was sent yet: the public key above waits for your confirmation.</p><?cs elif:?link.failure_text ?>
<p><?cs call:state("bad", link.failure_text) ?></p><?cs /if ?><?cs if:?link.network_used ?>
<p class="lh-quiet">Network in use: <?cs var:link.network_used ?></p><?cs /if ?><?cs call:link_news() ?><?cs call:feature_rows() ?><?cs if:?frame.may_operate ?>
<form method="post" action="/licensing/server/pull" class="lh-actions"><?cs call:csrf() ?><button class="btn btn-outline-secondary">Pull State from Server</button></form><?cs /if ?>
</section><?cs /if ?><?cs if:?frame.may_administer ?>
<form method="post" action="/licensing/server" class="lh-form" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:form.ver.value ?>">
<div class="lh-columns"><?cs
call:text_field(form.server, "Host name or IP address, with a port after a colon unless it is 443.", "off") ?><?cs
call:text_field(form.unique_id, "Enter the same ID on the license server as the Client ID. Letters and digits.", "off") ?>
<div class="lh-field">
<label for="network"><?cs var:form.network.label ?></label><?cs call:field_error(form.network) ?>
<select class="form-select" id="network" name="network"<?cs call:field_described(form.network) ?>>
<option value="internal"<?cs if:?network.internal ?> selected<?cs /if ?>>Internal</option>
<option value="external"<?cs if:?network.external ?> selected<?cs /if ?>>External</option>
<option value="management"<?cs if:?network.management ?> selected<?cs /if ?>>Management</option>
</select>
<p class="lh-help" id="network-help">Used if it is configured and up; otherwise the internal network is.</p>
</div><?cs
call:password_field(form.password, "The client password entered on the license server. Leave empty to keep a saved one.", "new-password") ?><?cs
call:password_field(form.password2, "Once more, against slips.", "new-password") ?>
</div>
<div class="form-check"><input class="form-check-input" type="checkbox" id="verify" name="verify" value="1"<?cs if:?form.verify.checked ?> checked<?cs /if ?> aria-describedby="verify-help"><label class="form-check-label" for="verify">Verify SSL Certificate</label>
<p class="lh-help" id="verify-help">On: the server's certificate must be signed by an authority this appliance trusts and name the server. Off: its public key is shown here and must be confirmed once.</p></div>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
