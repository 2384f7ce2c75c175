/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocation_text.h: counts of a feature as one word of the command line:
 * CONSEC=50/25/150.
 */
#ifndef LEASEHOLD_CTL_ALLOCATION_TEXT_H
#define LEASEHOLD_CTL_ALLOCATION_TEXT_H

#include "engine/base/arena.h"
#include "engine/store/ledger.h"
#include <stdbool.h>

/* NAME=RESERVED/INCREMENTAL/MAXIMUM; whether they fit together is the ledger's to say. */
bool allocation_text_read(
    struct client_count *out, struct arena *arena, const char *text);

#endif
