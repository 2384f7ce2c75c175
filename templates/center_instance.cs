<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# How a virtual license server is heard. ?><?cs

def:instance_state(one) ?><?cs if:one.state == "duplicate" ?><?cs call:state("bad", "Duplicate") ?> <?cs call:instant(one.since) ?><?cs elif:one.state == "stopped" ?><?cs call:state("bad", "Silent") ?><span class="lh-why">For 24 days or longer: it lends no more.</span><?cs elif:one.state == "missed" ?><?cs call:state("warn", "Heartbeat missed") ?><span class="lh-why">Days left before it stops: <?cs var:one.days ?></span><?cs else ?><?cs call:state("ok", "Heard") ?><?cs /if ?><?cs /def ?>
