# SPDX-License-Identifier: BSD-2-Clause
# Documents for people who change or run the product.

dist_doc_DATA = \
	docs/dependencies.md
dist_doc_DATA += docs/lease-protocol.md
