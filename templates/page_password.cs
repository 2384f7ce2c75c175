<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{present,password,password2} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Change password") ?>
<h1>Change your password</h1>
<p>You stay signed in here. Whoever else is signed in as <?cs var:frame.user ?> is signed out.</p>
<form method="post" action="/account/password" class="lh-form"><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:password_field(form.present, "The one with which you signed in.", "current-password") ?><?cs
call:password_field(form.password, "8 characters or more.", "new-password") ?><?cs
call:password_field(form.password2, "The same again.", "new-password") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Change password</button> <a class="btn btn-outline-secondary" href="/">Cancel</a></div>
</form>
<?cs call:page_end() ?>
