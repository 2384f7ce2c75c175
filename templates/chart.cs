<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# A chart of chart.c. ?><?cs

def:chart_lines(c, title, text) ?>
<svg class="lh-chart" viewBox="0 0 <?cs var:c.width ?> <?cs var:c.height ?>" role="img" aria-labelledby="chart-title chart-text">
<title id="chart-title"><?cs var:title ?></title>
<desc id="chart-text"><?cs var:text ?></desc><?cs each:y = c.y ?>
<line class="lh-chart-grid" x1="<?cs var:c.left ?>" x2="<?cs var:c.right ?>" y1="<?cs var:y.at ?>" y2="<?cs var:y.at ?>"/>
<text class="lh-chart-value" x="<?cs var:c.left ?>" y="<?cs var:y.at ?>" dx="-8" dy="4"><?cs var:y.text ?></text><?cs /each ?><?cs each:x = c.x ?>
<text class="lh-chart-date" x="<?cs var:x.at ?>" y="<?cs var:c.height ?>" dy="-8"><?cs var:x.text ?></text><?cs /each ?><?cs each:line = c.lines ?>
<polyline class="lh-chart-<?cs var:line.name ?>" points="<?cs var:line.points ?>"/><?cs /each ?>
</svg>
<ul class="lh-chips"><?cs each:line = c.lines ?>
<li><svg class="lh-chart-key" viewBox="0 0 32 8" aria-hidden="true"><line class="lh-chart-<?cs var:line.name ?>" x1="0" x2="32" y1="4" y2="4"/></svg> <?cs if:line.name == "installed" ?><?cs if:?query.client ?>Maximum Count<?cs else ?>Installed<?cs /if ?><?cs elif:line.name == "leased" ?>Leased<?cs else ?>Users<?cs /if ?> <strong><?cs var:line.text ?></strong></li><?cs /each ?>
</ul><?cs /def ?>
