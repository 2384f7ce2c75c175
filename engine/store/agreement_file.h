/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * agreement_file.h: the license agreement that ships in conf/agreement.txt:
 * first line "version: N", a blank line, then paragraphs; a line that starts
 * with "# " is a heading.
 */
#ifndef LEASEHOLD_STORE_AGREEMENT_FILE_H
#define LEASEHOLD_STORE_AGREEMENT_FILE_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"

struct agreement_text {
	const char *version;
	const char *body;
	char digest[65];	/* SHA-256 of the whole file */
};

enum fault agreement_file_load(struct agreement_text *out, struct arena *arena, const char *data_directory) MUST_CHECK;

#endif
