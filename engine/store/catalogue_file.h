/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue_file.h: reads the catalogue (conf/catalogue.json) strictly.
 */
#ifndef LEASEHOLD_STORE_CATALOGUE_FILE_H
#define LEASEHOLD_STORE_CATALOGUE_FILE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/catalogue.h"

/* All text is in the arena; on FAULT_DAMAGED "reason" names the member that is wrong. */
enum fault catalogue_file_load(struct catalogue *out, struct arena *arena, const char *path, char *reason, size_t reason_size) MUST_CHECK;

#endif
