# SPDX-License-Identifier: BSD-2-Clause
# The web. libweb.a is what the responders share.

noinst_LIBRARIES += libweb.a
libweb_a_CPPFLAGS = $(AM_CPPFLAGS) $(CLEARSILVER_CFLAGS) $(JANSSON_CFLAGS)
libweb_a_SOURCES = \
	cgi/address.c cgi/address.h \
	cgi/form.c cgi/form.h \
	cgi/gate.c cgi/gate.h \
	cgi/notice.c cgi/notice.h cgi/notices.tbl \
	cgi/page.c cgi/page.h cgi/pages.h \
	cgi/page_agreement.c \
	cgi/center_scope.c cgi/center_scope.h \
	cgi/chart.c cgi/chart.h \
	cgi/page_center.c cgi/page_center.h \
	cgi/page_center_device.c \
	cgi/page_center_devices.c \
	cgi/page_center_instances.c \
	cgi/page_center_issuers.c \
	cgi/page_center_activate.c \
	cgi/page_center_activate_code.c \
	cgi/page_center_report.c \
	cgi/page_center_transfer.c \
	cgi/page_center_transfers.c \
	cgi/page_center_revoke.c \
	cgi/page_center_codes.c \
	cgi/page_center_customers.c \
	cgi/guesses.c cgi/guesses.h \
	cgi/page_accounts.c \
	cgi/page_password.c cgi/page_password.h \
	cgi/page_vendor.c \
	cgi/page_client.c cgi/page_client.h \
	cgi/page_client_delete.c \
	cgi/page_client_replace.c \
	cgi/page_client_device.c \
	cgi/page_client_lease.c \
	cgi/page_clients.c \
	cgi/page_clients_list.c cgi/page_clients_list.h \
	cgi/page_clients_bulk.c \
	cgi/page_clients_closed.c cgi/page_clients_closed.h \
	cgi/page_download_file.c \
	cgi/page_download.c cgi/page_download.h \
	cgi/page_download_issuer.c \
	cgi/page_health.c \
	cgi/page_home.c \
	cgi/page_license.c cgi/page_license.h \
	cgi/page_license_delete.c \
	cgi/page_license_surrender.c \
	cgi/page_link.c cgi/page_link.h \
	cgi/page_link_ladder.c \
	cgi/page_clustering.c \
	cgi/page_compliance.c \
	cgi/page_leases.c \
	cgi/page_log.c \
	cgi/page_membership.c cgi/page_membership.h \
	cgi/page_pool.c cgi/page_pool.h \
	cgi/page_server.c cgi/page_server.h \
	cgi/page_server_network.c cgi/page_server_network.h \
	cgi/page_server_test.c \
	cgi/page_server_leave.c cgi/page_server_leave.h \
	cgi/page_server_trial.c cgi/page_server_trial.h \
	cgi/page_signin.c \
	cgi/page_summary.c \
	cgi/page_usage.c \
	cgi/page_users.c \
	cgi/page_users.h \
	cgi/page_users_end.c \
	cgi/paging.c cgi/paging.h \
	cgi/pairs.c cgi/pairs.h \
	cgi/render.c cgi/render.h \
	cgi/request.h \
	cgi/response.c cgi/response.h \
	cgi/route.c cgi/route.h cgi/routes.tbl \
	cgi/session.c cgi/session.h \
	cgi/view.c cgi/view.h cgi/view_tree.h

web_libs = libweb.a $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) \
	$(CLEARSILVER_LIBS) $(FCGI_LIBS)

pkglibexec_PROGRAMS += cgi/console.fcgi cgi/lease.fcgi cgi/relay.fcgi cgi/center.fcgi

cgi_console_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_console_fcgi_SOURCES = cgi/console_main.c \
	cgi/console_request.c cgi/console_request.h
cgi_console_fcgi_LDADD = $(web_libs)

# The lease protocol shares nothing with the pages: a fault in a template or
# in the console must not stop leases.
noinst_LIBRARIES += liblease.a
liblease_a_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
liblease_a_CFLAGS = $(AM_CFLAGS) -pthread
liblease_a_SOURCES = \
	cgi/lease_answer.c cgi/lease_answer.h cgi/lease_refusals.tbl \
	cgi/lease_auth.c cgi/lease_auth.h \
	cgi/lease_call.c cgi/lease_call.h \
	cgi/lease_queue.c cgi/lease_queue.h \
	cgi/lease_relay.c cgi/lease_relay.h \
	cgi/lease_request.c cgi/lease_request.h \
	cgi/lease_sync.c cgi/lease_sync.h \
	cgi/lease_throttle.c cgi/lease_throttle.h \
	cgi/lease_token.c cgi/lease_token.h \
	cgi/lease_writer.c cgi/lease_writer.h

# For the link line of whatever uses liblease.a; nothing of libpeer.a that is
# used here needs curl.
LEASE_LIBS = liblease.a libpeer.a $(STORE_LIBS) $(BASE_LIBS)

cgi_lease_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_lease_fcgi_CFLAGS = $(AM_CFLAGS) -pthread
cgi_lease_fcgi_SOURCES = cgi/lease_main.c cgi/responder.c cgi/responder.h
cgi_lease_fcgi_LDFLAGS = $(AM_LDFLAGS) -pthread
cgi_lease_fcgi_LDADD = $(LEASE_LIBS) $(FCGI_LIBS)

service_sources = cgi/service_main.c cgi/service_main.h \
	cgi/service.c cgi/service.h cgi/responder.c cgi/responder.h

# The door between the nodes of a cluster, on license clients.
cgi_relay_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_relay_fcgi_CFLAGS = $(AM_CFLAGS) -pthread
cgi_relay_fcgi_SOURCES = cgi/relay_main.c $(service_sources) \
	cgi/relay_call.c cgi/relay_call.h cgi/relay_refusals.tbl
cgi_relay_fcgi_LDFLAGS = $(AM_LDFLAGS) -pthread
cgi_relay_fcgi_LDADD = liblease.a $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) $(FCGI_LIBS)

# The door of a center, for appliances.
cgi_center_fcgi_CPPFLAGS = $(AM_CPPFLAGS) $(FCGI_CFLAGS) $(JANSSON_CFLAGS)
cgi_center_fcgi_CFLAGS = $(AM_CFLAGS) -pthread
cgi_center_fcgi_SOURCES = cgi/center_main.c $(service_sources) \
	cgi/center_call.c cgi/center_call.h cgi/center_refusals.tbl \
	cgi/center_call_work.h \
	cgi/center_heartbeat.c cgi/center_heartbeat.h
cgi_center_fcgi_LDFLAGS = $(AM_LDFLAGS) -pthread
cgi_center_fcgi_LDADD = liblease.a $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS) $(FCGI_LIBS)
