<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: customers.N.{id,name,is_partner,stocks_spares,of,devices,codes}, form.*, paging.*, query.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs include!"center_customer.cs" ?><?cs
call:page_begin("Customers") ?>
<h1>Customers</h1>
<p class="lh-help"><?cs if:?frame.is_guest ?>You, and the customers you look after.<?cs else ?>Companies that buy, and partners that sell to them. A partner sees what is its own and what is of the customers it looks after.<?cs /if ?></p><?cs
call:find_form("/center/customers", "customers", "Part of a name") ?><?cs if:?customers.0.name ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Name</th><th scope="col">Kind</th><th scope="col">Looked after by</th><th scope="col" class="lh-num">Devices</th><th scope="col" class="lh-num">Codes</th></tr></thead>
<tbody><?cs each:c = customers ?>
<tr><th scope="row" data-label="Name"><?cs if:?frame.may_assist ?><a href="/center/customers/<?cs var:c.id ?>"><?cs var:c.name ?></a><?cs else ?><?cs var:c.name ?><?cs /if ?></th>
<td data-label="Kind"><?cs call:customer_kind(c) ?></td>
<td data-label="Looked after by"><?cs if:?c.of ?><?cs var:c.of ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Devices" class="lh-num"><?cs var:c.devices ?></td>
<td data-label="Codes" class="lh-num"><?cs var:c.codes ?></td></tr><?cs /each ?>
</tbody>
</table><?cs call:pages_of("/center/customers") ?><?cs elif:?query.find ?>
<p class="lh-empty">No customer's name contains “<?cs var:query.find ?>”. <a href="/center/customers">Show all customers</a></p><?cs else ?>
<p class="lh-empty">No customers yet. Add the first one below; then make it an authentication code under Entitlements.</p><?cs /if ?><?cs if:?frame.may_assist ?>
<form method="post" action="/center/customers" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<h2>Add a customer</h2>
<div class="lh-columns"><?cs
call:text_field(form.name, "As it stands on orders. It cannot be changed later.", "off") ?><?cs
call:text_field(form.of, "Name of the partner; may be left open.", "off") ?>
</div><?cs call:customer_flags() ?>
<div class="lh-actions"><button class="btn btn-primary">Add</button></div>
</form><?cs /if ?>
<?cs call:page_end() ?>
