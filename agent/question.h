/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * question.h: members of a question on the agent's socket, read and checked.
 */
#ifndef LEASEHOLD_AGENT_QUESTION_H
#define LEASEHOLD_AGENT_QUESTION_H

#include <jansson.h>
#include <stdbool.h>

/* "" when the member is absent or null, NULL when it is no text. */
const char *question_text(const json_t *request, const char *name);
/* 1 to 256 printable characters. */
bool question_is_user(const char *text);
/* 1 to 128 bytes of printable characters without blanks. */
bool question_is_id(const char *text);
/* The same, 64 characters at most. */
bool question_is_gateway(const char *text);

#endif
