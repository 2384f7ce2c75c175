/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * arena.c: blocks that only grow and go all at once. Every byte is counted,
 * padding too, so that the cap holds for many small pieces as for one large.
 * Does not know what is kept in it, so it wipes all of it.
 */
#include "engine/base/arena.h"

#include <assert.h>
#include <stdarg.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DEFAULT_MAX_BYTES ((size_t)64 * 1024 * 1024)
#define BLOCK_BYTES       ((size_t)16 * 1024)

struct arena_block {
	struct arena_block *next;
	size_t size;
	size_t used;
	alignas(max_align_t) unsigned char data[];
};

static size_t
bytes_left(const struct arena *arena)
{
	size_t cap = arena->max_bytes ? arena->max_bytes : DEFAULT_MAX_BYTES;

	return arena->used < cap ? cap - arena->used : 0;
}

static void *
refuse(struct arena *arena)
{
	arena->failed = 1;
	return NULL;
}

static struct arena_block *
new_block(size_t size)
{
	struct arena_block *block;

	if (size > SIZE_MAX - sizeof(*block))
		return NULL;
	if (!(block = calloc(1, sizeof(*block) + size)))
		return NULL;
	block->size = size;
	return block;
}

/* A large piece gets a block of its own, behind the one being filled. */
static void *
take_from_new_block(struct arena *arena, size_t bytes)
{
	int is_large = bytes > BLOCK_BYTES / 4;
	size_t left = bytes_left(arena);
	size_t small = left < BLOCK_BYTES ? left : BLOCK_BYTES;
	struct arena_block *block;

	if (bytes > left)
		return refuse(arena);
	if (!(block = new_block(is_large ? bytes : small)))
		return refuse(arena);
	if (is_large && arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	block->used = bytes;
	arena->used += bytes;
	return block->data;
}

static void *
take(struct arena *arena, size_t bytes, size_t alignment)
{
	struct arena_block *block = arena->blocks;
	size_t padding, start;

	assert(arena);
	if (bytes == 0)
		bytes = 1; /* so that each piece has an address of its own */
	if (!block)
		return take_from_new_block(arena, bytes);
	padding = (alignment - block->used % alignment) % alignment;
	if (padding > block->size - block->used ||
	    bytes > block->size - block->used - padding)
		return take_from_new_block(arena, bytes);
	if (padding > bytes_left(arena) || bytes > bytes_left(arena) - padding)
		return refuse(arena);
	start = block->used + padding;
	block->used = start + bytes;
	arena->used += padding + bytes;
	return block->data + start;
}

void
arena_init(struct arena *arena, size_t max_bytes)
{
	assert(arena);
	*arena = (struct arena){ .max_bytes = max_bytes };
}

void
arena_clear(struct arena *arena)
{
	struct arena_block *block, *next;

	assert(arena);
	for (block = arena->blocks; block; block = next) {
		next = block->next;
		explicit_bzero(block->data, block->used);
		free(block);
	}
	arena_init(arena, arena->max_bytes);
}

void *
arena_alloc(struct arena *arena, size_t bytes)
{
	return take(arena, bytes, alignof(max_align_t));
}

void *
arena_array(struct arena *arena, size_t count, size_t size)
{
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		return refuse(arena);
	return arena_alloc(arena, bytes);
}

char *
arena_text(struct arena *arena, const char *text)
{
	return text ? arena_text_n(arena, text, strlen(text)) : NULL;
}

char *
arena_text_n(struct arena *arena, const char *text, size_t length)
{
	char *copy;

	if (!text)
		return NULL;
	if (length == SIZE_MAX)
		return refuse(arena);
	if (!(copy = take(arena, length + 1, 1)))
		return NULL;
	memcpy(copy, text, length);
	return copy;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
	va_list arguments;
	char *text;
	int length;

	va_start(arguments, format);
	length = vsnprintf(NULL, 0, format, arguments);
	va_end(arguments);
	if (length < 0)
		return refuse(arena);
	if (!(text = take(arena, (size_t)length + 1, 1)))
		return NULL;
	va_start(arguments, format);
	vsnprintf(text, (size_t)length + 1, format, arguments);
	va_end(arguments);
	return text;
}
