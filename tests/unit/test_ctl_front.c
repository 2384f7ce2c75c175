/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the command line reads and what lighttpd is told: addresses, options,
 * counts, and values that must not break out of their quotes.
 */
#include "ctl/allocation_text.h"
#include "ctl/endpoint.h"
#include "ctl/lighttpd_conf.h"
#include "ctl/options.h"
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* ---- endpoint --------------------------------------------------------------- */

static void
an_ipv4_address_and_a_port_are_read(void **state)
{
	struct endpoint endpoint;

	(void)state;
	assert_true(endpoint_parse(&endpoint, "192.0.2.1:65535"));
	assert_string_equal(endpoint.address, "192.0.2.1");
	assert_int_equal(endpoint.port, 65535);
	assert_false(endpoint.is_ipv6);
	assert_false(endpoint.is_any);
}

static void
an_ipv6_address_gets_its_shortest_form(void **state)
{
	struct endpoint endpoint;

	(void)state;
	assert_true(endpoint_parse(&endpoint, "[2001:DB8:0:0::1]:443"));
	assert_string_equal(endpoint.address, "2001:db8::1");
	assert_string_equal(endpoint.text, "[2001:db8::1]:443");
	assert_true(endpoint.is_ipv6);
}

static void
every_address_is_known_as_such(void **state)
{
	struct endpoint endpoint;

	(void)state;
	assert_true(endpoint_parse(&endpoint, "0.0.0.0:1"));
	assert_true(endpoint.is_any);
	assert_true(endpoint_parse(&endpoint, "[::]:1"));
	assert_true(endpoint.is_any);
}

static void
what_is_no_endpoint_is_refused_and_cleared(void **state)
{
	static const char *const wrong[] = { "", ":", "443", ":443", "1.2.3.4",
		"1.2.3.4:", "1.2.3.4:0", "1.2.3.4:65536", "1.2.3.4:x",
		"1.2.3.4:-1", "1.2.3.4:+1", "1.2.3:80", "1.2.3.4.5:80",
		"example.org:80", "::1:80", "[::1]", "[]:80", "[1.2.3.4]:80",
		"[::1:80", "::1]:80", " 1.2.3.4:80", "[fe80::1%lo]:80" };
	struct endpoint endpoint;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_false(endpoint_parse(&endpoint, wrong[i]));
		assert_int_equal(endpoint.port, 0);
		assert_string_equal(endpoint.address, "");
	}
}

/* ---- lighttpd's configuration ------------------------------------------------- */

static char *
fill(struct arena *arena, struct lighttpd_conf *conf, const char *text)
{
	char *out = NULL;

	assert_int_equal(
	    lighttpd_conf_fill(&out, arena, conf, text), FAULT_NONE);
	return out;
}

static struct lighttpd_conf
some_conf(struct endpoint *listen)
{
	struct lighttpd_conf conf = { .state_directory = "/s t",
		.data_directory = "/d",
		.socket_directory = "run",
		.hostname = "a.b" };

	assert_true(endpoint_parse(listen, "127.0.0.1:8443"));
	conf.listen = listen;
	return conf;
}

static void
words_become_quoted_values(void **state)
{
	struct endpoint listen;
	struct lighttpd_conf conf = some_conf(&listen);
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_string_equal(fill(&arena, &conf, "x = @pem@\n# @pem@\n@port@"),
	    "x = \"/s t/tls.pem\"\n8443");
	assert_string_equal(
	    fill(&arena, &conf, "@console-socket@ a@b.c @@ @X@"),
	    "\"run/console.sock\" a@b.c @@ @X@");
	arena_clear(&arena);
}

static void
lines_of_a_role_stay_only_with_it(void **state)
{
	struct endpoint listen, redirect;
	struct lighttpd_conf conf = some_conf(&listen);
	static const char text[] =
	    "@if-lends@lease\n@if-redirect@plain\nrest\n";
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_string_equal(fill(&arena, &conf, text), "rest\n");
	conf.lends = true;
	assert_string_equal(fill(&arena, &conf, text), "lease\nrest\n");
	assert_true(endpoint_parse(&redirect, "127.0.0.1:8080"));
	conf.redirect = &redirect;
	assert_string_equal(fill(&arena, &conf, text), "lease\nplain\nrest\n");
	arena_clear(&arena);
}

static void
hosts_are_a_pattern_without_wild_cards(void **state)
{
	struct endpoint listen;
	struct lighttpd_conf conf = some_conf(&listen);
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_string_equal(fill(&arena, &conf, "@hosts@"),
	    "\"(?i)^(a[.]b|127[.]0[.]0[.]1)(:8443)?$\"");
	assert_true(endpoint_parse(&listen, "[::1]:443"));
	assert_string_equal(fill(&arena, &conf, "@hosts@"),
	    "\"(?i)^(a[.]b|[[]::1[]])(:443)?$\"");
	arena_clear(&arena);
}

static void
a_value_that_would_end_its_quotes_is_refused(void **state)
{
	static const char *const wrong[] = { "/a\"b", "/a\\b", "/a\nb" };
	struct endpoint listen;
	struct lighttpd_conf conf = some_conf(&listen);
	struct arena arena;
	char *out;
	size_t i;

	(void)state;
	arena_init(&arena, 0);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		conf.state_directory = wrong[i];
		assert_false(lighttpd_conf_can_hold(wrong[i]));
		assert_int_equal(
		    lighttpd_conf_fill(&out, &arena, &conf, "@pem@"),
		    FAULT_DAMAGED);
		assert_null(out);
	}
	arena_clear(&arena);
}

