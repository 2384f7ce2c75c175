<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: activation, refused, installed, results.N.{what,text,is_code,ok}, form.{codes,file} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Activation by file") ?>
<h1>Activation by file</h1>
<p class="lh-help">For an appliance that cannot reach its vendor's center. Make an activation file here, send it to the vendor or open it at the center under Activate, and paste the key file that comes back.</p><?cs if:?refused ?>
<div class="lh-banner lh-banner-bad" role="alert"><p><?cs var:refused ?></p></div><?cs /if ?><?cs if:?installed ?>
<section class="lh-panel" aria-labelledby="came">
<h2 id="came">What came of the key file</h2><?cs if:?results.0.text ?>
<ul><?cs each:r = results ?>
<li><?cs if:?r.ok ?><?cs call:state("ok", "OK") ?><?cs else ?><?cs call:state("bad", "Refused") ?><?cs /if ?> <?cs if:?r.is_code ?>Code ending in <?cs elif:?r.what ?>License <?cs /if ?><?cs if:?r.what ?><code><?cs var:r.what ?></code>: <?cs /if ?><?cs var:r.text ?></li><?cs /each ?></ul><?cs else ?>
<p>It holds no license keys for this appliance.</p><?cs /if ?>
<p><a href="/licensing/summary">Licensing Summary</a></p>
</section><?cs /if ?>
<form method="post" action="/licensing/download/request" class="lh-form lh-panel"><?cs call:csrf() ?>
<h2>1. Make an activation file</h2>
<div class="lh-field lh-wide">
<label for="codes"><?cs var:form.codes.label ?></label><?cs call:field_error(form.codes) ?>
<textarea class="form-control" id="codes" name="codes" rows="3" autocomplete="off" spellcheck="false" autocapitalize="characters"<?cs call:field_described(form.codes) ?>><?cs var:form.codes.value ?></textarea>
<p class="lh-help" id="codes-help">One or several. Empty: all license keys that the center has for this appliance.</p>
</div><?cs if:?activation ?>
<div class="lh-field lh-wide"><label for="activation">Activation file</label>
<textarea class="form-control" id="activation" rows="4" readonly spellcheck="false"><?cs var:activation ?></textarea>
<p class="lh-help">The codes are in it: treat it like them. It is signed by this appliance, and the answer is of use here only. <button type="button" class="lh-copy" data-copy="activation" hidden>Copy</button></p></div><?cs /if ?>
<div class="lh-actions"><button class="btn btn-outline-secondary">Make activation file</button></div>
</form>
<form method="post" action="/licensing/download/file" class="lh-form lh-panel"><?cs call:csrf() ?>
<h2>2. Upload a license file</h2>
<div class="lh-field lh-wide">
<label for="file"><?cs var:form.file.label ?></label><?cs call:field_error(form.file) ?>
<textarea class="form-control" id="file" name="file" rows="5" autocomplete="off" spellcheck="false"<?cs call:field_described(form.file) ?>><?cs var:form.file.value ?></textarea>
<p class="lh-help" id="file-help">Paste the whole of it. Larger ones are installed with leasehold download install.</p>
</div>
<div class="lh-actions"><button class="btn btn-primary">Install</button></div>
</form>
<p class="lh-actions"><a href="/licensing/download">Back to Download Licenses</a></p>
<?cs call:page_end() ?>
