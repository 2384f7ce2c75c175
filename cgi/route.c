/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * route.c: finds the row for an address. Knows no page's inside.
 */
#include "cgi/route.h"

#include <string.h>

#include "cgi/pages.h"

#define ROUTE(method, path, handler, capability, roles, form, help)            \
	{ METHOD_##method, path, handler, CAPABILITY_##capability, roles,      \
		&form, help },
const struct route route_table[] = {
#include "cgi/routes.tbl"
};
#undef ROUTE
const size_t route_count = sizeof(route_table) / sizeof(route_table[0]);

/* "pattern" against "path"; the span of its {argument}. */
static bool
matches(const char **argument, size_t *length, const char *pattern,
    const char *path)
{
	size_t head = strcspn(pattern, "{");
	const char *tail;

	*argument = path;
	*length = 0;
	if (!pattern[head])
		return !strcmp(pattern, path);
	if (strncmp(pattern, path, head))
		return false;
	*argument = path + head;
	*length = strcspn(path + head, "/");
	tail = strchr(pattern, '}') + 1;
	return *length && !strcmp(tail, path + head + *length);
}

const struct route *
route_find(const struct route **other_method, const char **argument,
    struct arena *arena, enum method method, const char *path)
{
	const struct route *found = NULL;
	const char *start;
	size_t length;

	*other_method = NULL;
	*argument = "";
	for (size_t i = 0; i < route_count; i++) {
		const struct route *route = &route_table[i];

		if (!matches(&start, &length, route->path, path))
			continue;
		if (route->method != method) {
			*other_method = *other_method ? *other_method : route;
			continue;
		}
		if (found)
			continue;
		found = route;
		*argument = arena_text_n(arena, start, length);
	}
	return *argument ? found : NULL;
}

#define ROLE(name) (1U << ADMIN_##name)
#define EVERYBODY ((1U << ADMIN_ROLES) - 1)

/* Partners and customers are guests: what is not made for them is not theirs. */
static const unsigned allowed[] = {
	[CAPABILITY_PUBLIC] = EVERYBODY,
	[CAPABILITY_AGREEMENT] = EVERYBODY,
	[CAPABILITY_OWN] = EVERYBODY,
	[CAPABILITY_PARTNER] = ROLE(ADMINISTRATOR) | ROLE(SUPPORT_AGENT) |
	    ROLE(PARTNER),
	[CAPABILITY_ASSIST] = ROLE(ADMINISTRATOR) | ROLE(SUPPORT_AGENT),
	[CAPABILITY_READ] = ROLE(ADMINISTRATOR) | ROLE(OPERATOR) |
	    ROLE(READ_ONLY) | ROLE(SUPPORT_AGENT),
	[CAPABILITY_OPERATE] = ROLE(ADMINISTRATOR) | ROLE(OPERATOR),
	[CAPABILITY_ADMINISTER] = ROLE(ADMINISTRATOR),
};

bool
route_allows(enum admin_role role, enum capability capability)
{
	return (allowed[capability] & 1U << role) != 0;
}
