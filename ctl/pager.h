/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pager.h: a long text on a terminal, a page at a time.
 */
#ifndef LEASEHOLD_CTL_PAGER_H
#define LEASEHOLD_CTL_PAGER_H

#include <stdbool.h>
#include <stdio.h>

/* Are both ends a terminal, with somebody to turn the pages? */
bool pager_can_turn(FILE *in, FILE *out);
/*
 * Writes "text", one line for each paragraph of it, broken between words where
 * the terminal ends. Where it can turn pages it waits after each one for Enter;
 * q leaves the rest out. Elsewhere it writes the text as it is.
 */
void pager_show(const char *text, FILE *in, FILE *out);

#endif
