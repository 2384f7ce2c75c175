<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{case,device,partner,fault} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Replace a device") ?>
<h1>Replace a device</h1>
<p class="lh-quiet">Step 1 of 4: the case and the defective device</p>
<p class="lh-help">The customer's device must have an active service contract. What is entered is kept: you can go on with it later, and so can others.</p>
<form method="post" action="/center/transfers/new" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:text_field(form.case, "Number of the support case.", "off") ?><?cs
call:text_field(form.device, "Hardware ID of the customer's device, as on its case and its console.", "off") ?><?cs if:!?frame.is_guest ?><?cs
call:text_field(form.partner, "Who handles the case and has the spare in stock: a name as on Customers.", "off") ?><?cs /if ?><?cs
call:text_field(form.fault, "What the customer sees, in a sentence.", "off") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Continue</button> <a class="btn btn-outline-secondary" href="/center/transfers">Cancel</a></div>
</form>
<?cs call:page_end() ?>
