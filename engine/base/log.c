/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * log.c: one write per line, so that lines of several processes do not mix.
 * What a stranger sent must not be able to forge a line or drive a terminal.
 */
#include "engine/base/log.h"

#include "engine/base/text.h"
#include <assert.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A pipe takes up to 4,096 bytes in one piece. */
#define LINE_BYTES   4096
#define TEXT_BYTES   2048
#define ESCAPE_BYTES 4
#define CUT_MARK     " [cut]"

static char program_name[32] = "leasehold";

/* Bytes to copy as they are: one printable character; 0 when it must be escaped. C1 controls (U+0080 to U+009F) drive terminals too. */
static size_t
printable_length(const char *text, size_t length)
{
	size_t step = text_utf8_sequence(text, length);
	unsigned char first = (unsigned char)text[0];

	if (first < 0x20 || first == 0x7f || first == '\\')
		return 0;
	if (first == 0xc2 && step && (unsigned char)text[1] < 0xa0)
		return 0;
	return step;
}

static size_t
escape_byte(char out[ESCAPE_BYTES + 1], char byte)
{
	switch (byte) {
	case '\n':
		return (size_t)snprintf(out, ESCAPE_BYTES + 1, "\\n");
	case '\r':
		return (size_t)snprintf(out, ESCAPE_BYTES + 1, "\\r");
	case '\t':
		return (size_t)snprintf(out, ESCAPE_BYTES + 1, "\\t");
	case '\\':
		return (size_t)snprintf(out, ESCAPE_BYTES + 1, "\\\\");
	default:
		return (size_t)snprintf(
		    out, ESCAPE_BYTES + 1, "\\x%02x", (unsigned char)byte);
	}
}

size_t
log_escape(char *out, size_t size, const char *text)
{
	size_t length = strlen(text), at = 0, used = 0, step, made;
	char escaped[ESCAPE_BYTES + 1];
	const char *from;

	assert(size);
	for (; at < length; at += step ? step : 1, used += made) {
		step = printable_length(text + at, length - at);
		made = step ? step : escape_byte(escaped, text[at]);
		from = step ? text + at : escaped;
		if (made >= size - used)
			break;
		memcpy(out + used, from, made);
	}
	out[used] = '\0';
	return used;
}

static size_t
write_prefix(char *out, size_t size, enum log_severity severity)
{
	char mark[8] = "";
	int made;

	if (!isatty(STDERR_FILENO))
		snprintf(mark, sizeof(mark), "<%d>", (int)severity);
	made = snprintf(
	    out, size, "%s%s[%ld]: ", mark, program_name, (long)getpid());
	return made > 0 ? (size_t)made : 0;
}

void
log_open(const char *program)
{
	const char *slash = strrchr(program, '/');

	log_escape(
	    program_name, sizeof(program_name), slash ? slash + 1 : program);
}

void
log_line(enum log_severity severity, const char *format, ...)
{
	int saved_errno = errno, length;
	char text[TEXT_BYTES], line[LINE_BYTES];
	size_t used;
	va_list arguments;

	va_start(arguments, format);
	length = vsnprintf(text, sizeof(text), format, arguments);
	va_end(arguments);
	if (length < 0)
		text[0] = '\0';
	used = write_prefix(line, sizeof(line), severity);
	used += log_escape(
	    line + used, sizeof(line) - used - sizeof(CUT_MARK), text);
	if (length >= (int)sizeof(text) ||
	    used >= sizeof(line) - sizeof(CUT_MARK) - ESCAPE_BYTES)
		used += (size_t)snprintf(
		    line + used, sizeof(line) - used, CUT_MARK);
	line[used++] = '\n';
	/* Nobody is left to tell when standard error is gone. */
	while (write(STDERR_FILENO, line, used) < 0 && errno == EINTR)
		continue;
	errno = saved_errno;
}
