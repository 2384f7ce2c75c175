/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * jwks.c: the keys an administrator trusts. What is doubtful in the file
 * makes the whole file doubtful; keys of other kinds are somebody else's.
 */
#include "engine/base/jwks.h"

#include "engine/base/digest.h"
#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/log.h"
#include <assert.h>
#include <string.h>

#define MAX_FILE_BYTES ((size_t)1024 * 1024)

static bool
is_member(const json_t *item, const char *name, const char *value)
{
	const char *text = json_text(item, name);

	return text && strcmp(text, value) == 0;
}

/* Meant for Ed25519 signatures? An absent "use" or "alg" restricts nothing. */
static bool
is_ours(const json_t *item)
{
	if (!is_member(item, "kty", "OKP") ||
	    !is_member(item, "crv", "Ed25519"))
		return false;
	if (json_object_get(item, "use") && !is_member(item, "use", "sig"))
		return false;
	return !json_object_get(item, "alg") ||
	    is_member(item, "alg", "EdDSA") ||
	    is_member(item, "alg", "Ed25519");
}

/* The member's text, or "otherwise" when it is absent; NULL when it is no text. */
static const char *
text_or(struct arena *arena, const json_t *item, const char *name,
    const char *otherwise)
{
	if (!json_object_get(item, name))
		return arena_text(arena, otherwise);
	return arena_text(arena, json_text(item, name));
}

/* A key of no name is known by its thumbprint, as ours are. */
static enum fault
read_key(struct jwks_key *out, struct arena *arena, const json_t *item)
{
	char thumbprint[44];
	enum fault fault;

	if (!keypair_public_from_jwk(out->public_key, item))
		return FAULT_DAMAGED;
	if ((fault = keypair_thumbprint(thumbprint, out->public_key)))
		return fault;
	out->kid = text_or(arena, item, "kid", thumbprint);
	out->issuer = text_or(arena, item, "iss", "");
	if (arena->failed)
		return FAULT_MEMORY;
	return out->kid && out->issuer ? FAULT_NONE : FAULT_DAMAGED;
}

static enum fault
read_keys(struct jwks *out, struct arena *arena, const json_t *list)
{
	const json_t *item;
	enum fault fault;
	size_t i;

	if (!json_is_array(list))
		return FAULT_DAMAGED;
	out->keys = arena_array(
	    arena, json_array_size(list), sizeof(*out->keys));
	if (!out->keys)
		return FAULT_MEMORY;
	json_array_foreach(list, i, item)
	{
		if (!json_is_object(item))
			return FAULT_DAMAGED;
		if (!is_ours(item))
			continue;
		if ((fault = read_key(&out->keys[out->count], arena, item)))
			return fault;
		/* Of two keys with one name only the first would ever be asked. */
		if (jwks_find(out, out->keys[out->count].kid))
			return FAULT_DAMAGED;
		out->count++;
	}
	return FAULT_NONE;
}

static enum fault
parse(struct jwks *out, struct arena *arena, const char *text, size_t bytes)
{
	char reason[128] = "";
	json_t *object = json_load_object(text, bytes, reason, sizeof(reason));
	enum fault fault;

	if (!object) {
		log_line(LOG_SEVERITY_ERROR, "JWKS: %s", reason);
		return FAULT_DAMAGED;
	}
	fault = read_keys(out, arena, json_object_get(object, "keys"));
	json_decref(object);
	return fault;
}

enum fault
jwks_load(struct jwks *out, struct arena *arena, const char *path)
{
	enum fault fault;
	size_t bytes;
	char *text;

	assert(out && arena && path);
	*out = (struct jwks){ 0 };
	if ((fault = file_read(&text, &bytes, arena, path, MAX_FILE_BYTES)))
		return fault;
	if (!(fault = digest_sha256_hex(out->digest, text, bytes)))
		fault = parse(out, arena, text, bytes);
	if (fault) {
		log_line(LOG_SEVERITY_ERROR, "JWKS %s, key %zu: %s", path,
		    out->count + 1, fault_text(fault));
		*out = (struct jwks){ 0 };
	}
	return fault;
}

const struct jwks_key *
jwks_find(const struct jwks *jwks, const char *kid)
{
	size_t i;

	assert(jwks && kid);
	for (i = 0; i < jwks->count; i++)
		if (strcmp(jwks->keys[i].kid, kid) == 0)
			return &jwks->keys[i];
	return NULL;
}
