<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: closed.{is_enabled,is_refused} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

call:page_begin("Configure Clients") ?>
<h1>Configure Clients</h1><?cs if:?closed.is_refused ?>
<p><?cs call:state("bad", "Nothing was changed") ?></p><?cs /if ?>
<p class="lh-empty">License clients cannot be configured yet: this virtual license server has no license-server license. Once one is installed, its clients are added and changed here.</p>
<section class="lh-panel" aria-labelledby="steps">
<h2 id="steps">What to do</h2>
<ol class="lh-steps">
<li<?cs if:?closed.is_enabled ?> class="lh-done"<?cs /if ?>>Enable the virtual license server: answer the questions of <code>leasehold boot</code> on its console<?cs if:?closed.is_enabled ?> <span class="lh-quiet">(done)</span><?cs /if ?></li>
<li>Install the license-server license: enter the authentication code from the vendor under <a href="/licensing/download">Download Licenses</a>, or paste a VLS-LICENSE-SERVER key into the <a href="/licensing/summary">Licensing Summary</a></li>
<li>Come back to this page, and add the clients</li>
</ol>
</section>
<?cs call:page_end() ?>
