/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * store_setting.h: settings of settings.tbl; one that was never saved has its
 * default.
 */
#ifndef LEASEHOLD_STORE_STORE_SETTING_H
#define LEASEHOLD_STORE_STORE_SETTING_H

#include "engine/base/fault.h"
#include "engine/store/store.h"
#include <stdint.h>

#define SETTING(symbol, name, value, low, high, unit, label, help) SETTING_##symbol,
enum setting {
#include "engine/store/settings.tbl"
	SETTING__COUNT
};
#undef SETTING

struct setting_row {
	const char *name;
	int64_t value, low, high;	/* default and bounds */
	const char *unit, *label, *help;
};
extern const struct setting_row setting_rows[SETTING__COUNT];

enum fault store_setting_load(int64_t *out, struct store *store, enum setting setting) MUST_CHECK;
enum fault store_setting_save(struct store *store, enum setting setting, int64_t value) MUST_CHECK;

#endif
