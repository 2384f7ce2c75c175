/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paging.h: long lists a page at a time; what is asked for beyond the end is
 * the last page.
 */
#ifndef LEASEHOLD_CGI_PAGING_H
#define LEASEHOLD_CGI_PAGING_H

#include "cgi/view.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PAGING_ROWS INT64_C(50)	    /* on a page, unless it is said otherwise */
#define PAGING_MAX INT64_C(1000000) /* the highest page that is looked for */

struct paging {
	int64_t page;	/* from 1 on */
	int64_t offset; /* of its first row */
	int64_t rows;   /* on a page */
};

/* The page asked for; one that is none is the first. */
struct paging paging_at(int64_t page);
/* The same with so many rows on a page. */
struct paging paging_of(int64_t page, int64_t rows);
/* Was nothing found because the page lies beyond the last? Then it is moved there, to be loaded again. */
bool paging_is_beyond(struct paging *paging, size_t count, int64_t matching);
/* paging.{first,last,matching,more,previous,next} */
void paging_show(struct view view, const struct paging *paging, size_t count,
    int64_t matching);

#endif
