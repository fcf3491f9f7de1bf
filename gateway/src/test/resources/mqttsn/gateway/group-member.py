"""Joins a discovery group, sends one datagram to it, and prints what comes back.

usage: group-member.py GROUP PORT INTERFACE HEX COUNT

Prints COUNT lines, "octets source-port hops destination": destination is "group" or "me". An empty
HEX sends nothing.
"""

import socket
import struct
import sys

PATIENCE_SECONDS = 20


def main(group, port, interface, octets, count):
    index = socket.if_nametoindex(interface)
    info = socket.getaddrinfo(group, port, type=socket.SOCK_DGRAM)[0]
    member = socket.socket(info[0], socket.SOCK_DGRAM)
    member.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    member.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    member.bind(("", port))
    if info[0] == socket.AF_INET6:
        packed = socket.inet_pton(socket.AF_INET6, group)
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_JOIN_GROUP, packed + struct.pack("@I", index))
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_IF, index)
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_MULTICAST_LOOP, 0)
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVHOPLIMIT, 1)
        member.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        if group == "255.255.255.255":
            member.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode())
        else:
            mreqn = socket.inet_aton(group) + struct.pack("@4xi", index)
            member.setsockopt(socket.IPPROTO_IP, socket.IP_ADD_MEMBERSHIP, mreqn)
            member.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, mreqn)
            member.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_LOOP, 0)
        member.setsockopt(socket.IPPROTO_IP, 12, 1)  # IP_RECVTTL
        member.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
    member.settimeout(PATIENCE_SECONDS)
    print("joined", flush=True)
    sent = bytes.fromhex(octets)
    if sent:
        member.sendto(sent, info[4])
    while count > 0:
        data, ancillary, _, source = member.recvmsg(2048, 256)
        if data == sent:
            continue  # a broadcast of one's own comes back
        count -= 1
        hops, destination = 0, b""
        for level, kind, value in ancillary:
            if (level, kind) in ((socket.IPPROTO_IP, socket.IP_TTL), (socket.IPPROTO_IPV6, socket.IPV6_HOPLIMIT)):
                hops = struct.unpack("@i", value)[0]
            elif (level, kind) == (socket.IPPROTO_IP, 8):
                destination = value[8:12]
            elif (level, kind) == (socket.IPPROTO_IPV6, socket.IPV6_PKTINFO):
                destination = value[:16]
        is_group = destination[:1] == b"\xff" or 224 <= destination[0] < 240 or destination[3:4] == b"\xff"
        print(data.hex().upper(), source[1], hops, "group" if is_group else "me", flush=True)


main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4], int(sys.argv[5]))
