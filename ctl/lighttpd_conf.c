/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * lighttpd_conf.c: replaces the words between at signs. A value is quoted
 * here and nowhere else, so that no path or name can end a string early.
 */
#include "ctl/lighttpd_conf.h"

#include "engine/base/log.h"
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#define CONF_MAX    (64 * 1024)
#define WORD_MAX    32
#define PATTERN_MAX 4096
#define HTTPS_PORT  443

/* A string of 255 letters, each in a bracket, still fits twice. */
struct text_out {
	char *at;
	size_t left;
	bool is_full;
};

static void
put(struct text_out *out, const char *text, size_t length)
{
	if (length >= out->left) {
		out->is_full = true;
		return;
	}
	memcpy(out->at, text, length);
	out->at += length;
	out->left -= length;
	*out->at = '\0';
}

static void
put_text(struct text_out *out, const char *text)
{
	put(out, text, strlen(text));
}

bool
lighttpd_conf_can_hold(const char *text)
{
	for (; *text; text++)
		if (*text == '"' || *text == '\\' ||
		    iscntrl((unsigned char)*text))
			return false;
	return true;
}

static const char *
quoted(struct arena *arena, const char *directory, const char *name)
{
	if (!lighttpd_conf_can_hold(directory))
		return NULL;
	return arena_format(arena, "\"%s%s\"", directory, name);
}

/* A character of its own class: needs no backslash, whose meaning differs between the two readers. */
static void
put_literal(struct text_out *out, const char *text)
{
	char one[4] = "[?]";

	for (; *text; text++) {
		one[1] = *text;
		if (isalnum((unsigned char)*text) || *text == '-' ||
		    *text == ':')
			put(out, text, 1);
		else
			put(out, one, 3);
	}
}

static void
put_ports(struct text_out *out, const struct lighttpd_conf *conf)
{
	char port[32];

	(void)snprintf(port, sizeof(port), "(:%d", conf->listen->port);
	put_text(out, port);
	if (conf->redirect) {
		(void)snprintf(
		    port, sizeof(port), "|:%d", conf->redirect->port);
		put_text(out, port);
	}
	put_text(out, ")?");
}

/*
 * The names under which a request may come. An appliance that listens
 * everywhere takes any number as its address: a trick on browsers needs a name.
 */
static const char *
host_pattern(struct arena *arena, const struct lighttpd_conf *conf)
{
	char *pattern = arena_alloc(arena, PATTERN_MAX);
	struct text_out out = { pattern, PATTERN_MAX, false };

	if (!pattern || !lighttpd_conf_can_hold(conf->hostname))
		return NULL;
	put_text(&out, "\"(?i)^(");
	put_literal(&out, conf->hostname);
	put_text(&out, "|");
	if (conf->listen->is_any)
		put_text(&out, "[0-9.]+|[[][0-9a-f:.]+[]]");
	else {
		put_text(&out, conf->listen->is_ipv6 ? "[[]" : "");
		put_literal(&out, conf->listen->address);
		put_text(&out, conf->listen->is_ipv6 ? "[]]" : "");
	}
	put_text(&out, ")");
	put_ports(&out, conf);
	put_text(&out, "$\"");
	return out.is_full ? NULL : pattern;
}

const char *
lighttpd_conf_address(struct arena *arena, const struct lighttpd_conf *conf)
{
	if (conf->listen->port == HTTPS_PORT)
		return arena_format(arena, "https://%s", conf->hostname);
	return arena_format(
	    arena, "https://%s:%d", conf->hostname, conf->listen->port);
}

static const char *
bind_address(struct arena *arena, const struct lighttpd_conf *conf)
{
	if (conf->listen->is_ipv6)
		return arena_format(arena, "\"[%s]\"", conf->listen->address);
	return quoted(arena, conf->listen->address, "");
}

static const char *
value_of(
    struct arena *arena, const struct lighttpd_conf *conf, const char *word)
{
	const char *address;

