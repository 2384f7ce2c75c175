<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: conflict, saved.*, client.*, lease.N.*, parts.N.*, surrendered.N.*, those of client_form.cs ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"client_form.cs" ?><?cs
call:page_begin("License client") ?>
<h1>License client <?cs var:client.name ?></h1>
<dl class="lh-facts">
<div><dt>Last contact</dt><dd><?cs if:?client.contact.iso ?><?cs call:instant(client.contact) ?><?cs if:?client.address ?> from <?cs var:client.address ?><?cs /if ?><?cs else ?>never<?cs /if ?></dd></div>
<div><dt>Hardware ID</dt><dd><?cs if:?client.hardware_id ?><code><?cs var:client.hardware_id ?></code><?cs else ?>registered at first contact<?cs /if ?></dd></div><?cs if:?client.cluster ?>
<div><dt>Cluster</dt><dd><?cs var:client.cluster ?><?cs if:?client.leader.is_itself ?>, which it leads<?cs elif:?client.leader.name ?>, led by <a href="<?cs var:client.leader.path ?>"><?cs var:client.leader.name ?></a><?cs /if ?></dd></div><?cs /if ?>
<div><dt>Member license seen</dt><dd><?cs if:?client.member ?><code><?cs var:client.member ?></code><?cs else ?>none<?cs /if ?></dd></div><?cs if:?client.version ?>
<div><dt>Software</dt><dd><?cs var:client.version ?></dd></div><?cs /if ?>
</dl><?cs if:?client.expired ?>
<div class="lh-banner lh-banner-bad"><p><strong>The configuration has expired.</strong> This client's requests are refused until its Configuration expiration date is moved or removed.</p></div><?cs /if ?><?cs if:?client.noncompliant.iso ?>
<p><?cs call:state("bad", "Out of compliance") ?> since <?cs call:instant(client.noncompliant) ?>: it draws on permanent licenses without a LICENSE-MBR license of its own. <a href="/licensing/compliance#why-<?cs var:client.id ?>">Why, and what to do</a></p><?cs /if ?>
<?cs if:?client.others.0.hardware_id ?><section aria-labelledby="devices">
<h2 id="devices">Two devices with one ID</h2>
<div class="lh-banner lh-banner-bad"><p><strong>Another device came with this ID and its password</strong>, and was refused. If it takes the place of the bound one, <a href="<?cs var:client.path ?>/replace">replace the device</a>: counts and password stay, and what the bound device leases counts until it runs out. If not, change the client password below and enter the new one at the bound device; a second gateway needs a client of its own.</p></div>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Hardware ID</th><th scope="col">Device</th><th scope="col">Platform</th><th scope="col">Address</th><th scope="col">Device key</th><th scope="col">First tried</th><th scope="col">Last seen</th><th scope="col" class="lh-num">Tries</th></tr></thead>
<tbody>
<tr><th scope="row"><code><?cs var:client.hardware_id ?></code></th><td class="text-nowrap" data-label="Device"><?cs call:state("ok", "Bound") ?></td><td data-label="Platform"><?cs var:client.platform ?></td><td data-label="Address"><?cs if:?client.address ?><?cs var:client.address ?><?cs else ?>–<?cs /if ?></td><td data-label="Device key">–</td><td data-label="First tried">–</td><td data-label="Last seen"><?cs if:?client.contact.iso ?><?cs call:instant(client.contact) ?><?cs else ?>never<?cs /if ?></td><td class="lh-num" data-label="Tries">–</td></tr><?cs each:other = client.others ?>
<tr><th scope="row"><code><?cs var:other.hardware_id ?></code></th><td class="text-nowrap" data-label="Device"><?cs call:state("bad", "Refused") ?></td><td data-label="Platform"><?cs var:other.platform ?></td><td data-label="Address"><?cs var:other.address ?></td><td data-label="Device key"><?cs if:?other.key ?><code><?cs var:other.key ?></code><?cs else ?>none<?cs /if ?></td><td data-label="First tried"><?cs call:instant(other.first) ?></td><td data-label="Last seen"><?cs call:instant(other.last) ?></td><td class="lh-num" data-label="Tries"><?cs var:other.tries ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs /if ?><?cs if:?client.formers.0.hardware_id ?>
<section aria-labelledby="formers">
<h2 id="formers">Replaced devices</h2>
<p class="lh-help">A lease that was signed runs to its expiry; until then its units are lent to nobody else.</p>
<ul><?cs each:former = client.formers ?>
<li><code><?cs var:former.hardware_id ?></code>, replaced <?cs call:instant(former.replaced) ?>, may use up to <?cs var:former.units ?> <?cs var:former.feature ?>, the last until <?cs call:instant(former.until) ?></li><?cs /each ?></ul>
</section><?cs /if ?>
<section aria-labelledby="lease">
<h2 id="lease">Lease</h2>
<p><a href="/licensing/usage?client=<?cs var:client.name ?>">Usage of this client</a></p><?cs if:?parts.0.feature ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col">Part</th><th scope="col" class="lh-num">Units</th><th scope="col">Source</th><th scope="col">Granted</th><th scope="col">Expires</th></tr></thead>
<tbody><?cs each:part = parts ?>
<tr><th scope="row"><?cs var:part.feature ?></th><td data-label="Part"><?cs if:?part.is_reserved ?>Reserved<?cs else ?>Incremental, <?cs var:part.count ?> × <?cs var:part.size ?><?cs /if ?><?cs if:?part.lapsing ?> <?cs call:state("warn", "not extended") ?><?cs /if ?></td><td class="lh-num" data-label="Units"><?cs var:part.units ?></td><td data-label="Source"><?cs if:?part.subscription ?><?cs if:?part.permanent ?><?cs var:part.subscription ?> subscription, <?cs var:part.permanent ?> permanent<?cs else ?>subscription<?cs /if ?><?cs else ?>permanent<?cs /if ?></td><td data-label="Granted"><?cs call:instant(part.granted) ?></td><td data-label="Expires"><?cs call:instant(part.expires) ?></td></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p class="lh-empty">This client leases nothing now.</p><?cs /if ?><?cs each:row = lease ?><?cs if:?row.denied ?>
<p><?cs call:state("warn", row.denied) ?></p><?cs if:?row.holders.0.client ?>
<ul aria-label="Who has the units of <?cs var:row.feature ?>"><?cs each:holder = row.holders ?>
<li><?cs var:holder.client ?>: <?cs var:holder.units ?> <?cs var:row.feature ?><?cs if:?holder.expires.iso ?>, until <?cs call:instant(holder.expires) ?><?cs /if ?></li><?cs /each ?></ul><?cs /if ?><?cs /if ?><?cs if:?row.releasing ?>
<p><?cs var:row.releasing ?> <?cs var:row.feature ?> units are on their way back: releasing until <?cs call:instant(row.until) ?>, or until the client confirms its smaller lease.</p><?cs /if ?><?cs /each ?>
</section><?cs if:?surrendered.0.serial ?>
<section aria-labelledby="surrendered">
<h2 id="surrendered">Licenses it surrendered to this server</h2>
<ul><?cs each:row = surrendered ?>
<li><?cs var:row.sku ?>, serial <code><?cs var:row.serial ?></code>: <?cs var:row.units ?> <?cs var:row.feature ?> units, <?cs if:?row.recalling.iso ?><?cs call:state("warn", "Recall in progress") ?> since <?cs call:instant(row.recalling) ?><?cs else ?>surrendered <?cs call:instant(row.accepted) ?><?cs /if ?><?cs if:?row.uncounted ?> <?cs call:state("bad", "Not counted") ?> because <?cs var:row.uncounted ?>.<?cs /if ?><?cs if:?row.waits ?><span class="lh-line lh-quiet"><?cs var:row.waits ?></span><?cs /if ?></li><?cs /each ?></ul>
</section><?cs /if ?>
<section aria-labelledby="configuration">
<h2 id="configuration">Configuration</h2><?cs if:?conflict ?>
<div class="lh-banner lh-banner-warn"><p>Saved now: platform <strong><?cs var:saved.platform ?></strong>, product <strong><?cs var:saved.product ?></strong>, Configuration expiration date <strong><?cs if:?saved.expires ?><?cs var:saved.expires ?><?cs else ?>none<?cs /if ?></strong>; counts stand beside yours.</p></div><?cs /if ?><?cs if:?frame.may_operate ?>
<form method="post" action="<?cs var:client.path ?>" class="lh-form" data-guard><?cs call:csrf() ?>
<input type="hidden" name="ver" value="<?cs var:form.ver.value ?>">
<div class="lh-columns"><?cs
call:password_field(form.password, "Leave empty to keep the present password.", "new-password") ?><?cs
call:password_field(form.password2, "Once more, against slips.", "new-password") ?><?cs
call:client_platform() ?>
</div><?cs call:client_counts() ?>
<p class="lh-help">A change reaches the client at its next renewal, or at once when its administrator presses Pull State from Server.</p>
<div class="lh-actions"><button class="btn btn-primary" name="save" value="1">Save Changes</button>
<button class="btn btn-outline-secondary" name="recalculate" value="1">Recalculate</button>
<a href="/licensing/clients">Cancel</a>
<?cs if:?client.hardware_id ?><a class="btn btn-outline-secondary lh-push" href="<?cs var:client.path ?>/replace">Replace device…</a> <a class="btn btn-outline-danger" href="<?cs var:client.path ?>/delete">Delete…</a><?cs else ?><a class="btn btn-outline-danger lh-push" href="<?cs var:client.path ?>/delete">Delete…</a><?cs /if ?></div>
</form><?cs else ?>
<p>Your role may look but not change.</p><?cs /if ?>
</section>
<?cs call:page_end() ?>
