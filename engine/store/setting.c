/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * setting.c: settings.tbl as data.
 */
#include "engine/store/store_setting.h"

#define SETTING(symbol, name, value, low, high, unit, label, help)             \
	[SETTING_##symbol] = { name, value, low, high, unit, label, help },
const struct setting_row setting_rows[SETTING__COUNT] = {
#include "engine/store/settings.tbl"
};
#undef SETTING
