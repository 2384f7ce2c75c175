<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: error.{why,detail,request,status} ?><?cs
include!"layout.cs" ?><?cs
if:error.why == "not_found" ?><?cs call:page_begin("Page not found") ?>
<h1>Page not found</h1>
<p>There is no page at <code><?cs var:error.detail ?></code>. Check the address, or start from <?cs if:?frame.is_center ?><a href="/center/devices">Devices</a><?cs else ?>the <a href="/licensing/summary">Licensing Summary</a><?cs /if ?>.</p><?cs
elif:error.why == "no_client" ?><?cs call:page_begin("No such client") ?>
<h1>No such client</h1>
<p>There is no license client <strong><?cs var:error.detail ?></strong>. It may have been deleted. <a href="/licensing/clients">Configure Clients</a> lists those there are.</p><?cs
elif:error.why == "no_license" ?><?cs call:page_begin("No such license") ?>
<h1>No such license</h1>
<p>There is no license with serial <strong><?cs var:error.detail ?></strong>. <?cs if:?frame.is_center ?>The pages of <a href="/center/devices">Devices</a> list those there are.<?cs else ?>The <a href="/licensing/summary">Licensing Summary</a> lists those there are.<?cs /if ?></p><?cs
elif:error.why == "not_on_server" ?><?cs call:page_begin("Not on a license server") ?>
<h1>Not on a license server</h1>
<p>This window (<?cs var:error.detail ?>) is switched off on a license server. Open it on the license client itself.</p><?cs
elif:error.why == "not_on_client" ?><?cs call:page_begin("Not on a license client") ?>
<h1>Not on a license client</h1>
<p>This window (<?cs var:error.detail ?>) exists on a license server only. This appliance is not one: open the console of your license server.</p><?cs
elif:error.why == "not_on_center" ?><?cs call:page_begin("Not at a center") ?>
<h1>Not at a center</h1>
<p>This window (<?cs var:error.detail ?>) is one of license servers and license clients. This appliance is the vendor's center: its work starts at <a href="/center/devices">Devices</a>.</p><?cs
elif:error.why == "only_on_center" ?><?cs call:page_begin("Only at a center") ?>
<h1>Only at a center</h1>
<p>This window (<?cs var:error.detail ?>) exists at the vendor's center only. This appliance is a customer's.</p><?cs
elif:error.why == "no_device" ?><?cs call:page_begin("No such device") ?>
<h1>No such device</h1>
<p>There is no device <strong><?cs var:error.detail ?></strong> that you may see. Check its hardware ID, or look under <a href="/center/devices">Devices</a>.</p><?cs
elif:error.why == "no_customer" ?><?cs call:page_begin("No such customer") ?>
<h1>No such customer</h1>
<p>There is no customer with this number. <a href="/center/customers">Customers</a> lists those there are.</p><?cs
elif:error.why == "no_transfer" ?><?cs call:page_begin("No such replacement") ?>
<h1>No such replacement</h1>
<p>There is no replacement with this number that you may see. <a href="/center/transfers">Transfers</a> lists those there are.</p><?cs
elif:error.why == "no_instance" ?><?cs call:page_begin("No such instance") ?>
<h1>No such instance</h1>
<p>No virtual license server was heard of under <strong><?cs var:error.detail ?></strong>. <a href="/center/instances">Instances</a> lists those that were.</p><?cs
elif:error.why == "no_issuer" ?><?cs call:page_begin("No such issuer key") ?>
<h1>No such issuer key</h1>
<p>There is no issuer key with this thumbprint. <a href="/center/issuers">Issuer keys</a> lists those there are.</p><?cs
elif:error.why == "no_code" ?><?cs call:page_begin("No such code") ?>
<h1>No such code</h1>
<p>There is no authentication code with this number. <a href="/center/entitlements">Entitlements</a> lists those there are.</p><?cs
elif:error.why == "no_account" ?><?cs call:page_begin("No such account") ?>
<h1>No such account</h1>
<p>There is no such account; it may have been removed. <a href="/maintenance/accounts">Accounts</a> lists those there are.</p><?cs
elif:error.why == "method" ?><?cs call:page_begin("Not possible this way") ?>
<h1>Not possible this way</h1>
<p>This address cannot be used like that. Open the page and use its buttons.</p><?cs
elif:error.why == "signed_out" ?><?cs call:page_begin("You were signed out") ?>
<h1>You were signed out</h1>
<p>Your sign-in ended before this was sent, so nothing was changed. <a href="/signin">Sign in</a>, then use your browser's Back button to find what you typed and send it again.</p><?cs
elif:error.why == "capability" ?><?cs call:page_begin("Not allowed for your role") ?>
<h1>Not allowed for your role</h1>
<p>This is not for your role: <?cs var:error.detail ?>. Ask an administrator of this appliance.</p><?cs
elif:error.why == "origin" ?><?cs call:page_begin("Sent from another site") ?>
<h1>Sent from another site</h1>
<p>This form was not sent from this console, so nothing was changed. Open the page here and send it again.</p><?cs
elif:error.why == "csrf" ?><?cs call:page_begin("Form out of date") ?>
<h1>Form out of date</h1>
<p>This form belongs to an earlier sign-in, so nothing was changed. Use your browser's Back button, reload the page, and send it again.</p><?cs
elif:error.why == "content_type" ?><?cs call:page_begin("Not a form") ?>
<h1>Not a form</h1>
<p>What was sent is not a form of this console. Programs use the lease protocol or the command line.</p><?cs
elif:error.why == "too_large" ?><?cs call:page_begin("Too large") ?>
<h1>Too large</h1>
<p>What was sent is larger than 64 KiB or has more than 1,024 fields. Send it in smaller parts.</p><?cs
elif:error.why == "malformed" ?><?cs call:page_begin("Could not be read") ?>
<h1>Could not be read</h1>
<p>What was sent could not be read: a field is unknown, stands there twice, or is not plain text. Nothing was changed. Open the page again and use its form.</p><?cs
else ?><?cs call:page_begin("Could not be done") ?>
<h1>Could not be done</h1>
<p>This appliance could not do that just now (<?cs var:error.detail ?>). If you were saving something, look whether it was saved before you send it again.</p><?cs
/if ?>
<p class="lh-quiet">Status <?cs var:error.status ?> · Request ID <code><?cs var:error.request ?></code>, the same stands in the log.</p>
<?cs call:page_end() ?>
