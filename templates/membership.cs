<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Why a client is out of compliance. Keys: members.N.{name,id,path,hardware_id,server,since.*,contact.*,platform,sku,refused.{sku,serial}}, members.N.features.N.{feature,units,field}, members.N.features.N.parts.N.{is_reserved,units,granted.*,expires.*}, members.N.surrendered.N.{serial,sku,path}, strict ?><?cs

def:membership_part(part) ?><li><?cs var:part.units ?> units of the <?cs if:?part.is_reserved ?>reserved part<?cs else ?>incremental lease<?cs /if ?><?cs if:?part.granted.iso ?>, granted <?cs call:instant(part.granted) ?><?cs /if ?><?cs if:?part.expires.iso ?>, until <?cs call:instant(part.expires) ?> unless it is renewed<?cs /if ?></li><?cs /def ?><?cs

def:membership_why(one) ?>
<ol>
<li>Units of subscriptions are for every client. Units of permanent licenses are for clients with a LICENSE-MBR license of their own.</li><?cs each:row = one.features ?>
<li><?cs if:?one.path ?>It<?cs else ?>This gateway<?cs /if ?> leases <strong><?cs var:row.units ?> units of <?cs var:row.feature ?></strong> that come from permanent licenses, because the subscriptions had none left for it:
<ul><?cs each:part = row.parts ?>
<?cs call:membership_part(part) ?><?cs /each ?></ul></li><?cs /each ?>
<li><?cs if:?one.refused.serial ?><?cs var:one.refused.sku ?>, serial <code><?cs var:one.refused.serial ?></code>, is installed here, but the license server does not take it for a member license of this gateway: it has another platform configured for Unique ID <?cs var:one.name ?>, or does not trust the issuer.<?cs elif:?one.path ?>It has shown no LICENSE-MBR license. On its platform, <?cs var:one.platform ?>, that is <strong><?cs if:?one.sku ?><?cs var:one.sku ?><?cs else ?>a LICENSE-MBR license of its family<?cs /if ?></strong>.<?cs else ?>No LICENSE-MBR license is active here. On this platform, <?cs var:one.platform ?>, that is <strong><?cs if:?one.sku ?><?cs var:one.sku ?><?cs else ?>a LICENSE-MBR license of its family<?cs /if ?></strong>.<?cs /if ?></li><?cs if:?one.since.iso ?>
<li>It is so since <?cs call:instant(one.since) ?>, and was so at the last contact<?cs if:?one.contact.iso ?>, <?cs call:instant(one.contact) ?><?cs /if ?>. <?cs if:?strict ?>Strict membership is on: what runs is renewed, more of the kind is not lent.<?cs else ?>Nothing is taken away for it.<?cs /if ?></li><?cs /if ?>
</ol><?cs /def ?><?cs

def:membership_fix(one) ?>
<h3>What mends it</h3>
<p class="lh-help">One of these is enough. It is over with the next contact after that.</p>
<ul><?cs if:?one.path ?>
<li>Add <?cs if:?one.sku ?><?cs var:one.sku ?><?cs else ?>its LICENSE-MBR license<?cs /if ?> on <?cs var:one.name ?>: on its own console, under Licensing Summary, License key(s).<?cs if:?one.hardware_id ?> Your vendor issues it for hardware ID <code><?cs var:one.hardware_id ?></code>.<?cs /if ?></li><?cs elif:?one.refused.serial ?>
<li>Have the platform of <?cs var:one.name ?> under Configure Clients on <?cs var:one.server ?> set to <?cs var:one.platform ?>.</li><?cs else ?>
<li><a href="/licensing/summary#keys">Add the license key of <?cs if:?one.sku ?><?cs var:one.sku ?><?cs else ?>a LICENSE-MBR license<?cs /if ?></a>. Your vendor issues it for hardware ID <code><?cs var:one.hardware_id ?></code>.</li><?cs /if ?><?cs each:row = one.features ?><?cs if:?one.path ?>
<li><a href="<?cs var:one.path ?>#<?cs var:row.field ?>">Lower what <?cs var:one.name ?> gets of <?cs var:row.feature ?></a> by <?cs var:row.units ?>.</li>
<li><a href="/licensing/summary#keys">Add the license key of a subscription</a> with <?cs var:row.units ?> more units of <?cs var:row.feature ?> on this server.</li><?cs else ?>
<li>On the license server, <?cs var:one.server ?>: have what <?cs var:one.name ?> gets of <?cs var:row.feature ?> lowered by <?cs var:row.units ?>, or a subscription with as many more units added.</li><?cs /if ?><?cs /each ?><?cs each:row = one.surrendered ?>
<li><?cs if:?row.path ?><a href="<?cs var:row.path ?>">Recall <?cs var:row.sku ?></a>, serial <code><?cs var:row.serial ?></code>, which this gateway surrendered: at home its units need no LICENSE-MBR license.<?cs else ?>Recall <?cs var:row.sku ?>, serial <code><?cs var:row.serial ?></code>, which <?cs var:one.name ?> surrendered, on its console: at home its units need no LICENSE-MBR license.<?cs /if ?></li><?cs /each ?>
</ul><?cs /def ?><?cs

def:membership() ?><?cs each:one = members ?>
<section aria-labelledby="why-<?cs var:one.id ?>">
<h2 id="why-<?cs var:one.id ?>">Why <?cs if:?one.path ?><a href="<?cs var:one.path ?>"><?cs var:one.name ?></a><?cs else ?>this gateway<?cs /if ?> is out of compliance</h2><?cs call:membership_why(one) ?><?cs call:membership_fix(one) ?>
</section><?cs /each ?><?cs /def ?>
