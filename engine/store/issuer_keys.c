/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * issuer_keys.c: see issuer_keys.h. Files only; what they mean elsewhere it
 * does not know.
 */
#include "engine/store/issuer_keys.h"

#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/jws.h"
#include "engine/store/appliance.h"
#include <assert.h>
#include <dirent.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define PRESENT	      "issuer.key"
#define NEXT	      "issuer-next.key"
#define FORMER_PREFIX "issuer-"
#define FORMER_SUFFIX ".key"
#define TRUST	      "trusted.jwks"
#define SET_TYPE      "leasehold-issuers"
#define FILE_MAX      ((size_t)256 * 1024)

static bool
is_former(const char *name)
{
	size_t length = strlen(name);

	return strncmp(name, FORMER_PREFIX, strlen(FORMER_PREFIX)) == 0 &&
	    length > strlen(FORMER_PREFIX FORMER_SUFFIX) &&
	    strcmp(name + length - strlen(FORMER_SUFFIX), FORMER_SUFFIX) == 0 &&
	    strcmp(name, NEXT) != 0;
}

static enum fault
load_one(struct issuer_keys *out, const char *state_directory, const char *name)
{
	char path[PATH_MAX];
	enum fault fault;

	if (out->count == ISSUER_KEYS_MAX)
		return FAULT_FULL;
	if (!appliance_path(path, sizeof(path), state_directory, name))
		return FAULT_IO;
	fault = keypair_load(&out->keys[out->count], path);
	if (!fault)
		out->count++;
	return fault;
}

static enum fault
load_former(struct issuer_keys *out, const char *state_directory)
{
	DIR *directory = opendir(state_directory);
	enum fault fault = FAULT_NONE;
	struct dirent *entry;

	if (!directory)
		return FAULT_IO;
	while (!fault && (entry = readdir(directory)))
		if (is_former(entry->d_name))
			fault = load_one(out, state_directory, entry->d_name);
	(void)closedir(directory);
	return fault;
}

enum fault
issuer_keys_load(
    struct issuer_keys *out, struct arena *arena, const char *state_directory)
{
	char path[PATH_MAX];
	enum fault fault;

	assert(out && arena && state_directory);
	memset(out, 0, sizeof(*out));
	if (!appliance_path(path, sizeof(path), state_directory, TRUST))
		return FAULT_IO;
	if ((fault = load_one(out, state_directory, PRESENT)) ||
	    (fault = load_former(out, state_directory)) ||
	    (fault = jwks_load(&out->trust, arena, path)))
		issuer_keys_free(out);
	return fault;
}

void
issuer_keys_free(struct issuer_keys *keys)
{
	assert(keys);
	for (size_t i = 0; i < keys->count; i++)
		keypair_free(&keys->keys[i]);
	keys->count = 0;
}

/* ---- published ---- */

static json_t *
to_jwk(const struct jwks_key *key)
{
	json_t *jwk = keypair_public_to_jwk(key->public_key);

	if (jwk &&
	    (json_object_set_new(jwk, "kid", json_string(key->kid)) ||
		json_object_set_new(jwk, "use", json_string("sig")) ||
		json_object_set_new(jwk, "alg", json_string("EdDSA")) ||
		(*key->issuer &&
		    json_object_set_new(
			jwk, "iss", json_string(key->issuer))))) {
		json_decref(jwk);
		return NULL;
	}
	return jwk;
}

static enum fault
sign_set(json_t *list, struct arena *arena, const struct keypair *keypair,
    const json_t *payload)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char kid[44], *text;
	enum fault fault;

	keypair_public(public_key, keypair);
	if ((fault = keypair_thumbprint(kid, public_key)) ||
	    (fault = jws_sign(&text, arena, keypair, SET_TYPE, kid, payload)))
		return fault;
	return json_array_append_new(list, json_string(text)) ? FAULT_MEMORY
							      : FAULT_NONE;
}

