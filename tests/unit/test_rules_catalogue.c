/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_catalogue.c: who may use which feature.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/catalogue.h"

static const struct version_floor consec_floors[] = {
	{ PRODUCT_PCS, "8.0r5" },
	{ PRODUCT_PCS, "7.4r12" },
	{ PRODUCT_PPS, "not a version" },
};

/* The older train first. */
static const struct version_floor polsec_floors[] = {
	{ PRODUCT_PPS, "4.4r12" },
	{ PRODUCT_PPS, "5.0r5" },
};

static const struct feature features[] = {
	{ .name = "ACCESS",
	    .products = PRODUCT_PCS | PRODUCT_PPS,
	    .family = "any" },
	{ .name = "CONSEC",
	    .products = PRODUCT_PCS | PRODUCT_PPS,
	    .family = "any",
	    .floors = consec_floors,
	    .floor_count = 3 },
	{ .name = "ACCESSX600", .products = PRODUCT_PCS, .family = "MAG" },
	{ .name = "POLSEC",
	    .products = PRODUCT_PPS,
	    .family = "any",
	    .floors = polsec_floors,
	    .floor_count = 2 },
};

static const struct platform platforms[] = {
	{ "PSA-3000", "PSA", false, 200, 0 },
	{ "MAG-2600", "MAG", false, 100, 0 },
	{ "SM-360", "MAG", false, 100, 0 },
	{ "VA-SPE", "VA", true, 100, 0 },
};

static const struct sku_prefix prefixes[] = {
	{ "CONSEC", "CONSEC", true },
	{ "SM-360-LICENSE-MBR", "member", false },
	{ "PSA-LICENSE-MBR", "member", false },
	{ "PSA-OTHER-MBR", "member", false },
	{ "MAG-2600-LICENSE-MBR", "member", false },
};

static const struct catalogue catalogue = {
	.features = features,
	.feature_count = 4,
	.platforms = platforms,
	.platform_count = 4,
	.prefixes = prefixes,
	.prefix_count = 5,
};

static void
names_are_found_exactly(void **state)
{
	(void)state;
	assert_ptr_equal(catalogue_feature(&catalogue, "CONSEC"), &features[1]);
	assert_null(catalogue_feature(&catalogue, "consec"));
	assert_null(catalogue_feature(&catalogue, "CONSE"));
	assert_null(catalogue_feature(&catalogue, ""));
	assert_ptr_equal(
	    catalogue_platform(&catalogue, "MAG-2600"), &platforms[1]);
	assert_null(catalogue_platform(&catalogue, "MAG"));
}

static void
products_have_names(void **state)
{
	(void)state;
	assert_int_equal(catalogue_product("PCS"), PRODUCT_PCS);
	assert_int_equal(catalogue_product("PPS"), PRODUCT_PPS);
	assert_int_equal(catalogue_product("pcs"), 0);
	assert_string_equal(catalogue_product_name(PRODUCT_PCS), "PCS");
	assert_string_equal(catalogue_product_name(PRODUCT_PPS), "PPS");
	assert_string_equal(catalogue_product_name(0), "");
}

static void
product_and_family_decide(void **state)
{
	(void)state;
	assert_true(
	    catalogue_is_usable(&features[0], PRODUCT_PPS, &platforms[0]));
	assert_true(catalogue_is_usable(&features[0], PRODUCT_PPS, NULL));
	assert_false(catalogue_is_usable(&features[0], 0, &platforms[0]));
	assert_false(
	    catalogue_is_usable(&features[2], PRODUCT_PPS, &platforms[1]));
	assert_false(
	    catalogue_is_usable(&features[2], PRODUCT_PCS, &platforms[0]));
	assert_false(catalogue_is_usable(&features[2], PRODUCT_PCS, NULL));
	assert_true(
	    catalogue_is_usable(&features[2], PRODUCT_PCS, &platforms[1]));
}

static void
families_take(
    const struct catalogue *virtual, const char *family, bool is_taken)
{
	const struct feature feature = { .family = family };

	assert_int_equal(
	    catalogue_is_taken_virtually(virtual, &feature), is_taken);
}

static void
a_virtual_server_serves_the_families_it_is_told(void **state)
{
	static const char *const families[] = { "VA", "PSA" };
	struct catalogue virtual = catalogue;

	(void)state;
	virtual.virtual_families = families;
	for (size_t count = 0; count <= 2; count++) {
		virtual.virtual_family_count = count;
		assert_int_equal(
		    catalogue_is_served_virtually(&virtual, &platforms[0]),
		    count > 1);
		assert_int_equal(
		    catalogue_is_served_virtually(&virtual, &platforms[3]),
		    count > 0);
		assert_false(
		    catalogue_is_served_virtually(&virtual, &platforms[1]));
		/* Of any family; of one that is never served. */
		assert_true(
		    catalogue_is_taken_virtually(&virtual, &features[0]));
		assert_false(
		    catalogue_is_taken_virtually(&virtual, &features[2]));
	}
	/* Tied to a family that is. */
	families_take(&virtual, "PSA", true);
	families_take(&virtual, "VA", true);
	families_take(&virtual, "PS", false);
}

