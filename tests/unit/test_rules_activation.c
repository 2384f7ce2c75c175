/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * test_rules_activation.c: which device may have the keys of a code.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/rules/activation.h"

static const struct activation fresh = { .is_same_customer = true };

static void
a_code_is_worth_its_keys_once(void **state)
{
	struct activation asked = fresh;

	(void)state;
	assert_int_equal(activation_check(&asked), VERDICT_OK);
	asked.is_known = true;
	assert_int_equal(activation_check(&asked), VERDICT_OK);
	asked.is_used = true;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_USED);
	asked.is_same_device = true;
	assert_int_equal(activation_check(&asked), VERDICT_OK);
	asked.is_same_customer = false;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_CUSTOMER);
	asked.is_revoked = true;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_REVOKED);
}

static void
a_spare_has_no_keys_before_a_transfer(void **state)
{
	struct activation asked = fresh;

	(void)state;
	asked.state = DEVICE_SPARE;
	assert_int_equal(activation_check(&asked), VERDICT_OK);
	asked.is_known = true;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_SPARE);
	asked.state = DEVICE_REPLACED;
	asked.is_used = asked.is_same_device = true;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_REPLACED);
	/* With its code, too, which is the spare's now. */
	asked.is_same_device = false;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_REPLACED);
	asked.is_known = false;
	assert_int_equal(activation_check(&asked), VERDICT_ACTIVATION_USED);
	assert_int_equal(activation_device_check(true, DEVICE_IN_SERVICE),
	    VERDICT_OK);
	assert_int_equal(
	    activation_device_check(false, DEVICE_SPARE), VERDICT_OK);
	assert_int_equal(activation_device_check(true, DEVICE_REPLACED),
	    VERDICT_ACTIVATION_REPLACED);
	assert_int_equal(activation_device_check(true, DEVICE_SPARE),
	    VERDICT_ACTIVATION_SPARE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_code_is_worth_its_keys_once),
		cmocka_unit_test(a_spare_has_no_keys_before_a_transfer),
	};

	return cmocka_run_group_tests_name("activation", tests, NULL, NULL);
}