enum fault
issuer_keys_publish(const char **out, struct arena *arena,
    const struct issuer_keys *keys, int64_t now)
{
	json_t *set = json_array(), *list = json_array();
	json_t *payload = json_pack("{s:I, s:O}", "iat", (json_int_t)now,
	    "keys", set);
	json_t *whole = json_pack("{s:O, s:O}", "keys", set, "signed", list);
	enum fault fault = payload && whole ? FAULT_NONE : FAULT_MEMORY;

	assert(out && arena && keys);
	*out = NULL;
	for (size_t i = 0; !fault && i < keys->trust.count; i++)
		if (json_array_append_new(set, to_jwk(&keys->trust.keys[i])))
			fault = FAULT_MEMORY;
	for (size_t i = 0; !fault && i < keys->count; i++)
		fault = sign_set(list, arena, keys->keys[i], payload);
	if (!fault && !(*out = json_dump(arena, whole)))
		fault = FAULT_MEMORY;
	json_decref(whole);
	json_decref(payload);
	json_decref(list);
	json_decref(set);
	return fault;
}

/* ---- changed ---- */

static enum fault
load_set(json_t **out, struct arena *arena, const char *path)
{
	char *text;
	size_t bytes;
	enum fault fault = file_read(&text, &bytes, arena, path, FILE_MAX);

	*out = NULL;
	if (fault)
		return fault;
	*out = json_load_object(text, bytes, NULL, 0);
	if (*out && json_is_array(json_object_get(*out, "keys")))
		return FAULT_NONE;
	json_decref(*out);
	*out = NULL;
	return FAULT_DAMAGED;
}

static enum fault
save_set(struct arena *arena, const char *path, const json_t *set)
{
	const char *text = json_dump(arena, set);

	return text ? file_replace(path, text, strlen(text), 0600)
		    : FAULT_MEMORY;
}

static size_t
index_of(const json_t *list, const char *kid)
{
	size_t index;
	json_t *jwk;

	json_array_foreach(list, index, jwk)
	{
		const char *name = json_text(jwk, "kid");

		if (name && strcmp(name, kid) == 0)
			return index;
	}
	return json_array_size(list);
}

enum fault
issuer_keys_trust(
    struct arena *arena, const char *state_directory, const json_t *keys)
{
	char path[PATH_MAX];
	json_t *set, *list, *jwk;
	size_t index;
	enum fault fault;

	assert(arena && state_directory && keys);
	if (!appliance_path(path, sizeof(path), state_directory, TRUST))
		return FAULT_IO;
	if ((fault = load_set(&set, arena, path)))
		return fault;
	list = json_object_get(set, "keys");
	json_array_foreach(keys, index, jwk)
	{
		const char *kid = json_text(jwk, "kid");

		if (!kid || index_of(list, kid) < json_array_size(list))
			continue;
		if (json_array_append(list, jwk))
			fault = FAULT_MEMORY;
	}
	if (!fault)
		fault = save_set(arena, path, set);
	json_decref(set);
	return fault;
}

/* Published before it signs: under the name of the present one. */
static enum fault
publish_next(char kid[44], struct arena *arena, const char *state_directory,
    const struct keypair *next)
{
	struct issuer_keys keys;
	struct jwks_key row = { .issuer = "" };
	uint8_t present[KEYPAIR_PUBLIC_BYTES];
	json_t *list;
	enum fault fault = issuer_keys_load(&keys, arena, state_directory);

	if (fault)
		return fault;
	keypair_public(present, keys.keys[0]);
	/* The present one is a former one then, and all must be found again. */
	fault = keys.count == ISSUER_KEYS_MAX ? FAULT_FULL : FAULT_NONE;
	issuer_keys_free(&keys);
	if (fault)
		return fault;
	for (size_t i = 0; i < keys.trust.count; i++)
		if (memcmp(keys.trust.keys[i].public_key, present,
			sizeof(present)) == 0)
			row.issuer = keys.trust.keys[i].issuer;
	keypair_public(row.public_key, next);
	if ((fault = keypair_thumbprint(kid, row.public_key)))
		return fault;
	row.kid = kid;
	list = json_pack("[o]", to_jwk(&row));
	fault = list ? issuer_keys_trust(arena, state_directory, list)
		     : FAULT_MEMORY;
	json_decref(list);
	return fault;
}

