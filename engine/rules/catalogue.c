/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * catalogue.c: looks things up in the vendor's tables, and compares software
 * versions with the floors of their release trains. Does not know where the
 * tables come from.
 */
#include "engine/rules/catalogue.h"
#include <string.h>

#define VERSION_NUMBER_MAX 1000000

/* "8.0r5": major 8, minor 0, release 5. */
struct version {
	int major, minor, release;
};

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static const char *
read_number(int *out, const char *text)
{
	*out = 0;
	for (; is_digit(*text); text++)
		if (*out < VERSION_NUMBER_MAX)
			*out = *out * 10 + (*text - '0');
	return text;
}

/* Reads "8.0" and "8.0r5"; what follows the release ("22.7R2.3") is ignored. */
static bool
read_version(struct version *out, const char *text)
{
	*out = (struct version){ 0 };
	if (text == NULL || !is_digit(*text))
		return false;
	text = read_number(&out->major, text);
	if (text[0] != '.' || !is_digit(text[1]))
		return false;
	text = read_number(&out->minor, text + 1);
	if (*text == '\0')
		return true;
	if ((text[0] != 'r' && text[0] != 'R') || !is_digit(text[1]))
		return false;
	read_number(&out->release, text + 1);
	return true;
}

static bool
is_later_train(const struct version *a, const struct version *b)
{
	return a->major != b->major ? a->major > b->major : a->minor > b->minor;
}

static bool
has_reached(const struct version *version, const struct version *floor)
{
	return is_later_train(version, floor) ||
	    version->release >= floor->release;
}

const struct feature *
catalogue_feature(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->feature_count; i++)
		if (strcmp(catalogue->features[i].name, name) == 0)
			return &catalogue->features[i];
	return NULL;
}

const struct platform *
catalogue_platform(const struct catalogue *catalogue, const char *name)
{
	for (size_t i = 0; i < catalogue->platform_count; i++)
		if (strcmp(catalogue->platforms[i].name, name) == 0)
			return &catalogue->platforms[i];
	return NULL;
}

int
catalogue_product(const char *name)
{
	if (strcmp(name, "PCS") == 0)
		return PRODUCT_PCS;
	return strcmp(name, "PPS") == 0 ? PRODUCT_PPS : 0;
}

const char *
catalogue_product_name(int product)
{
	if (product == PRODUCT_PCS)
		return "PCS";
	return product == PRODUCT_PPS ? "PPS" : "";
}

bool
catalogue_is_usable(
    const struct feature *feature, int product, const struct platform *platform)
{
	if ((feature->products & product) == 0)
		return false;
	if (strcmp(feature->family, "any") == 0)
		return true;
	return platform != NULL &&
	    strcmp(feature->family, platform->family) == 0;
}

static bool
is_virtual_family(const struct catalogue *catalogue, const char *family)
{
	for (size_t i = 0; i < catalogue->virtual_family_count; i++)
		if (strcmp(catalogue->virtual_families[i], family) == 0)
			return true;
	return false;
}

bool
catalogue_is_served_virtually(
    const struct catalogue *catalogue, const struct platform *platform)
{
	return is_virtual_family(catalogue, platform->family);
}

bool
catalogue_is_taken_virtually(
    const struct catalogue *catalogue, const struct feature *feature)
{
	return strcmp(feature->family, "any") == 0 ||
	    is_virtual_family(catalogue, feature->family);
}

bool
catalogue_is_usable_for_good(
    const struct feature *feature, const struct platform *platform)
{
	if (platform == NULL || !platform->is_virtual)
		return true;
	return feature->kind != FEATURE_USERS || feature->role_specific;
}

/* "PSA-LICENSE-MBR" begins with "PSA", and not with "PS". */
static bool
begins_with(const char *prefix, const char *name)
{
	size_t length = strlen(name);

	return strncmp(prefix, name, length) == 0 && prefix[length] == '-';
}

const char *
catalogue_member_family(const struct catalogue *catalogue, const char *prefix)
{
	for (size_t i = 0; i < catalogue->platform_count; i++) {
		const struct platform *platform = &catalogue->platforms[i];

		if (begins_with(prefix, platform->name) ||
		    begins_with(prefix, platform->family))
			return platform->family;
	}
	return NULL;
}

const char *
catalogue_member_prefix(
    const struct catalogue *catalogue, const struct platform *platform)
{
	const char *first = NULL;

	for (size_t i = 0; i < catalogue->prefix_count; i++) {
		const struct sku_prefix *one = &catalogue->prefixes[i];
		const char *family;

		if (strcmp(one->feature, CATALOGUE_MEMBER) != 0)
			continue;
		if (begins_with(one->prefix, platform->name))
			return one->prefix;
		family = catalogue_member_family(catalogue, one->prefix);
		if (first == NULL &&
		    (family == NULL || strcmp(family, platform->family) == 0))
			first = one->prefix;
	}
	return first;
}

bool
catalogue_is_compatible(
    const struct feature *feature, int product, const char *version)
{
	struct version client, floor, best = { 0 };
	bool has_floor = false, has_train = false;

	/*
	 * Floors are stated for the vendor's release trains. A client whose
	 * version is written another way stands on none of them.
	 */
	if (!read_version(&client, version))
		return true;
	for (size_t i = 0; i < feature->floor_count; i++) {
		if (feature->floors[i].product != product ||
		    !read_version(&floor, feature->floors[i].version))
			continue;
		has_floor = true;
		if (is_later_train(&floor, &client))
			continue;
		if (!has_train || is_later_train(&floor, &best))
			best = floor;
		has_train = true;
	}
	return !has_floor || (has_train && has_reached(&client, &best));
}
