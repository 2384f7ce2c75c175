<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: those of client_form.cs, offer.password ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"client_form.cs" ?><?cs
call:page_begin("New Client") ?>
<h1>New Client</h1>
<form method="post" action="/licensing/clients/new" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:text_field(form.client_id, "The Unique ID set on the client under Configure Server. Letters and digits.", "off") ?><?cs
call:password_field(form.password, "The client's administrator enters the same one there.", "new-password") ?><?cs
call:password_field(form.password2, "Once more, against slips.", "new-password") ?><?cs
call:client_platform() ?>
</div><?cs if:?errors.0.text ?>
<p class="lh-help">Enter both passwords again: they are never kept on a page.</p><?cs /if ?><?cs if:?offer.password ?><input type="hidden" name="offered" value="<?cs var:offer.password ?>">
<p class="lh-help">A strong password nobody else has, if you want one: <code id="offered"><?cs var:offer.password ?></code> <button type="button" class="lh-copy" data-copy="offered" hidden>Copy</button></p><?cs /if ?><?cs
call:client_counts() ?>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button>
<button class="btn btn-outline-secondary" name="recalculate" value="1">Recalculate</button>
<a href="/licensing/clients">Cancel</a></div>
</form>
<?cs call:page_end() ?>
