<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{code,hwid} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Activate by code") ?>
<h1>Activate by code and hardware ID</h1>
<p class="lh-help">For an appliance that cannot reach the center, when its administrator is on the telephone. The license keys are of use to that device alone; the same device asking again has the very same ones.</p>
<form method="post" action="/center/activate/code" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:text_field(form.code, "As the customer has it: four groups of five characters.", "off") ?><?cs
call:text_field(form.hwid, "16 characters, as on the device's console. Ask the customer to read it out: a code goes to one device for ever.", "off") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Activate</button></div>
</form>
<p class="lh-actions"><a href="/center/activate">Activate by file</a></p>
<?cs call:page_end() ?>
