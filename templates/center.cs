<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What the pages of the vendor's console share. ?><?cs

def:device_state(word) ?><?cs if:word == "service" ?><?cs call:state("ok", "In service") ?><?cs elif:word == "spare" ?><?cs call:state("info", "Spare") ?><?cs else ?><?cs call:state("bad", "Replaced") ?><?cs /if ?><?cs /def ?><?cs

def:code_state(word) ?><?cs if:word == "free" ?><?cs call:state("ok", "Free") ?><?cs elif:word == "used" ?><?cs call:state("info", "Used") ?><?cs else ?><?cs call:state("bad", "Revoked") ?><?cs /if ?><?cs /def ?><?cs

def:last_day(date, over) ?><?cs if:!?date ?>–<?cs else ?><span class="text-nowrap"><?cs var:date ?></span><?cs if:?over ?> <?cs call:state("bad", "Over") ?><?cs /if ?><?cs /if ?><?cs /def ?><?cs

def:platform_field(f) ?>
<div class="lh-field">
<label for="platform"><?cs var:f.label ?></label><?cs call:field_error(f) ?>
<select class="form-select" id="platform" name="platform"<?cs call:field_described(f) ?>><option value="">Not known</option><?cs each:p = platforms ?><option value="<?cs var:p.name ?>"<?cs if:?p.chosen ?> selected<?cs /if ?>><?cs var:p.name ?></option><?cs /each ?></select>
<p class="lh-help" id="platform-help">Left open, the device's own word at its first activation counts.</p>
</div><?cs /def ?><?cs

def:pages_of(path) ?><?cs if:?paging.more ?><nav aria-label="Pages" class="lh-actions"><?cs if:?paging.previous ?><a href="<?cs var:path ?>?page=<?cs var:paging.previous ?>&amp;find=<?cs var:query.find_url ?>">Previous page</a> <?cs /if ?><?cs if:?paging.next ?><a href="<?cs var:path ?>?page=<?cs var:paging.next ?>&amp;find=<?cs var:query.find_url ?>">Next page</a><?cs /if ?></nav><?cs /if ?><?cs /def ?><?cs

def:find_form(path, what, placeholder) ?>
<form method="get" action="<?cs var:path ?>" class="lh-find" role="search">
<label for="find">Find</label> <input class="form-control" type="search" id="find" name="find" value="<?cs var:query.find ?>" placeholder="<?cs var:placeholder ?>" autocomplete="off"> <button class="btn btn-outline-secondary">Find</button><?cs if:?query.find ?> <a href="<?cs var:path ?>">Show all <?cs var:what ?></a><?cs /if ?>
</form><?cs /def ?><?cs

def:code_worth(code) ?><ul class="lh-plain"><?cs each:w = code.worth ?>
<li><span class="text-nowrap"><?cs var:w.sku ?></span><?cs if:?w.end ?> <span class="lh-quiet">until <?cs var:w.end ?></span><?cs /if ?><?cs if:?w.serial ?> <span class="lh-quiet">license <code><?cs var:w.serial ?></code></span><?cs /if ?></li><?cs /each ?></ul><?cs /def ?>
