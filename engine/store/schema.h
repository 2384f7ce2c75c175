/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * schema.h: the numbered SQL files of engine/store/schema/, embedded by the
 * build in ascending order. Knows no database; migrate.c runs them.
 */
#ifndef ENGINE_STORE_SCHEMA_H
#define ENGINE_STORE_SCHEMA_H

#include <stddef.h>

struct schema_step {
	int number;	  /* of NNNN-words.sql, from 1 without a gap */
	const char *name; /* "words" */
	const char *sql;  /* the file, to the letter */
};

/*
 * schema_steps_count steps; the array carries one more element of zeros, so it
 * is never empty.
 */
extern const struct schema_step schema_steps[];
extern const size_t schema_steps_count;

#endif
