<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: devices.N.{hwid,path,serial,platform,customer,state,warranty,contract,warranty_over,contract_over,contact.*}, platforms.N.{name,chosen}, form.*, paging.*, query.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs
call:page_begin("Devices") ?>
<h1>Devices</h1>
<p class="lh-help"><?cs if:?frame.is_guest ?>Devices of <?cs var:frame.customer ?><?cs if:?frame.is_partner ?>, and of the customers you look after<?cs /if ?>.<?cs else ?>What was sold to whom, and until when it is under warranty and service contract. A device that was never entered is here from its first activation on.<?cs /if ?></p><?cs
call:find_form("/center/devices", "devices", "Hardware ID, serial or customer") ?><?cs if:?devices.0.hwid ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Hardware ID</th><th scope="col">Serial number</th><th scope="col">Customer</th><th scope="col">Platform</th><th scope="col">State</th><th scope="col">Service contract until</th><th scope="col">Warranty until</th><th scope="col">Last contact</th></tr></thead>
<tbody><?cs each:device = devices ?>
<tr><th scope="row" data-label="Hardware ID"><a href="<?cs var:device.path ?>"><code><?cs var:device.hwid ?></code></a></th>
<td data-label="Serial number"><?cs if:?device.serial ?><?cs var:device.serial ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Customer" class="lh-object"><?cs if:?device.customer ?><?cs var:device.customer ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Platform" class="text-nowrap"><?cs if:?device.platform ?><?cs var:device.platform ?><?cs else ?>–<?cs /if ?></td>
<td data-label="State" class="text-nowrap"><?cs call:device_state(device.state) ?></td>
<td data-label="Service contract until"><?cs call:last_day(device.contract, device.contract_over) ?></td>
<td data-label="Warranty until"><?cs call:last_day(device.warranty, device.warranty_over) ?></td>
<td data-label="Last contact"><?cs if:?device.contact.iso ?><?cs call:instant(device.contact) ?><?cs else ?>–<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table><?cs call:pages_of("/center/devices") ?><?cs elif:?query.find ?>
<p class="lh-empty">No device matches “<?cs var:query.find ?>”. <a href="/center/devices">Show all devices</a></p><?cs else ?>
<p class="lh-empty"><?cs if:?frame.is_guest ?>No device is registered for you yet. It is when a code of yours is activated on it.<?cs else ?>No devices yet. Add one below, or hand out an authentication code: its device is here once it was activated.<?cs /if ?></p><?cs /if ?><?cs if:?frame.may_assist ?>
<form method="post" action="/center/devices" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<h2>Add a device</h2>
<div class="lh-columns"><?cs
call:text_field(form.hwid, "16 characters, on its console and its case; groups and small letters may be.", "off") ?><?cs
call:text_field(form.serial, "As on its case; may be left open.", "off") ?><?cs
call:text_field(form.customer, "Name of a customer or partner, as on Customers; may be left open.", "off") ?><?cs
call:platform_field(form.platform) ?><?cs
call:text_field(form.contract, "Last day, as in 2027-06-30. Empty: no service contract.", "off") ?><?cs
call:text_field(form.warranty, "Last day. Empty: no warranty.", "off") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Add</button></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
