/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http_certificate.h: a certificate as a person compares it.
 */
#ifndef LEASEHOLD_PEER_HTTP_CERTIFICATE_H
#define LEASEHOLD_PEER_HTTP_CERTIFICATE_H

#include "engine/base/arena.h"
#include "engine/peer/http.h"
#include <openssl/x509.h>

/* In the arena; NULL when it is full. */
struct http_certificate *http_certificate_of(struct arena *arena, const X509 *certificate);

#endif
