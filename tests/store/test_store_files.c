/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_store_files.c: the catalogue and the agreement as shipped, and what a
 * slip of the pen in them is called; settings and sentences.
 */
#include "tests/store/fixture.h"

#include "engine/base/file.h"
#include "engine/rules/sku.h"
#include "engine/store/agreement_file.h"
#include "engine/store/catalogue_file.h"
#include "engine/store/mistake.h"
#include "engine/store/platform_groups.h"
#include "engine/store/sentence.h"
#include "engine/store/store_setting.h"
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define FEATURE(name)                                                          \
	"{\"name\":\"" name "\",\"kind\":\"users\","                           \
	"\"products\":[\"PCS\"],\"family\":\"any\",\"auto_lease\":true,"       \
	"\"role_specific\":false}"
#define SKU(prefix, feature)                                                   \
	"{\"prefix\":\"" prefix "\",\"feature\":\"" feature                    \
	"\",\"counted\":true}"
#define PLATFORM(name)                                                         \
	"{\"name\":\"" name "\",\"family\":\"PSA\","                           \
	"\"virtual\":false,\"users\":10,\"over_capacity_percent\":0}"
#define WHOLE(features, skus, platforms)                                       \
	"{\"features\":[" features "],\"skus\":[" skus                         \
	"],\"platforms\":[" platforms "]}"

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	fixture_directory(fixture);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	fixture_close(*state);
	free(*state);
	return 0;
}

static void
write_file(struct fixture *fixture, const char *name, const char *text)
{
	assert_int_equal(
	    file_replace(fixture_path(fixture, name), text, strlen(text), 0644),
	    FAULT_NONE);
}

static const char *
reason_of(struct fixture *fixture, const char *text)
{
	struct catalogue catalogue;
	char reason[200];

	write_file(fixture, "catalogue.json", text);
	assert_int_equal(catalogue_file_load(&catalogue, &fixture->arena,
			     fixture_path(fixture, "catalogue.json"), reason,
			     sizeof(reason)),
	    FAULT_DAMAGED);
	assert_int_equal(catalogue.feature_count, 0);
	return arena_text(&fixture->arena, reason);
}

/* ---- catalogue ---- */

static void
load_shipped(struct catalogue *out, struct fixture *fixture)
{
	char reason[200];

	assert_int_equal(
	    catalogue_file_load(out, &fixture->arena,
		arena_format(&fixture->arena, "%s/conf/catalogue.json",
		    appliance_data_directory()),
		reason, sizeof(reason)),
	    FAULT_NONE);
	assert_string_equal(reason, "");
}

static void
the_shipped_catalogue_names_the_features(void **state)
{
	const struct feature *feature;
	struct catalogue catalogue;

	load_shipped(&catalogue, *state);
	feature = catalogue_feature(&catalogue, "CONSEC");
	assert_non_null(feature);
	assert_int_equal(feature->kind, FEATURE_USERS);
	assert_int_equal(feature->products, PRODUCT_PCS);
	assert_true(feature->auto_lease && feature->role_specific);
	assert_false(catalogue_is_compatible(feature, PRODUCT_PCS, "8.0r4"));
	assert_true(catalogue_is_compatible(feature, PRODUCT_PCS, "8.0r5"));
	assert_false(catalogue_is_compatible(feature, PRODUCT_PCS, "7.4r11"));
	assert_true(catalogue_is_compatible(feature, PRODUCT_PCS, "7.4r12"));
	feature = catalogue_feature(&catalogue, "POLSEC");
	assert_non_null(feature);
	assert_int_equal(feature->products, PRODUCT_PPS);
	assert_false(catalogue_is_compatible(feature, PRODUCT_PPS, "5.0r4"));
	assert_true(catalogue_is_compatible(feature, PRODUCT_PPS, "5.0r5"));
	assert_true(catalogue_is_compatible(feature, PRODUCT_PPS, "4.4r12"));
	feature = catalogue_feature(&catalogue, "ACCESS");
	assert_non_null(feature);
	assert_int_equal(feature->products, PRODUCT_PCS | PRODUCT_PPS);
	assert_int_equal(feature->floor_count, 0);
	feature = catalogue_feature(&catalogue, "ACCESS-RDP");
	assert_non_null(feature);
	assert_int_equal(feature->kind, FEATURE_RDP);
	feature = catalogue_feature(&catalogue, "ACCESSX600");
	assert_non_null(feature);
	assert_string_equal(feature->family, "MAG");
	assert_false(feature->auto_lease);
	feature = catalogue_feature(&catalogue, "VCPU");
	assert_non_null(feature);
	assert_int_equal(feature->kind, FEATURE_CORES);
}

