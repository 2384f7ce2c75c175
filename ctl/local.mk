# SPDX-License-Identifier: BSD-2-Clause
# The command line and the master process.

bin_PROGRAMS += ctl/leasehold
ctl_leasehold_CPPFLAGS = $(AM_CPPFLAGS) $(JANSSON_CFLAGS)
ctl_leasehold_SOURCES = \
	ctl/allocation_text.c ctl/allocation_text.h \
	ctl/client_status.c ctl/client_status.h \
	ctl/command.c ctl/command.h \
	ctl/commands.h ctl/commands.tbl \
	ctl/ctl_admin.c \
	ctl/ctl_agreement.c \
	ctl/ctl_backup.c \
	ctl/ctl_boot.c \
	ctl/ctl_center.c \
	ctl/ctl_center_authcode.c \
	ctl/ctl_center_customer.c \
	ctl/ctl_center_device.c ctl/ctl_center_report.c ctl/ctl_heartbeat.c ctl/ctl_vendor.c ctl/ctl_activation.c ctl/ctl_factory_reset.c ctl/master_lock.c ctl/master_lock.h ctl/ctl_issuer.c ctl/ctl_center_transfer.c ctl/issuer.c ctl/issuer.h \
	ctl/ctl_client.c \
	ctl/ctl_demo.c ctl/ctl_usage.c \
	ctl/demo.c ctl/demo.h ctl/demo_clients.c ctl/demo_history.c \
	ctl/ctl_cluster.c \
	ctl/conformance.c ctl/conformance.h ctl/conformance_checks.tbl \
	ctl/conformance_bench.c ctl/conformance_bench.h \
	ctl/conformance_client.c ctl/conformance_client.h \
	ctl/conformance_client_checks.tbl \
	ctl/conformance_host.c ctl/conformance_host.h \
	ctl/conformance_judge.c ctl/conformance_judge.h \
	ctl/conformance_report.c ctl/conformance_report.h \
	ctl/ctl_compliance.c \
	ctl/ctl_conformance.c \
	ctl/ctl_download.c \
	ctl/ctl_conformance_client.c ctl/ctl_conformance_client.h \
	ctl/ctl_init.c \
	ctl/ctl_key.c \
	ctl/ctl_leases.c \
	ctl/ctl_link.c \
	ctl/ctl_link_ladder.c ctl/ctl_link_ladder.h \
	ctl/ctl_link_trial.c ctl/ctl_link_trial.h \
	ctl/ctl_serve.c \
	ctl/ctl_server.c \
	ctl/ctl_session.c ctl/ctl_session_settings.c \
	ctl/ctl_status.c \
	ctl/ctl_verify.c \
	ctl/ctl_clock.c \
	ctl/ctl_watch.c \
	ctl/endpoint.c ctl/endpoint.h \
	ctl/identity.c ctl/identity.h \
	ctl/lighttpd_conf.c ctl/lighttpd_conf.h \
	ctl/listener.c ctl/listener.h \
	ctl/main.c \
	ctl/master.c ctl/master.h \
	ctl/options.c ctl/options.h \
	ctl/pager.c ctl/pager.h \
	ctl/spawn.c ctl/spawn.h
ctl_leasehold_LDADD = $(SSL_LIBS) $(PEER_LIBS) $(STORE_LIBS) $(BASE_LIBS)
