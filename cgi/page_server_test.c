/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * page_server_test.c: Test connection: the agent tries what stands in the
 * form, step by step; nothing of it is saved.
 */
#include "cgi/pages.h"

#include <inttypes.h>
#include <poll.h>
#include <string.h>

#include "cgi/page.h"
#include "cgi/page_server.h"
#include "engine/base/clock.h"
#include "engine/base/json.h"
#include "engine/peer/agent_call.h"

/* As long as the slowest test (engine/peer/link_probe.h), and a bit. */
#define TEST_MS      INT64_C(35000)
#define POLL_MS      100
#define CALL_SECONDS 5

/* ---- what is asked ---- */

static json_t *
question_of(const struct request *request)
{
	const struct form *form = &request->form;
	const char *password = form_text(form, "password");

	/* Who may not change the form has none: then what is saved is tried. */
	if (!form_has(form, "server"))
		return json_pack("{s:s}", "op", "test");
	return json_pack("{s:s, s:s, s:s, s:s, s:b, s:s*}", "op", "test",
	    "server", form_text(form, "server"), "client_id",
	    form_text(form, "unique_id"), "network", form_text(form, "network"),
	    "verify", form_has(form, "verify"), "password",
	    *password ? password : NULL);
}

/* Releases "question". */
static enum fault
ask(json_t **answer, const struct request *request, json_t *question)
{
	enum fault fault = FAULT_MEMORY;

	*answer = NULL;
	if (question)
		fault = agent_call(answer, request->appliance->state_directory,
		    question, CALL_SECONDS);
	json_decref(question);
	return fault;
}

/* Until it is done, or nobody waits for it any longer. */
static enum fault
await(json_t **answer, const struct request *request, int64_t number)
{
	int64_t end_ms = clock_elapsed_ms() + TEST_MS;
	enum fault fault;

	for (;;) {
		fault = ask(answer, request,
		    json_pack("{s:s, s:I}", "op", "test_result", "test",
			(json_int_t)number));
		if (fault || !json_bool(*answer, "ok", false) ||
		    json_bool(*answer, "done", false) ||
		    clock_elapsed_ms() >= end_ms)
			return fault;
		json_decref(*answer);
		*answer = NULL;
		(void)poll(NULL, 0, POLL_MS);
	}
}

static enum fault
run_test(json_t **answer, const struct request *request)
{
	int64_t number;
	enum fault fault = ask(answer, request, question_of(request));

	if (fault || !json_bool(*answer, "ok", false) ||
	    !json_int64(&number, *answer, "test", 1, INT64_MAX))
		return fault;
	json_decref(*answer);
	return await(answer, request, number);
}

/* ---- what is shown ---- */

static const char *
label_of(const char *step)
{
	static const struct {
		const char *step, *label;
	} labels[] = {
		{ "dns", "Name" },
		{ "tcp", "Connection" },
		{ "tls", "Certificate" },
		{ "sign_in", "Sign-in" },
		{ "clock", "Clock" },
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		if (step && !strcmp(step, labels[i].step))
			return labels[i].label;
	return "";
}

static void
show_certificate(struct request *request, const json_t *certificate)
{
	struct view place = view_child(request->view, "test.certificate");
	int64_t ends;

	if (!json_is_object(certificate))
		return;
	view_text(place, "subject", json_text(certificate, "subject"));
	view_text(place, "issuer", json_text(certificate, "issuer"));
	view_text(place, "fingerprint", json_text(certificate, "fingerprint"));
	if (json_int64(&ends, certificate, "ends", 1, INT64_MAX))
		view_instant(place, "ends", ends, request->now);
}

static void
show_report(struct request *request, const json_t *report)
{
	const json_t *steps = json_object_get(report, "steps");
	bool is_well = true;
	size_t index;
	json_t *step;

	json_array_foreach(steps, index, step)
	{
		struct view row = view_row(request->view, "steps", index);
		const char *state = json_text(step, "state");

		is_well = is_well && state && !strcmp(state, "ok");
		view_text(row, "label", label_of(json_text(step, "step")));
		view_text(row, "state", state);
		view_text(row, "text", json_text(step, "text"));
	}
	view_flag(request->view, "test.is_well", is_well);
	view_text(request->view, "test.pin", json_text(report, "pin"));
	show_certificate(request, json_object_get(report, "certificate"));
}

static void
show_outcome(struct request *request, enum fault fault, const json_t *answer)
{
	const json_t *report = json_object_get(answer, "result");

	view_flag(request->view, "test.shown", true);
	if (report)
		show_report(request, report);
	else if (fault == FAULT_NOT_FOUND)
		view_flag(request->view, "test.no_agent", true);
	else if (json_text(answer, "text"))
		view_text(
		    request->view, "test.refused", json_text(answer, "text"));
	else
		view_flag(request->view, "test.slow", true);
}

/* What is wrong with the form itself needs no other machine to be found. */
static enum fault
check(struct request *request)
{
	struct ledger ledger;
	struct link_input input;
	enum fault fault;

	if (!form_has(&request->form, "server"))
		return FAULT_NONE;
	page_server_input(&input, request);
	if ((fault = page_begin(&ledger, request)))
		return fault;
	return page_server_check(&ledger, request, &input);
}

enum fault
page_server_test_post(struct request *request)
{
	json_t *answer = NULL;
	enum fault fault = check(request);

	if (fault)
		return fault;
	if (request->mistakes.count)
		return page_server_again(request);
	fault = run_test(&answer, request);
	if (fault != FAULT_MEMORY) {
		show_outcome(request, fault, answer);
		fault = page_server_tested(request);
	}
	json_decref(answer);
	return fault;
}