static void
the_shipped_catalogue_reads_the_seed_skus(void **state)
{
	static const char *const texts[] = { "CONSEC-ADD-2000U",
		"POLSEC-ADD-25U-2Y-R", "ACCESS-1000U-1YR", "ACCESS-RDP-10U",
		"ACCESSX600-ADD-1000U", "PSA-LICENSE-MBR",
		"MAG2600-LICENSE-MBR", "SM360-LICENSE-MBR",
		"VLS-LICENSE-SERVER" };
	static const char *const platforms[] = { "PSA-300", "PSA-3000",
		"PSA-5000", "PSA-7000f", "PSA-7000c", "VA-SPE", "MAG2600",
		"MAG4610", "SM160", "SM360" };
	struct catalogue catalogue;
	struct sku sku;
	size_t i;

	load_shipped(&catalogue, *state);
	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(
		    sku_parse(&sku, &catalogue, texts[i], false), SKU_OK);
	for (i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
		assert_non_null(catalogue_platform(&catalogue, platforms[i]));
	assert_true(catalogue_platform(&catalogue, "VA-SPE")->is_virtual);
	assert_string_equal(
	    platform_groups_served(&((struct fixture *)*state)->arena,
		&catalogue),
	    "PSA-300, PSA-3000, PSA-5000, PSA-7000f, PSA-7000c, VA-SPE");
	assert_string_equal(
	    catalogue_platform(&catalogue, "SM160")->family, "MAG");
}

static void
the_least_catalogue_loads(void **state)
{
	struct fixture *fixture = *state;
	struct catalogue catalogue;
	char reason[200];

	write_file(fixture, "catalogue.json",
	    WHOLE(FEATURE("F"), SKU("P", "F"), PLATFORM("X")));
	assert_int_equal(catalogue_file_load(&catalogue, &fixture->arena,
			     fixture_path(fixture, "catalogue.json"), reason,
			     sizeof(reason)),
	    FAULT_NONE);
	assert_int_equal(catalogue.feature_count, 1);
	assert_int_equal(catalogue.prefix_count, 1);
	assert_int_equal(catalogue.platform_count, 1);
	assert_int_equal(catalogue.platforms[0].users_max, 10);
}

static void
the_families_of_a_virtual_server_have_platforms(void **state)
{
	static const struct {
		const char *families, *served, *reason;
	} rows[] = {
		{ "[]", "no platform", NULL },
		{ "[\"PSA\"]", "X", NULL },
		{ "[\"PSA\", \"MAG\"]", NULL,
		    "virtual_server_families[1].: no platform is of that "
		    "family" },
		{ "[7]", NULL,
		    "virtual_server_families[0].: no platform is of that "
		    "family" },
		{ "\"PSA\"", NULL,
		    "virtual_server_families[0].: a list is wanted" },
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *whole = WHOLE(
		    FEATURE("F"), SKU("P", "F"), PLATFORM("X"));
		struct catalogue catalogue;
		char reason[200] = "";

		write_file(fixture, "catalogue.json",
		    arena_format(&fixture->arena,
			"{\"virtual_server_families\":%s,%s",
			rows[i].families, whole + 1));
		assert_int_equal(
		    catalogue_file_load(&catalogue, &fixture->arena,
			fixture_path(fixture, "catalogue.json"), reason,
			sizeof(reason)),
		    rows[i].reason ? FAULT_DAMAGED : FAULT_NONE);
		if (rows[i].reason)
			assert_non_null(strstr(reason, rows[i].reason));
		else
			assert_string_equal(
			    platform_groups_served(&fixture->arena, &catalogue),
			    rows[i].served);
	}
}

static void
what_is_wrong_in_a_catalogue_is_named(void **state)
{
	static const struct {
		const char *text, *reason;
	} rows[] = {
		{ "{", "line 1: " },
		{ "[]", "line 1: not an object" },
		{ "{}", "features: a list is wanted" },
		{ WHOLE("7", "", ""), "features[0].: not an object" },
		{ WHOLE(FEATURE("F"), "", ""), "skus: a list is wanted" },
		{ WHOLE("{\"name\":\"F\",\"colour\":1}", "", ""),
		    "features[0].colour: unknown member" },
		{ "{\"features\":[],\"more\":1}",
		    "catalogue[0].more: unknown member" },
		{ WHOLE("{\"name\":\"F\",\"name\":\"G\"}", "", ""),
		    "line 1: duplicate object key" },
		{ WHOLE("{\"name\":7}", "", ""), "features[0].name: a text" },
		{ WHOLE("{\"name\":\"\"}", "", ""),
		    "features[0].name: a text" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"people\"}", "", ""),
		    "features[0].kind: users, rdp, cores or switch" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\",\"products\":[]}",
		      "", ""),
		    "features[0].products: a list" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\","
			"\"products\":[\"PXS\"]}",
		      "", ""),
		    "features[0].products: PCS or PPS" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\","
			"\"products\":[\"PCS\",\"PCS\"]}",
		      "", ""),
		    "features[0].products: named twice" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\","
			"\"products\":[\"PCS\"],\"family\":\"any\","
			"\"auto_lease\":1}",
		      "", ""),
		    "features[0].auto_lease: true or false" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\","
			"\"products\":[\"PCS\"],\"family\":\"any\","
			"\"auto_lease\":true,\"role_specific\":true,\"floors\":"
			"[{\"product\":\"PCS\",\"version\":\"eight\"}]}",
		      "", ""),
		    "floors[0].version: a version" },
		{ WHOLE(FEATURE("F") "," FEATURE("F"), SKU("P", "F"),
		      PLATFORM("X")),
		    "features[1].F: named twice" },
		{ WHOLE(FEATURE("F"), SKU("P", "F") "," SKU("P", "F"),
		      PLATFORM("X")),
		    "skus[1].P: named twice" },
		{ WHOLE(FEATURE("F"), SKU("P", "G"), PLATFORM("X")),
		    "skus[0].G: no such feature" },
		{ WHOLE(FEATURE("F"), SKU("P", "F"),
		      PLATFORM("X") "," PLATFORM("X")),
		    "platforms[1].X: named twice" },
		{ WHOLE(FEATURE("F"), SKU("P", "F"),
		      "{\"name\":\"X\",\"family\":\"PSA\",\"virtual\":false,"
		      "\"users\":-1,\"over_capacity_percent\":0}"),
		    "platforms[0].users: a whole number" },
		{ WHOLE("{\"name\":\"F\",\"kind\":\"users\","
			"\"products\":[\"PCS\"],\"family\":\"ISA\","
			"\"auto_lease\":true,\"role_specific\":true}",
		      SKU("P", "F"), PLATFORM("X")),
		    "features[0].family: no platform" },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		const char *reason = reason_of(*state, rows[i].text);

		if (strncmp(reason, rows[i].reason, strlen(rows[i].reason)))
			fail_msg("%s: %s", rows[i].text, reason);
	}
}

