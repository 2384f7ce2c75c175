# SPDX-License-Identifier: BSD-2-Clause
# The pages. Named one by one, so that a forgotten one is noticed.

templatesdir = $(pkgdatadir)/templates
dist_templates_DATA =
