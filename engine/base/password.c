/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * password.c: slow on purpose, and therefore rationed: each hash takes tens
 * of megabytes or milliseconds, which a stranger must not be able to spend
 * without limit.
 */
#include "engine/base/password.h"

#include "engine/base/base64.h"
#include "engine/base/log.h"
#include "engine/base/random.h"
#include "engine/base/secret.h"
#include "engine/base/text.h"
#include <assert.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#define SALT_BYTES    16
#define HASH_BYTES    32
#define PREFIX        "$scrypt$ln="
#define SCRATCH_BYTES ((size_t)1024)
/* What a stored hash may ask for at most: 64 MiB. */
#define MAX_LN 16
#define MAX_R  8
#define MAX_P  16

struct cost {
	int64_t ln;
	int64_t r;
	int64_t p;
};

struct stored {
	struct cost cost;
	uint8_t salt[SALT_BYTES];
	uint8_t hash[HASH_BYTES];
};

static const struct cost costs[] = {
	[PASSWORD_ADMIN] = { 15, 8, 3 },
	[PASSWORD_CLIENT] = { 13, 8, 1 },
};

/* The client's limit keeps a thread per connection from needing 8 MiB each at once. */
static const int most_at_once[] = {
	[PASSWORD_ADMIN] = 2,
	[PASSWORD_CLIENT] = 8,
};

static pthread_mutex_t gate = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t gate_opened = PTHREAD_COND_INITIALIZER;
static int under_way[] = { [PASSWORD_ADMIN] = 0, [PASSWORD_CLIENT] = 0 };

static void
gate_enter(enum password_kind kind)
{
	pthread_mutex_lock(&gate);
	while (under_way[kind] >= most_at_once[kind])
		pthread_cond_wait(&gate_opened, &gate);
	under_way[kind]++;
	pthread_mutex_unlock(&gate);
}

static void
gate_leave(enum password_kind kind)
{
	pthread_mutex_lock(&gate);
	under_way[kind]--;
	pthread_cond_broadcast(&gate_opened);
	pthread_mutex_unlock(&gate);
}

static enum fault
derive(uint8_t out[HASH_BYTES], enum password_kind kind,
    const struct cost *cost, const uint8_t salt[SALT_BYTES],
    const char *password)
{
	uint64_t n = UINT64_C(1) << cost->ln;
	uint64_t r = (uint64_t)cost->r, p = (uint64_t)cost->p;
	/* RFC 7914's working memory; OpenSSL's own limit of 32 MiB is too low. */
	uint64_t max_bytes = 128 * r * (n + p + 2);
	int made;

	gate_enter(kind);
	made = EVP_PBE_scrypt(password, strlen(password), salt, SALT_BYTES, n,
	    r, p, max_bytes, out, HASH_BYTES);
	gate_leave(kind);
	if (made == 1)
		return FAULT_NONE;
	log_line(LOG_SEVERITY_ERROR, "scrypt: %s",
	    ERR_reason_error_string(ERR_peek_last_error()));
	ERR_clear_error();
	return FAULT_CRYPTO;
}

/* Cuts "text" at "until" and moves it past; NULL when it is not there. */
static char *
next_field(char **text, const char *until)
{
	char *field = *text, *end = strstr(field, until);

	if (!end)
		return NULL;
	*end = '\0';
	*text = end + strlen(until);
	return field;
}

static bool
parse_cost(struct cost *out, char **text)
{
	char *ln = next_field(text, ",r=");
	char *r = ln ? next_field(text, ",p=") : NULL;
	char *p = r ? next_field(text, "$") : NULL;

	return p && text_parse_int64(&out->ln, ln, 1, MAX_LN) &&
	    text_parse_int64(&out->r, r, 1, MAX_R) &&
	    text_parse_int64(&out->p, p, 1, MAX_P);
}

static bool
parse_bytes(uint8_t *out, size_t bytes, struct arena *arena, const char *text)
{
	size_t found;
	uint8_t *data = base64_url_decode(&found, arena, text, strlen(text));

	if (!data || found != bytes)
		return false;
	memcpy(out, data, bytes);
	return true;
}

static bool
parse_hash(struct stored *out, const char *hash)
{
	struct arena arena;
	char *text, *salt;
	bool is_good;

	*out = (struct stored){ 0 };
	if (strnlen(hash, PASSWORD_HASH_MAX) == PASSWORD_HASH_MAX ||
	    strncmp(hash, PREFIX, strlen(PREFIX)))
		return false;
	arena_init(&arena, SCRATCH_BYTES);
	text = arena_text(&arena, hash + strlen(PREFIX));
	is_good = text && parse_cost(&out->cost, &text) &&
	    (salt = next_field(&text, "$")) &&
	    parse_bytes(out->salt, SALT_BYTES, &arena, salt) &&
	    parse_bytes(out->hash, HASH_BYTES, &arena, text);
	arena_clear(&arena);
	return is_good;
}

static enum fault
print_hash(char out[PASSWORD_HASH_MAX], const struct stored *stored)
{
	struct arena arena;
	char *salt, *hash;

	arena_init(&arena, SCRATCH_BYTES);
	salt = base64_url_encode(&arena, stored->salt, SALT_BYTES);
	hash = base64_url_encode(&arena, stored->hash, HASH_BYTES);
	if (salt && hash)
		snprintf(out, PASSWORD_HASH_MAX, PREFIX "%d,r=%d,p=%d$%s$%s",
		    (int)stored->cost.ln, (int)stored->cost.r,
		    (int)stored->cost.p, salt, hash);
	arena_clear(&arena);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

static bool
is_too_long(const char *password)
{
	return strnlen(password, PASSWORD_MAX_BYTES + 1) > PASSWORD_MAX_BYTES;
}

enum fault
password_hash(
    char out[PASSWORD_HASH_MAX], enum password_kind kind, const char *password)
{
	struct stored stored = { .cost = costs[kind] };
	enum fault fault;

	assert(out && password);
	*out = '\0';
	if (is_too_long(password)) {
		log_line(LOG_SEVERITY_ERROR, "password longer than %d bytes",
		    PASSWORD_MAX_BYTES);
		return FAULT_FULL;
	}
	if ((fault = random_bytes(stored.salt, SALT_BYTES)))
		return fault;
	fault = derive(stored.hash, kind, &stored.cost, stored.salt, password);
	if (!fault)
		fault = print_hash(out, &stored);
	secret_wipe(&stored, sizeof(stored));
	return fault;
}

enum fault
password_verify(bool *matches, enum password_kind kind, const char *hash,
    const char *password)
{
	struct stored stored = { .cost = costs[kind] };
	uint8_t found[HASH_BYTES] = { 0 };
	enum fault fault;

	assert(matches && password);
	*matches = false;
	if (hash && !parse_hash(&stored, hash)) {
		log_line(LOG_SEVERITY_ERROR, "stored password hash is damaged");
		return FAULT_DAMAGED;
	}
	if (is_too_long(password))
		return FAULT_NONE;
	fault = derive(found, kind, &stored.cost, stored.salt, password);
	if (!fault && hash)
		*matches = secret_equals(
		    found, HASH_BYTES, stored.hash, HASH_BYTES);
	secret_wipe(found, sizeof(found));
	secret_wipe(&stored, sizeof(stored));
	return fault;
}

bool
password_is_outdated(enum password_kind kind, const char *hash)
{
	const struct cost *today = &costs[kind];
	struct stored stored;

	assert(hash);
	if (!parse_hash(&stored, hash))
		return true;
	return stored.cost.ln != today->ln || stored.cost.r != today->r ||
	    stored.cost.p != today->p;
}
