<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: transfers.N.{id,path,case,partner,customer,device,spare,state,made.*,findings.N.text}, paging.*, query.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"center.cs" ?><?cs include!"center_transfer.cs" ?><?cs
call:page_begin("Transfers") ?>
<h1>Transfers</h1>
<p class="lh-help">A spare from a partner's stock takes the place of a customer's defective device, with its licenses, contract and warranty. Nothing is extended, and nothing counts twice.</p><?cs
call:find_form("/center/transfers", "transfers", "Case, hardware ID or name") ?><?cs if:?frame.may_begin ?>
<p><a class="btn btn-outline-secondary" href="/center/transfers/new">Replace a device</a></p><?cs /if ?><?cs if:?transfers.0.id ?>
<p class="lh-quiet"><?cs var:paging.first ?>–<?cs var:paging.last ?> of <?cs var:paging.matching ?></p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Case</th><th scope="col">State</th><th scope="col">Defective device</th><th scope="col">Spare</th><th scope="col">Customer</th><th scope="col">Partner</th><th scope="col">Begun</th></tr></thead>
<tbody><?cs each:t = transfers ?>
<tr><th scope="row" data-label="Case"><a href="<?cs var:t.path ?>"><?cs var:t.case ?></a></th>
<td data-label="State"><?cs call:transfer_state(t.state) ?><?cs each:f = t.findings ?><span class="lh-why"><?cs var:f.text ?></span><?cs /each ?></td>
<td data-label="Defective device"><code><?cs var:t.device ?></code></td>
<td data-label="Spare"><?cs if:?t.spare ?><code><?cs var:t.spare ?></code><?cs else ?>–<?cs /if ?></td>
<td data-label="Customer" class="lh-object"><?cs if:?t.customer ?><?cs var:t.customer ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Partner" class="lh-object"><?cs var:t.partner ?></td>
<td data-label="Begun"><?cs call:instant(t.made) ?></td></tr><?cs /each ?>
</tbody>
</table><?cs call:pages_of("/center/transfers") ?><?cs elif:?query.find ?>
<p class="lh-empty">No replacement matches “<?cs var:query.find ?>”. <a href="/center/transfers">Show all</a></p><?cs else ?>
<p class="lh-empty">Nothing was replaced yet.</p><?cs /if ?>
<?cs call:page_end() ?>
