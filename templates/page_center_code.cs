<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: code.{text,customer}, code.worth.N.sku ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Authentication code") ?>
<h1>Authentication code for <?cs var:code.customer ?></h1>
<div class="lh-notice" role="status"><p>Copy it now: it is shown this once and is stored nowhere. Loading this page again would make another code.</p></div>
<p class="lh-big"><code id="code"><?cs var:code.text ?></code> <button type="button" class="lh-copy" data-copy="code" hidden>Copy</button></p>
<p>It is worth, to the first device that shows it:</p>
<ul><?cs each:w = code.worth ?>
<li><?cs var:w.sku ?></li><?cs /each ?></ul>
<p>The customer enters it on the appliance under Download Licenses. A lost code is revoked and made anew.</p>
<p><a href="/center/entitlements">Back to Entitlements</a></p>
<?cs call:page_end() ?>
