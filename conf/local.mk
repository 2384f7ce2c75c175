# SPDX-License-Identifier: BSD-2-Clause
# Catalog, settings, server configuration.

confdir = $(pkgdatadir)/conf
dist_conf_DATA =
dist_conf_DATA += conf/catalogue.json conf/agreement.txt
dist_conf_DATA += conf/lighttpd.conf.in
