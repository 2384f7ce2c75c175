/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * csv.c: see csv.h. Knows nothing of what it writes.
 */
#include "engine/base/csv.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_ROOM 4096

static void
put(struct csv *csv, const char *text, size_t length)
{
	size_t room = csv->room ? csv->room : FIRST_ROOM;
	char *grown;

	if (csv->has_failed)
		return;
	while (room - csv->length <= length && room <= SIZE_MAX / 2)
		room *= 2;
	if (room > csv->room) {
		grown = room - csv->length > length ? realloc(csv->text, room)
						    : NULL;
		if (!grown) {
			csv->has_failed = true;
			return;
		}
		csv->text = grown;
		csv->room = room;
	}
	memcpy(csv->text + csv->length, text, length);
	csv->length += length;
	csv->text[csv->length] = '\0';
}

static void
separate(struct csv *csv)
{
	if (csv->has_fields)
		put(csv, ",", 1);
	csv->has_fields = true;
}

/* "=1+1" is a formula to a spreadsheet, and so is what begins with a blank or sign that it passes over. */
static bool
looks_like_formula(const char *text)
{
	return *text && strchr("=+-@\t\r", *text) != NULL;
}

void
csv_text(struct csv *csv, const char *text)
{
	assert(csv);
	text = text ? text : "";
	separate(csv);
	put(csv, "\"", 1);
	if (looks_like_formula(text))
		put(csv, "'", 1);
	while (*text) {
		size_t plain = strcspn(text, "\"");

		put(csv, text, plain);
		text += plain;
		if (*text) {
			put(csv, "\"\"", 2);
			text++;
		}
	}
	put(csv, "\"", 1);
}

void
csv_number(struct csv *csv, int64_t number)
{
	char text[24];
	int length = snprintf(text, sizeof(text), "%" PRId64, number);

	assert(csv && length > 0);
	separate(csv);
	put(csv, text, (size_t)length);
}

void
csv_end_line(struct csv *csv)
{
	assert(csv);
	put(csv, "\r\n", 2);
	csv->has_fields = false;
}

void
csv_line(struct csv *csv, const char *const *fields)
{
	assert(csv && fields);
	for (; *fields; fields++)
		csv_text(csv, *fields);
	csv_end_line(csv);
}

void
csv_free(struct csv *csv)
{
	assert(csv);
	free(csv->text);
	*csv = (struct csv){ .text = NULL };
}
