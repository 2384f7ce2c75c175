<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: transfer.{path,ver,case,partner,customer,device,spare,state,contract,findings.N.text}, keys.N.*, form.typed ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center_transfer.cs" ?><?cs
call:page_begin("Transfer licenses") ?>
<h1>Transfer the licenses of <code class="lh-key"><?cs var:transfer.device ?></code> to <code class="lh-key"><?cs var:transfer.spare ?></code>?</h1>
<p class="lh-quiet">Case <?cs var:transfer.case ?>, step 4 of 4: review and confirm</p><?cs if:transfer.state == "authorised" ?><?cs if:?keys.0.sku ?><?cs call:transfer_keys() ?><?cs else ?>
<p class="lh-empty">The device has no license. Only contract, warranty and owner move.</p><?cs /if ?>
<ul>
<li>The spare has each license with the same first and last day. Nothing is extended.</li>
<li>Service contract (until <?cs if:?transfer.contract ?><?cs var:transfer.contract ?><?cs else ?>–<?cs /if ?>), warranty, owner<?cs if:?transfer.customer ?> (<?cs var:transfer.customer ?>)<?cs /if ?> and authentication codes go to the spare.</li>
<li>Every license key of the defective device is revoked. It counts none at its next contact, and each contact before its factory reset is a finding of the audit.</li>
<li>The license agreement forbids to use these licenses on the defective device again.</li>
</ul>
<form method="post" action="<?cs var:transfer.path ?>/run" class="lh-form" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:transfer.ver ?>">
<div class="lh-columns"><?cs call:text_field(form.typed, "To confirm, type the case number of this replacement.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-danger">Transfer</button> <a class="btn btn-outline-secondary" href="<?cs var:transfer.path ?>">Cancel</a></div>
</form><?cs else ?>
<p><?cs call:transfer_state(transfer.state) ?> There is nothing to transfer now.</p>
<p><a href="<?cs var:transfer.path ?>">Back to the replacement</a></p><?cs /if ?>
<?cs call:page_end() ?>
