<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: sums.N.{customer,is_first,feature,units,keys,devices}, sums_left_out, rows.N.{customer,hwid,is_known,platform,feature,units,sku,end,state,counts}, paging.*, query.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs

def:license_word(row) ?><?cs if:row.state == "active" ?><?cs call:state("ok", "Active") ?><?cs elif:row.state == "grace" ?><?cs call:state("warn", "In grace period") ?><?cs elif:row.state == "future" ?><?cs call:state("info", "Not yet") ?><?cs elif:row.state == "expired" ?><?cs call:state("bad", "Expired") ?><?cs else ?><?cs call:state("info", "Other") ?> <?cs var:row.state ?><?cs /if ?><?cs /def ?><?cs

call:page_begin("License report") ?>
<h1>License report</h1>
<p class="lh-help">Who holds which units where: every license key that was issued and not revoked. What a customer surrenders to a license server, or leases from it, moves within that customer and stands here under the device the key was issued for.</p><?cs
call:find_form("/center/report", "licenses", "Customer, hardware ID or SKU") ?><?cs if:?rows.0.hwid ?>
<p><a href="/center/report.csv?find=<?cs var:query.find_url ?>" download>CSV of all <?cs var:paging.matching ?> rows</a></p>
<section aria-labelledby="sums">
<h2 id="sums">Counting now</h2><?cs if:?sums.0.feature ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Customer</th><th scope="col">Feature</th><th scope="col" class="lh-num">Units</th><th scope="col" class="lh-num">License keys</th><th scope="col" class="lh-num">Devices</th></tr></thead>
<tbody><?cs each:sum = sums ?>
<tr><th scope="row" data-label="Customer"><?cs if:?sum.customer ?><?cs var:sum.customer ?><?cs else ?>nobody known<?cs /if ?></th>
<td data-label="Feature"><?cs var:sum.feature ?></td>
<td data-label="Units" class="lh-num"><?cs if:?sum.units ?><?cs var:sum.units ?><?cs else ?>–<?cs /if ?></td>
<td data-label="License keys" class="lh-num"><?cs var:sum.keys ?></td>
<td data-label="Devices" class="lh-num"><?cs var:sum.devices ?></td></tr><?cs /each ?>
</tbody>
</table><?cs if:?sums_left_out ?>
<p class="lh-quiet"><?cs var:sums_left_out ?> more are in the CSV; find a customer to see its sums here.</p><?cs /if ?><?cs else ?>
<p class="lh-empty">None of these licenses counts now.</p><?cs /if ?>
</section>
<section aria-labelledby="rows">
<h2 id="rows">License keys</h2>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Customer</th><th scope="col">Device</th><th scope="col">Platform</th><th scope="col">SKU</th><th scope="col">Feature</th><th scope="col" class="lh-num">Units</th><th scope="col">Until</th><th scope="col">State</th></tr></thead>
<tbody><?cs each:row = rows ?>
<tr><th scope="row" data-label="Customer"><?cs if:?row.customer ?><?cs var:row.customer ?><?cs else ?>nobody known<?cs /if ?></th>
<td data-label="Device"><?cs if:?row.is_known ?><a href="/center/devices/<?cs var:row.hwid ?>"><code><?cs var:row.hwid ?></code></a><?cs else ?><code><?cs var:row.hwid ?></code><?cs /if ?></td>
<td data-label="Platform" class="text-nowrap"><?cs if:?row.platform ?><?cs var:row.platform ?><?cs else ?>–<?cs /if ?></td>
<td data-label="SKU" class="text-nowrap"><?cs var:row.sku ?></td>
<td data-label="Feature"><?cs if:?row.feature ?><?cs var:row.feature ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Units" class="lh-num"><?cs if:?row.units ?><?cs var:row.units ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Until" class="text-nowrap"><?cs if:?row.end ?><?cs var:row.end ?><?cs else ?>permanent<?cs /if ?></td>
<td data-label="State"><?cs call:license_word(row) ?></td></tr><?cs /each ?>
</tbody>
</table><?cs call:pages_of("/center/report") ?>
</section><?cs elif:?query.find ?>
<p class="lh-empty">No license matches “<?cs var:query.find ?>”. <a href="/center/report">Show all licenses</a></p><?cs else ?>
<p class="lh-empty">No license key was issued yet.</p><?cs /if ?>
<?cs call:page_end() ?>