	if (!strcmp(word, "bind"))
		return bind_address(arena, conf);
	if (!strcmp(word, "port"))
		return arena_format(arena, "%d", conf->listen->port);
	if (!strcmp(word, "static"))
		return quoted(arena, conf->data_directory, "/static");
	if (!strcmp(word, "upload"))
		return quoted(arena, conf->state_directory, "/run/upload");
	if (!strcmp(word, "pem"))
		return quoted(arena, conf->state_directory, "/tls.pem");
	if (!strcmp(word, "lease-socket"))
		return quoted(arena, conf->socket_directory, "/lease.sock");
	if (!strcmp(word, "relay-socket"))
		return quoted(arena, conf->socket_directory, "/relay.sock");
	if (!strcmp(word, "center-socket"))
		return quoted(arena, conf->socket_directory, "/center.sock");
	if (!strcmp(word, "console-socket"))
		return quoted(arena, conf->socket_directory, "/console.sock");
	if (!strcmp(word, "hosts"))
		return host_pattern(arena, conf);
	if (!strcmp(word, "redirect-socket"))
		return quoted(
		    arena, conf->redirect ? conf->redirect->text : "", "");
	if (strcmp(word, "console-address"))
		return NULL;
	address = lighttpd_conf_address(arena, conf);
	return address ? quoted(arena, address, "") : NULL;
}

/* Reads "@word@" at "text"; its length, or 0 when there is none. */
static size_t
read_word(char word[WORD_MAX], const char *text)
{
	size_t length = strspn(text + 1, "abcdefghijklmnopqrstuvwxyz-");

	if (!length || length >= WORD_MAX || text[1 + length] != '@')
		return 0;
	memcpy(word, text + 1, length);
	word[length] = '\0';
	return length + 2;
}

static bool
line_stays(const struct lighttpd_conf *conf, const char *word)
{
	return (!strcmp(word, "if-lends") && conf->lends) ||
	    (!strcmp(word, "if-borrows") && conf->borrows) ||
	    (!strcmp(word, "if-center") && conf->is_center) ||
	    (!strcmp(word, "if-redirect") && conf->redirect);
}

/* Puts one line; "line" ends at a line feed or the end of the text. */
static enum fault
fill_line(struct text_out *out, struct arena *arena,
    const struct lighttpd_conf *conf, const char *line, size_t length)
{
	const char *end = line + length, *value;
	char word[WORD_MAX];
	size_t taken = 0;

	if (line[0] == '@' && (taken = read_word(word, line)) &&
	    !strncmp(word, "if-", 3)) {
		if (!line_stays(conf, word))
			return FAULT_NONE;
		line += taken;
	}
	for (; line < end; line += taken) {
		taken = *line == '@' ? read_word(word, line) : 0;
		if (!taken) {
			put(out, line, 1);
			taken = 1;
			continue;
		}
		value = value_of(arena, conf, word);
		if (!value) {
			log_line(LOG_SEVERITY_ERROR,
			    LIGHTTPD_CONF_TEMPLATE ": no value for @%s@", word);
			return FAULT_DAMAGED;
		}
		put_text(out, value);
	}
	return FAULT_NONE;
}

static bool
is_comment(const char *line)
{
	return line[strspn(line, " \t")] == '#';
}

enum fault
lighttpd_conf_fill(char **out, struct arena *arena,
    const struct lighttpd_conf *conf, const char *template_text)
{
	char *text = arena_alloc(arena, CONF_MAX);
	struct text_out filled = { text, CONF_MAX, false };
	enum fault fault;
	size_t length;

	assert(conf->listen && conf->hostname);
	*out = NULL;
	if (!text)
		return FAULT_MEMORY;
	for (; *template_text; template_text += length) {
		length = strcspn(template_text, "\n");
		length += template_text[length] == '\n';
		if (is_comment(template_text))
			continue;
		fault = fill_line(&filled, arena, conf, template_text, length);
		if (fault)
			return fault;
	}
	if (filled.is_full) {
		log_line(
		    LOG_SEVERITY_ERROR, LIGHTTPD_CONF_TEMPLATE ": too long");
		return FAULT_FULL;
	}
	*out = text;
	return FAULT_NONE;
}
