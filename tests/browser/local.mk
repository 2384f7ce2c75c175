# SPDX-License-Identifier: BSD-2-Clause
# The console in a real browser.
