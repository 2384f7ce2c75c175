<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: customer.{id,name,name_url,is_partner,stocks_spares,of,devices,codes,ver}, form.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center_customer.cs" ?><?cs
call:page_begin("Customer") ?>
<h1><?cs var:customer.name ?></h1>
<dl class="lh-facts">
<div><dt>Kind</dt><dd><?cs call:customer_kind(customer) ?></dd></div>
<div><dt>Devices</dt><dd><a href="/center/devices?find=<?cs var:customer.name_url ?>"><?cs var:customer.devices ?></a></dd></div>
<div><dt>Authentication codes</dt><dd><a href="/center/entitlements?find=<?cs var:customer.name_url ?>"><?cs var:customer.codes ?></a></dd></div>
</dl>
<form method="post" action="/center/customers/<?cs var:customer.id ?>" class="lh-form lh-panel" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:customer.ver ?>">
<div class="lh-columns"><?cs
call:text_field(form.of, "Name of the partner that looks after it. Empty: none.", "off") ?>
</div><?cs call:customer_flags() ?>
<div class="lh-actions"><button class="btn btn-primary">Save Changes</button> <a class="btn btn-outline-secondary" href="/center/customers">Cancel</a></div>
</form>
<?cs call:page_end() ?>
