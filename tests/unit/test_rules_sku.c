/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_sku.c: the grammar of SKUs, one row per turn it can take.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/sku.h"
#include <string.h>

static const struct feature features[] = {
	{ .name = "ACCESS", .family = "any" },
	{ .name = "ACCESS-RDP", .family = "any" },
	{ .name = "CONSEC", .family = "any" },
};

static const struct sku_prefix prefixes[] = {
	{ "ACCESS-RDP", "ACCESS-RDP", true },
	{ "ACCESS", "ACCESS", true },
	{ "ACCESS-RDP-X", "ACCESS-RDP", true },
	{ "CONSEC", "CONSEC", true },
	{ "ORPHAN", "NOWHERE", true },
	{ "ZONE-AZ", "CONSEC", true },
	{ "PSA-LICENSE-MBR", "member", false },
	{ "VLS-LICENSE-SERVER", "license-server", false },
};

static const struct catalogue catalogue = {
	.features = features,
	.feature_count = 3,
	.prefixes = prefixes,
	.prefix_count = 8,
};

static void
good_texts_are_read(void **state)
{
	static const struct {
		const char *text, *feature;
		int64_t units, years;
		bool is_renewal, lenient;
	} rows[] = {
		{ "CONSEC-100U", "CONSEC", 100, 0, false, false },
		{ "CONSEC-ADD-100U", "CONSEC", 100, 0, false, false },
		{ "consec-add-100u-2yr-r", "CONSEC", 100, 2, true, false },
		{ "zone-az-100u", "CONSEC", 100, 0, false, false },
		{ "CONSEC-100U-R", "CONSEC", 100, 0, true, false },
		{ "CONSEC-1U-1Y", "CONSEC", 1, 1, false, false },
		{ "CONSEC-1U-99YR", "CONSEC", 1, 99, false, false },
		{ "CONSEC-10000000U", "CONSEC", SKU_UNITS_MAX, 0, false,
		    false },
		{ "ACCESS-RDP-25U", "ACCESS-RDP", 25, 0, false, false },
		{ "ACCESS-25U-1YR", "ACCESS", 25, 1, false, false },
		{ "ACCESS-1000U-IYR", "ACCESS", 1000, 1, false, true },
		{ "ACCESS-1000U-iy-R", "ACCESS", 1000, 1, true, true },
		{ "ACCESS-1000U-R", "ACCESS", 1000, 0, true, true },
		{ "ACCESS-RDP-X-5U", "ACCESS-RDP", 5, 0, false, false },
		{ "ACCESS-1000U-2YR", "ACCESS", 1000, 2, false, true },
		{ "PSA-license-MBR", NULL, 0, 0, false, false },
		{ "VLS-LICENSE-SERVER", NULL, 0, 0, false, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sku sku;

		print_message("  %s\n", rows[i].text);
		assert_int_equal(
		    sku_parse(&sku, &catalogue, rows[i].text, rows[i].lenient),
		    SKU_OK);
		assert_non_null(sku.prefix);
		if (rows[i].feature == NULL)
			assert_null(sku.feature);
		else
			assert_string_equal(sku.feature->name, rows[i].feature);
		assert_int_equal(sku.units, rows[i].units);
		assert_int_equal(sku.years, rows[i].years);
		assert_int_equal(sku.is_subscription, rows[i].years > 0);
		assert_int_equal(sku.is_renewal, rows[i].is_renewal);
	}
}

static void
bad_texts_are_refused(void **state)
{
	static const struct {
		const char *text;
		enum sku_mistake mistake;
		bool lenient;
	} rows[] = {
		{ "", SKU_UNKNOWN_PREFIX, false },
		{ "NOTHING-100U", SKU_UNKNOWN_PREFIX, false },
		{ "CONSE{", SKU_UNKNOWN_PREFIX, false },
		{ "CONSE", SKU_UNKNOWN_PREFIX, false },
		{ "CONSECX-100U", SKU_UNKNOWN_PREFIX, false },
		{ " CONSEC-100U", SKU_UNKNOWN_PREFIX, false },
		{ "ORPHAN-100U", SKU_UNKNOWN_PREFIX, false },
		{ "CONSEC", SKU_BAD_UNITS, false },
		{ "CONSEC-", SKU_BAD_UNITS, false },
		{ "CONSEC-ADD", SKU_BAD_UNITS, false },
		{ "CONSEC-ADD-U", SKU_BAD_UNITS, false },
		{ "CONSEC-100", SKU_BAD_UNITS, false },
		{ "CONSEC-0U", SKU_BAD_UNITS, false },
		{ "CONSEC-/U", SKU_BAD_UNITS, false },
		{ "CONSEC-:U", SKU_BAD_UNITS, false },
		{ "CONSEC--1U", SKU_BAD_UNITS, false },
		{ "CONSEC-10000001U", SKU_BAD_UNITS, false },
		{ "CONSEC-100000000U", SKU_BAD_UNITS, false },
		{ "CONSEC-99999999999999999999999999U", SKU_BAD_UNITS, false },
		{ "ACCESS-RDPX-1U", SKU_BAD_UNITS, false },
		{ "CONSEC-1U-YR", SKU_BAD_TERM, false },
		{ "CONSEC-1U-0YR", SKU_BAD_TERM, false },
		{ "CONSEC-1U-100YR", SKU_BAD_TERM, false },
		{ "CONSEC-1U-990YR", SKU_BAD_TERM, false },
		{ "CONSEC-1U-5", SKU_BAD_TERM, false },
		{ "CONSEC-1U-5M", SKU_BAD_TERM, false },
		{ "CONSEC-1U-IM", SKU_BAD_TERM, true },
		{ "CONSEC-1U-IYR", SKU_TRAILING, false },
		{ "CONSEC-1U-", SKU_TRAILING, false },
		{ "CONSEC-1UX", SKU_TRAILING, false },
		{ "CONSEC-1U-RX", SKU_TRAILING, false },
		{ "CONSEC-1U-R-1YR", SKU_TRAILING, false },
		{ "CONSEC-1U-1YRS", SKU_TRAILING, false },
		{ "CONSEC-1U ", SKU_TRAILING, false },
		{ "PSA-LICENSE-MBR-1U", SKU_TRAILING, false },
		{ "CONSEC-0000000000000000000000000000000000000000000000000000"
		  "0000001U",
		    SKU_TRAILING, false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct sku sku;

		print_message("  %s\n", rows[i].text);
		assert_int_equal(
		    sku_parse(&sku, &catalogue, rows[i].text, rows[i].lenient),
		    rows[i].mistake);
		assert_null(sku.prefix);
		assert_null(sku.feature);
		assert_int_equal(sku.units, 0);
	}
}

static void
a_text_of_64_characters_is_read(void **state)
{
	char text[SKU_TEXT_MAX + 1];
	struct sku sku;

	(void)state;
	memset(text, '0', sizeof(text));
	memcpy(text, "CONSEC-", 7);
	memcpy(text + SKU_TEXT_MAX - 2, "7U", 3);
	assert_int_equal(strlen(text), SKU_TEXT_MAX);
	assert_int_equal(sku_parse(&sku, &catalogue, text, false), SKU_OK);
	assert_int_equal(sku.units, 7);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(good_texts_are_read),
		cmocka_unit_test(bad_texts_are_refused),
		cmocka_unit_test(a_text_of_64_characters_is_read),
	};

	return cmocka_run_group_tests_name("rules sku", tests, NULL, NULL);
}
