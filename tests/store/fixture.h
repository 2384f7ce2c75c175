/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * fixture.h: a state directory that is gone afterwards, with or without an
 * appliance in it, an issuer it trusts, and license keys made to order.
 */
#ifndef LEASEHOLD_TESTS_STORE_FIXTURE_H
#define LEASEHOLD_TESTS_STORE_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "engine/base/keypair.h"
#include "engine/store/appliance.h"
#include "engine/store/ledger.h"

/* 2026-06-15 12:00 UTC */
#define FIXTURE_NOW INT64_C(1781524800)
#define FIXTURE_ISSUER "Test Center"

struct fixture {
	char state[64];
	struct appliance appliance;	/* cleared unless fixture_open() */
	struct keypair *issuer;
	char kid[44];
	struct arena arena;
	struct ledger ledger;
};

/* What a license key states; NULL leaves a claim out. */
struct fixture_claims {
	const char *iss, *jti, *sub, *sku, *start, *end, *renews;
};

/* Only the directory. */
void fixture_directory(struct fixture *fixture);
/* An appliance in UTC, PCS 8.0r5, that trusts the issuer; nothing accepted. */
void fixture_open(struct fixture *fixture, enum appliance_role role, const char *platform);
/* Removes everything. */
void fixture_close(struct fixture *fixture);
/* STATE/name, in the fixture's arena. */
const char *fixture_path(struct fixture *fixture, const char *name);

/* Begins an act at "now" by the administrator "ada"; fixture_end commits and answers the mistakes made. */
struct ledger *fixture_begin(struct fixture *fixture, int64_t now);
size_t fixture_end(struct fixture *fixture, enum fault fault);
void fixture_accept(struct fixture *fixture);

/* A license key for this appliance, signed by the issuer. */
const char *fixture_key(struct fixture *fixture, const struct fixture_claims *claims);
/* The same with another type, name of the key, and signer. */
const char *fixture_key_by(struct fixture *fixture, const struct fixture_claims *claims, const char *typ, const char *kid, const struct keypair *signer);
/* Plain SQL on a connection of its own: what a stranger with the file could do. */
void fixture_sql(struct fixture *fixture, const char *text);
int64_t fixture_sql_number(struct fixture *fixture, const char *text);

#endif
