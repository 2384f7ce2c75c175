# SPDX-License-Identifier: BSD-2-Clause
# The console in a real browser. One entry; tests/browser/run runs the files.

browser_tests = \
	tests/browser/activate.test.js \
	tests/browser/bulk.test.js \
	tests/browser/center.test.js \
	tests/browser/clients.test.js \
	tests/browser/cluster.test.js \
	tests/browser/transfer.test.js \
	tests/browser/offline.test.js \
	tests/browser/connection.test.js \
	tests/browser/download.test.js \
	tests/browser/identity.test.js \
	tests/browser/instances.test.js \
	tests/browser/issuers.test.js \
	tests/browser/keyboard.test.js \
	tests/browser/ladder.test.js \
	tests/browser/link.test.js \
	tests/browser/log.test.js \
	tests/browser/member.test.js \
	tests/browser/pages.test.js \
	tests/browser/password.test.js \
	tests/browser/race.test.js \
	tests/browser/summary.test.js \
	tests/browser/surrender.test.js \
	tests/browser/leave.test.js \
	tests/browser/trial.test.js \
	tests/browser/usage.test.js \
	tests/browser/users.test.js \
	tests/browser/virtual.test.js \
	tests/browser/walk.test.js

TESTS += tests/browser/run
EXTRA_DIST += $(browser_tests) tests/browser/run tests/browser/estate.js \
	tests/browser/people.js \
	tests/.npmrc tests/package.json tests/package-lock.json
