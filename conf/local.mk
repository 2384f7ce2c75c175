# SPDX-License-Identifier: BSD-2-Clause
# Catalog, settings, server configuration.

confdir = $(pkgdatadir)/conf
dist_conf_DATA =
dist_conf_DATA += conf/catalogue.json conf/agreement.txt
dist_conf_DATA += conf/lighttpd.conf.in

# Hooks for gateways; they find seat.sh beside their own folder.
gatewaydir = $(confdir)/gateway
dist_gateway_DATA = conf/gateway/seat.sh conf/gateway/gateway.conf
ocservdir = $(confdir)/ocserv
dist_ocserv_SCRIPTS = conf/ocserv/leasehold-ocserv conf/ocserv/leasehold-ocserv-keeper
dist_ocserv_DATA = conf/ocserv/leasehold-ocserv-keeper.service
dist_ocserv_DATA += conf/ocserv/leasehold-ocserv-keeper.timer conf/ocserv/ocserv.service.d.conf
openvpndir = $(confdir)/openvpn
dist_openvpn_SCRIPTS = conf/openvpn/leasehold-openvpn conf/openvpn/leasehold-openvpn-keeper
dist_openvpn_DATA = conf/openvpn/leasehold-openvpn-keeper@.service
dist_openvpn_DATA += conf/openvpn/leasehold-openvpn-keeper@.timer
dist_openvpn_DATA += conf/openvpn/openvpn-server@.service.d.conf
freeradiusdir = $(confdir)/freeradius
dist_freeradius_SCRIPTS = conf/freeradius/leasehold-radius
dist_freeradius_DATA = conf/freeradius/leasehold.conf conf/freeradius/policy.conf

# Packs that make the product a vendor's: docs/vendor-pack.md.
pulsesecuredir = $(confdir)/vendors/pulse-secure
dist_pulsesecure_DATA = conf/vendors/pulse-secure/vendor.json
pulsesecureconfdir = $(pulsesecuredir)/conf
dist_pulsesecureconf_DATA = conf/vendors/pulse-secure/conf/catalogue.json
dist_pulsesecureconf_DATA += conf/vendors/pulse-secure/conf/agreement.txt
