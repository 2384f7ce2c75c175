<?cs # SPDX-License-Identifier: BSD-2-Clause ?><?cs
# What a role is called. ?><?cs

def:account_role(word) ?><?cs if:word == "administrator" ?>Administrator<?cs elif:word == "operator" ?>Operator<?cs elif:word == "support-agent" ?>Support agent<?cs elif:word == "partner" ?>Partner<?cs elif:word == "customer" ?>Customer<?cs else ?>Read-only<?cs /if ?><?cs /def ?>
