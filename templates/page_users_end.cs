<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: session.{user,id,gateway,feature,began.*} ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs
call:page_begin("End session") ?>
<h1>End the session of <?cs var:session.user ?>?</h1>
<ul>
<li>Session <code id="session-id"><?cs var:session.id ?></code>, since <?cs call:instant(session.began) ?></li>
<li>Its seat is free at once, and a user who waits is admitted.</li>
<li><?cs if:?session.gateway ?><?cs var:session.gateway ?><?cs else ?>The gateway<?cs /if ?> itself must drop the tunnel: end it there, too. This page ends only what is counted here.</li>
</ul>
<form method="post" action="/status/users/end" class="lh-actions"><?cs call:csrf() ?><input type="hidden" name="id" value="<?cs var:session.id ?>">
<button class="btn btn-danger">End session</button> <a class="btn btn-outline-secondary" href="/status/users">Cancel</a>
</form>
<?cs call:page_end() ?>
