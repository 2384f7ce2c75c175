/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * http.c: libcurl, kept on a short leash. Knows TLS and time-outs. Does not
 * know what is said, or to whom.
 */
#include "engine/peer/http.h"

#include "engine/base/base64.h"
#include "engine/base/digest.h"
#include "engine/base/log.h"
#include "engine/peer/http_certificate.h"
#include <assert.h>
#include <curl/curl.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CONNECT_SECONDS   10L
#define CERTIFICATE_LABEL "Cert:"
#define PIN_PREFIX        "sha256//"

struct http {
	CURL *curl;
	const atomic_bool *stop;
	char reason[CURL_ERROR_SIZE];
};

/* Where an answer's bytes go. */
struct sink {
	char *data;
	size_t used;
	bool is_over;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;

static void
start_curl(void)
{
	curl_global_init(CURL_GLOBAL_DEFAULT);
}

static size_t
take_bytes(char *data, size_t size, size_t count, void *context)
{
	struct sink *sink = context;
	size_t bytes = size * count;

	if (bytes > HTTP_ANSWER_MAX - sink->used) {
		sink->is_over = true;
		return 0;
	}
	memcpy(sink->data + sink->used, data, bytes);
	sink->used += bytes;
	return bytes;
}

static int
is_stopped(void *context, curl_off_t down_total, curl_off_t down,
    curl_off_t up_total, curl_off_t up)
{
	const struct http *http = context;

	(void)down_total;
	(void)down;
	(void)up_total;
	(void)up;
	return http->stop && atomic_load(http->stop);
}

static enum http_outcome
outcome_of(CURLcode code, const struct sink *sink)
{
	if (sink->is_over)
		return HTTP_TOO_LARGE;
	switch ((int)code) {
	case CURLE_OK:
		return HTTP_ANSWERED;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_URL_MALFORMAT:
		return HTTP_NAME_UNKNOWN;
	case CURLE_COULDNT_CONNECT:
		return HTTP_UNREACHABLE;
	case CURLE_INTERFACE_FAILED:
		return HTTP_NETWORK_DOWN;
	case CURLE_OPERATION_TIMEDOUT:
		return HTTP_TIMEOUT;
	case CURLE_PEER_FAILED_VERIFICATION:
	case CURLE_SSL_CACERT_BADFILE:
	case CURLE_SSL_ISSUER_ERROR:
		return HTTP_NOT_TRUSTED;
	case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
		return HTTP_OTHER_KEY;
	case CURLE_SSL_CONNECT_ERROR:
	case CURLE_SSL_CIPHER:
		return HTTP_NO_TLS;
	case CURLE_FILESIZE_EXCEEDED:
		return HTTP_TOO_LARGE;
	case CURLE_ABORTED_BY_CALLBACK:
		return HTTP_STOPPED;
	default:
		return HTTP_BROKEN;
	}
}

static bool
pin_of(char out[HTTP_PIN_SIZE], struct arena *arena, X509 *certificate)
{
	uint8_t digest[DIGEST_BYTES], *der = NULL;
	int bytes = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(certificate), &der);
	const char *text;
	bool is_done = false;

	if (bytes > 0 && !digest_sha256(digest, der, (size_t)bytes) &&
	    (text = base64_encode(arena, digest, sizeof(digest)))) {
		snprintf(out, HTTP_PIN_SIZE, PIN_PREFIX "%s", text);
		is_done = true;
	}
	OPENSSL_free(der);
	return is_done;
}

/* The first certificate of a chain is the other side's own. */
static const char *
own_certificate(CURL *curl)
{
	struct curl_certinfo *chain = NULL;
	const struct curl_slist *line;

	if (curl_easy_getinfo(curl, CURLINFO_CERTINFO, &chain) || !chain ||
	    chain->num_of_certs < 1)
		return NULL;
	for (line = chain->certinfo[0]; line; line = line->next)
		if (strncmp(line->data, CERTIFICATE_LABEL,
			sizeof(CERTIFICATE_LABEL) - 1) == 0)
			return line->data + sizeof(CERTIFICATE_LABEL) - 1;
	return NULL;
}

