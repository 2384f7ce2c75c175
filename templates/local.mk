# SPDX-License-Identifier: BSD-2-Clause
# The pages. Named one by one, so that a forgotten one is noticed.

templatesdir = $(pkgdatadir)/templates
dist_templates_DATA = \
	templates/client_form.cs \
	templates/client_lease.cs \
	templates/link_ladder.cs \
	templates/link_leave.cs \
	templates/error.cs \
	templates/layout.cs \
	templates/macros.cs \
	templates/networks.cs \
	templates/membership.cs \
	templates/page_agreement.cs \
	templates/page_clients_closed.cs \
	templates/center.cs \
	templates/page_center_device.cs \
	templates/page_center_devices.cs \
	templates/center_instance.cs \
	templates/page_center_activated.cs \
	templates/page_center_instance.cs \
	templates/page_center_instances.cs \
	templates/page_center_activate.cs \
	templates/page_center_activate_code.cs \
	templates/page_center_report.cs \
	templates/center_transfer.cs \
	templates/page_center_audit.cs \
	templates/page_center_transfer.cs \
	templates/page_center_transfer_new.cs \
	templates/page_center_transfer_run.cs \
	templates/page_center_transfers.cs \
	templates/page_center_revoke.cs \
	templates/center_customer.cs \
	templates/page_center_code.cs \
	templates/page_center_code_new.cs \
	templates/page_center_code_revoke.cs \
	templates/page_center_codes.cs \
	templates/page_center_customer.cs \
	templates/page_center_customers.cs \
	templates/account.cs \
	templates/page_accounts.cs \
	templates/page_accounts_password.cs \
	templates/page_accounts_remove.cs \
	templates/page_client.cs \
	templates/page_client_delete.cs \
	templates/page_client_replace.cs \
	templates/page_client_new.cs \
	templates/page_clients.cs \
	templates/page_clustering.cs \
	templates/page_clustering_leave.cs \
	templates/page_clustering_remove.cs \
	templates/page_compliance.cs \
	templates/page_download_file.cs \
	templates/page_download.cs \
	templates/page_leases.cs \
	templates/page_license_delete.cs \
	templates/page_license_recall.cs \
	templates/page_license_surrender.cs \
	templates/page_log.cs \
	templates/page_server.cs \
	templates/page_server_remove.cs \
	templates/page_signin.cs \
	templates/page_summary.cs \
	templates/page_users.cs \
	templates/page_users_end.cs \
	templates/page_users_enforce.cs
