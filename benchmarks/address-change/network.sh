#!/bin/sh
# A small internet in network namespaces, for the demonstration and the machine tests. Wants root,
# iproute2, nftables and conntrack.
#
#   edge: the gateway. Two uplinks: wire0 (preferred) and radio0.
#   isp:  a router with NAT, between the uplinks and the cloud.
#   cloud: the broker, at 10.9.0.10.
# From outside, sensors reach the edge at 198.18.0.2 and applications the cloud at 198.18.1.2.
#
# usage: network.sh PREFIX up | down | nat-port | nat-address | wire-address-lost | wire-address-back
#                          | wire-link-down | wire-link-up | all-down | radio-elsewhere | restore
set -eu
prefix=$1
edge=$prefix-edge isp=$prefix-isp cloud=$prefix-cloud

in_ns() { ns=$1; shift; ip netns exec "$ns" "$@"; }

# The NAT maps everybody to this address and these ports, and forgets all mappings it had. Nothing
# passes meanwhile: conntrack -F takes as well what was mapped anew since it began, and the NAT would
# change twice.
nat_to() {
  in_ns "$isp" nft -f - <<EOF
table ip gate {
  chain forward {
    type filter hook forward priority filter; policy drop;
  }
}
table ip nat
delete table ip nat
table ip nat {
  chain postrouting {
    type nat hook postrouting priority srcnat;
    oifname "out0" meta l4proto { tcp, udp } snat to $1
  }
}
EOF
  in_ns "$isp" conntrack -F 2>/dev/null
  in_ns "$isp" nft delete table ip gate
  echo "$1" > "/run/$prefix-nat"
}

wire_address() {
  ip -n "$edge" address add 10.1.0.2/24 dev wire0
  ip -n "$edge" route add default via 10.1.0.1 dev wire0 metric 100
}

radio_address() {
  ip -n "$edge" address add "$1" dev radio0
  ip -n "$edge" route add default via 10.2.0.1 dev radio0 metric 200
}

case $2 in
  up)
    if [ -n "$(ip -br address show to 198.18.0.1)" ]; then
      echo "network.sh: another network like this one is up, and would share its addresses" >&2
      exit 1
    fi
    for ns in "$edge" "$isp" "$cloud"; do
      ip netns add "$ns"
      ip -n "$ns" link set lo up
    done
    ip -n "$edge" link add name wire0 type veth peer name wire1 netns "$isp"
    ip -n "$edge" link add name radio0 type veth peer name radio1 netns "$isp"
    ip -n "$isp" link add name out0 type veth peer name in0 netns "$cloud"
    ip link add name "${prefix}-s" type veth peer name sensors0 netns "$edge"
    ip link add name "${prefix}-a" type veth peer name apps0 netns "$cloud"
    for link in "$edge wire0" "$edge radio0" "$edge sensors0" "$isp wire1" "$isp radio1" \
        "$isp out0" "$cloud in0" "$cloud apps0"; do
      # shellcheck disable=SC2086
      set -- "$prefix" up $link
      ip -n "$3" link set "$4" up
    done
    ip link set "${prefix}-s" up
    ip link set "${prefix}-a" up
    ip address add 198.18.0.1/30 dev "${prefix}-s"
    ip address add 198.18.1.1/30 dev "${prefix}-a"
    ip -n "$edge" address add 198.18.0.2/30 dev sensors0
    ip -n "$cloud" address add 198.18.1.2/30 dev apps0
    ip -n "$isp" address add 10.1.0.1/24 dev wire1
    ip -n "$isp" address add 10.2.0.1/24 dev radio1
    ip -n "$isp" address add 10.9.0.1/24 dev out0
    ip -n "$isp" address add 10.9.0.101/24 dev out0
    ip -n "$isp" address add 10.9.0.102/24 dev out0
    ip -n "$cloud" address add 10.9.0.10/24 dev in0
    wire_address
    radio_address 10.2.0.2/24
    in_ns "$isp" sysctl -q -w net.ipv4.ip_forward=1
    nat_to 10.9.0.101:20000-29999
    ;;
  down)
    for ns in "$edge" "$isp" "$cloud"; do
      ip netns del "$ns" 2>/dev/null || true
    done
    ip link del "${prefix}-s" 2>/dev/null || true
    ip link del "${prefix}-a" 2>/dev/null || true
    rm -f "/run/$prefix-nat"
    ;;
  nat-port)
    case $(cat "/run/$prefix-nat") in
      *:20000-29999) nat_to "$(sed 's/:.*/:30000-39999/' "/run/$prefix-nat")" ;;
      *) nat_to "$(sed 's/:.*/:20000-29999/' "/run/$prefix-nat")" ;;
    esac
    ;;
  nat-address)
    case $(cat "/run/$prefix-nat") in
      10.9.0.101:*) nat_to "$(sed 's/.*:/10.9.0.102:/' "/run/$prefix-nat")" ;;
      *) nat_to "$(sed 's/.*:/10.9.0.101:/' "/run/$prefix-nat")" ;;
    esac
    ;;
  wire-address-lost) ip -n "$edge" address del 10.1.0.2/24 dev wire0 ;;
  wire-address-back) wire_address ;;
  wire-link-down) ip -n "$edge" link set wire0 down ;;
  wire-link-up)
    ip -n "$edge" link set wire0 up
    ip -n "$edge" route add default via 10.1.0.1 dev wire0 metric 100
    ;;
  all-down)
    ip -n "$edge" link set wire0 down
    ip -n "$edge" link set radio0 down
    ;;
  radio-elsewhere)
    ip -n "$edge" link set radio0 up
    ip -n "$edge" address flush dev radio0
    radio_address 10.2.0.3/24
    ;;
  restore)
    for link in wire0 radio0; do
      ip -n "$edge" link set "$link" up
      ip -n "$edge" address flush dev "$link"
    done
    wire_address
    radio_address 10.2.0.2/24
    ;;
  *)
    echo "network.sh: unknown command $2" >&2
    exit 2
    ;;
esac
