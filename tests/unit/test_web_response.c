/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_web_response.c: the header block, and where a redirect may lead.
 */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <cmocka.h>

#include "cgi/notice.h"
#include "cgi/response.h"
#include "cgi/session.h"
#include <string.h>

static struct arena arena;

static int
prepare(void **state)
{
	(void)state;
	arena_init(&arena, 1024 * 1024);
	return 0;
}

static int
release(void **state)
{
	(void)state;
	arena_clear(&arena);
	return 0;
}

static void
a_redirect_names_its_place(void **state)
{
	struct response response = { 0 };
	const char *header;

	(void)state;
	response_redirect(&response, "/licensing/summary");
	header = response_header(&arena, &response);
	assert_non_null(strstr(header, "Status: 303\r\n"));
	assert_non_null(strstr(header, "\r\nLocation: /licensing/summary\r\n"));
	assert_non_null(strstr(header, "\r\nCache-Control: no-store\r\n"));
}

static void
a_value_cannot_split_the_header(void **state)
{
	struct response response = {
		.status = 200, .content_type = "text/plain", .body = ""
	};
	const char *header;

	(void)state;
	response.set_cookie = "a=1\r\nSet-Cookie: b=2";
	header = response_header(&arena, &response);
	assert_null(strstr(header, "Set-Cookie"));
	response.set_cookie = "a=1\nX: y";
	assert_null(strstr(response_header(&arena, &response), "X: y"));
}

static void
after_sign_in_only_this_site_is_next(void **state)
{
	static const char *const foreign[] = { "", "x", "//evil.example/",
		"/\\evil.example", "https://evil.example/",
		"javascript:alert(1)", "/a\r\nSet-Cookie: x=1", "/a b",
		"/\x7f" };

	(void)state;
	for (size_t i = 0; i < sizeof(foreign) / sizeof(foreign[0]); i++)
		assert_string_equal(session_next(foreign[i]), "/");
	assert_string_equal(
	    session_next("/licensing/client/gw007"), "/licensing/client/gw007");
	assert_string_equal(session_next("/"), "/");
}

static void
a_notice_is_filled_once(void **state)
{
	(void)state;
	assert_string_equal(
	    notice_text(&arena, NOTICE_CLIENT_ADDED, "gw1", NULL),
	    "Client gw1 added.");
	assert_string_equal(
	    notice_text(&arena, NOTICE_LAST_SIGN_IN, "{b}", "{a}"),
	    "Last sign-in: {b} from {a}.");
	assert_string_equal(notice_text(&arena, NOTICE_NONE, "x", "y"), "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_redirect_names_its_place),
		cmocka_unit_test(a_value_cannot_split_the_header),
		cmocka_unit_test(after_sign_in_only_this_site_is_next),
		cmocka_unit_test(a_notice_is_filled_once),
	};

	return cmocka_run_group_tests(tests, prepare, release);
}
