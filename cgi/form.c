/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * form.c: checks what was sent against a form's table. Knows no page.
 */
#include "cgi/form.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "engine/base/text.h"

#define NAME_SIZE 96

void
form_id(char *out, size_t size, const char *name)
{
	text_copy(out, size, name);
	for (char *c = out; *c; c++)
		if (*c == '.')
			*c = '-';
}

/* The feature in "name.FEATURE", or NULL when the name is not of this field. */
static const struct feature *
counted_feature(const struct form_field *field, const char *name,
    const struct catalogue *catalogue)
{
	size_t length = strlen(field->name);
	const struct feature *feature;

	if (strncmp(name, field->name, length) || name[length] != '.')
		return NULL;
	feature = catalogue_feature(catalogue, name + length + 1);
	return feature && feature->kind != FEATURE_SWITCH ? feature : NULL;
}

/* Is it "name.NUMBER" of this field? */
static bool
is_pick(int64_t *number, const struct form_field *field, const char *name)
{
	size_t length = strlen(field->name);

	return strncmp(name, field->name, length) == 0 && name[length] == '.' &&
	    text_parse_int64(number, name + length + 1, 1, INT64_MAX);
}

static const struct form_field *
find_field(const struct feature **feature, const struct form_table *table,
    const char *name, const struct catalogue *catalogue)
{
	*feature = NULL;
	for (size_t i = 0; table && i < table->count; i++) {
		const struct form_field *field = &table->fields[i];

		if (field->type == FORM_COUNTS) {
			*feature = counted_feature(field, name, catalogue);
			if (*feature)
				return field;
		} else if (field->type == FORM_PICKS) {
			if (is_pick(&(int64_t){ 0 }, field, name))
				return field;
		} else if (!strcmp(field->name, name)) {
			return field;
		}
	}
	return NULL;
}

static void
check_number(struct form_value *value, struct mistakes *mistakes)
{
	const struct form_field *field = value->field;
	const char *label, *range;
	char low[32], high[32];

	if (!*value->text && !field->is_required) {
		value->number = 0;
		return;
	}
	if (text_parse_int64(
		&value->number, value->text, field->low, field->high))
		return;
	text_format_thousands(low, field->low);
	text_format_thousands(high, field->high);
	label = *value->feature ? arena_format(mistakes->arena, "%s %s",
				      value->feature, field->label)
				: field->label;
	range = arena_format(mistakes->arena, "%s to %s", low, high);
	mistake_add(mistakes, value->name, MISTAKE_FIELD_NUMBER, label, range);
}

static void
check_text(struct form_value *value, struct mistakes *mistakes)
{
	const struct form_field *field = value->field;
	char most[32];

	if (field->is_required && !*value->text) {
		mistake_add(mistakes, value->name, MISTAKE_FIELD_REQUIRED,
		    field->label, NULL);
	} else if (field->max_bytes && strlen(value->text) > field->max_bytes) {
		text_format_thousands(most, (int64_t)field->max_bytes);
		mistake_add(mistakes, value->name, MISTAKE_FIELD_LONG,
		    field->label, most);
	}
}

static bool
read_value(struct form_value *value, struct mistakes *mistakes,
    struct arena *arena, const struct pair *pair)
{
	char *text = arena_text(arena, pair->value);

	if (!text)
		return false;
	value->name = pair->name;
	value->text = text;
	switch (value->field->type) {
	case FORM_NUMBER:
	case FORM_COUNTS:
		value->text = text_trim(text);
		check_number(value, mistakes);
		break;
	case FORM_TEXT:
		value->text = text_trim(text);
		check_text(value, mistakes);
		break;
	case FORM_SECRET:
	case FORM_AREA:
		check_text(value, mistakes);
		break;
	case FORM_PICKS:
		(void)is_pick(&value->number, value->field, value->name);
		break;
	case FORM_FLAG:
	case FORM_BUTTON:
	case FORM_HIDDEN:
		break;
	}
	return true;
}

/* Required fields that were not sent at all. */
static void
check_missing(const struct form *form, struct mistakes *mistakes)
{
	for (size_t i = 0; form->table && i < form->table->count; i++) {
		const struct form_field *field = &form->table->fields[i];

		if (field->is_required && field->type != FORM_COUNTS &&
		    !form_has(form, field->name))
			mistake_add(mistakes, field->name,
			    MISTAKE_FIELD_REQUIRED, field->label, NULL);
	}
}