static void
a_missing_catalogue_is_not_found(void **state)
{
	struct fixture *fixture = *state;
	struct catalogue catalogue;
	char reason[200];

	assert_int_equal(
	    catalogue_file_load(&catalogue, &fixture->arena,
		fixture_path(fixture, "none.json"), reason, sizeof(reason)),
	    FAULT_NOT_FOUND);
	assert_string_not_equal(reason, "");
}

/* ---- agreement ---- */

static enum fault
load_agreement(
    struct agreement_text *out, struct fixture *fixture, const char *text)
{
	(void)mkdir(fixture_path(fixture, "conf"), 0700);
	write_file(fixture, "conf/agreement.txt", text);
	return agreement_file_load(out, &fixture->arena, fixture->state);
}

static void
the_shipped_agreement_loads(void **state)
{
	struct fixture *fixture = *state;
	struct agreement_text text;

	assert_int_equal(agreement_file_load(&text, &fixture->arena,
			     appliance_data_directory()),
	    FAULT_NONE);
	assert_string_equal(text.version, "1");
	assert_int_equal(strlen(text.digest), 64);
	assert_int_equal(strncmp(text.body, "# ", 2), 0);
}

static void
another_text_has_another_digest(void **state)
{
	struct fixture *fixture = *state;
	struct agreement_text one, two;

	assert_int_equal(
	    load_agreement(&one, fixture, "version: 2026-1\n\nBe good.\n"),
	    FAULT_NONE);
	assert_string_equal(one.version, "2026-1");
	assert_string_equal(one.body, "Be good.\n");
	assert_int_equal(
	    load_agreement(&two, fixture, "version: 2026-1\n\nBe bad.\n"),
	    FAULT_NONE);
	assert_string_not_equal(one.digest, two.digest);
}

