/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sku.c: reads a SKU text from left to right. Knows the grammar; which
 * prefixes there are stands in the catalogue.
 */
#include "engine/rules/sku.h"
#include <string.h>

#define YEARS_MAX 99

static char
upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Steps over "word" in any case. */
static bool
take(const char **text, const char *word)
{
	const char *at = *text;

	for (; *word != '\0'; word++, at++)
		if (upper(*at) != upper(*word))
			return false;
	*text = at;
	return true;
}

/* A number from 1 to "max"; all its digits are read even when it is not. */
static bool
take_number(int64_t *out, const char **text, int64_t max)
{
	int64_t value = 0;

	for (; is_digit(**text); (*text)++)
		if (value <= max)
			value = value * 10 + (**text - '0');
	*out = value;
	return value >= 1 && value <= max;
}

static const struct sku_prefix *
longest_prefix(const char **text, const struct catalogue *catalogue)
{
	const struct sku_prefix *best = NULL;
	const char *rest = *text;

	for (size_t i = 0; i < catalogue->prefix_count; i++) {
		const char *at = *text;

		if (!take(&at, catalogue->prefixes[i].prefix) || at <= rest)
			continue;
		if (*at != '-' && *at != '\0')
			continue;
		best = &catalogue->prefixes[i];
		rest = at;
	}
	*text = rest;
	return best;
}

static enum sku_mistake
read_units(struct sku *out, const char **text)
{
	take(text, "-ADD");
	if (!take(text, "-") ||
	    !take_number(&out->units, text, SKU_UNITS_MAX) || !take(text, "U"))
		return SKU_BAD_UNITS;
	return SKU_OK;
}

static enum sku_mistake
read_term(struct sku *out, const char **text, bool lenient)
{
	const char *at = *text;

	if (!take(&at, "-") ||
	    (!is_digit(*at) && upper(*at) != 'Y' &&
		!(lenient && upper(*at) == 'I')))
		return SKU_OK;
	if (lenient && take(&at, "I"))
		out->years = 1;
	else if (!take_number(&out->years, &at, YEARS_MAX))
		return SKU_BAD_TERM;
	if (!take(&at, "YR") && !take(&at, "Y"))
		return SKU_BAD_TERM;
	out->is_subscription = true;
	*text = at;
	return SKU_OK;
}

static enum sku_mistake
read_counted(struct sku *out, const char **text, bool lenient)
{
	enum sku_mistake mistake;

	if ((mistake = read_units(out, text)) != SKU_OK ||
	    (mistake = read_term(out, text, lenient)) != SKU_OK)
		return mistake;
	out->is_renewal = take(text, "-R");
	return SKU_OK;
}

static enum sku_mistake
read_sku(struct sku *out, const struct catalogue *catalogue, const char *text,
    bool lenient)
{
	enum sku_mistake mistake;

	out->prefix = longest_prefix(&text, catalogue);
	if (out->prefix == NULL)
		return SKU_UNKNOWN_PREFIX;
	if (out->prefix->counted) {
		out->feature = catalogue_feature(
		    catalogue, out->prefix->feature);
		if (out->feature == NULL)
			return SKU_UNKNOWN_PREFIX;
		if ((mistake = read_counted(out, &text, lenient)) != SKU_OK)
			return mistake;
	}
	return *text == '\0' ? SKU_OK : SKU_TRAILING;
}

enum sku_mistake
sku_parse(struct sku *out, const struct catalogue *catalogue, const char *text,
    bool lenient)
{
	const struct sku nothing = { 0 };
	enum sku_mistake mistake;

	*out = nothing;
	mistake = strlen(text) > SKU_TEXT_MAX
	    ? SKU_TRAILING
	    : read_sku(out, catalogue, text, lenient);
	if (mistake != SKU_OK)
		*out = nothing;
	return mistake;
}
