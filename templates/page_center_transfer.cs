<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: transfer.{id,path,ver,case,fault,partner,customer,device,spare,state,contract,made.*,transferred.*,due.*,notice.*,is_open,may_cancel,may_act,findings.N.text}, steps.N.{at.*,by,step,text}, keys.N.*, stock.N.{hwid,serial,platform,chosen}, form.{text,spare,server,date} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center_transfer.cs" ?><?cs

def:act_begin(act) ?><form method="post" action="<?cs var:transfer.path ?>" class="lh-form lh-panel" data-guard><?cs call:csrf() ?><input type="hidden" name="act" value="<?cs var:act ?>"><input type="hidden" name="ver" value="<?cs var:transfer.ver ?>"><?cs /def ?><?cs

def:found_field(help) ?><div class="lh-columns"><?cs call:text_field(form.text, help, "off") ?></div><?cs /def ?><?cs

def:next_test() ?><?cs call:act_begin("test") ?>
<h2>Step 2 of 4: the partner tests the device</h2><?cs call:found_field("What the test showed. A device without trouble need not be replaced: cancel then.") ?>
<div class="lh-actions"><button class="btn btn-primary">Tested, it is defective</button></div></form><?cs /def ?><?cs

def:next_spare() ?><?cs call:act_begin("spare") ?>
<h2>Step 3 of 4: the spare</h2><?cs if:?transfer.spare ?>
<p>Chosen: <code><?cs var:transfer.spare ?></code>.<?cs if:!?frame.may_assist ?> The vendor authorises it next.<?cs /if ?></p><?cs /if ?><?cs if:?stock.0.hwid ?>
<div class="lh-field"><label for="spare">Spare from the stock of <?cs var:transfer.partner ?></label><?cs call:field_error(form.spare) ?>
<select class="form-select" id="spare" name="spare"<?cs call:field_described(form.spare) ?>><?cs each:s = stock ?><option value="<?cs var:s.hwid ?>"<?cs if:?s.chosen ?> selected<?cs /if ?>><?cs var:s.hwid ?><?cs if:?s.platform ?>, <?cs var:s.platform ?><?cs /if ?><?cs if:?s.serial ?>, serial <?cs var:s.serial ?><?cs /if ?></option><?cs /each ?></select>
<p class="lh-help" id="spare-help">It needs no contract and no warranty of its own.</p></div>
<div class="lh-actions"><?cs if:?transfer.spare ?><button class="btn btn-outline-secondary">Take this spare instead</button><?cs else ?><button class="btn btn-primary">Take this spare</button><?cs /if ?></div><?cs else ?>
<p class="lh-empty"><?cs var:transfer.partner ?> has no spare in stock. A support agent puts a device into stock on the page of that device.</p><?cs /if ?></form><?cs /def ?><?cs

def:next_authorise() ?><?cs call:act_begin("authorise") ?>
<h2>The vendor agrees</h2>
<p>Case <?cs var:transfer.case ?>, tested by <?cs var:transfer.partner ?>; service contract until <?cs if:?transfer.contract ?><?cs var:transfer.contract ?><?cs else ?>–<?cs /if ?>.</p>
<div class="lh-actions"><button class="btn btn-primary">Authorise</button></div></form><?cs /def ?><?cs

def:next_second_test() ?><?cs call:act_begin("no-trouble") ?>
<h2>Next, by the partner: the second test of the old device</h2><?cs call:found_field("What the second test showed.") ?>
<div class="lh-actions"><button class="btn btn-primary">No trouble found</button></div>
<p class="lh-help">Then it must be reset to factory state before it joins the stock.</p></form><?cs call:act_begin("faulty") ?>
<h2>Or it is faulty</h2>
<div class="lh-field"><label for="text-faulty">What was found</label><input class="form-control" type="text" id="text-faulty" name="text" autocomplete="off"></div>
<div class="lh-actions"><button class="btn btn-primary">Faulty: request the exchange</button></div>
<p class="lh-help">The exchange is due within 5 days.</p></form><?cs /def ?><?cs