static void
an_agreement_without_a_version_is_damaged(void **state)
{
	static const char *const texts[] = { "", "Be good.\n",
		"version: \n\nx\n", "version: 1\nx\n", "version: 1\n\n",
		"version: 1",
		"version: 012345678901234567890123456789012\n\nx\n",
		"version: 1\n\n\xff\n" };
	struct agreement_text text;
	size_t i;

	for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(
		    load_agreement(&text, *state, texts[i]), FAULT_DAMAGED);
}

/* ---- settings ---- */

static void
a_setting_never_saved_has_its_default(void **state)
{
	struct fixture *fixture = *state;
	struct store **store = &fixture->appliance.store;
	int64_t value;
	int i;

	assert_int_equal(store_create(store, fixture->state), FAULT_NONE);
	for (i = 0; i < SETTING__COUNT; i++) {
		assert_int_equal(
		    store_setting_load(&value, *store, (enum setting)i),
		    FAULT_NONE);
		assert_int_equal(value, setting_rows[i].value);
		assert_true(setting_rows[i].low <= value &&
		    value <= setting_rows[i].high);
	}
}

static void
settings_keep_both_bounds(void **state)
{
	struct fixture *fixture = *state;
	struct store **store = &fixture->appliance.store;
	int64_t value;
	int i;

	assert_int_equal(store_create(store, fixture->state), FAULT_NONE);
	for (i = 0; i < SETTING__COUNT; i++) {
		assert_int_equal(store_setting_save(*store, (enum setting)i,
				     setting_rows[i].low),
		    FAULT_NONE);
		assert_int_equal(store_setting_save(*store, (enum setting)i,
				     setting_rows[i].high),
		    FAULT_NONE);
		assert_int_equal(
		    store_setting_load(&value, *store, (enum setting)i),
		    FAULT_NONE);
		assert_int_equal(value, setting_rows[i].high);
	}
}

static void
a_row_beyond_the_bounds_counts_as_the_bound(void **state)
{
	struct fixture *fixture = *state;
	struct store **store = &fixture->appliance.store;
	int64_t value;

	assert_int_equal(store_create(store, fixture->state), FAULT_NONE);
	fixture_sql(fixture,
	    "INSERT INTO setting VALUES"
	    " ('grace', 9223372036854775807),"
	    " ('sign-in-idle', -9223372036854775808)");
	assert_int_equal(
	    store_setting_load(&value, *store, SETTING_GRACE), FAULT_NONE);
	assert_int_equal(value, setting_rows[SETTING_GRACE].high);
	assert_int_equal(
	    store_setting_load(&value, *store, SETTING_SIGN_IN_IDLE),
	    FAULT_NONE);
	assert_int_equal(value, setting_rows[SETTING_SIGN_IN_IDLE].low);
}

/* ---- sentences ---- */

static void
sentences_take_their_values_once(void **state)
{
	const struct sentence_value values[] = { { "a", "{b}" },
		{ "b", NULL } };
	struct fixture *fixture = *state;

	assert_string_equal(
	    sentence_fill(&fixture->arena, "{a}{b}|{c}|{|}|{a", values, 2),
	    "{b}|{c}|{|}|{a");
	assert_string_equal(sentence_fill(&fixture->arena, "", NULL, 0), "");
}

