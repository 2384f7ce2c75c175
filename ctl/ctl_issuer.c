/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * ctl_issuer.c: the keys by which a center signs, and, on an appliance, those
 * that it trusts and those that its center offers.
 */
#include "ctl/commands.h"

#include "engine/base/json.h"
#include "engine/peer/center_ask.h"
#include "engine/store/issuer_keys.h"
#include "engine/store/ledger_issuer.h"
#include "engine/store/store_issued.h"
#include <stdio.h>
#include <string.h>

/* ---- at the center ---- */

int
ctl_issuer_rotate(struct command *command)
{
	char kid[44];
	int status;

	if (!command_open_role(command, ROLE_CENTER, NULL, 0, 0, 0) ||
	    !command_begin(command))
		return command->status;
	if ((status = command_end(
		 command, ledger_issuer_rotate(&command->ledger, kid, NULL))))
		return status;
	if (command->json)
		return command_print(command, json_pack("{s:s}", "kid", kid));
	(void)printf("New license keys are signed by %s.\n"
		     "Appliances install them once they trust it: leasehold "
		     "issuer fetch.\n",
	    kid);
	return command_flush(command);
}

/* Good license keys that only appliances which trust it can install again. */
static enum fault
count_keys(int64_t *out, struct command *command, const char *kid)
{
	return store_issued_count(
	    out, &command->arena, command->appliance.store, kid);
}

int
ctl_issuer_retire(struct command *command)
{
	bool is_sure = false;
	const struct options_row rows[] = { { .name = "yes",
	    .flag = &is_sure } };
	int64_t count;
	enum fault fault;

	if (!command_open_role(command, ROLE_CENTER, rows, 1, 1, 1))
		return command->status;
	if ((fault = count_keys(&count, command, command->operands[0])))
		return command_fault(command, fault);
	if (count && !is_sure)
		return command_fail(command,
		    "%lld good license keys are signed by %s: they stay valid "
		    "where it is trusted, but it is published no more and no "
		    "list of revoked keys is signed by it; say --yes",
		    (long long)count, command->operands[0]);
	if (!command_begin(command))
		return command->status;
	return command_end(command,
	    ledger_issuer_retire(&command->ledger, command->operands[0]));
}

/* ---- both ---- */

int
ctl_issuer_list(struct command *command)
{
	const struct jwks *trust = &command->appliance.trust;
	bool is_center;
	json_t *list;

	if (!command_read(command, NULL, 0, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	is_center = command->appliance.role == ROLE_CENTER;
	list = json_array();
	for (size_t i = 0; i < trust->count; i++) {
		int64_t count = 0;

		if (is_center) {
			enum fault fault = count_keys(
			    &count, command, trust->keys[i].kid);

			if (fault)
				return command_fault(command, fault);
		}
		if (command->json)
			(void)json_array_append_new(list,
			    json_pack("{s:s, s:s, s:I}", "kid",
				trust->keys[i].kid, "issuer",
				trust->keys[i].issuer, "keys",
				(json_int_t)count));
		else
			(void)printf("%s  %s\n", trust->keys[i].kid,
			    command_shown(command, trust->keys[i].issuer));
	}
	return command_end_list(command, list);
}

/* ---- on an appliance ---- */

static enum fault
ask(struct center_answer *answer, struct command *command)
{
	struct center_ask wish;
	enum fault fault = center_ask_open(&wish, &command->arena,
	    &command->appliance, command->appliance.store, NULL);

	if (!fault)
		fault = center_ask_issuers(answer, &command->arena, &wish);
	center_ask_close(&wish);
	return fault;
}

static int
trust(struct command *command, const json_t *offered)
{
	int status;

	if (!command_begin(command))
		return command->status;
	if ((status = command_end(
		 command, ledger_issuer_trust(&command->ledger, offered))))
		return status;
	(void)printf("Trusted from now on.\n");
	return command_flush(command);
}

static int
show_offer(struct command *command, const json_t *offered, bool is_sure)
{
	size_t index;
	json_t *jwk;

	json_array_foreach(offered, index, jwk)
		(void)printf("%s  %s\n", json_text(jwk, "kid"),
		    json_text(jwk, "iss")
			? command_shown(command, json_text(jwk, "iss"))
			: "");
	if (json_array_size(offered) == 0)
		(void)printf("Every issuer key of the center is trusted.\n");
	else if (is_sure)
		return trust(command, offered);
	else
		(void)printf("Offered by the center and signed by an issuer "
			     "that is trusted here. Compare the thumbprints "
			     "with the vendor's, then say --yes.\n");
	return command_flush(command);
}

int
ctl_issuer_fetch(struct command *command)
{
	struct center_answer answer;
	bool is_sure = false;
	const char *signer;
	const struct options_row rows[] = { { .name = "yes",
	    .flag = &is_sure } };
	json_t *offered;
	enum fault fault;
	int status;

	if (!command_read(command, rows, 1, 0, 0) ||
	    !command_open(command, false))
		return command->status;
	if ((fault = ask(&answer, command)))
		return command_fault(command, fault);
	if (answer.text)
		return command_fail(command, "%s", answer.text);
	if ((fault = issuer_keys_offered(&offered, &signer, &command->arena,
		 &command->appliance.trust, answer.issuers)))
		return command_fault(command, fault);
	status = signer
	    ? show_offer(command, offered, is_sure)
	    : command_fail(command,
		  "nothing that the center offers is signed by an issuer "
		  "that is trusted here; get the vendor's issuer keys on "
		  "another way, and put them into trusted.jwks");
	json_decref(offered);
	return status;
}
