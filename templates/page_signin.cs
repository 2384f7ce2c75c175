<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{username,password,next}, signin.csrf ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Sign in") ?>
<div class="lh-narrow">
<h1>Sign in</h1>
<p class="lh-quiet"><?cs call:role_name() ?> <strong><?cs var:frame.hostname ?></strong></p>
<form method="post" action="/signin">
<input type="hidden" name="csrf" value="<?cs var:signin.csrf ?>">
<input type="hidden" name="next" value="<?cs var:form.next.value ?>"><?cs
call:text_field(form.username, "Of your account at this console.", "username") ?><?cs
call:password_field(form.password, "The administrator of this appliance can give you a new one.", "current-password") ?>
<button class="btn btn-primary">Sign in</button>
</form>
</div>
<?cs call:page_end() ?>
