<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# How a replacement stands. ?><?cs

def:transfer_state(word) ?><?cs if:word == "closed" ?><?cs call:state("ok", "Closed") ?><?cs elif:word == "cancelled" ?><?cs call:state("info", "Cancelled") ?><?cs elif:word == "requested" ?><?cs call:state("info", "To be tested") ?><?cs elif:word == "tested" ?><?cs call:state("info", "To be authorised") ?><?cs elif:word == "authorised" ?><?cs call:state("warn", "To be transferred") ?><?cs elif:word == "transferred" ?><?cs call:state("warn", "Old device to be tested again") ?><?cs elif:word == "reset due" ?><?cs call:state("warn", "Factory reset due") ?><?cs else ?><?cs call:state("warn", "Exchange due") ?><?cs /if ?><?cs /def ?><?cs

def:transfer_keys() ?>
<table class="lh-table lh-stack">
<thead><tr><th scope="col">License</th><th scope="col">Serial of the defective device</th><?cs if:?transfer.transferred.iso ?><th scope="col">On the spare</th><?cs /if ?><th scope="col">From</th><th scope="col">Until</th></tr></thead>
<tbody><?cs each:key = keys ?>
<tr><th scope="row" data-label="License" class="text-nowrap"><?cs var:key.sku ?></th>
<td data-label="Serial of the defective device"><code><?cs var:key.serial ?></code><?cs if:!?transfer.transferred.iso ?><?cs if:?key.held_by ?><span class="lh-why">Surrendered to <?cs var:key.held_by ?>: the spare has it when that has given it back.</span><?cs /if ?><?cs /if ?></td><?cs if:?transfer.transferred.iso ?>
<td data-label="On the spare"><?cs if:?key.successor ?><code><?cs var:key.successor ?></code><?cs else ?>waits for <?cs var:key.held_by ?><?cs /if ?></td><?cs /if ?>
<td data-label="From" class="text-nowrap"><?cs if:?key.start ?><?cs var:key.start ?><?cs else ?>–<?cs /if ?></td>
<td data-label="Until" class="text-nowrap"><?cs if:?key.end ?><?cs var:key.end ?><?cs else ?>permanent<?cs /if ?></td></tr><?cs /each ?>
</tbody>
</table><?cs /def ?>