/* The present one stays under its own name. */
static enum fault
keep_present(struct arena *arena, const char *state_directory)
{
	char from[PATH_MAX], to[PATH_MAX], name[96], kid[44], *text;
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *present = NULL;
	size_t bytes;
	enum fault fault;

	if (!appliance_path(from, sizeof(from), state_directory, PRESENT))
		return FAULT_IO;
	if ((fault = keypair_load(&present, from)))
		return fault;
	keypair_public(public_key, present);
	keypair_free(&present);
	if ((fault = keypair_thumbprint(kid, public_key)))
		return fault;
	(void)snprintf(
	    name, sizeof(name), FORMER_PREFIX "%s" FORMER_SUFFIX, kid);
	if (!appliance_path(to, sizeof(to), state_directory, name))
		return FAULT_IO;
	if ((fault = file_read(&text, &bytes, arena, from, FILE_MAX)))
		return fault;
	return file_replace(to, text, bytes, 0600);
}

static enum fault
make_next(struct keypair **out, const char *path)
{
	enum fault fault;

	if (file_exists(path))
		return keypair_load(out, path);
	if ((fault = keypair_generate(out)))
		return fault;
	return keypair_save(*out, path);
}

static enum fault
take_next(struct arena *arena, const char *state_directory, const char *next)
{
	char path[PATH_MAX], *text;
	size_t bytes;
	enum fault fault;

	if (!appliance_path(path, sizeof(path), state_directory, PRESENT))
		return FAULT_IO;
	if ((fault = file_read(&text, &bytes, arena, next, FILE_MAX)) ||
	    (fault = file_replace(path, text, bytes, 0600)))
		return fault;
	return unlink(next) ? FAULT_IO : FAULT_NONE;
}

enum fault
issuer_keys_rotate(
    char kid[44], struct arena *arena, const char *state_directory)
{
	char next[PATH_MAX];
	struct keypair *keypair = NULL;
	enum fault fault;

	assert(kid && arena && state_directory);
	if (!appliance_path(next, sizeof(next), state_directory, NEXT))
		return FAULT_IO;
	if (!(fault = make_next(&keypair, next)) &&
	    !(fault = publish_next(kid, arena, state_directory, keypair)) &&
	    !(fault = keep_present(arena, state_directory)))
		fault = take_next(arena, state_directory, next);
	keypair_free(&keypair);
	return fault;
}

static enum fault
delete_file(const char *state_directory, const char *name)
{
	char path[PATH_MAX];

	if (!appliance_path(path, sizeof(path), state_directory, name))
		return FAULT_IO;
	return unlink(path) && file_exists(path) ? FAULT_IO : FAULT_NONE;
}

/* Of a rotation that was killed: the next would go on with it. */
static enum fault
forget_next(const char *state_directory, const uint8_t *public_key)
{
	uint8_t next_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *next = NULL;
	char path[PATH_MAX];
	enum fault fault;

	if (!appliance_path(path, sizeof(path), state_directory, NEXT))
		return FAULT_IO;
	if (!file_exists(path))
		return FAULT_NONE;
	if ((fault = keypair_load(&next, path)))
		return fault;
	keypair_public(next_key, next);
	keypair_free(&next);
	return memcmp(next_key, public_key, sizeof(next_key)) == 0
	    ? delete_file(state_directory, NEXT)
	    : FAULT_NONE;
}

/* What is signed by it ends first: interrupted, it can be done again. */
static enum fault
forget_private(const char *state_directory, const struct jwks_key *row)
{
	char name[96];
	enum fault fault;

	(void)snprintf(
	    name, sizeof(name), FORMER_PREFIX "%s" FORMER_SUFFIX, row->kid);
	fault = delete_file(state_directory, name);
	return fault ? fault : forget_next(state_directory, row->public_key);
}

