/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * identity.c: makes keys, certificate and the list of trusted issuers. Never
 * over a file that is there.
 */
#include "ctl/identity.h"

#include "engine/base/certificate.h"
#include "engine/base/file.h"
#include "engine/base/json.h"
#include "engine/base/jwks.h"
#include "engine/base/keypair.h"
#include <arpa/inet.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#define TRUST_MAX_BYTES (1024 * 1024)
#define NO_TRUST        "{\"keys\":[]}\n"

static const char *const files[] = { "device.key", "server.key", "issuer.key",
	"trusted.jwks", "tls.pem" };

bool
identity_trust_is_sound(struct command *command, const char *path)
{
	struct jwks jwks;
	enum fault fault;

	if (!path)
		return true;
	fault = jwks_load(&jwks, &command->arena, path);
	if (!fault && jwks.count)
		return true;
	if (fault == FAULT_NOT_FOUND)
		command->status = command_fail(
		    command, "--trust: there is no file %s", path);
	else if (fault)
		command->status = command_fail(command,
		    "--trust: %s is not a list of Ed25519 keys (JWKS)", path);
	else
		command->status = command_fail(
		    command, "--trust: %s holds no Ed25519 key", path);
	return false;
}

/* A fresh key in STATE/name; the caller frees it. */
static enum fault
make_key(struct keypair **out, const char *state_directory, const char *name)
{
	char path[PATH_MAX];
	enum fault fault = keypair_generate(out);

	if (fault)
		return fault;
	if (!appliance_path(path, sizeof(path), state_directory, name))
		return FAULT_IO;
	return keypair_save(*out, path);
}

static enum fault
make_device_key(struct identity *identity)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	struct keypair *keypair = NULL;
	enum fault fault = make_key(
	    &keypair, identity->state_directory, "device.key");

	if (!fault) {
		keypair_public(public_key, keypair);
		fault = hardware_id_of(identity->hardware_id, public_key);
	}
	keypair_free(&keypair);
	return fault;
}

static enum fault
make_server_key(const struct identity *identity)
{
	struct keypair *keypair = NULL;
	enum fault fault;

	if (identity->role != ROLE_SERVER &&
	    identity->role != ROLE_VIRTUAL_SERVER)
		return FAULT_NONE;
	fault = make_key(&keypair, identity->state_directory, "server.key");
	keypair_free(&keypair);
	return fault;
}

static enum fault
save_trust(const struct identity *identity, const char *text)
{
	char path[PATH_MAX];

	if (!appliance_path(
		path, sizeof(path), identity->state_directory, "trusted.jwks"))
		return FAULT_IO;
	return file_create(path, text, strlen(text), 0600);
}

/* {"keys":[{the public key with kid, use, alg, and the name it speaks for}]} */
static enum fault
issuer_jwks(char **out, struct arena *arena, const struct keypair *keypair,
    const char *issuer)
{
	uint8_t public_key[KEYPAIR_PUBLIC_BYTES];
	char kid[44];
	json_t *jwk, *jwks;
	enum fault fault;

	keypair_public(public_key, keypair);
	fault = keypair_thumbprint(kid, public_key);
	if (fault)
		return fault;
	jwk = keypair_public_to_jwk(public_key);
	jwks = json_pack("{s:[o]}", "keys", jwk);
	*out = NULL;
	if (jwks && !json_object_set_new(jwk, "kid", json_string(kid)) &&
	    !json_object_set_new(jwk, "use", json_string("sig")) &&
	    !json_object_set_new(jwk, "alg", json_string("EdDSA")) &&
	    !json_object_set_new(jwk, "iss", json_string(issuer)))
		*out = json_dump(arena, jwks);
	json_decref(jwks);
	return *out ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
make_issuer(const struct identity *identity, struct arena *arena)
{
	struct keypair *keypair = NULL;
	char *text = NULL;
	enum fault fault = make_key(
	    &keypair, identity->state_directory, "issuer.key");

	if (!fault)
		fault = issuer_jwks(&text, arena, keypair, identity->issuer);
	if (!fault)
		fault = save_trust(identity, text);
	keypair_free(&keypair);
	return fault;
}

static enum fault
make_trust(const struct identity *identity, struct arena *arena)
{
	char *text = NULL;
	enum fault fault;

	if (identity->role == ROLE_CENTER)
		return make_issuer(identity, arena);
	if (!identity->trust)
		return save_trust(identity, NO_TRUST);
	fault = file_read(&text, NULL, arena, identity->trust, TRUST_MAX_BYTES);
	return fault ? fault : save_trust(identity, text);
}

/* A host name that is a number belongs among the addresses of the certificate. */
static enum fault
make_certificate(const struct identity *identity, int64_t now)
{
	const char *address = identity->endpoint->is_any
	    ? ""
	    : identity->endpoint->address;
	const char *hostname = identity->hostname;
	char path[PATH_MAX];
	struct in_addr number;

	if (inet_pton(AF_INET, hostname, &number) == 1) {
		address = *address ? address : hostname;
		hostname = strcmp(address, hostname) ? hostname : "";
	}
	if (!appliance_path(
		path, sizeof(path), identity->state_directory, "tls.pem"))
		return FAULT_IO;
	return certificate_make(path, hostname, address, now);
}

bool
identity_make(struct identity *identity, struct command *command)
{
	enum fault fault = make_device_key(identity);

	if (!fault)
		fault = make_server_key(identity);
	if (!fault)
		fault = make_trust(identity, &command->arena);
	if (!fault)
		fault = make_certificate(identity, command->now);
	if (fault)
		command->status = command_fault(command, fault);
	return !fault;
}

void
identity_remove(const char *state_directory)
{
	char path[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(files) / sizeof(files[0]); i++)
		if (appliance_path(
			path, sizeof(path), state_directory, files[i]))
			(void)unlink(path);
}
