<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: answer.{text,hwid,keys,results.N.{ends_in,text,ok}}, form.file ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Activate") ?>
<h1>Activate</h1>
<p class="lh-help">For an appliance without a way out: its administrator makes an activation file under Download Licenses, with the authentication codes in it. Here it is answered with a key file, which goes back there. The same file again gives the same license keys.</p><?cs if:?answer.text ?>
<section class="lh-panel" aria-labelledby="answer">
<h2 id="answer">Key file for <code><?cs var:answer.hwid ?></code></h2><?cs if:?answer.results.0.text ?>
<ul><?cs each:r = answer.results ?>
<li><?cs if:?r.ok ?><?cs call:state("ok", "OK") ?><?cs else ?><?cs call:state("bad", "Refused") ?><?cs /if ?> Code ending in <code><?cs var:r.ends_in ?></code>: <?cs var:r.text ?></li><?cs /each ?></ul><?cs /if ?>
<p>It holds <?cs var:answer.keys ?> license keys. They are of use to that device only.</p>
<div class="lh-field lh-wide"><label for="key-file">Key file</label>
<textarea class="form-control" id="key-file" rows="6" readonly spellcheck="false"><?cs var:answer.text ?></textarea></div>
<p><button type="button" class="lh-copy" data-copy="key-file" hidden>Copy</button></p>
</section><?cs /if ?>
<form method="post" action="/center/activate" class="lh-form"><?cs call:csrf() ?>
<div class="lh-field lh-wide">
<label for="file"><?cs var:form.file.label ?></label><?cs call:field_error(form.file) ?>
<textarea class="form-control" id="file" name="file" rows="5" autocomplete="off" spellcheck="false"<?cs call:field_described(form.file) ?>><?cs var:form.file.value ?></textarea>
<p class="lh-help" id="file-help">The whole of it, one line.</p>
</div>
<div class="lh-actions"><button class="btn btn-primary">Activate</button></div>
</form><?cs if:?frame.may_assist ?>
<p class="lh-actions"><a href="/center/activate/code">Activate by code and hardware ID</a></p><?cs /if ?>
<?cs call:page_end() ?>
