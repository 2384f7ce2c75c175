/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * license_text.h: finds license keys in what a person pasted: one or many, a
 * whole e-mail, quoted ("> "), broken over lines, with soft line breaks
 * ("=" at the end of a line), with LF or CRLF.
 */
#ifndef LEASEHOLD_STORE_LICENSE_TEXT_H
#define LEASEHOLD_STORE_LICENSE_TEXT_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stddef.h>

/*
 * What looks like a license key, in order, each as one piece without breaks;
 * at most "most" of them. What is cut short or followed by something is
 * found, too: reading it says so.
 */
enum fault license_text_find(const char ***out, size_t *count, struct arena *arena, const char *text, size_t most) MUST_CHECK;

#endif
