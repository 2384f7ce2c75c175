<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# The frame of every page. Keys: frame.{vendor,has_logo,is_center,is_maintenance,may_administer,may_read,customer,is_log,role,hostname,hardware_id,zone,user,csrf,notice,trouble,ends.*,tabs.N.{path,label,current}}, errors.N.{text,href}, warnings.N.text, asset.* ?><?cs

def:role_name() ?><?cs if:frame.role == "server" ?>License Server<?cs elif:frame.role == "virtual-server" ?>Virtual License Server<?cs elif:frame.role == "client" ?>License Client<?cs else ?>Licensing and Software Download Center<?cs /if ?><?cs /def ?><?cs

def:instant(at) ?><?cs if:?at.iso ?><time datetime="<?cs var:at.iso ?>"><?cs var:at.text ?> <span class="lh-quiet text-nowrap">(<?cs var:at.relative ?>)</span></time><?cs /if ?><?cs /def ?><?cs

def:page_begin(title) ?><!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title><?cs if:?errors.0.text ?>Error: <?cs /if ?><?cs var:title ?> · <?cs var:frame.hostname ?> · Leasehold</title>
<link rel="icon" href="/static/<?cs var:asset.icon_svg ?>" type="image/svg+xml">
<link rel="stylesheet" href="/static/<?cs var:asset.bootstrap_css ?>">
<link rel="stylesheet" href="/static/<?cs var:asset.console_css ?>">
<script src="/static/<?cs var:asset.console_js ?>" defer></script>
</head>
<body>
<a class="visually-hidden-focusable lh-skip" href="#main">Skip to content</a>
<header class="lh-bar">
<div class="lh-bar-row">
<p class="lh-brand"><?cs if:?frame.has_logo ?><img class="lh-logo" src="/vendor/logo" alt="" height="24"> <?cs /if ?><?cs if:?frame.vendor ?><span><?cs var:frame.vendor ?></span> <?cs /if ?><strong><?cs call:role_name() ?></strong> <span><?cs var:frame.hostname ?></span></p>
<p class="lh-id">HW ID <code id="hardware-id"><?cs var:frame.hardware_id ?></code> <button type="button" class="lh-copy" data-copy="hardware-id" hidden>Copy</button></p>
<div class="lh-who"><span><?cs var:frame.zone ?></span><?cs if:?frame.user ?>
<span><?cs var:frame.user ?><?cs if:?frame.customer ?> (<?cs var:frame.customer ?>)<?cs /if ?></span>
<a href="/account/password">Change password</a>
<form method="post" action="/signout"><input type="hidden" name="csrf" value="<?cs var:frame.csrf ?>"><button class="lh-link-button">Sign out</button></form><?cs /if ?></div>
</div>
</header><?cs if:?frame.tabs.0.path ?>
<nav aria-label="System" class="lh-menu"><ul><li><a href="<?cs if:?frame.is_center ?>/center/devices<?cs else ?>/licensing/summary<?cs /if ?>"<?cs if:!?frame.is_log ?><?cs if:!?frame.is_maintenance ?> aria-current="true"<?cs /if ?><?cs /if ?>><?cs if:?frame.is_center ?>Center<?cs else ?>Licensing<?cs /if ?></a></li><?cs if:?frame.may_read ?><li><a href="/log/events"<?cs if:?frame.is_log ?> aria-current="true"<?cs /if ?>>Log/Monitoring</a></li><?cs /if ?><?cs if:?frame.may_administer ?><li><a href="/maintenance/accounts"<?cs if:?frame.is_maintenance ?> aria-current="true"<?cs /if ?>>Maintenance</a></li><?cs /if ?></ul></nav>
<nav aria-label="Breadcrumb" class="lh-crumbs"><ol><li>System</li><?cs if:?frame.is_log ?><li><a href="/log/events">Log/Monitoring</a></li><?cs elif:?frame.is_maintenance ?><li><a href="/maintenance/accounts">Maintenance</a></li><?cs elif:?frame.is_center ?><li><a href="/center/devices">Center</a></li><?cs else ?><li>Configuration</li><li><a href="/licensing/summary">Licensing</a></li><?cs /if ?><li aria-current="page"><?cs var:title ?></li></ol></nav>
<nav aria-label="<?cs if:?frame.is_log ?>Log/Monitoring<?cs elif:?frame.is_maintenance ?>Maintenance<?cs elif:?frame.is_center ?>Center<?cs else ?>Licensing<?cs /if ?>" class="lh-tabs"><ul><?cs each:tab = frame.tabs ?>
<li><a href="<?cs var:tab.path ?>"<?cs if:?tab.current ?> aria-current="page"<?cs /if ?>><?cs var:tab.label ?></a></li><?cs /each ?>
</ul></nav><?cs /if ?>
<main id="main"><?cs if:?frame.trouble ?>
<div class="lh-banner lh-banner-bad" role="alert"><p><?cs var:frame.trouble ?></p></div><?cs /if ?><?cs if:?frame.notice ?>
<div class="lh-notice" role="status"><p><?cs var:frame.notice ?></p></div><?cs /if ?><?cs if:?errors.0.text ?>
<div class="lh-errors" id="errors" role="alert" tabindex="-1" autofocus>
<h2>There is a problem</h2>
<ul><?cs each:error = errors ?>
<li><?cs if:?error.href ?><a href="<?cs var:error.href ?>"><?cs var:error.text ?></a><?cs else ?><?cs var:error.text ?><?cs /if ?></li><?cs /each ?>
</ul>
</div><?cs /if ?>
<?cs /def ?><?cs

def:page_end() ?>
</main>
<footer class="lh-foot">
<p>Leasehold · HW ID <?cs var:frame.hardware_id ?><?cs if:?frame.ends.iso ?> · Without another request your sign-in ends at <time datetime="<?cs var:frame.ends.iso ?>"><?cs var:frame.ends.text ?></time><?cs /if ?></p>
</footer>
</body>
</html>
<?cs /def ?>
