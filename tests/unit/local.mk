# SPDX-License-Identifier: BSD-2-Clause
# One process per module, cmocka:
#
#	unit_tests += tests/unit/pool
#	tests_unit_pool_SOURCES = tests/unit/pool.c
#	tests_unit_pool_LDADD = librules.a $(CMOCKA_LIBS)

unit_tests =

# engine/base
unit_tests += tests/unit/test_base_arena
unit_tests += tests/unit/test_base_authcode
unit_tests += tests/unit/test_base_base64
unit_tests += tests/unit/test_base_calendar
unit_tests += tests/unit/test_base_certificate
unit_tests += tests/unit/test_base_csv
unit_tests += tests/unit/test_base_digest
unit_tests += tests/unit/test_base_file
unit_tests += tests/unit/test_base_hardware_id
unit_tests += tests/unit/test_base_json
unit_tests += tests/unit/test_base_jwks
unit_tests += tests/unit/test_base_jws
unit_tests += tests/unit/test_base_keypair
unit_tests += tests/unit/test_base_log
unit_tests += tests/unit/test_base_password
unit_tests += tests/unit/test_base_random
unit_tests += tests/unit/test_base_text
tests_unit_test_base_arena_SOURCES = tests/unit/test_base_arena.c
tests_unit_test_base_arena_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_authcode_SOURCES = tests/unit/test_base_authcode.c
tests_unit_test_base_authcode_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_base64_SOURCES = tests/unit/test_base_base64.c
tests_unit_test_base_base64_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_calendar_SOURCES = tests/unit/test_base_calendar.c
tests_unit_test_base_calendar_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_certificate_SOURCES = tests/unit/test_base_certificate.c \
	tests/unit/test_base_scratch.h
tests_unit_test_base_certificate_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_csv_SOURCES = tests/unit/test_base_csv.c
tests_unit_test_base_csv_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_digest_SOURCES = tests/unit/test_base_digest.c
tests_unit_test_base_digest_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_file_SOURCES = tests/unit/test_base_file.c \
	tests/unit/test_base_scratch.h
tests_unit_test_base_file_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_hardware_id_SOURCES = tests/unit/test_base_hardware_id.c
tests_unit_test_base_hardware_id_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_json_SOURCES = tests/unit/test_base_json.c
tests_unit_test_base_json_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_jwks_SOURCES = tests/unit/test_base_jwks.c \
	tests/unit/test_base_scratch.h
tests_unit_test_base_jwks_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_jws_SOURCES = tests/unit/test_base_jws.c
tests_unit_test_base_jws_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_keypair_SOURCES = tests/unit/test_base_keypair.c \
	tests/unit/test_base_scratch.h
tests_unit_test_base_keypair_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_log_SOURCES = tests/unit/test_base_log.c
tests_unit_test_base_log_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_password_SOURCES = tests/unit/test_base_password.c
tests_unit_test_base_password_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_random_SOURCES = tests/unit/test_base_random.c
tests_unit_test_base_random_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_base_text_SOURCES = tests/unit/test_base_text.c
tests_unit_test_base_text_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)

