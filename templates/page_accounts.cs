<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: accounts.N.{id,name,role,customer,last.*,from,is_own}, roles.N.{word,chosen}, form.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"account.cs" ?><?cs
call:page_begin("Accounts") ?>
<h1>Accounts</h1>
<p class="lh-help">Who may sign in here, and as what.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">User name</th><th scope="col">Role</th><?cs if:?frame.is_center ?><th scope="col">Customer</th><?cs /if ?><th scope="col">Last sign-in</th><th scope="col">Change</th></tr></thead>
<tbody><?cs each:account = accounts ?>
<tr><th scope="row" data-label="User name"><?cs var:account.name ?><?cs if:?account.is_own ?> <span class="lh-quiet">(you)</span><?cs /if ?></th>
<td data-label="Role" class="text-nowrap"><?cs call:account_role(account.role) ?></td><?cs if:?frame.is_center ?>
<td data-label="Customer"><?cs if:?account.customer ?><?cs var:account.customer ?><?cs else ?>–<?cs /if ?></td><?cs /if ?>
<td data-label="Last sign-in"><?cs if:?account.last.iso ?><?cs call:instant(account.last) ?><?cs if:?account.from ?> from <?cs var:account.from ?><?cs /if ?><?cs else ?>never<?cs /if ?></td>
<td data-label="Change"><a class="lh-act" href="/maintenance/accounts/<?cs var:account.id ?>/password">New password<span class="visually-hidden"> for <?cs var:account.name ?></span></a><a class="lh-act" href="/maintenance/accounts/<?cs var:account.id ?>/remove">Remove<span class="visually-hidden"> <?cs var:account.name ?></span></a></td></tr><?cs /each ?>
</tbody>
</table>
<form method="post" action="/maintenance/accounts" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<h2>Add an account</h2>
<div class="lh-columns"><?cs
call:text_field(form.name, "1 to 64 letters, digits, dots, dashes or underscores.", "off") ?>
<div class="lh-field">
<label for="role"><?cs var:form.role.label ?></label><?cs call:field_error(form.role) ?>
<select class="form-select" id="role" name="role"<?cs call:field_described(form.role) ?>><?cs each:r = roles ?><option value="<?cs var:r.word ?>"<?cs if:?r.chosen ?> selected<?cs /if ?>><?cs call:account_role(r.word) ?></option><?cs /each ?></select>
<p class="lh-help" id="role-help"><?cs if:?frame.is_center ?>An administrator does everything; a support agent everything but accounts and issuer keys; read-only looks. A partner and a customer see only what is theirs.<?cs else ?>An administrator does everything; an operator configures license clients and ends sessions; read-only looks.<?cs /if ?></p>
</div><?cs if:?frame.is_center ?><?cs
call:text_field(form.customer, "For role partner or customer: whose account it is, a name as on Customers.", "off") ?><?cs /if ?><?cs
call:password_field(form.password, "8 characters or more. Tell it to the person on a way of its own.", "new-password") ?><?cs
call:password_field(form.password2, "The same again.", "new-password") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Add</button></div>
</form>
<?cs call:page_end() ?>
