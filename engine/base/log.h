/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.h: one line per event on standard error (journald and the master read
 * it). Control characters in values are escaped; secrets are never passed in.
 */
#ifndef LEASEHOLD_BASE_LOG_H
#define LEASEHOLD_BASE_LOG_H

#include <stddef.h>

enum log_severity { LOG_SEVERITY_ERROR = 3, LOG_SEVERITY_WARNING = 4, LOG_SEVERITY_NOTICE = 5, LOG_SEVERITY_INFO = 6 };

/* Names the program in each line; call once in main. */
void log_open(const char *program);
/* "<6>console.fcgi[123]: text": the <n> only when standard error is not a terminal. Overlong text is cut. errno is kept. */
void log_line(enum log_severity severity, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* Copies "text" with backslashes, control characters and what is not UTF-8 escaped ("\n", "\x1b"); cut to fit. Returns the length written. "size" >= 1. */
size_t log_escape(char *out, size_t size, const char *text);

#endif