static void
permanent_units_on_a_virtual_platform_are_for_a_role(void **state)
{
	struct feature feature = { .kind = FEATURE_USERS };

	(void)state;
	assert_true(catalogue_is_usable_for_good(&feature, NULL));
	assert_true(catalogue_is_usable_for_good(&feature, &platforms[0]));
	assert_false(catalogue_is_usable_for_good(&feature, &platforms[3]));
	feature.role_specific = true;
	assert_true(catalogue_is_usable_for_good(&feature, &platforms[3]));
	feature.role_specific = false;
	feature.kind = FEATURE_RDP;
	assert_true(catalogue_is_usable_for_good(&feature, &platforms[3]));
	feature.kind = FEATURE_CORES;
	assert_true(catalogue_is_usable_for_good(&feature, &platforms[3]));
}

static void
versions_reach_the_floor_of_their_train(void **state)
{
	static const struct {
		const char *version;
		bool compatible;
	} rows[] = {
		{ "8.0r4", false },
		{ "8.0r5", true },
		{ "8.0r05", true },
		{ "8.0r04", false },
		{ "08.00r4", false },
		{ "8.0R6", true },
		{ "8.0r10", true },
		{ "8.0", false },
		{ "8.1r1", true },
		{ "9.1R12", true },
		{ "22.7R2.3", true },
		{ "7.4r11", false },
		{ "7.4r12", true },
		{ "7.4r13.1", true },
		{ "7.5r1", true },
		{ "7.3r99", false },
		{ "6.5r1", false },
		{ "7.4r99999999999999999999", true },
		/* Not on one of the vendor's trains: nothing is known. */
		{ "1.0.0", true },
		{ "", true },
		{ NULL, true },
		{ "8", true },
		{ "8.", true },
		{ "8.x", true },
		{ "8.0r", true },
		{ "8.0Rx", true },
		{ "r5", true },
		{ "8/0r1", true },
		{ ":", true },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		print_message("  %s\n",
		    rows[i].version != NULL ? rows[i].version : "(none)");
		assert_int_equal(catalogue_is_compatible(&features[1],
				     PRODUCT_PCS, rows[i].version),
		    rows[i].compatible);
	}
}

static void
floors_may_come_in_any_order(void **state)
{
	(void)state;
	assert_false(
	    catalogue_is_compatible(&features[3], PRODUCT_PPS, "5.0r4"));
	assert_true(
	    catalogue_is_compatible(&features[3], PRODUCT_PPS, "5.0r5"));
	assert_true(
	    catalogue_is_compatible(&features[3], PRODUCT_PPS, "4.4r12"));
	assert_false(
	    catalogue_is_compatible(&features[3], PRODUCT_PPS, "4.4r11"));
}

static void
no_floor_is_no_obstacle(void **state)
{
	(void)state;
	assert_true(
	    catalogue_is_compatible(&features[0], PRODUCT_PCS, "1.0r1"));
	/* Only an unreadable floor: a mistake in the catalogue bars nobody. */
	assert_true(
	    catalogue_is_compatible(&features[1], PRODUCT_PPS, "1.0r1"));
}

static void
the_family_of_a_member_license(void **state)
{
	static const struct {
		const char *prefix, *family;
	} cases[] = {
		{ "PSA-LICENSE-MBR", "PSA" },
		{ "PSA-3000-LICENSE-MBR", "PSA" },
		{ "SM-360-LICENSE-MBR", "MAG" },
		{ "VA-SPE-LICENSE-MBR", "VA" },
		{ "PS-LICENSE-MBR", NULL },
		{ "PSA", NULL },
		{ "LICENSE-MBR", NULL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		const char *family = catalogue_member_family(
		    &catalogue, cases[i].prefix);

		if (!cases[i].family)
			assert_null(family);
		else
			assert_string_equal(family, cases[i].family);
	}
}

static void
the_member_license_of_a_platform(void **state)
{
	static const struct sku_prefix any = { "LICENSE-MBR", "member", false };
	struct catalogue other = catalogue;

	(void)state;
	assert_string_equal(catalogue_member_prefix(&catalogue, &platforms[0]),
	    "PSA-LICENSE-MBR");
	assert_string_equal(catalogue_member_prefix(&catalogue, &platforms[1]),
	    "MAG-2600-LICENSE-MBR");
	assert_string_equal(catalogue_member_prefix(&catalogue, &platforms[2]),
	    "SM-360-LICENSE-MBR");
	assert_null(catalogue_member_prefix(&catalogue, &platforms[3]));
	other.prefixes = &any;
	other.prefix_count = 1;
	assert_string_equal(
	    catalogue_member_prefix(&other, &platforms[3]), "LICENSE-MBR");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_found_exactly),
		cmocka_unit_test(products_have_names),
		cmocka_unit_test(product_and_family_decide),
		cmocka_unit_test(
		    a_virtual_server_serves_the_families_it_is_told),
		cmocka_unit_test(
		    permanent_units_on_a_virtual_platform_are_for_a_role),
		cmocka_unit_test(versions_reach_the_floor_of_their_train),
		cmocka_unit_test(floors_may_come_in_any_order),
		cmocka_unit_test(no_floor_is_no_obstacle),
		cmocka_unit_test(the_family_of_a_member_license),
		cmocka_unit_test(the_member_license_of_a_platform),
	};

	return cmocka_run_group_tests_name(
	    "rules catalogue", tests, NULL, NULL);
}
