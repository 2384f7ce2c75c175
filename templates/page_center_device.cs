<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: device.{hwid,path,ver,serial,platform,customer,state,warranty,contract,warranty_over,contract_over,contact.*,may_stock}, keys.N.{serial,sku,start,end,at.*,actor,is_revoked,revoked.*,why}, codes.N.{id,tail,customer,state,used.*,worth.N.*}, platforms.N.{name,chosen}, form.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs
call:page_begin("Device") ?>
<h1>Device <code class="lh-key"><?cs var:device.hwid ?></code></h1>
<dl class="lh-facts">
<div><dt>State</dt><dd><?cs call:device_state(device.state) ?></dd></div>
<div><dt>Customer</dt><dd><?cs if:?device.customer ?><?cs var:device.customer ?><?cs else ?>nobody yet<?cs /if ?></dd></div>
<div><dt>Serial number</dt><dd><?cs if:?device.serial ?><?cs var:device.serial ?><?cs else ?>–<?cs /if ?></dd></div>
<div><dt>Platform</dt><dd><?cs if:?device.platform ?><?cs var:device.platform ?><?cs else ?>–<?cs /if ?></dd></div>
<div><dt>Service contract until</dt><dd><?cs call:last_day(device.contract, device.contract_over) ?></dd></div>
<div><dt>Warranty until</dt><dd><?cs call:last_day(device.warranty, device.warranty_over) ?></dd></div>
<div><dt>Last contact</dt><dd><?cs if:?device.contact.iso ?><?cs call:instant(device.contact) ?><?cs else ?>never<?cs /if ?></dd></div>
</dl>
<section aria-labelledby="keys">
<h2 id="keys">License keys</h2><?cs if:?keys.0.serial ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Serial</th><th scope="col">SKU</th><th scope="col">From</th><th scope="col">Until</th><th scope="col">Issued</th><th scope="col">State</th></tr></thead>
<tbody><?cs each:key = keys ?>
<tr><th scope="row" data-label="Serial"><code><?cs var:key.serial ?></code></th>
<td data-label="SKU" class="text-nowrap"><?cs var:key.sku ?></td>
<td data-label="From" class="text-nowrap"><?cs if:?key.start ?><?cs var:key.start ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Until" class="text-nowrap"><?cs if:?key.end ?><?cs var:key.end ?><?cs else ?>permanent<?cs /if ?></td>
<td data-label="Issued"><?cs call:instant(key.at) ?> by <?cs var:key.actor ?></td>
<td data-label="State"><?cs if:?key.is_revoked ?><?cs call:state("bad", "Revoked") ?> <?cs call:instant(key.revoked) ?><span class="lh-why"><?cs var:key.why ?></span><?cs else ?><?cs call:state("ok", "Good") ?><?cs if:?frame.may_assist ?> <a href="/center/keys/<?cs var:key.serial ?>/revoke">Revoke<span class="visually-hidden"> license <?cs var:key.serial ?></span></a><?cs /if ?><?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p class="lh-empty">No license key was issued for this device.</p><?cs /if ?>
</section><?cs if:?codes.0.tail ?>
<section aria-labelledby="codes">
<h2 id="codes">Authentication codes</h2>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Code ending in</th><th scope="col">State</th><th scope="col">Used</th><th scope="col">Worth</th></tr></thead>
<tbody><?cs each:code = codes ?>
<tr><th scope="row" data-label="Code ending in"><code><?cs var:code.tail ?></code></th>
<td data-label="State" class="text-nowrap"><?cs call:code_state(code.state) ?></td>
<td data-label="Used"><?cs if:?code.used.iso ?><?cs call:instant(code.used) ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Worth"><?cs call:code_worth(code) ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs /if ?><?cs if:?frame.may_assist ?>
<form method="post" action="<?cs var:device.path ?>" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<h2>Change</h2>
<input type="hidden" name="ver" value="<?cs var:device.ver ?>">
<div class="lh-columns"><?cs
call:text_field(form.serial, "As on its case.", "off") ?><?cs
call:text_field(form.customer, "Name of a customer or partner, as on Customers. Empty: nobody's.", "off") ?><?cs
call:platform_field(form.platform) ?><?cs
call:text_field(form.contract, "Last day, as in 2027-06-30. Empty: no service contract.", "off") ?><?cs
call:text_field(form.warranty, "Last day. Empty: no warranty.", "off") ?>
</div>
<div class="lh-actions"><button class="btn btn-primary">Save Changes</button></div>
</form><?cs if:?device.may_stock ?>
<details><summary>Put into the stock of a partner</summary>
<form method="post" action="<?cs var:device.path ?>/stock" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<p>As a spare it has no license until it replaces a defective device. It must be nobody's, or the partner's own, and have no good license key.</p>
<div class="lh-columns"><?cs call:text_field(form.partner, "Name of a partner that may stock spares, as on Customers.", "off") ?></div>
<div class="lh-actions"><button class="btn btn-outline-secondary">Put into stock</button></div>
</form></details><?cs /if ?><?cs /if ?>
<?cs call:page_end() ?>
