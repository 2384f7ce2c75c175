/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csv.h: tables for a spreadsheet (RFC 4180), written field by field. What a
 * spreadsheet would take for a formula is shown as text.
 */
#ifndef LEASEHOLD_BASE_CSV_H
#define LEASEHOLD_BASE_CSV_H

#include "engine/base/fault.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct csv {
	char *text;	/* malloc'd, always ended by '\0' once something was written */
	size_t length, room;
	bool has_fields;	/* in the line under way */
	bool has_failed;	/* there was no memory: the text is not whole */
};

/* One more field of the line; NULL is "". */
void csv_text(struct csv *csv, const char *text);
void csv_number(struct csv *csv, int64_t number);
void csv_end_line(struct csv *csv);
/* All fields of a line, the last NULL. */
void csv_line(struct csv *csv, const char *const *fields);
/* Releases the text. */
void csv_free(struct csv *csv);

#endif
