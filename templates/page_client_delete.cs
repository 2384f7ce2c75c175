<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: client.{name,path,ver}, lease.N.{feature,reserved,leased,expires.*},
# surrendered.N.{serial,sku}, keep ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Delete client") ?>
<h1>Delete client <?cs var:client.name ?>?</h1>
<ul>
<li>The gateway can no longer lease from this server. Users beyond its own licenses are refused there once its lease runs out.</li><?cs each:row = lease ?>
<li><?cs var:row.feature ?>: <?cs var:row.reserved ?> reserved, <?cs var:row.leased ?> leased<?cs if:?row.expires.iso ?> until <?cs call:instant(row.expires) ?>; leased units are lent to others only after that<?cs /if ?>.</li><?cs /each ?>
<li>Its ID can be used again at once.</li><?cs each:row = surrendered ?>
<li>It surrendered license <?cs var:row.serial ?> (<?cs var:row.sku ?>) to this server. Recall it at the gateway first, or keep its units here: then only this gateway can take them back, once a client with the same Client ID is made here anew.</li><?cs /each ?>
</ul>
<form method="post" action="<?cs var:client.path ?>/delete" class="lh-form"><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:client.ver ?>"><?cs if:?surrendered.0.serial ?>
<div class="form-check"><input class="form-check-input" type="checkbox" id="keep" name="keep" value="1"<?cs if:?keep ?> checked<?cs /if ?>><label class="form-check-label" for="keep">Keep their units</label></div><?cs /if ?>
<div class="lh-actions"><button class="btn btn-danger">Delete client</button> <a class="btn btn-outline-secondary" href="<?cs var:client.path ?>">Cancel</a></div>
</form>
<?cs call:page_end() ?>
