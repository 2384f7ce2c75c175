/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * form.h: a form is a table of fields; what comes in is checked against it
 * before a page's function runs. Unknown and repeated names are refused.
 */
#ifndef LEASEHOLD_CGI_FORM_H
#define LEASEHOLD_CGI_FORM_H

#include "cgi/pairs.h"
#include "cgi/view.h"
#include "engine/base/arena.h"
#include "engine/rules/catalogue.h"
#include "engine/store/mistake.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum form_type {
	FORM_TEXT,   /* one line; ends trimmed */
	FORM_SECRET, /* one line, as typed, never shown again */
	FORM_AREA,   /* many lines */
	FORM_NUMBER, /* a whole number in low..high; "" is a mistake when required */
	FORM_FLAG,   /* a check box: present or not */
	FORM_BUTTON, /* the submit button that was pressed */
	FORM_HIDDEN, /* ours: a version, a token */
	FORM_PICKS,  /* name.NUMBER: a check box for each row of a list, by its number, 1 and up */
	FORM_COUNTS /* name.FEATURE for each counted feature: a number in low..high, "" is 0 */
};

struct form_field {
	const char *name;
	enum form_type type;
	bool is_required;
	size_t max_bytes;  /* of text; 0 = the request's own bound */
	int64_t low, high; /* of numbers */
	const char *label;
};

struct form_table {
	const struct form_field *fields;
	size_t count;
};

struct form_value {
	const struct form_field *field;
	const char *name;    /* as sent: "reserved.CONSEC" */
	const char *feature; /* of FORM_COUNTS, else "" */
	const char *text;
	int64_t number;
};

struct form {
	const struct form_table *table;
	struct form_value *values;
	size_t count;
};

enum form_state {
	FORM_OK,
	FORM_UNKNOWN_FIELD,
	FORM_MEMORY
};

/* Reads pairs by the table; a field's own mistakes go to "mistakes", "csrf" is passed over. NULL table = no field is known. */
enum form_state form_read(struct form *out, struct mistakes *mistakes,
    struct arena *arena, const struct form_table *table,
    const struct pairs *pairs, const struct catalogue *catalogue);
/* What was typed; "" when absent. */
const char *form_text(const struct form *form, const char *name);
bool form_has(const struct form *form, const char *name);
/* The number of a field that made no mistake, else "otherwise". */
int64_t
form_number(const struct form *form, const char *name, int64_t otherwise);
/* name.FEATURE of FORM_COUNTS; NULL when not sent. */
const struct form_value *
form_count(const struct form *form, const char *name, const char *feature);
/* The numbers of name.NUMBER of FORM_PICKS that were ticked, in the arena; NULL without memory. */
int64_t *form_picks(size_t *count, struct arena *arena,
    const struct form *form, const char *name);
/* Was a mistake made on that field? Its sentence, or NULL. */
const char *form_mistake(const struct mistakes *mistakes, const char *name);
/* form.NAME.{id,name,label,value,error} for the table's fields. "form" may be empty: then nothing was typed, and values set before stay. */
void form_show(struct view view, const struct form_table *table,
    const struct form *form, const struct mistakes *mistakes);
/* Sets the value shown in a field that nobody typed into. */
void form_preset(struct view view, const char *name, const char *value);
/* errors.N.{text,href} and warnings.N.text */
void form_show_mistakes(struct view view, const struct mistakes *mistakes);
/* "reserved.CONSEC" -> "reserved-CONSEC": the HTML id. */
void form_id(char *out, size_t size, const char *name);

#endif
