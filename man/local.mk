# SPDX-License-Identifier: BSD-2-Clause
# Manual pages: dist_man_MANS += man/<page>.<section>
dist_man_MANS += man/leasehold.8
dist_man_MANS += man/leasehold-session.7