enum form_state
form_read(struct form *out, struct mistakes *mistakes, struct arena *arena,
    const struct form_table *table, const struct pairs *pairs,
    const struct catalogue *catalogue)
{
	const struct feature *feature;

	memset(out, 0, sizeof(*out));
	out->table = table;
	out->values = arena_array(
	    arena, pairs->count + 1, sizeof(*out->values));
	if (!out->values)
		return FORM_MEMORY;
	for (size_t i = 0; i < pairs->count; i++) {
		struct form_value *value = &out->values[out->count];

		if (!strcmp(pairs->items[i].name, "csrf"))
			continue;
		value->field = find_field(
		    &feature, table, pairs->items[i].name, catalogue);
		if (!value->field)
			return FORM_UNKNOWN_FIELD;
		value->feature = feature ? feature->name : "";
		if (!read_value(value, mistakes, arena, &pairs->items[i]))
			return FORM_MEMORY;
		out->count++;
	}
	check_missing(out, mistakes);
	return FORM_OK;
}

static const struct form_value *
find_value(const struct form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (!strcmp(form->values[i].name, name))
			return &form->values[i];
	return NULL;
}

const char *
form_text(const struct form *form, const char *name)
{
	const struct form_value *value = find_value(form, name);

	return value ? value->text : "";
}

bool
form_has(const struct form *form, const char *name)
{
	return find_value(form, name) != NULL;
}

int64_t
form_number(const struct form *form, const char *name, int64_t otherwise)
{
	const struct form_value *value = find_value(form, name);

	return value && *value->text ? value->number : otherwise;
}

const struct form_value *
form_count(const struct form *form, const char *name, const char *feature)
{
	for (size_t i = 0; i < form->count; i++)
		if (form->values[i].field->type == FORM_COUNTS &&
		    !strcmp(form->values[i].field->name, name) &&
		    !strcmp(form->values[i].feature, feature))
			return &form->values[i];
	return NULL;
}

int64_t *
form_picks(size_t *count, struct arena *arena, const struct form *form,
    const char *name)
{
	int64_t *picks = arena_array(arena, form->count + 1, sizeof(*picks));

	*count = 0;
	for (size_t i = 0; picks && i < form->count; i++)
		if (form->values[i].field->type == FORM_PICKS &&
		    !strcmp(form->values[i].field->name, name))
			picks[(*count)++] = form->values[i].number;
	return picks;
}

const char *
form_mistake(const struct mistakes *mistakes, const char *name)
{
	for (size_t i = 0; i < mistakes->count; i++)
		if (!strcmp(mistakes->items[i].field, name))
			return mistakes->items[i].text;
	return NULL;
}

void
form_preset(struct view view, const char *name, const char *value)
{
	view_text(view_child(view_child(view, "form"), name), "value", value);
}

void
form_show(struct view view, const struct form_table *table,
    const struct form *form, const struct mistakes *mistakes)
{
	struct view all = view_child(view, "form");
	char id[NAME_SIZE];

	for (size_t i = 0; i < table->count; i++) {
		const struct form_field *field = &table->fields[i];
		struct view place;

		if (field->type == FORM_COUNTS || field->type == FORM_PICKS)
			continue;
		place = view_child(all, field->name);
		form_id(id, sizeof(id), field->name);
		view_text(place, "id", id);
		view_text(place, "name", field->name);
		view_text(place, "label", field->label);
		view_flag(place, "optional", !field->is_required);
		if (form->count && field->type != FORM_SECRET)
			view_text(place, "value", form_text(form, field->name));
		if (form_mistake(mistakes, field->name))
			view_text(place, "error",
			    form_mistake(mistakes, field->name));
	}
}

void
form_show_mistakes(struct view view, const struct mistakes *mistakes)
{
	char id[NAME_SIZE];

	for (size_t i = 0; i < mistakes->count; i++) {
		struct view row = view_row(view, "errors", i);

		view_text(row, "text", mistakes->items[i].text);
		form_id(id, sizeof(id), mistakes->items[i].field);
		view_format(row, "href", "#%s", *id ? id : "main");
	}
	for (size_t i = 0; i < mistakes->warning_count; i++)
		view_text(view_row(view, "warnings", i), "text",
		    mistakes->warnings[i].text);
}

const struct form_table form_none = { NULL, 0 };