static enum fault
forget(struct arena *arena, const char *state_directory, const char *kid)
{
	char path[PATH_MAX];
	json_t *set, *list;
	size_t index;
	enum fault fault;

	if (!appliance_path(path, sizeof(path), state_directory, TRUST))
		return FAULT_IO;
	if ((fault = load_set(&set, arena, path)))
		return fault;
	list = json_object_get(set, "keys");
	index = index_of(list, kid);
	if (index == json_array_size(list))
		fault = FAULT_NOT_FOUND;
	else if (!json_array_remove(list, index))
		fault = save_set(arena, path, set);
	json_decref(set);
	return fault;
}

enum fault
issuer_keys_retire(
    struct arena *arena, const char *state_directory, const char *kid)
{
	struct issuer_keys keys;
	uint8_t present[KEYPAIR_PUBLIC_BYTES];
	const struct jwks_key *row;
	enum fault fault;

	assert(arena && state_directory && kid);
	if ((fault = issuer_keys_load(&keys, arena, state_directory)))
		return fault;
	keypair_public(present, keys.keys[0]);
	issuer_keys_free(&keys);
	row = jwks_find(&keys.trust, kid);
	if (!row)
		return FAULT_NOT_FOUND;
	if (memcmp(row->public_key, present, sizeof(present)) == 0)
		return FAULT_BUSY;
	fault = forget_private(state_directory, row);
	return fault ? fault : forget(arena, state_directory, kid);
}

/* ---- on an appliance ---- */

/* A person compares the thumbprint, so it is worked out here: a name that is none of that key is nobody's word. */
static bool
is_new_key(struct jwks_key *out, char kid[44], const struct jwks *trust,
    const json_t *jwk)
{
	const char *name = json_text(jwk, "kid");

	if (!name || !keypair_public_from_jwk(out->public_key, jwk) ||
	    keypair_thumbprint(kid, out->public_key) || strcmp(kid, name) != 0)
		return false;
	out->kid = kid;
	for (size_t i = 0; i < trust->count; i++)
		if (memcmp(trust->keys[i].public_key, out->public_key,
			sizeof(out->public_key)) == 0 ||
		    strcmp(trust->keys[i].kid, kid) == 0)
			return false;
	return true;
}

/* Nobody speaks for another issuer: what is offered takes the name of who signed. */
static enum fault
offer(json_t *list, const struct jwks *trust, const struct jws *jws,
    const char *issuer)
{
	size_t index;
	json_t *jwk;

	json_array_foreach(json_object_get(jws->payload, "keys"), index, jwk)
	{
		struct jwks_key key = { .issuer = issuer };
		char kid[44];

		if (is_new_key(&key, kid, trust, jwk) &&
		    json_array_append_new(list, to_jwk(&key)))
			return FAULT_MEMORY;
	}
	return FAULT_NONE;
}

static enum fault
read_offer(const char **signer, json_t *list, struct arena *arena,
    const struct jwks *trust, const char *text, size_t length)
{
	const struct jwks_key *key;
	struct jws jws;
	enum fault fault = FAULT_NONE;

	if (jws_parse(&jws, arena, text, length, SET_TYPE) != JWS_OK)
		return FAULT_NONE;
	key = jwks_find(trust, jws.kid);
	if (key && jws_verify(&jws, key->public_key)) {
		*signer = key->kid;
		fault = offer(list, trust, &jws, key->issuer);
	}
	jws_clear(&jws);
	return fault;
}

enum fault
issuer_keys_offered(json_t **out, const char **signer, struct arena *arena,
    const struct jwks *trust, const char *texts)
{
	enum fault fault = FAULT_NONE;

	assert(out && signer && arena && trust && texts);
	*signer = NULL;
	*out = json_array();
	while (*out && !fault && !*signer && *texts) {
		size_t length = strcspn(texts, "\n");

		fault = read_offer(signer, *out, arena, trust, texts, length);
		texts += length + (texts[length] == '\n');
	}
	if (*out && !fault)
		return FAULT_NONE;
	json_decref(*out);
	*out = NULL;
	return fault ? fault : FAULT_MEMORY;
}