static void
read_certificate(struct http_answer *out, struct arena *arena, CURL *curl)
{
	const char *pem = own_certificate(curl);
	BIO *bio = pem ? BIO_new_mem_buf(pem, -1) : NULL;
	X509 *certificate = bio ? PEM_read_bio_X509(bio, NULL, NULL, NULL)
				: NULL;

	out->seen_pin[0] = '\0';
	if (certificate && !pin_of(out->seen_pin, arena, certificate))
		out->seen_pin[0] = '\0';
	if (certificate)
		out->certificate = http_certificate_of(arena, certificate);
	X509_free(certificate);
	BIO_free(bio);
	ERR_clear_error();
}

/* None of the environment's. Through one that is named goes a tunnel, so that TLS reaches to the other side. */
static bool
set_proxy(CURL *curl, const struct http_request *request)
{
	bool has_proxy = request->proxy && *request->proxy;
	bool has_user = has_proxy && request->proxy_user &&
	    *request->proxy_user;

	if (!has_proxy)
		return !curl_easy_setopt(curl, CURLOPT_PROXY, "");
	return !curl_easy_setopt(curl, CURLOPT_PROXY, request->proxy) &&
	    !curl_easy_setopt(
		curl, CURLOPT_PROXYTYPE, (long)CURLPROXY_HTTP) &&
	    !curl_easy_setopt(curl, CURLOPT_HTTPPROXYTUNNEL, 1L) &&
	    !curl_easy_setopt(
		curl, CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L) &&
	    !curl_easy_setopt(
		curl, CURLOPT_PROXYAUTH, (long)CURLAUTH_BASIC) &&
	    !curl_easy_setopt(curl, CURLOPT_PROXYUSERNAME,
		has_user ? request->proxy_user : NULL) &&
	    !curl_easy_setopt(curl, CURLOPT_PROXYPASSWORD,
		has_user ? request->proxy_password : NULL);
}

/* Everything that holds for each request alike. */
static bool
set_common(struct http *http, CURL *curl, const struct http_request *request)
{
	const long yes = 1, no = 0;

	http->reason[0] = '\0';
	return !curl_easy_setopt(curl, CURLOPT_URL, request->url) &&
	    !curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "https") &&
	    !curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, no) &&
	    set_proxy(curl, request) &&
	    !curl_easy_setopt(curl, CURLOPT_NETRC, (long)CURL_NETRC_IGNORED) &&
	    !curl_easy_setopt(curl, CURLOPT_NOSIGNAL, yes) &&
	    !curl_easy_setopt(
		curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2) &&
	    !curl_easy_setopt(curl, CURLOPT_SSL_SESSIONID_CACHE, no) &&
	    !curl_easy_setopt(curl, CURLOPT_CERTINFO, yes) &&
	    !curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, CONNECT_SECONDS) &&
	    !curl_easy_setopt(curl, CURLOPT_TIMEOUT,
		request->seconds ? (long)request->seconds
				 : (long)HTTP_SECONDS_MAX) &&
	    !curl_easy_setopt(curl, CURLOPT_INTERFACE, request->network) &&
	    !curl_easy_setopt(curl, CURLOPT_NOPROGRESS, no) &&
	    !curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, is_stopped) &&
	    !curl_easy_setopt(curl, CURLOPT_XFERINFODATA, http) &&
	    !curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, http->reason) &&
	    !curl_easy_setopt(
		curl, CURLOPT_USERAGENT, "leasehold/" LEASEHOLD_VERSION);
}

static bool
set_trust(CURL *curl, const struct http_request *request)
{
	long verify_peer = request->verify ? 1 : 0;
	long verify_host = request->verify ? 2 : 0;

	if (request->verify && request->ca_file &&
	    curl_easy_setopt(curl, CURLOPT_CAINFO, request->ca_file))
		return false;
	return !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, verify_peer) &&
	    !curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, verify_host) &&
	    !curl_easy_setopt(curl, CURLOPT_PINNEDPUBLICKEY,
		request->verify ? NULL : request->pin);
}