# lease protocol
unit_tests += tests/unit/test_device_proof
tests_unit_test_device_proof_SOURCES = tests/unit/test_device_proof.c
tests_unit_test_device_proof_LDADD = libpeer.a $(BASE_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_lease_answer
tests_unit_test_lease_answer_SOURCES = tests/unit/test_lease_answer.c
tests_unit_test_lease_answer_LDADD = $(LEASE_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_lease_queue
tests_unit_test_lease_queue_SOURCES = tests/unit/test_lease_queue.c
tests_unit_test_lease_queue_LDADD = $(LEASE_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_lease_request
tests_unit_test_lease_request_SOURCES = tests/unit/test_lease_request.c
tests_unit_test_lease_request_LDADD = $(LEASE_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_lease_throttle
tests_unit_test_lease_throttle_SOURCES = tests/unit/test_lease_throttle.c
tests_unit_test_lease_throttle_LDADD = $(LEASE_LIBS) $(CMOCKA_LIBS)
unit_tests += tests/unit/test_lease_token
tests_unit_test_lease_token_SOURCES = tests/unit/test_lease_token.c
tests_unit_test_lease_token_LDADD = $(LEASE_LIBS) $(CMOCKA_LIBS)

# engine/rules
unit_tests += tests/unit/test_rules_allocation
unit_tests += tests/unit/test_rules_catalogue
unit_tests += tests/unit/test_rules_demand
unit_tests += tests/unit/test_rules_instant
unit_tests += tests/unit/test_rules_laws
unit_tests += tests/unit/test_rules_lease
unit_tests += tests/unit/test_rules_license
unit_tests += tests/unit/test_rules_pool
unit_tests += tests/unit/test_rules_sku
unit_tests += tests/unit/test_rules_source
unit_tests += tests/unit/test_rules_vectors
unit_tests += tests/unit/test_rules_verdict
tests_unit_test_rules_allocation_SOURCES = tests/unit/test_rules_allocation.c
tests_unit_test_rules_allocation_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_catalogue_SOURCES = tests/unit/test_rules_catalogue.c
tests_unit_test_rules_catalogue_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_demand_SOURCES = tests/unit/test_rules_demand.c
tests_unit_test_rules_demand_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_instant_SOURCES = tests/unit/test_rules_instant.c
tests_unit_test_rules_instant_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_laws_SOURCES = tests/unit/test_rules_laws.c \
	tests/unit/test_rules_fixture.h
tests_unit_test_rules_laws_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_lease_SOURCES = tests/unit/test_rules_lease.c \
	tests/unit/test_rules_fixture.h
tests_unit_test_rules_lease_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_license_SOURCES = tests/unit/test_rules_license.c
tests_unit_test_rules_license_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_pool_SOURCES = tests/unit/test_rules_pool.c
tests_unit_test_rules_pool_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_sku_SOURCES = tests/unit/test_rules_sku.c
tests_unit_test_rules_sku_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_source_SOURCES = tests/unit/test_rules_source.c
tests_unit_test_rules_source_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_vectors_SOURCES = tests/unit/test_rules_vectors.c \
	tests/unit/test_rules_fixture.h
tests_unit_test_rules_vectors_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_verdict_SOURCES = tests/unit/test_rules_verdict.c
tests_unit_test_rules_verdict_LDADD = librules.a $(CMOCKA_LIBS)

# engine/rules: auto-leasing, surrender, clusters and what watches
unit_tests += tests/unit/test_rules_auto_lease
unit_tests += tests/unit/test_rules_cluster
unit_tests += tests/unit/test_rules_download_schedule
unit_tests += tests/unit/test_rules_forecast
unit_tests += tests/unit/test_rules_heartbeat
unit_tests += tests/unit/test_rules_instance
unit_tests += tests/unit/test_rules_transfer
unit_tests += tests/unit/test_rules_invariant
unit_tests += tests/unit/test_rules_recovery
unit_tests += tests/unit/test_rules_ladder
unit_tests += tests/unit/test_rules_session
unit_tests += tests/unit/test_rules_surrender
unit_tests += tests/unit/test_rules_activation
unit_tests += tests/unit/test_rules_trial
unit_tests += tests/unit/test_rules_vectors_time
tests_unit_test_rules_auto_lease_SOURCES = tests/unit/test_rules_auto_lease.c
tests_unit_test_rules_auto_lease_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_cluster_SOURCES = tests/unit/test_rules_cluster.c
tests_unit_test_rules_cluster_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_download_schedule_SOURCES = tests/unit/test_rules_download_schedule.c
tests_unit_test_rules_download_schedule_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_forecast_SOURCES = tests/unit/test_rules_forecast.c
tests_unit_test_rules_forecast_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_transfer_SOURCES = tests/unit/test_rules_transfer.c
tests_unit_test_rules_transfer_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_instance_SOURCES = tests/unit/test_rules_instance.c
tests_unit_test_rules_instance_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_heartbeat_SOURCES = tests/unit/test_rules_heartbeat.c
tests_unit_test_rules_heartbeat_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_invariant_SOURCES = tests/unit/test_rules_invariant.c
tests_unit_test_rules_invariant_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_recovery_SOURCES = tests/unit/test_rules_recovery.c
tests_unit_test_rules_recovery_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_ladder_SOURCES = tests/unit/test_rules_ladder.c
tests_unit_test_rules_ladder_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_session_SOURCES = tests/unit/test_rules_session.c
tests_unit_test_rules_session_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_surrender_SOURCES = tests/unit/test_rules_surrender.c
tests_unit_test_rules_surrender_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_activation_SOURCES = tests/unit/test_rules_activation.c
tests_unit_test_rules_activation_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_trial_SOURCES = tests/unit/test_rules_trial.c
tests_unit_test_rules_trial_LDADD = librules.a $(CMOCKA_LIBS)
tests_unit_test_rules_vectors_time_SOURCES = \
	tests/unit/test_rules_vectors_time.c tests/unit/test_rules_fixture.h
tests_unit_test_rules_vectors_time_LDADD = librules.a $(CMOCKA_LIBS)

# the console
unit_tests += tests/unit/test_web_chart
unit_tests += tests/unit/test_web_form
unit_tests += tests/unit/test_web_pairs
unit_tests += tests/unit/test_web_response
unit_tests += tests/unit/test_web_templates
tests_unit_test_web_chart_CPPFLAGS = $(AM_CPPFLAGS) $(CLEARSILVER_CFLAGS)
tests_unit_test_web_chart_SOURCES = tests/unit/test_web_chart.c
tests_unit_test_web_chart_LDADD = $(web_libs) $(CMOCKA_LIBS)
tests_unit_test_web_form_SOURCES = tests/unit/test_web_form.c
tests_unit_test_web_form_LDADD = $(web_libs) $(CMOCKA_LIBS)
tests_unit_test_web_pairs_SOURCES = tests/unit/test_web_pairs.c
tests_unit_test_web_pairs_LDADD = $(web_libs) $(CMOCKA_LIBS)
tests_unit_test_web_response_SOURCES = tests/unit/test_web_response.c
tests_unit_test_web_response_LDADD = $(web_libs) $(CMOCKA_LIBS)
tests_unit_test_web_templates_SOURCES = tests/unit/test_web_templates.c
tests_unit_test_web_templates_LDADD = $(web_libs) $(CMOCKA_LIBS)

# engine/peer and the agent
unit_tests += tests/unit/test_agent_admission
unit_tests += tests/unit/test_agent_auto_leasing
unit_tests += tests/unit/test_agent_door
unit_tests += tests/unit/test_agent_renewal
unit_tests += tests/unit/test_agent_sessions
unit_tests += tests/unit/test_peer_ask
unit_tests += tests/unit/test_peer_failure
unit_tests += tests/unit/test_peer_network
unit_tests += tests/unit/test_peer_reply
tests_unit_test_agent_admission_SOURCES = tests/unit/test_agent_admission.c
tests_unit_test_agent_admission_LDADD = libagent.a $(PEER_LIBS) $(STORE_LIBS) \
	$(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_agent_auto_leasing_SOURCES = tests/unit/test_agent_auto_leasing.c
tests_unit_test_agent_auto_leasing_LDADD = libagent.a $(PEER_LIBS) $(STORE_LIBS) \
	$(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_agent_door_SOURCES = tests/unit/test_agent_door.c
tests_unit_test_agent_door_LDADD = libagent.a $(PEER_LIBS) $(STORE_LIBS) \
	$(BASE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_agent_renewal_SOURCES = tests/unit/test_agent_renewal.c
tests_unit_test_agent_renewal_LDADD = libagent.a $(CMOCKA_LIBS)
tests_unit_test_agent_sessions_SOURCES = tests/unit/test_agent_sessions.c
tests_unit_test_agent_sessions_LDADD = libagent.a $(STORE_LIBS) $(BASE_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_peer_ask_SOURCES = tests/unit/test_peer_ask.c
tests_unit_test_peer_ask_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_peer_failure_SOURCES = tests/unit/test_peer_failure.c
tests_unit_test_peer_failure_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_peer_network_SOURCES = tests/unit/test_peer_network.c \
	tests/unit/test_base_scratch.h
tests_unit_test_peer_network_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CMOCKA_LIBS)
tests_unit_test_peer_reply_SOURCES = tests/unit/test_peer_reply.c
tests_unit_test_peer_reply_LDADD = $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CMOCKA_LIBS)

# ctl
unit_tests += tests/unit/test_ctl_front
tests_unit_test_ctl_front_SOURCES = tests/unit/test_ctl_front.c \
	ctl/allocation_text.c ctl/endpoint.c ctl/lighttpd_conf.c ctl/options.c
tests_unit_test_ctl_front_LDADD = $(BASE_LIBS) $(CMOCKA_LIBS)

check_PROGRAMS += $(unit_tests)
TESTS += $(unit_tests)
