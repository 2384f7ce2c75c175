<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: client.{name,path,ver,hardware_id,cluster,contact,address,others.N.*}, keeps,
# lease.N.{feature,reserved,increment,maximum,units,room,keeps,reserves,waits,until.*},
# surrendered.N.{serial,sku}, keep, form.device ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Replace device") ?>
<h1>Replace the device of client <?cs var:client.name ?>?</h1><?cs if:?client.hardware_id ?>
<dl class="lh-facts">
<div><dt>Device now</dt><dd><code><?cs var:client.hardware_id ?></code></dd></div>
<div><dt>Last contact</dt><dd><?cs if:?client.contact.iso ?><?cs call:instant(client.contact) ?><?cs if:?client.address ?> from <?cs var:client.address ?><?cs /if ?><?cs else ?>never<?cs /if ?></dd></div>
</dl>
<section aria-labelledby="stays">
<h2 id="stays">What stays</h2>
<p>Client ID, password, counts and expiration date stay as they are. The new device enters the same Unique ID and password under Configure Server. No other client loses units. If the device was stolen, change the client password, too.</p>
</section>
<section aria-labelledby="former">
<h2 id="former">The device that is replaced</h2>
<p>Its requests are refused from now on.<?cs if:?client.cluster ?> It leaves cluster <?cs var:client.cluster ?>; the new device joins when it says so.<?cs /if ?></p><?cs if:?keeps ?>
<p>It may use the lease that was signed for it until that runs out, even out of contact, so these units are lent to nobody before, the new device included. Users there are admitted until then; after that only as its own licenses allow.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col" class="lh-num">Units it keeps</th><th scope="col">The last until</th></tr></thead>
<tbody><?cs each:row = lease ?><?cs if:?row.keeps ?>
<tr><th scope="row"><?cs var:row.feature ?></th><td class="lh-num" data-label="Units it keeps"><?cs var:row.units ?></td><td data-label="The last until"><?cs call:instant(row.until) ?></td></tr><?cs /if ?><?cs /each ?>
</tbody>
</table><?cs else ?>
<p>It leases nothing now.</p><?cs /if ?>
</section><?cs if:?lease.0.feature ?>
<section aria-labelledby="new">
<h2 id="new">The new device</h2>
<ul><?cs each:row = lease ?><?cs if:?row.waits ?>
<li><?cs call:state("warn", "Waits") ?> <?cs var:row.feature ?>: its Reserved Count of <?cs var:row.reserved ?> is lent as a whole, and only <?cs var:row.room ?> units are free beside what the replaced device keeps. It has to wait until <?cs call:instant(row.until) ?> at most, or until others give back enough; until then its users are admitted by its own licenses and by whole increments that are free.</li><?cs elif:?row.reserves ?>
<li><?cs call:state("ok", "At once") ?> <?cs var:row.feature ?>: its Reserved Count of <?cs var:row.reserved ?> at its first contact; <?cs var:row.room ?> units are free.</li><?cs else ?>
<li><?cs var:row.feature ?>: whole increments, as they are free.</li><?cs /if ?><?cs /each ?></ul>
</section><?cs /if ?>
<form method="post" action="<?cs var:client.path ?>/replace" class="lh-form" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:client.ver ?>">
<div class="lh-columns"><?cs
call:text_field(form.device, "16 characters, in the header and the footer of its console.", "off") ?>
</div><?cs if:?client.others.0.hardware_id ?>
<p class="lh-help">Came with this ID and password, and was refused:<?cs each:other = client.others ?> <code><?cs var:other.hardware_id ?></code> from <?cs var:other.address ?>, last <?cs call:instant(other.last) ?>.<?cs /each ?></p><?cs /if ?><?cs if:?surrendered.0.serial ?>
<p>The device surrendered licenses to this server. Recall them there first, or keep their units here: then only that device can take them back, as a client of its own.</p>
<ul><?cs each:row = surrendered ?>
<li><?cs var:row.sku ?>, serial <code><?cs var:row.serial ?></code></li><?cs /each ?></ul>
<div class="form-check"><input class="form-check-input" type="checkbox" id="keep" name="keep" value="1"<?cs if:?keep ?> checked<?cs /if ?>><label class="form-check-label" for="keep">Keep their units</label></div><?cs /if ?>
<div class="lh-actions"><button class="btn btn-danger">Replace device</button> <a class="btn btn-outline-secondary" href="<?cs var:client.path ?>">Cancel</a></div>
</form><?cs else ?>
<p class="lh-empty">This client has no device yet: the first one that comes with its ID and password is bound. <a href="<?cs var:client.path ?>">Back to the client</a></p><?cs /if ?>
<?cs call:page_end() ?>
