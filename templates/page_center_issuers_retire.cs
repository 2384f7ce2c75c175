<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: issuer.{kid,issuer,use,keys} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Retire issuer key") ?>
<h1>Retire issuer key <code class="lh-key"><?cs var:issuer.kid ?></code>?</h1><?cs if:issuer.use == "present" ?>
<p>It signs new license keys. <a href="/center/issuers/rotate">Have a new one made</a> first.</p>
<p class="lh-actions"><a href="/center/issuers">All issuer keys</a></p><?cs else ?>
<dl class="lh-facts">
<div><dt>Name</dt><dd><?cs if:?issuer.issuer ?><?cs var:issuer.issuer ?><?cs else ?>any<?cs /if ?></dd></div>
<div><dt>Good license keys</dt><dd><?cs var:issuer.keys ?></dd></div>
</dl>
<ul>
<li>It is published no more, so that no appliance comes to trust it from now on. Those that trust it already go on doing so.</li>
<li>An appliance that trusts it alone is offered no newer one any more.</li><?cs if:issuer.use == "former" ?>
<li>No list of revoked license keys is signed by it any more: an appliance that trusts it alone hears of no revoked one.</li>
<li>Its private half is deleted. This cannot be undone.</li><?cs /if ?>
</ul>
<form method="post" action="/center/issuers/<?cs var:issuer.kid ?>/retire" class="lh-form"><?cs call:csrf() ?>
<div class="lh-actions"><button class="btn btn-danger">Retire</button> <a class="btn btn-outline-secondary" href="/center/issuers">Cancel</a></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
