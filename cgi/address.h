/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * address.h: text that stands in an address of this site.
 */
#ifndef LEASEHOLD_CGI_ADDRESS_H
#define LEASEHOLD_CGI_ADDRESS_H

#include "engine/base/arena.h"

/* Percent-encoded but for A-Z a-z 0-9 - _ . in the arena; NULL when that is full. */
char *address_encode(struct arena *arena, const char *text);

#endif
