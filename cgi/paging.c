/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * paging.c: which rows of a list are shown, and the pages beside them. Does
 * not know what is listed.
 */
#include "cgi/paging.h"

#include <assert.h>
#include <inttypes.h>

static int64_t
pages_of(const struct paging *paging, int64_t matching)
{
	return (matching + paging->rows - 1) / paging->rows;
}

struct paging
paging_of(int64_t page, int64_t rows)
{
	assert(rows > 0);
	if (page < 1 || page > PAGING_MAX)
		page = 1;
	return (struct paging){ page, (page - 1) * rows, rows };
}

struct paging
paging_at(int64_t page)
{
	return paging_of(page, PAGING_ROWS);
}

bool
paging_is_beyond(struct paging *paging, size_t count, int64_t matching)
{
	assert(paging);
	if (count || paging->page <= pages_of(paging, matching) || !matching)
		return false;
	paging->page = pages_of(paging, matching);
	paging->offset = (paging->page - 1) * paging->rows;
	return true;
}

void
paging_show(struct view view, const struct paging *paging, size_t count,
    int64_t matching)
{
	struct view place = view_child(view, "paging");
	int64_t pages;

	assert(paging);
	pages = pages_of(paging, matching);
	view_number(place, "first", matching ? paging->offset + 1 : 0);
	view_number(place, "last", paging->offset + (int64_t)count);
	view_number(place, "matching", matching);
	view_flag(place, "more", pages > 1);
	if (paging->page > 1)
		view_format(place, "previous", "%" PRId64, paging->page - 1);
	if (paging->page < pages)
		view_format(place, "next", "%" PRId64, paging->page + 1);
}
