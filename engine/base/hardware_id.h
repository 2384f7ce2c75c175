/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hardware_id.h: the 16 characters that name an appliance: the first 75 bits
 * of the SHA-256 of its device public key in Crockford base32 and a
 * Luhn-mod-32 check character (rules.md 1).
 */
#ifndef LEASEHOLD_BASE_HARDWARE_ID_H
#define LEASEHOLD_BASE_HARDWARE_ID_H

#include "engine/base/fault.h"
#include "engine/base/keypair.h"
#include <stdbool.h>
#include <stdint.h>

#define HARDWARE_ID_SIZE 17

enum fault hardware_id_of(char out[HARDWARE_ID_SIZE], const uint8_t public_key[KEYPAIR_PUBLIC_BYTES]) MUST_CHECK;
/* 16 characters of the alphabet with the right check character? Upper case only. */
bool hardware_id_is_valid(const char *text);
/* In place, as a person copies it: out of groups, in capital letters. */
void hardware_id_tidy(char *text);

#endif
