<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What a customer is, for the list and the form. ?><?cs

def:customer_kind(c) ?><?cs if:?c.stocks_spares ?>Partner, stocks spares<?cs elif:?c.is_partner ?>Partner<?cs else ?>Customer<?cs /if ?><?cs /def ?><?cs

def:customer_flag(f, help) ?>
<div class="form-check"><input class="form-check-input" type="checkbox" id="<?cs var:f.id ?>" name="<?cs var:f.name ?>" value="1"<?cs if:?f.checked ?> checked<?cs /if ?><?cs call:field_described(f) ?>><label class="form-check-label" for="<?cs var:f.id ?>"><?cs var:f.label ?></label><?cs call:field_error(f) ?>
<p class="lh-help" id="<?cs var:f.id ?>-help"><?cs var:help ?></p></div><?cs /def ?><?cs

def:customer_flags() ?><?cs
call:customer_flag(form.partner, "It sells to others, looks after customers, and can have accounts with role partner.") ?><?cs
call:customer_flag(form.spares, "Its devices in stock may replace a customer's defective one. Only a partner can.") ?><?cs /def ?>
