<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: node.{name,until.*} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("Remove node") ?>
<h1>Remove node <?cs var:node.name ?>?</h1>
<ul><?cs if:?node.until.iso ?>
<li>It is lost. What this node may use in its place, until <?cs call:instant(node.until) ?> otherwise, ends at once: users beyond the other units are refused.</li><?cs /if ?>
<li>This node says hello to it no more, and lets it in no more. It goes on as a license client of its own.</li>
<li>Remove it on the other nodes as well.</li>
</ul>
<form method="post" action="/system/clustering/remove" class="lh-form"><?cs call:csrf() ?>
<input type="hidden" name="node" value="<?cs var:node.name ?>">
<div class="lh-actions"><button class="btn btn-danger">Remove node</button> <a class="btn btn-outline-secondary" href="/system/clustering">Cancel</a></div>
</form>
<?cs call:page_end() ?>
