"""An MQTT-SN client made of scapy's messages: connects, publishes, and prints a message it gets.

usage: scapy-client.py HOST PORT

Publishes "21.5" to scapy/up with QoS 1, and "on" to the predefined topic 10 with QoS -1; then it
subscribes to scapy/down, says "subscribed", waits for one message and prints its data.
"""

import socket
import sys

from scapy.contrib.mqttsn import (
    MQTTSN,
    MQTTSNConnack,
    MQTTSNConnect,
    MQTTSNDisconnect,
    MQTTSNPuback,
    MQTTSNPublish,
    MQTTSNRegack,
    MQTTSNRegister,
    MQTTSNSuback,
    MQTTSNSubscribe,
)

ACCEPTED = 0
CLIENT_ID = "scapy"


def main(host, port):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    client = socket.socket(family, socket.SOCK_DGRAM)
    client.settimeout(20)
    client.connect((host, port))

    def ask(message, answer):
        client.send(bytes(MQTTSN() / message))
        reply = MQTTSN(client.recv(2048))[answer]
        assert reply.return_code == ACCEPTED, reply.summary()
        return reply

    ask(MQTTSNConnect(cleansess=1, duration=60, client_id=CLIENT_ID), MQTTSNConnack)
    topic = ask(MQTTSNRegister(mid=1, topic_name="scapy/up"), MQTTSNRegack).tid
    ask(MQTTSNPublish(qos=1, tid_type=0, tid=topic, mid=2, data=b"21.5"), MQTTSNPuback)
    client.send(bytes(MQTTSN() / MQTTSNPublish(qos=3, tid_type=1, tid=10, mid=0, data=b"on")))
    ask(MQTTSNSubscribe(qos=1, tid_type=0, mid=3, topic_name="scapy/down"), MQTTSNSuback)
    print("subscribed", flush=True)
    received = MQTTSN(client.recv(2048))[MQTTSNPublish]
    client.send(bytes(MQTTSN() / MQTTSNPuback(tid=received.tid, mid=received.mid)))
    print(bytes(received.data).decode(), flush=True)
    client.send(bytes(MQTTSN() / MQTTSNDisconnect()))


main(sys.argv[1], int(sys.argv[2]))
