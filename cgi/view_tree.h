/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * view_tree.h: what view.c and render.c share; includes ClearSilver.
 */
#ifndef LEASEHOLD_CGI_VIEW_TREE_H
#define LEASEHOLD_CGI_VIEW_TREE_H

#include <stdbool.h>
#include <ClearSilver.h>

struct view_tree {
	HDF *root;
	bool has_failed;
};

#endif