static bool
set_body(CURL *curl, const struct http_request *request,
    struct curl_slist *headers, struct sink *sink)
{
	bool is_set = request->body
	    ? !curl_easy_setopt(curl, CURLOPT_POST, 1L) &&
		!curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request->body) &&
		!curl_easy_setopt(
		    curl, CURLOPT_POSTFIELDSIZE, (long)request->body_bytes)
	    : !curl_easy_setopt(curl, CURLOPT_HTTPGET, 1L);

	return is_set &&
	    !curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers) &&
	    !curl_easy_setopt(
		curl, CURLOPT_MAXFILESIZE, (long)HTTP_ANSWER_MAX) &&
	    !curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take_bytes) &&
	    !curl_easy_setopt(curl, CURLOPT_WRITEDATA, sink);
}

static bool
add_header(struct curl_slist **headers, const char *line)
{
	struct curl_slist *grown = curl_slist_append(*headers, line);

	if (grown)
		*headers = grown;
	return grown != NULL;
}

static bool
build_headers(struct curl_slist **headers, const struct http_request *request)
{
	size_t i;

	/* No "Expect: 100-continue": the body is small, the wait is not. */
	if (!add_header(headers, "Content-Type: application/json") ||
	    !add_header(headers, "Accept: application/json") ||
	    !add_header(headers, "Expect:"))
		return false;
	for (i = 0; request->headers && request->headers[i]; i++)
		if (!add_header(headers, request->headers[i]))
			return false;
	return true;
}

static enum fault
fill_answer(struct http_answer *out, struct http *http, struct arena *arena,
    CURL *curl, CURLcode code, const struct sink *sink)
{
	curl_off_t retry_after = 0;
	char *address = NULL, *type = NULL;

	out->outcome = outcome_of(code, sink);
	out->body_bytes = sink->used;
	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out->status);
	curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
	out->retry_after = (int64_t)retry_after;
	if (!curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type) && type)
		type = arena_text(arena, type);
	out->content_type = type ? type : "";
	if (!curl_easy_getinfo(curl, CURLINFO_PRIMARY_IP, &address) && address)
		address = arena_text(arena, address);
	out->address = address ? address : "";
	read_certificate(out, arena, curl);
	out->detail = arena_text(
	    arena, http->reason[0] ? http->reason : curl_easy_strerror(code));
	return out->detail ? FAULT_NONE : FAULT_MEMORY;
}

static enum fault
refuse(const char *what)
{
	log_line(LOG_SEVERITY_ERROR, "curl: %s", what);
	return FAULT_MEMORY;
}

enum fault
http_open(struct http **out, const atomic_bool *stop)
{
	struct http *http;

	assert(out);
	*out = NULL;
	pthread_once(&curl_once, start_curl);
	if (!(http = calloc(1, sizeof(*http))))
		return refuse("no memory");
	http->stop = stop;
	if (!(http->curl = curl_easy_init())) {
		free(http);
		return refuse("no handle");
	}
	*out = http;
	return FAULT_NONE;
}

void
http_close(struct http **http)
{
	if (!*http)
		return;
	curl_easy_cleanup((*http)->curl);
	free(*http);
	*http = NULL;
}

const char *
http_basic(struct arena *arena, const char *user, const char *password)
{
	const char *pair, *coded;

	assert(arena && user && password);
	pair = arena_format(arena, "%s:%s", user, password);
	coded = pair ? base64_encode(arena, pair, strlen(pair)) : NULL;
	return coded ? arena_format(arena, "Authorization: Basic %s", coded)
		     : NULL;
}

/* Whatever went wrong before the tunnel stood is the proxy's. */
static void
judge_proxy(
    struct http_answer *out, CURL *curl, const struct http_request *request)
{
	long code = 0;

	if (!request->proxy || !*request->proxy ||
	    out->outcome == HTTP_ANSWERED || out->outcome == HTTP_STOPPED)
		return;
	if (!curl_easy_getinfo(curl, CURLINFO_HTTP_CONNECTCODE, &code) &&
	    code != 200)
		out->outcome = HTTP_PROXY;
}

