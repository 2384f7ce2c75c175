/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http_certificate.c: names, validity and fingerprint of a certificate that
 * another machine showed. All of it may be hostile; it is only shown.
 */
#include "engine/peer/http_certificate.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <string.h>
#include <time.h>

/* Longer names are cut: nobody compares them. */
#define NAME_MAX_BYTES 512

static const char *
name_text(struct arena *arena, const X509_NAME *name)
{
	BIO *bio = BIO_new(BIO_s_mem());
	char *data, *text = NULL;
	long bytes;

	if (bio &&
	    X509_NAME_print_ex(bio, name, 0,
		XN_FLAG_ONELINE & ~(unsigned long)ASN1_STRFLGS_ESC_MSB) >= 0 &&
	    (bytes = BIO_get_mem_data(bio, &data)) >= 0) {
		if (bytes > NAME_MAX_BYTES)
			bytes = NAME_MAX_BYTES;
		text = arena_format(arena, "%.*s", (int)bytes, data);
	}
	BIO_free(bio);
	return text ? text : "";
}

static int64_t
instant_of(const ASN1_TIME *at)
{
	struct tm parts;
	time_t seconds;

	if (!ASN1_TIME_to_tm(at, &parts))
		return 0;
	seconds = timegm(&parts);
	return seconds > 0 ? (int64_t)seconds : 0;
}

static const char *
fingerprint_text(struct arena *arena, const X509 *certificate)
{
	uint8_t digest[EVP_MAX_MD_SIZE];
	unsigned int bytes = 0;
	const char *text = "";

	if (!X509_digest(certificate, EVP_sha256(), digest, &bytes))
		return "";
	for (unsigned int i = 0; i < bytes && text; i++)
		text = arena_format(
		    arena, "%s%s%02X", text, i ? ":" : "", digest[i]);
	return text ? text : "";
}

struct http_certificate *
http_certificate_of(struct arena *arena, const X509 *certificate)
{
	struct http_certificate *out = arena_alloc(arena, sizeof(*out));

	if (!out)
		return NULL;
	out->subject = name_text(arena, X509_get_subject_name(certificate));
	out->issuer = name_text(arena, X509_get_issuer_name(certificate));
	out->begins = instant_of(X509_get0_notBefore(certificate));
	out->ends = instant_of(X509_get0_notAfter(certificate));
	out->fingerprint = fingerprint_text(arena, certificate);
	return out;
}
