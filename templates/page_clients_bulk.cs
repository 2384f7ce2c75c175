<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: count, digest, has_any, is_all, must_type, names.N.name, more, carried.N.{name,value}, picks.N.id, features.N.{name,chosen}, which, how, form.{expires,units,typed} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

def:bulk_begin(act) ?><form method="post" action="/licensing/clients/bulk" class="lh-form lh-panel"><?cs call:csrf() ?><input type="hidden" name="act" value="<?cs var:act ?>"><input type="hidden" name="seen" value="<?cs var:digest ?>"><?cs if:?is_all ?><input type="hidden" name="all" value="1"><?cs each:one = carried ?><input type="hidden" name="<?cs var:one.name ?>" value="<?cs var:one.value ?>"><?cs /each ?><?cs else ?><?cs each:one = picks ?><input type="hidden" name="pick.<?cs var:one.id ?>" value="1"><?cs /each ?><?cs /if ?><?cs /def ?><?cs

def:choice(value, chosen, text) ?><option value="<?cs var:value ?>"<?cs if:value == chosen ?> selected<?cs /if ?>><?cs var:text ?></option><?cs /def ?><?cs

call:page_begin("Change clients") ?>
<h1>Change <?cs var:count ?> clients</h1><?cs if:?has_any ?>
<p><?cs each:one = names ?><strong class="lh-object" id="clients-<?cs var:one.name ?>"><?cs var:one.name ?></strong> <?cs /each ?><?cs if:?more ?>and <?cs var:more ?> more<?cs /if ?></p>
<p class="lh-help">All of them are changed, or none: what is wrong with one is said with its ID. A change reaches a client at its next renewal.</p><?cs call:bulk_begin("count") ?>
<h2>Counts</h2>
<div class="lh-columns">
<div class="lh-field"><label for="counted">Feature</label><select class="form-select" id="counted" name="counted" aria-describedby="counted-help"><?cs each:one = features ?><option<?cs if:?one.chosen ?> selected<?cs /if ?>><?cs var:one.name ?></option><?cs /each ?></select>
<p class="lh-help" id="counted-help">Clients without a Maximum Count of it stay as they are. A Maximum Count of 0 takes the feature away.</p></div>
<div class="lh-field"><label for="which">Count</label><select class="form-select" id="which" name="which"><?cs call:choice("maximum", which, "Maximum Count") ?><?cs call:choice("reserved", which, "Reserved Count") ?><?cs call:choice("increment", which, "Incremental Count") ?></select></div>
<div class="lh-field"><label for="how">How</label><select class="form-select" id="how" name="how"><?cs call:choice("raise", how, "Raise by") ?><?cs call:choice("lower", how, "Lower by") ?><?cs call:choice("set", how, "Set to") ?></select></div><?cs
call:number_field(form.units, "units", "By so many, or to so many.") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Change counts</button></div></form><?cs call:bulk_begin("expires") ?>
<h2>Configuration expiration date</h2>
<div class="lh-columns"><?cs call:text_field(form.expires, "The last day, as in 2028-12-31. Empty: none.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-outline-secondary">Set expiration date</button></div></form><?cs call:bulk_begin("delete") ?>
<h2>Delete</h2>
<p>Leases that were handed out run to their signed expiry; until then their units are lent to nobody else. The IDs can be used again at once.</p><?cs if:?must_type ?>
<div class="lh-columns"><?cs call:text_field(form.typed, "To confirm, type the host name of this license server, as it stands above.", "off") ?></div><?cs /if ?>
<div class="lh-actions"><button class="btn btn-outline-danger">Delete <?cs var:count ?> clients</button></div></form><?cs else ?>
<p class="lh-empty">No client is selected. Tick some in the list, or change all that it found.</p><?cs /if ?>
<p class="lh-actions"><a href="/licensing/clients">All clients</a></p>
<?cs call:page_end() ?>
