# SPDX-License-Identifier: BSD-2-Clause
# Style sheets, scripts and pictures the browser loads. Own files stand here;
# what comes from npm was prepared by ./bootstrap (or is in the tarball) and is
# found in $(ASSETS). All get hashed names; manifest.hdf tells the pages which.

static_own = \
	static/console.js \
	static/icon.svg \
	static/console.css

staticdir = $(pkgdatadir)/static
noinst_DATA += static/assets.stamp
CLEANFILES += static/assets.stamp
EXTRA_DIST += $(static_own) static/.npmrc static/package.json \
	static/package-lock.json build-aux/hash-assets build-aux/prepare-assets.mjs

if HAVE_ASSETS
assets_sheet = $(ASSETS)/bootstrap.css
endif

static/assets.stamp: $(static_own) $(assets_sheet) build-aux/hash-assets Makefile
	$(AM_V_GEN)$(MKDIR_P) static; \
	set --; \
	for file in $(static_own); do set -- "$$@" "$(srcdir)/$$file"; done; \
	if test -n "$(assets_sheet)"; then set -- "$$@" "$(ASSETS)"/*; fi; \
	SHA256SUM='$(SHA256SUM)' $(SHELL) $(srcdir)/build-aux/hash-assets \
		static/out "$$@" && touch $@

install-data-local: static/assets.stamp
	$(MKDIR_P) "$(DESTDIR)$(staticdir)"
	rm -f "$(DESTDIR)$(staticdir)"/*
	$(INSTALL_DATA) static/out/* "$(DESTDIR)$(staticdir)"

uninstall-local:
	rm -f "$(DESTDIR)$(staticdir)"/*
	-rmdir "$(DESTDIR)$(staticdir)"

clean-local:
	rm -rf static/out stage

# A release carries the prepared assets and their licenses.
dist-hook:
	@test -n "$(assets_sheet)" || { \
		echo "make dist: no front-end assets; run ./bootstrap build, or" \
			"configure --with-assets=DIR" >&2; exit 1; }
	$(MKDIR_P) "$(distdir)/static/vendor"
	cp "$(ASSETS)"/* "$(distdir)/static/vendor"
