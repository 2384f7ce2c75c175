<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: agreement.{version,digest,next,accepted_by,accepted_at.*,parts.N.{heading,text}} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("License agreement") ?>
<h1>License agreement</h1><?cs if:?agreement.accepted_by ?>
<p>Version <?cs var:agreement.version ?>, accepted by <?cs var:agreement.accepted_by ?> on <?cs call:instant(agreement.accepted_at) ?>. <a href="/licensing/summary">Back to the Licensing Summary</a></p><?cs else ?>
<p>Version <?cs var:agreement.version ?>. Licenses can be entered and this console used once the agreement is accepted. Gateways that lease already go on.</p><?cs /if ?>
<section class="lh-agreement" tabindex="0" aria-label="Text of the license agreement"><?cs each:part = agreement.parts ?><?cs if:?part.heading ?>
<h2><?cs var:part.heading ?></h2><?cs /if ?><?cs if:?part.text ?>
<p><?cs var:part.text ?></p><?cs /if ?><?cs /each ?>
</section><?cs if:!?agreement.accepted_by ?><?cs if:?frame.may_administer ?>
<form method="post" action="/agreement" class="lh-actions"><?cs call:csrf() ?>
<input type="hidden" name="digest" value="<?cs var:agreement.digest ?>">
<input type="hidden" name="next" value="<?cs var:agreement.next ?>">
<button class="btn btn-primary" name="accept" value="1">I accept</button>
<button class="btn btn-outline-secondary" name="reject" value="1">Reject and sign out</button>
</form>
<p class="lh-help">You can read it again from the Licensing Summary. Stored with it: its version, your name, the time and your address.</p><?cs else ?>
<p>An administrator of this appliance has to accept it before you can go on.</p><?cs /if ?><?cs /if ?>
<?cs call:page_end() ?>
