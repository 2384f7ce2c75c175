<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: form.{customer,sku,start,end}, prefixes.N.{prefix,counted} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("New authentication code") ?>
<h1>New authentication code</h1>
<p class="lh-help">The first device that shows the code has its license keys, and no other one after it. The keys are issued then, so that a term of years begins on that day.</p>
<form method="post" action="/center/entitlements/new" class="lh-form" data-guard><?cs call:csrf() ?>
<div class="lh-columns"><?cs
call:text_field(form.customer, "Who bought it: a name as on Customers.", "off") ?><?cs
call:text_field(form.start, "First day, as in 2027-01-31. Empty: the day of the activation.", "off") ?><?cs
call:text_field(form.end, "Last day, for SKUs that end. Empty: by the term of the SKU.", "off") ?>
</div>
<div class="lh-field lh-wide">
<label for="sku"><?cs var:form.sku.label ?></label><?cs call:field_error(form.sku) ?>
<textarea class="form-control" id="sku" name="sku" rows="5" autocomplete="off" spellcheck="false" autocapitalize="characters"<?cs call:field_described(form.sku) ?>><?cs var:form.sku.value ?></textarea>
<p class="lh-help" id="sku-help">One a line, one license key each, as in CONSEC-ADD-1000U for 1,000 permanent units, or CONSEC-1000U-1YR for one year. Known are:<?cs each:p = prefixes ?> <span class="text-nowrap"><?cs var:p.prefix ?><?cs if:?p.counted ?>-…U<?cs /if ?></span><?cs /each ?>.</p>
</div>
<div class="lh-actions"><button class="btn btn-primary">Make code</button> <a class="btn btn-outline-secondary" href="/center/entitlements">Cancel</a></div>
</form>
<?cs call:page_end() ?>
