/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * certificate.h: the appliance's self-signed P-256 TLS certificate, and what
 * a peer needs to compare: the fingerprint of its public key.
 */
#ifndef LEASEHOLD_BASE_CERTIFICATE_H
#define LEASEHOLD_BASE_CERTIFICATE_H

#include "engine/base/fault.h"
#include <stdint.h>

/* Writes key and certificate as one PEM file, mode 0600, valid 10 years from "now", with the given host name and IP address (either may be "") as subject alternative names; replaces what is there. Begins a day before "now", for peers whose clock is behind. A host name that is an address is stored as one; one with other characters than letters, digits, '.', '-' and '_' is FAULT_CRYPTO. */
enum fault certificate_make(const char *path, const char *hostname, const char *address, int64_t now) MUST_CHECK;
/* "sha256//<base64>" of the SubjectPublicKeyInfo, as libcurl pins it; from a PEM file. */
enum fault certificate_pin(char out[64], const char *path) MUST_CHECK;
/* End of validity: OpenSSL takes it as expired from this instant on. */
enum fault certificate_expires(int64_t *out, const char *path) MUST_CHECK;

#endif
