<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: code.{id,tail,customer,state,hwid,worth.N.*} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs
call:page_begin("Revoke authentication code") ?>
<h1>Revoke the code ending in <code><?cs var:code.tail ?></code>?</h1>
<p>It was made for <?cs var:code.customer ?> and is worth:</p><?cs call:code_worth(code) ?><?cs if:code.state == "free" ?>
<p>No device can be given these license keys by it any more. That cannot be taken back; a new code can be made.</p>
<form method="post" action="/center/entitlements/<?cs var:code.id ?>/revoke" class="lh-form"><?cs call:csrf() ?>
<div class="lh-actions"><button class="btn btn-danger">Revoke</button> <a class="btn btn-outline-secondary" href="/center/entitlements">Cancel</a></div>
</form><?cs elif:code.state == "used" ?>
<p>Device <a href="/center/devices/<?cs var:code.hwid ?>"><code><?cs var:code.hwid ?></code></a> has had its license keys. They are revoked one by one, on the page of the device.</p><?cs else ?>
<p><?cs call:code_state(code.state) ?> Nothing is left to do.</p><?cs /if ?>
<p><a href="/center/entitlements">Back to Entitlements</a></p>
<?cs call:page_end() ?>