static void
an_unknown_word_is_refused(void **state)
{
	struct endpoint listen;
	struct lighttpd_conf conf = some_conf(&listen);
	struct arena arena;
	char *out;

	(void)state;
	arena_init(&arena, 0);
	assert_int_equal(lighttpd_conf_fill(&out, &arena, &conf, "a @nobody@"),
	    FAULT_DAMAGED);
	assert_null(out);
	arena_clear(&arena);
}

static void
the_address_leaves_out_the_port_browsers_know(void **state)
{
	struct endpoint listen;
	struct lighttpd_conf conf = some_conf(&listen);
	struct arena arena;

	(void)state;
	arena_init(&arena, 0);
	assert_string_equal(
	    lighttpd_conf_address(&arena, &conf), "https://a.b:8443");
	assert_true(endpoint_parse(&listen, "127.0.0.1:443"));
	assert_string_equal(
	    lighttpd_conf_address(&arena, &conf), "https://a.b");
	arena_clear(&arena);
}

/* ---- options and counts ----------------------------------------------------------- */

struct options {
	const char *name;
	struct options_texts many;
	bool flag;
};

static bool
read_options(
    struct options *out, int *first, char reason[128], char **arguments)
{
	const struct options_row rows[] = {
		{ .name = "name", .text = &out->name },
		{ .name = "many", .texts = &out->many },
		{ .name = "flag", .flag = &out->flag },
	};
	int count = 0;

	memset(out, 0, sizeof(*out));
	while (arguments[count])
		count++;
	return options_read(first, reason, 128, rows, 3, count, arguments);
}

static void
options_and_the_rest_are_told_apart(void **state)
{
	char words[][12] = { "key add", "--many", "a", "rest", "--many=b",
		"--name", "", "--flag" };
	char *arguments[9] = { NULL }, reason[128];
	struct options options;
	size_t i;
	int first;

	(void)state;
	for (i = 0; i < 8; i++)
		arguments[i] = words[i];
	assert_true(read_options(&options, &first, reason, arguments));
	assert_int_equal(options.many.count, 2);
	assert_string_equal(options.many.items[1], "b");
	assert_string_equal(options.name, "");
	assert_true(options.flag);
	assert_int_equal(first, 7);
	assert_string_equal(arguments[first], "rest");
}

static void
a_wrong_option_is_named_without_its_value(void **state)
{
	char words[][20] = { "x", "--secret=hunter2" };
	char *arguments[] = { words[0], words[1], NULL }, reason[128];
	struct options options;
	int first;

	(void)state;
	assert_false(read_options(&options, &first, reason, arguments));
	assert_non_null(strstr(reason, "--secret"));
	assert_null(strstr(reason, "hunter2"));
}

static void
a_wrong_letter_is_named_and_not_the_word_before_it(void **state)
{
	char words[][20] = { "status", "-xy", "-\xc3\xa4", "--many", "-z" };
	char *arguments[] = { words[0], words[1], NULL }, reason[128];
	char *foreign[] = { words[0], words[2], NULL };
	char *last[] = { words[0], words[3], words[4], words[4], NULL };
	struct options options;
	int first;

	(void)state;
	assert_false(read_options(&options, &first, reason, arguments));
	assert_string_equal(reason, "-x is no option of this command");
	assert_false(read_options(&options, &first, reason, foreign));
	assert_string_equal(reason, "-? is no option of this command");
	assert_false(read_options(&options, &first, reason, last));
	assert_string_equal(reason, "-z is no option of this command");
}

static void
an_option_given_twice_is_refused(void **state)
{
	char words[][12] = { "x", "--name=a", "--name=b" };
	char *arguments[] = { words[0], words[1], words[2], NULL }, reason[128];
	struct options options;
	int first;

	(void)state;
	assert_false(read_options(&options, &first, reason, arguments));
	assert_non_null(strstr(reason, "too often"));
}

static void
counts_are_three_numbers_behind_a_name(void **state)
{
	static const char *const wrong[] = { "", "=", "=1/2/3", "A",
		"A=", "A=1", "A=1/2", "A=1/2/", "A=1/2/3/4", "A=a/2/3",
		"A=1//3", "A= 1/2/3" };
	struct client_count count;
	struct arena arena;
	size_t i;

	(void)state;
	arena_init(&arena, 0);
	assert_true(allocation_text_read(&count, &arena, "CONSEC=50/25/150"));
	assert_string_equal(count.feature, "CONSEC");
	assert_int_equal(count.allocation.reserved, 50);
	assert_int_equal(count.allocation.increment, 25);
	assert_int_equal(count.allocation.maximum, 150);
	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_false(allocation_text_read(&count, &arena, wrong[i]));
	arena_clear(&arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_ipv4_address_and_a_port_are_read),
		cmocka_unit_test(an_ipv6_address_gets_its_shortest_form),
		cmocka_unit_test(every_address_is_known_as_such),
		cmocka_unit_test(what_is_no_endpoint_is_refused_and_cleared),
		cmocka_unit_test(words_become_quoted_values),
		cmocka_unit_test(lines_of_a_role_stay_only_with_it),
		cmocka_unit_test(hosts_are_a_pattern_without_wild_cards),
		cmocka_unit_test(a_value_that_would_end_its_quotes_is_refused),
		cmocka_unit_test(an_unknown_word_is_refused),
		cmocka_unit_test(the_address_leaves_out_the_port_browsers_know),
		cmocka_unit_test(options_and_the_rest_are_told_apart),
		cmocka_unit_test(a_wrong_option_is_named_without_its_value),
		cmocka_unit_test(
		    a_wrong_letter_is_named_and_not_the_word_before_it),
		cmocka_unit_test(an_option_given_twice_is_refused),
		cmocka_unit_test(counts_are_three_numbers_behind_a_name),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
