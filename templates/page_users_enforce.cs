<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: users.*, rdp.*, beyond, beyond_more, sessions.N.*, rdp_sessions.N.*, form.* ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs

def:row(session) ?>
<tr><th scope="row"><?cs var:session.user ?><?cs if:?session.feature ?> <span class="lh-quiet fw-normal"><?cs var:session.feature ?></span><?cs /if ?></th>
<td data-label="Session ID"><code><?cs var:session.id ?></code></td>
<td data-label="Gateway"><?cs if:?session.gateway ?><?cs var:session.gateway ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Since"><?cs call:instant(session.began) ?></td></tr><?cs /def ?><?cs

def:keep(f) ?><input type="hidden" name="<?cs var:f.name ?>" value="<?cs var:f.value ?>"><?cs /def ?><?cs

call:page_begin("Switch to enforcing") ?>
<h1>Switch to enforcing?</h1>
<ul>
<li>Signed in: <?cs var:users.here ?> users, where there is capacity for <?cs var:users.capacity ?><?cs if:?users.over_capacity ?> and an allowance of <?cs var:users.over_capacity ?><?cs /if ?>.</li><?cs if:?beyond ?>
<li><strong id="beyond"><?cs var:beyond ?> present users are beyond the capacity and would be refused</strong> if they came in now. They are not thrown out: their sessions go on until they end.</li><?cs else ?>
<li id="beyond">No present user is beyond the capacity.</li><?cs /if ?>
<li>From now on nobody is admitted while the capacity is in use.</li>
</ul><?cs if:?beyond ?>
<section aria-labelledby="who">
<h2 id="who">Beyond the capacity</h2><?cs if:?beyond_more ?>
<p class="lh-quiet">The newest 50</p><?cs /if ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">User</th><th scope="col">Session ID</th><th scope="col">Gateway</th><th scope="col">Since</th></tr></thead>
<tbody><?cs each:one = sessions ?><?cs call:row(one) ?><?cs /each ?><?cs each:one = rdp_sessions ?><?cs call:row(one) ?><?cs /each ?>
</tbody>
</table>
</section><?cs /if ?>
<form method="post" action="/status/users" class="lh-actions"><?cs call:csrf() ?><?cs
call:keep(form.mode) ?><?cs call:keep(form.wait) ?><?cs call:keep(form.ahead) ?><?cs call:keep(form.timeout) ?><?cs call:keep(form.allowance) ?><?cs call:keep(form.default_users) ?>
<button class="btn btn-danger" name="confirm" value="1">Switch to enforcing</button> <a class="btn btn-outline-secondary" href="/status/users">Cancel</a>
</form>
<?cs call:page_end() ?>
