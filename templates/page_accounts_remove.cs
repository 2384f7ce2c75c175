<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: account.{id,name,role,customer,is_own} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"account.cs" ?><?cs
call:page_begin("Remove account") ?>
<h1>Remove <?cs var:account.name ?>?</h1>
<p><?cs call:account_role(account.role) ?><?cs if:?account.customer ?> of <?cs var:account.customer ?><?cs /if ?>. <?cs if:?account.is_own ?>You are signed out at once and cannot sign in by this name any more.<?cs else ?>Nobody can sign in by this name any more; whoever is signed in by it is signed out.<?cs /if ?> What was done under it stays in the logs.</p>
<form method="post" action="/maintenance/accounts/<?cs var:account.id ?>/remove" class="lh-form"><?cs call:csrf() ?>
<div class="lh-actions"><button class="btn btn-danger">Remove</button> <a class="btn btn-outline-secondary" href="/maintenance/accounts">Cancel</a></div>
</form>
<?cs call:page_end() ?>
