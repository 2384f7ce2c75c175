<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: findings.N.{severity,code,object,path,why,rule,text,fix,since.*,until.*}, members.N.* and strict (membership.cs), switches.N.{feature,is_on,text,since.*} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"membership.cs" ?><?cs

def:severity(word) ?><?cs if:word == "error" ?><?cs call:state("bad", "Act now") ?><?cs elif:word == "warning" ?><?cs call:state("warn", "Look at it") ?><?cs else ?><?cs call:state("info", "Good to know") ?><?cs /if ?><?cs /def ?><?cs

call:page_begin("Compliance") ?>
<h1>Compliance</h1><?cs if:?findings.0.text ?>
<p class="lh-help">What is not as it should be: the rule, what was found, and what mends it. The worst comes first.</p>
<table class="lh-table lh-stack" id="findings">
<thead><tr><th scope="col">About</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Since</th><th scope="col">Until</th><th scope="col">What to do</th></tr></thead>
<tbody><?cs each:finding = findings ?>
<tr><th scope="row" class="lh-object"><?cs if:?finding.path ?><a href="<?cs var:finding.path ?>"><?cs var:finding.object ?></a><?cs else ?><?cs var:finding.object ?><?cs /if ?></th>
<td data-label="State" class="text-nowrap"><?cs call:severity(finding.severity) ?></td>
<td data-label="Why"><span class="lh-line"><?cs var:finding.text ?></span><span class="lh-line lh-quiet">Rule: <?cs var:finding.rule ?></span></td>
<td data-label="Since"><?cs if:?finding.since.iso ?><?cs call:instant(finding.since) ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Until"><?cs if:?finding.until.iso ?><?cs call:instant(finding.until) ?><?cs else ?>–<?cs /if ?></td>
<td data-label="What to do"><div><?cs var:finding.fix ?><?cs if:?finding.why ?> <a href="#<?cs var:finding.why ?>">Why, step by step</a><?cs /if ?></div></td></tr><?cs /each ?>
</tbody>
</table><?cs else ?>
<p><?cs call:state("ok", "Everything is as it should be.") ?></p><?cs /if ?><?cs call:membership() ?><?cs if:?switches.0.feature ?>
<section aria-labelledby="switches">
<h2 id="switches">Auto-leasing</h2>
<p class="lh-help">While a client cannot reach this server, it may take whole increments by itself, up to its Maximum Count, of features for which this is on.</p>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">Feature</th><th scope="col">State</th><th scope="col">Why</th><th scope="col">Since</th></tr></thead>
<tbody><?cs each:switch = switches ?>
<tr><th scope="row"><?cs var:switch.feature ?></th>
<td data-label="State"><?cs if:?switch.is_on ?><?cs call:state("ok", "On") ?><?cs else ?><?cs call:state("info", "Off") ?><?cs /if ?></td>
<td data-label="Why"><?cs var:switch.text ?></td>
<td data-label="Since"><?cs call:instant(switch.since) ?></td></tr><?cs /each ?>
</tbody>
</table>
</section><?cs /if ?>
<?cs call:page_end() ?>
