/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vendor_pack.h: one directory that makes the product another vendor's:
 *
 *	vendor.json		{"name":"…","center":"https://…"}; the latter may be left out
 *	conf/catalogue.json	features, SKUs, platforms
 *	conf/agreement.txt	the license agreement
 *	trusted.jwks		issuers that are trusted; may be missing
 *	logo.svg or logo.png	may be missing
 *
 * An appliance keeps a copy of it in STATE/vendor.
 */
#ifndef LEASEHOLD_STORE_VENDOR_PACK_H
#define LEASEHOLD_STORE_VENDOR_PACK_H

#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include "engine/rules/catalogue.h"
#include <stdbool.h>
#include <stddef.h>

#define VENDOR_PACK_LOGO_MAX ((size_t)64 * 1024)	/* bytes */
#define VENDOR_PACK_NAME_MAX 64				/* characters */

struct vendor_pack {
	const char *directory;
	const char *name, *center;	/* the latter "" = none */
	const char *trust;		/* path of its list of issuers; NULL = it has none */
	const char *logo, *logo_type;	/* path and media type; NULL = it has none */
	struct catalogue catalogue;
};

/* Reads and checks all of it. FAULT_NOT_FOUND without vendor.json, FAULT_DAMAGED with a sentence in "reason" that names the file and what is wrong. Text in the arena. */
enum fault vendor_pack_load(struct vendor_pack *out, struct arena *arena, const char *directory, char *reason, size_t reason_size) MUST_CHECK;
/* Copies it to STATE/vendor, which is not there yet; or takes it away. */
enum fault vendor_pack_copy(const struct vendor_pack *pack, struct arena *arena, const char *state_directory) MUST_CHECK;
void vendor_pack_remove(const char *state_directory);

#endif
