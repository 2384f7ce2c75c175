/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.h: memory that lives as long as one request or command and is
 * released in one go. Not for long-lived state; never shared by threads.
 */
#ifndef LEASEHOLD_BASE_ARENA_H
#define LEASEHOLD_BASE_ARENA_H

#include <stddef.h>

struct arena {
	struct arena_block *blocks;
	size_t used;		/* bytes handed out, padding included */
	size_t max_bytes;	/* cap; 0 = 64 MiB */
	int failed;		/* an allocation was refused since arena_init */
};

/* Starts an empty arena that will hand out at most "max_bytes". */
void arena_init(struct arena *arena, size_t max_bytes);
/* Wipes and releases everything; the arena can be used again. Accepts a cleared one. */
void arena_clear(struct arena *arena);
/* Zeroed, aligned memory (0 bytes: an address of its own), or NULL when the cap or the machine refuses. */
void *arena_alloc(struct arena *arena, size_t bytes);
/* "count" zeroed items of "size"; NULL also when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);
/* Copies of text; NULL in, NULL out. */
char *arena_text(struct arena *arena, const char *text);
char *arena_text_n(struct arena *arena, const char *text, size_t length);
/* printf into the arena; NULL on refusal. */
char *arena_format(struct arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
