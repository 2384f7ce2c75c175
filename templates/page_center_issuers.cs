<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: issuers.N.{kid,issuer,use,keys} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Issuer keys") ?>
<h1>Issuer keys</h1>
<p class="lh-help">The keys by which this center signs license keys and the list of revoked ones. Appliances install what a key signed that they trust. The public halves are at <a href="/center/v1/issuers">/center/v1/issuers</a>.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Thumbprint</th><th scope="col">Name</th><th scope="col">Use</th><th scope="col" class="lh-num">Good license keys</th><?cs if:?frame.may_administer ?><th scope="col"><span class="visually-hidden">Action</span></th><?cs /if ?></tr></thead>
<tbody><?cs each:issuer = issuers ?>
<tr><th scope="row" data-label="Thumbprint"><code class="lh-key"><?cs var:issuer.kid ?></code></th>
<td data-label="Name"><?cs if:?issuer.issuer ?><?cs var:issuer.issuer ?><?cs else ?>any<?cs /if ?></td>
<td data-label="Use"><?cs if:issuer.use == "present" ?><?cs call:state("ok", "Signs new license keys") ?><?cs elif:issuer.use == "former" ?><?cs call:state("info", "Signs the list of revoked ones") ?><?cs else ?>Trusted and published; signs nothing<?cs /if ?></td>
<td data-label="Good license keys" class="lh-num"><?cs var:issuer.keys ?></td><?cs if:?frame.may_administer ?>
<td><?cs if:issuer.use == "present" ?><?cs else ?><a href="/center/issuers/<?cs var:issuer.kid ?>/retire">Retire <span class="visually-hidden"><?cs var:issuer.kid ?></span></a><?cs /if ?></td><?cs /if ?></tr><?cs /each ?>
</tbody>
</table><?cs if:?frame.may_administer ?>
<p class="lh-actions"><a class="btn btn-outline-secondary" href="/center/issuers/rotate">New issuer key</a></p><?cs /if ?>
<?cs call:page_end() ?>
