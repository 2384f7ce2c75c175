<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: findings.N.{path,case,partner,customer,device,text}, audit.{transfers,some} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Audit") ?>
<h1>Audit</h1>
<p class="lh-help">Replaced devices that are in contact though their licenses moved, contracts that lapse meanwhile, and resets and exchanges that are overdue. Here is what is so now; what was found before stays in the report, and with each replacement.</p><?cs if:?audit.some ?>
<p><a href="/center/audit.csv" download>Audit report of all <?cs var:audit.transfers ?> replacements as CSV</a></p><?cs /if ?><?cs if:?findings.0.text ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Case</th><th scope="col">Finding</th><th scope="col">Customer</th><th scope="col">Partner</th></tr></thead>
<tbody><?cs each:f = findings ?>
<tr><th scope="row" data-label="Case"><a href="<?cs var:f.path ?>"><?cs var:f.case ?></a></th>
<td data-label="Finding"><?cs var:f.text ?></td>
<td data-label="Customer"><?cs if:?f.customer ?><?cs var:f.customer ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Partner"><?cs var:f.partner ?></td></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p><?cs call:state("ok", "Nothing found") ?></p><?cs /if ?>
<?cs call:page_end() ?>
