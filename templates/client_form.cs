<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# The fields of one license client. Keys: form.*, platforms.N.{name,selected}, product.{pcs,pps}, counts.N.*, unusable.N.feature, recalculated, strict ?><?cs

def:client_platform() ?>
<div class="lh-field">
<label for="platform"><?cs var:form.platform.label ?></label><?cs call:field_error(form.platform) ?>
<select class="form-select" id="platform" name="platform"<?cs call:field_described(form.platform) ?>><?cs each:row = platforms ?>
<option<?cs if:?row.selected ?> selected<?cs /if ?>><?cs var:row.name ?></option><?cs /each ?>
</select>
<p class="lh-help" id="platform-help">The gateway's hardware or virtual platform.</p>
</div>
<fieldset class="lh-field">
<legend><?cs var:form.product.label ?></legend><?cs call:field_error(form.product) ?>
<div class="form-check form-check-inline"><input class="form-check-input" type="radio" id="product" aria-describedby="product-help" name="product" value="PCS"<?cs if:?product.pcs ?> checked<?cs /if ?>><label class="form-check-label" for="product">PCS</label></div>
<div class="form-check form-check-inline"><input class="form-check-input" type="radio" id="product-pps" name="product" value="PPS"<?cs if:?product.pps ?> checked<?cs /if ?>><label class="form-check-label" for="product-pps">PPS</label></div>
<p class="lh-help" id="product-help">PCS uses CONSEC licenses, PPS uses POLSEC licenses; both may use ACCESS.</p>
</fieldset>
<div class="lh-field">
<label for="expires"><?cs var:form.expires.label ?> <span class="lh-quiet fw-normal">(optional)</span></label><?cs call:field_error(form.expires) ?>
<input class="form-control" type="date" id="expires" name="expires" value="<?cs var:form.expires.value ?>"<?cs call:field_described(form.expires) ?>>
<p class="lh-help" id="expires-help">The client may lease until the end of this day.</p>
</div><?cs /def ?><?cs

def:client_counts() ?>
<h2>Feature counts</h2><?cs if:?strict ?>
<div class="lh-banner lh-banner-warn" id="strict-warning"><p><strong>Strict membership is on</strong>, and no LICENSE-MBR license of this client has been seen. It gets units of subscriptions only, until one is installed there.</p></div><?cs /if ?>
<table class="lh-table lh-stack lh-counts">
<thead><tr><th scope="col">Feature</th><th scope="col" class="lh-num">Available</th><th scope="col">Reserved Count</th><th scope="col">Incremental Count</th><th scope="col">Maximum Count</th><th scope="col">After saving</th></tr></thead>
<tbody><?cs each:row = counts ?>
<tr data-available="<?cs var:row.available ?>"><th scope="row"><?cs var:row.feature ?></th>
<td class="lh-num" data-label="Available"><?cs var:row.available ?></td><?cs
call:count_cell(row.reserved, row.feature, "Reserved Count") ?><?cs
call:count_cell(row.increment, row.feature, "Incremental Count") ?><?cs
call:count_cell(row.maximum, row.feature, "Maximum Count") ?>
<td data-label="After saving"><output for="<?cs var:row.reserved.id ?>"><?cs if:?row.is_empty ?>no license installed<?cs elif:?row.is_over ?><?cs var:row.missing ?> too few<?cs else ?><?cs var:row.after ?> left<?cs /if ?></output><?cs if:?row.saved ?><br><strong>now saved: <?cs var:row.saved ?></strong><?cs /if ?><?cs if:?row.least ?><br><span class="lh-quiet">increment <?cs var:row.least ?> or more, grows to <?cs var:row.reachable ?></span><?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
<p class="lh-help" id="counts-help">Available: units that can still be reserved for this client. Reserved Count is always kept for it; beyond that it grows by Incremental Count, first come, first served, up to Maximum Count.</p><?cs if:?unusable.0.feature ?>
<details><summary>Features that this product and platform cannot use</summary>
<ul><?cs each:row = unusable ?><li><?cs var:row.feature ?></li><?cs /each ?></ul>
<p class="lh-help">Choose another platform or product and press Recalculate to see their counts.</p></details><?cs /if ?><?cs if:?warnings.0.text ?>
<div class="lh-banner lh-banner-warn"><ul><?cs each:warning = warnings ?><li><?cs var:warning.text ?></li><?cs /each ?></ul><p>This can be saved all the same.</p></div><?cs /if ?><?cs if:?recalculated ?>
<p role="status">Recalculated. Nothing is saved yet.</p><?cs /if ?><?cs /def ?>