static enum fault
exchange(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	struct curl_slist *headers = NULL;
	struct sink sink = { arena_alloc(arena, HTTP_ANSWER_MAX + 1), 0,
		false };
	enum fault fault;

	assert(request->verify || request->pin);
	memset(out, 0, sizeof(*out));
	out->body = out->detail = out->address = out->content_type = "";
	if (!sink.data)
		return FAULT_MEMORY;
	/* Keeps live connections, drops every option of the request before. */
	curl_easy_reset(http->curl);
	if (!build_headers(&headers, request) ||
	    !set_common(http, http->curl, request) ||
	    !set_trust(http->curl, request) ||
	    !set_body(http->curl, request, headers, &sink)) {
		fault = refuse("a request could not be prepared");
	} else {
		out->body = sink.data;
		fault = fill_answer(out, http, arena, http->curl,
		    curl_easy_perform(http->curl), &sink);
		judge_proxy(out, http->curl, request);
	}
	curl_slist_free_all(headers);
	return fault;
}

enum fault
http_post(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	assert(request->body);
	return exchange(out, http, arena, request);
}

enum fault
http_get(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	assert(!request->body);
	return exchange(out, http, arena, request);
}

/* How far a connection without a request goes, and whom it believes. */
enum depth {
	TO_TCP,
	TO_TLS,
	TO_TRUST
};

/* Of plain TCP the scheme only says that no handshake is to follow; nothing is sent. */
static bool
set_depth(CURL *curl, const struct http_request *request, enum depth depth)
{
	struct http_request anybody = *request;

	if (curl_easy_setopt(curl, CURLOPT_CONNECT_ONLY, 1L))
		return false;
	if (depth == TO_TCP)
		return !curl_easy_setopt(
			   curl, CURLOPT_PROTOCOLS_STR, "http,https") &&
		    !curl_easy_setopt(curl, CURLOPT_CERTINFO, 0L);
	if (depth == TO_TLS) {
		anybody.verify = false;
		anybody.pin = NULL;
	}
	return set_trust(curl, &anybody);
}

static enum fault
connect_only(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request, enum depth depth)
{
	/* A handle of its own: a connection without a request is not reused. */
	CURL *curl = curl_easy_init();
	struct sink sink = { NULL, 0, false };
	curl_off_t looked_up = 0;
	enum fault fault;

	memset(out, 0, sizeof(*out));
	out->body = out->detail = out->address = out->content_type = "";
	if (!curl)
		return refuse("no handle");
	if (!set_common(http, curl, request) ||
	    !set_depth(curl, request, depth))
		fault = refuse("a connection could not be prepared");
	else
		fault = fill_answer(
		    out, http, arena, curl, curl_easy_perform(curl), &sink);
	if (!fault)
		judge_proxy(out, curl, request);
	if (!fault && out->outcome == HTTP_TIMEOUT &&
	    !curl_easy_getinfo(curl, CURLINFO_NAMELOOKUP_TIME_T, &looked_up) &&
	    looked_up == 0)
		out->outcome = HTTP_NAME_UNKNOWN;
	curl_easy_cleanup(curl);
	return fault;
}

enum fault
http_meet(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	enum fault fault = connect_only(out, http, arena, request, TO_TLS);

	if (!fault && out->outcome == HTTP_ANSWERED && !out->seen_pin[0])
		out->outcome = HTTP_NO_TLS;
	return fault;
}

enum fault
http_check(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	return connect_only(out, http, arena, request, TO_TRUST);
}

enum fault
http_reach(struct http_answer *out, struct http *http, struct arena *arena,
    const struct http_request *request)
{
	struct http_request plain = *request;
	const char *rest = strncmp(request->url, "https", 5) == 0
	    ? request->url + 5
	    : request->url;

	if (!(plain.url = arena_format(arena, "http%s", rest)))
		return FAULT_MEMORY;
	return connect_only(out, http, arena, &plain, TO_TCP);
}
