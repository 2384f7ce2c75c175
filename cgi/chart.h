/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * chart.h: lines over time as SVG, drawn on the server: they are there without
 * scripts, in print, and in both themes. Knows no page.
 */
#ifndef LEASEHOLD_CGI_CHART_H
#define LEASEHOLD_CGI_CHART_H

#include "cgi/view.h"
#include "engine/base/arena.h"
#include "engine/base/fault.h"
#include <stddef.h>
#include <stdint.h>

#define CHART_WIDTH  720
#define CHART_HEIGHT 240
#define CHART_SERIES 3

struct chart {
	int64_t from, to; /* instants at its left and right edge; from < to */
	size_t count;     /* of points, by "at" */
	const int64_t *at;
	const int64_t *values[CHART_SERIES]; /* 0 or more */
	const char *names[CHART_SERIES];
};

/* {width,height,left,right,top,bottom}, y.N.{at,text}, x.N.{at,text}, lines.N.{name,points,at,text}: what each line is at its end. */
enum fault chart_show(struct view place, struct arena *arena,
    const struct chart *chart) MUST_CHECK;

#endif