static void
verdicts_are_told_with_thousands(void **state)
{
	const struct verdict_numbers numbers = { .wanted = 1234567,
		.available = -5,
		.increment = 25,
		.total = INT64_MAX };
	struct fixture *fixture = *state;

	assert_string_equal(mistake_verdict_text(&fixture->arena,
				VERDICT_POOL_EXHAUSTED, "CONSEC", &numbers),
	    "CONSEC needs 1,234,567, but only -5 of 9,223,372,036,854,775,807"
	    " units are free, less than the increment of 25.");
	assert_non_null(
	    mistake_verdict_text(&fixture->arena, VERDICT_OK, NULL, NULL));
}

static void
mistakes_are_counted_up_to_a_bound(void **state)
{
	struct fixture *fixture = *state;
	struct mistakes *mistakes = arena_alloc(
	    &fixture->arena, sizeof(*mistakes));
	size_t i;

	mistake_init(mistakes, &fixture->arena);
	for (i = 0; i < MISTAKES_MAX + 5; i++)
		mistake_add(mistakes, "client_id", MISTAKE_CLIENT_ID_CASE,
		    "GW1", "gw1");
	assert_int_equal(mistakes->count, MISTAKES_MAX);
	assert_string_equal(mistakes->items[0].text,
	    "Client ID GW1 differs "
	    "only in upper and lower case from gw1. Choose another ID.");
	assert_string_equal(mistakes->items[0].field, "client_id");
	mistake_add_warning(mistakes, "increment.CONSEC", "CONSEC",
	    VERDICT_INCREMENT_SMALL, &(struct verdict_numbers){ .least = 25 });
	assert_int_equal(mistakes->warning_count, 1);
	assert_string_equal(mistakes->warnings[0].text,
	    "CONSEC Incremental "
	    "Count is below 25, the least count recommended for this range.");
	assert_string_equal(mistake_code(MISTAKE_KEY_NONE), "key_none");
}

static void
verdicts_on_time_have_their_own_kind(void **state)
{
	struct fixture *fixture = *state;
	struct mistakes *mistakes = arena_alloc(
	    &fixture->arena, sizeof(*mistakes));

	mistake_init(mistakes, &fixture->arena);
	mistake_add_verdict(
	    mistakes, "duration", NULL, VERDICT_DURATION_OUT_OF_RANGE, NULL);
	mistake_add_verdict(mistakes, "interval", NULL,
	    VERDICT_INTERVAL_OUT_OF_RANGE,
	    &(struct verdict_numbers){ .bound = 12 });
	mistake_add_verdict(mistakes, "reserved.CONSEC", "CONSEC",
	    VERDICT_RESERVED_OVER_AVAILABLE,
	    &(struct verdict_numbers){ .bound = 1400 });
	assert_int_equal(mistakes->items[0].kind, MISTAKE_DURATION);
	assert_int_equal(mistakes->items[1].kind, MISTAKE_INTERVAL);
	assert_int_equal(mistakes->items[2].kind, MISTAKE_COUNTS);
	assert_string_equal(mistakes->items[2].text,
	    "CONSEC Reserved Count must be 1,400 or less.");
}

int
main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
		T(the_shipped_catalogue_names_the_features),
		T(the_shipped_catalogue_reads_the_seed_skus),
		T(the_least_catalogue_loads),
		T(the_families_of_a_virtual_server_have_platforms),
		T(what_is_wrong_in_a_catalogue_is_named),
		T(a_missing_catalogue_is_not_found),
		T(the_shipped_agreement_loads),
		T(another_text_has_another_digest),
		T(an_agreement_without_a_version_is_damaged),
		T(a_setting_never_saved_has_its_default),
		T(settings_keep_both_bounds),
		T(a_row_beyond_the_bounds_counts_as_the_bound),
		T(sentences_take_their_values_once),
		T(verdicts_are_told_with_thousands),
		T(mistakes_are_counted_up_to_a_bound),
		T(verdicts_on_time_have_their_own_kind),
	};
#undef T

	return cmocka_run_group_tests_name("store files", tests, NULL, NULL);
}
