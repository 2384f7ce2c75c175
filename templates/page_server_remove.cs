<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# Keys: capacity.{now,then,users,above}, leave.is_unreported, form.leave.*, those of link_leave.cs ?><?cs
include!"layout.cs" ?><?cs include!"macros.cs" ?><?cs include!"link_leave.cs" ?><?cs
call:page_begin("Remove license server") ?>
<h1>Remove license server <?cs var:leave.server ?>?</h1>
<ul>
<li>This gateway may admit <?cs var:capacity.then ?> users from then on, now <?cs var:capacity.now ?>; <?cs var:capacity.users ?> are here.<?cs if:?capacity.above ?> <?cs call:state("bad", "Too few") ?> Nobody is sent away, but no user is admitted until fewer than <?cs var:capacity.then ?> are here.<?cs /if ?></li><?cs call:leave_rows() ?><?cs if:?leave.is_unreported ?>
<li>What was auto-leased without the server ends, and is not reported to it any more. Press Pull State from Server first if it can be reached.</li><?cs /if ?>
<li>Its address, the Unique ID <?cs var:leave.client_name ?> and the password are forgotten here. On the license server the client stays, until its administrator deletes it.</li>
</ul>
<form method="post" action="/licensing/server/remove" class="lh-form"><?cs call:csrf() ?><?cs if:?leave.licenses.0.serial ?>
<div class="form-check"><?cs call:field_error(form.leave) ?><input class="form-check-input" type="checkbox" id="leave" name="leave" value="1"<?cs if:?form.leave.checked ?> checked<?cs /if ?><?cs if:?form.leave.error ?> aria-describedby="leave-error" aria-invalid="true"<?cs /if ?>><label class="form-check-label" for="leave">Leave its licenses there</label></div><?cs /if ?>
<div class="lh-actions"><button class="btn btn-danger">Remove</button> <a class="btn btn-outline-secondary" href="/licensing/server">Cancel</a></div>
</form>
<?cs call:page_end() ?>
