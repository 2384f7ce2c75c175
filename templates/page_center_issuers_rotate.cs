<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: issuers.N.{kid,issuer,use,keys} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("New issuer key") ?>
<h1>Sign by a new issuer key?</h1>
<ul>
<li>New license keys are signed by it from now on. Those that were issued before stay good.</li>
<li>Appliances refuse what it signs until an administrator there trusts it, under Download Licenses. They show its thumbprint; tell your customers which one is right.</li>
<li>The present key goes on signing the list of revoked license keys, for appliances that trust no other, until it is retired.</li>
</ul>
<p>If somebody else may have the present key, a new one alone does not help: each appliance goes on trusting the old one until its administrator takes it out of trusted.jwks there. Retire it here once appliances trust the new one, and issue anew what it signed.</p>
<form method="post" action="/center/issuers/rotate" class="lh-form"><?cs call:csrf() ?><?cs each:issuer = issuers ?><?cs if:issuer.use == "present" ?><input type="hidden" name="present" value="<?cs var:issuer.kid ?>"><?cs /if ?><?cs /each ?>
<div class="lh-actions"><button class="btn btn-primary">Make it</button> <a class="btn btn-outline-secondary" href="/center/issuers">Cancel</a></div>
</form>
<?cs call:page_end() ?>
