# SPDX-License-Identifier: BSD-2-Clause
# Style sheets, scripts and pictures the browser loads.

staticdir = $(pkgdatadir)/static
