/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sim_trace.c: a ring of lines and a running FNV-1a hash.
 */
#include "tests/simulation/sim_trace.h"

#include <stdarg.h>
#include <stdio.h>

#define LINES 60
#define WIDTH 400

static char lines[LINES][WIDTH];
static uint64_t count, hash;
static bool is_printing;

void
sim_trace_start(bool print)
{
	is_printing = print;
	count = 0;
	hash = UINT64_C(0xcbf29ce484222325);
}

void
sim_trace_line(int64_t at, const char *format, ...)
{
	char *line = lines[count++ % LINES];
	va_list arguments;
	int used;

	used = snprintf(line, WIDTH, "%4lld.%02lld:%02lld:%02lld ",
	    (long long)(at / 86400), (long long)(at / 3600 % 24),
	    (long long)(at / 60 % 60), (long long)(at % 60));
	va_start(arguments, format);
	(void)vsnprintf(line + used, (size_t)(WIDTH - used), format, arguments);
	va_end(arguments);
	for (const char *byte = line; *byte; byte++)
		hash = (hash ^ (uint8_t)*byte) * UINT64_C(0x100000001b3);
	if (is_printing)
		(void)puts(line);
}

uint64_t
sim_trace_hash(void)
{
	return hash;
}

void
sim_trace_print_last(void)
{
	uint64_t from = count > LINES ? count - LINES : 0;

	for (uint64_t i = from; i < count; i++)
		(void)printf("# %s\n", lines[i % LINES]);
}
