/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * pager.c: see pager.h. Knows sizes of terminals, and no text from another.
 */
#include "ctl/pager.h"

#include <assert.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

/* A serial line does not say how large it is. */
#define ROWS_USUAL    24
#define COLUMNS_USUAL 80
#define ROWS_LEAST    4
#define COLUMNS_LEAST 20
#define LINE_BYTES    256

struct pager {
	FILE *in, *out;
	int rows, columns;
	int used; /* lines of this page so far */
	bool is_over;
};

bool
pager_can_turn(FILE *in, FILE *out)
{
	assert(in && out);
	return isatty(fileno(in)) && isatty(fileno(out));
}

static void
measure(struct pager *pager)
{
	struct winsize size = { 0 };

	pager->rows = ROWS_USUAL;
	pager->columns = COLUMNS_USUAL;
	if (ioctl(fileno(pager->out), TIOCGWINSZ, &size) != 0)
		return;
	if (size.ws_row >= ROWS_LEAST)
		pager->rows = size.ws_row;
	if (size.ws_col >= COLUMNS_LEAST)
		pager->columns = size.ws_col;
}

/* Enter goes on; q, and the end of what can be read, do not. */
static void
turn(struct pager *pager)
{
	char line[LINE_BYTES] = "";

	(void)fprintf(pager->out,
	    "-- Enter: next page, q and Enter: end of "
	    "reading -- ");
	(void)fflush(pager->out);
	pager->used = 0;
	pager->is_over = !fgets(line, sizeof(line), pager->in) ||
	    line[strspn(line, " \t")] == 'q' ||
	    line[strspn(line, " \t")] == 'Q';
}

static void
show_line(struct pager *pager, const char *text, size_t length)
{
	if (pager->used >= pager->rows - 1)
		turn(pager);
	if (pager->is_over)
		return;
	(void)fprintf(pager->out, "%.*s\n", (int)length, text);
	pager->used++;
}

/* As many bytes of "text" as fit into a line, at a blank where there is one. Characters beyond ASCII only make a line shorter. */
static size_t
fitting(const char *text, size_t length, size_t columns)
{
	size_t at = columns;

	if (length <= columns)
		return length;
	while (at > 0 && text[at] != ' ')
		at--;
	return at > 0 ? at : columns;
}

static void
show_paragraph(struct pager *pager, const char *text, size_t length)
{
	size_t taken;

	do {
		taken = fitting(text, length, (size_t)pager->columns);
		show_line(pager, text, taken);
		taken += strspn(text + taken, " ");
		if (taken > length)
			taken = length;
		text += taken;
		length -= taken;
	} while (length > 0 && !pager->is_over);
}

void
pager_show(const char *text, FILE *in, FILE *out)
{
	struct pager pager = { .in = in, .out = out };
	size_t length;

	assert(text && in && out);
	if (!pager_can_turn(in, out)) {
		(void)fprintf(out, "%s\n", text);
		return;
	}
	measure(&pager);
	while (*text && !pager.is_over) {
		length = strcspn(text, "\n");
		show_paragraph(&pager, text, length);
		text += length + (text[length] == '\n');
	}
}
