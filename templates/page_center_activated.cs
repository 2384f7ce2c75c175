<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: answer.{hwid,text,was_before}, keys.N.{sku,serial} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Activated") ?>
<h1>License keys for <code class="lh-key"><?cs var:answer.hwid ?></code></h1>
<div class="lh-notice" role="status"><p><?cs if:?answer.was_before ?>This device had the code before: these are the same license keys.<?cs else ?>The code is the device's now.<?cs /if ?></p></div>
<ul><?cs each:key = keys ?>
<li><?cs var:key.sku ?> <code><?cs var:key.serial ?></code></li><?cs /each ?></ul>
<p>On the appliance they are pasted, all at once, into License key(s) on Licensing Summary.</p>
<div class="lh-field"><label for="answer">License keys</label>
<textarea class="form-control" id="answer" rows="12" readonly spellcheck="false"><?cs var:answer.text ?></textarea></div>
<p class="lh-actions"><button type="button" class="lh-copy" data-copy="answer" hidden>Copy</button> <a href="/center/devices/<?cs var:answer.hwid ?>">The device</a> <a href="/center/activate/code">Activate another</a></p>
<?cs call:page_end() ?>