def:next_reset() ?><section class="lh-panel" aria-labelledby="reset"><h2 id="reset">Factory reset of the old device</h2>
<p>Due <?cs call:instant(transfer.due) ?>. Whoever has it runs <code>leasehold factory-reset</code> on it, which tells the center by itself. Its licenses must not be used again.</p><?cs if:?frame.may_assist ?><details<?cs if:?form.text.error ?> open<?cs /if ?>><summary>It cannot tell the center</summary><?cs call:act_begin("reset") ?>
<p>Then the case is closed, and the device joins the stock of <?cs var:transfer.partner ?>.</p><?cs call:found_field("How you know that it was reset.") ?>
<div class="lh-actions"><button class="btn btn-outline-secondary">Confirm by hand</button></div></form></details><?cs /if ?></section><?cs /def ?><?cs

def:next_receive() ?><?cs call:act_begin("receive") ?>
<h2>Exchange of the old device</h2>
<p>Due <?cs call:instant(transfer.due) ?>.</p>
<div class="lh-columns"><?cs call:text_field(form.spare, "Of the device that came in exchange; it joins the stock.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-primary">Replacement received</button></div></form><?cs /def ?><?cs

def:cancel_form() ?><details><summary>Cancel this replacement</summary><?cs call:act_begin("cancel") ?>
<div class="lh-field"><label for="text-cancel">Why</label><input class="form-control" type="text" id="text-cancel" name="text" autocomplete="off"></div>
<div class="lh-actions"><button class="btn btn-danger">Cancel the replacement</button></div></form></details><?cs /def ?><?cs

def:hold_form() ?><details><summary>Was a license surrendered to a license server?</summary>
<form method="post" action="<?cs var:transfer.path ?>/licenses" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<p>The center does not hear of it by itself: ask the customer. The spare has such a license when the server has given it back, not at once, so that it never counts twice.</p>
<div class="lh-columns">
<div class="lh-field"><label for="serial">License</label>
<select class="form-select" id="serial" name="serial"><?cs each:key = keys ?><option value="<?cs var:key.serial ?>"><?cs var:key.sku ?>, <?cs var:key.serial ?></option><?cs /each ?></select></div><?cs
call:text_field(form.server, "Name of the server that holds it. Empty: none does.", "off") ?>
</div>
<div class="lh-actions"><button class="btn btn-outline-secondary">Note who holds it</button></div></form></details><?cs /def ?><?cs

def:returned_forms() ?><?cs each:key = keys ?><?cs if:!?key.successor ?>
<form method="post" action="<?cs var:transfer.path ?>/licenses" class="lh-form"><?cs call:csrf() ?><input type="hidden" name="serial" value="<?cs var:key.serial ?>">
<p><?cs var:key.sku ?> <code><?cs var:key.serial ?></code> is revoked, and <?cs var:key.held_by ?> drops it with its next download. <button class="btn btn-outline-secondary">It was given back<span class="visually-hidden">: <?cs var:key.serial ?></span></button></p></form><?cs /if ?><?cs /each ?><?cs /def ?><?cs

def:mail_text() ?><details><summary>Text for an e-mail to the customer</summary>
<div class="lh-field"><label for="mail">To be copied</label>
<textarea class="form-control" id="mail" rows="12" readonly>Case <?cs var:transfer.case ?>: device <?cs var:transfer.device ?> was replaced by <?cs var:transfer.spare ?>.

The new device has these licenses, with the same first and last days as before:<?cs each:key = keys ?>
- <?cs var:key.sku ?>, <?cs if:?key.end ?>until <?cs var:key.end ?><?cs else ?>permanent<?cs /if ?><?cs if:!?key.successor ?>, as soon as <?cs var:key.held_by ?> has given it back<?cs /if ?><?cs /each ?>

On the new device, open Download Licenses and choose Download and Install. Its service contract and warranty end when those of the old one did.

The licenses of the old device are revoked. It must not be used any more, and is reset to factory state before anybody uses it again.</textarea></div></details><?cs /def ?><?cs

def:audit_form() ?><details><summary>Open an audit</summary>
<form method="post" action="<?cs var:transfer.path ?>/audit" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs call:text_field(form.date, "The day of which the partner was given notice, as in 2027-06-30.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-outline-secondary">Open the audit</button></div></form></details><?cs /def ?><?cs

call:page_begin("Replacement") ?>
<h1>Replacement, case <?cs var:transfer.case ?></h1>
<dl class="lh-facts">
<div><dt>State</dt><dd><?cs call:transfer_state(transfer.state) ?></dd></div>
<div><dt>Defective device</dt><dd><a href="/center/devices/<?cs var:transfer.device ?>"><code><?cs var:transfer.device ?></code></a></dd></div>
<div><dt>Spare</dt><dd><?cs if:?transfer.spare ?><a href="/center/devices/<?cs var:transfer.spare ?>"><code><?cs var:transfer.spare ?></code></a><?cs else ?>–<?cs /if ?></dd></div>
<div><dt>Customer</dt><dd><?cs if:?transfer.customer ?><?cs var:transfer.customer ?><?cs else ?>–<?cs /if ?></dd></div>
<div><dt>Partner</dt><dd><?cs var:transfer.partner ?></dd></div><?cs if:?transfer.notice.iso ?>
<div><dt>Audit, notice of</dt><dd><?cs call:instant(transfer.notice) ?></dd></div><?cs /if ?>
</dl><?cs if:?transfer.findings.0.text ?>
<div class="lh-banner lh-banner-bad"><ul class="lh-plain"><?cs each:f = transfer.findings ?><li><?cs var:f.text ?></li><?cs /each ?></ul></div><?cs /if ?><?cs if:?transfer.may_act ?><?cs if:transfer.state == "requested" ?><?cs call:next_test() ?><?cs elif:transfer.state == "tested" ?><?cs call:next_spare() ?><?cs if:?transfer.spare ?><?cs if:?frame.may_assist ?><?cs call:next_authorise() ?><?cs /if ?><?cs /if ?><?cs elif:transfer.state == "authorised" ?><?cs if:?frame.may_assist ?>
<p><a class="btn btn-primary" href="<?cs var:transfer.path ?>/run">Review and transfer</a></p><?cs else ?><p>The vendor transfers the licenses next.</p><?cs /if ?><?cs elif:transfer.state == "transferred" ?><?cs call:next_second_test() ?><?cs elif:transfer.state == "reset due" ?><?cs call:next_reset() ?><?cs elif:transfer.state == "exchange due" ?><?cs call:next_receive() ?><?cs /if ?><?cs /if ?>
<section aria-labelledby="keys">
<h2 id="keys">Licenses<?cs if:!?transfer.transferred.iso ?> that will move<?cs /if ?></h2><?cs if:?keys.0.sku ?><?cs call:transfer_keys() ?><?cs else ?>
<p class="lh-empty">The device has no license that could move.</p><?cs /if ?><?cs if:?keys.0.sku ?><?cs if:?frame.may_assist ?><?cs if:?transfer.transferred.iso ?><?cs call:returned_forms() ?><?cs elif:?transfer.is_open ?><?cs call:hold_form() ?><?cs /if ?><?cs /if ?><?cs if:?transfer.transferred.iso ?><?cs if:?transfer.may_act ?><?cs call:mail_text() ?><?cs /if ?><?cs /if ?><?cs /if ?>
</section>
<section aria-labelledby="steps">
<h2 id="steps">What happened</h2>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">When</th><th scope="col">Step</th><th scope="col">Who</th><th scope="col">Said</th></tr></thead>
<tbody><?cs each:s = steps ?>
<tr><td data-label="When"><?cs call:instant(s.at) ?></td><th scope="row" data-label="Step"><?cs var:s.step ?></th><td data-label="Who" class="text-nowrap"><?cs var:s.by ?></td><td data-label="Said"><?cs if:?s.text ?><?cs var:s.text ?><?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs if:?transfer.may_act ?><?cs if:?transfer.may_cancel ?><?cs if:?transfer.is_open ?><?cs call:cancel_form() ?><?cs /if ?><?cs /if ?><?cs /if ?>
<?cs if:?frame.may_assist ?><?cs if:?transfer.transferred.iso ?><?cs call:audit_form() ?><?cs /if ?><?cs /if ?>
<p class="lh-actions"><a href="/center/transfers">All transfers</a></p>
<?cs call:page_end() ?>
