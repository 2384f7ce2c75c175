/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * secret.h: values that are compared in constant time and wiped.
 */
#ifndef LEASEHOLD_BASE_SECRET_H
#define LEASEHOLD_BASE_SECRET_H

#include <stdbool.h>
#include <stddef.h>

void secret_wipe(void *data, size_t bytes);
/* Equal content, in time that depends on the lengths only. */
bool secret_equals(const void *a, size_t a_bytes, const void *b, size_t b_bytes);

#endif
