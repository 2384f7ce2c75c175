<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: account.{id,name,is_own}, form.{password,password2} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("New password") ?>
<h1>New password for <?cs var:account.name ?></h1>
<p>Whoever is signed in with the old one is signed out<?cs if:?account.is_own ?>, you too<?cs /if ?>.</p>
<form method="post" action="/maintenance/accounts/<?cs var:account.id ?>/password" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:password_field(form.password, "8 characters or more.", "new-password") ?><?cs
call:password_field(form.password2, "The same again.", "new-password") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Save Changes</button> <a class="btn btn-outline-secondary" href="/maintenance/accounts">Cancel</a></div>
</form>
<?cs call:page_end() ?>
