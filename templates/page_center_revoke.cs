<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: key.{serial,sku,hwid,end,is_revoked,revoked.*}, form.why ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Revoke license key") ?>
<h1>Revoke license key <code><?cs var:key.serial ?></code>?</h1>
<dl class="lh-facts">
<div><dt>SKU</dt><dd><?cs var:key.sku ?></dd></div>
<div><dt>Device</dt><dd><a href="/center/devices/<?cs var:key.hwid ?>"><code><?cs var:key.hwid ?></code></a></dd></div>
<div><dt>Until</dt><dd><?cs if:?key.end ?><?cs var:key.end ?><?cs else ?>permanent<?cs /if ?></dd></div>
</dl><?cs if:?key.is_revoked ?>
<p><?cs call:state("bad", "Revoked") ?> <?cs call:instant(key.revoked) ?>. Nothing is left to do. <a href="/center/devices/<?cs var:key.hwid ?>">Back to the device</a></p><?cs else ?>
<ul>
<li>The device stops counting it when it next fetches license keys or the list of revoked ones. Users beyond its other licenses are refused there from then on.</li>
<li>It is never installed again, by nobody. To give the same units later, hand out a new authentication code.</li>
<li>The reason is shown to the customer, here at the center.</li>
</ul>
<form method="post" action="/center/keys/<?cs var:key.serial ?>/revoke" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs call:text_field(form.why, "A sentence that the customer understands, as in: The order was cancelled.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-danger">Revoke</button> <a class="btn btn-outline-secondary" href="/center/devices/<?cs var:key.hwid ?>">Cancel</a></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
