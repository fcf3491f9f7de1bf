#!/usr/bin/env python3
"""What a broker connection of each client costs the gateway over TCP, TLS and QUIC, in one run.

For each upstream: the gateway in a process of its own beside Mosquitto, N clients that connect, then
QoS 1 messages from all of them, each client with one unacknowledged. Prints memory a connection, messages
a second, and the gateway's CPU time a message. Wants mosquitto and openssl; no root.
"""
import argparse
import os
import pathlib
import select
import socket
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
LAYOUT = HERE.parent.parent / "gateway" / "target" / "mqttsn-gateway"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


PORT, TCP, TLS, QUIC = (free_port() for _ in range(4))
URLS = {"tcp": f"mqtt://127.0.0.1:{TCP}", "tls": f"mqtts://127.0.0.1:{TLS}",
        "quic": f"mqtt-quic://127.0.0.1:{QUIC}"}


def certificates(directory):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=directory, capture_output=True)

    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *curve, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=CA")
    openssl("req", *curve, "-keyout", "broker.key", "-out", "broker.csr", "-subj", "/CN=broker")
    (directory / "san").write_text("subjectAltName=IP:127.0.0.1")
    openssl("x509", "-req", "-in", "broker.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "broker.pem", "-days", "2", "-extfile", "san")


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError("no VmRSS")


def cpu_seconds(pid):
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def connect(count):
    clients = []
    for number in range(count):
        client = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        client.connect(("127.0.0.1", PORT))
        client.settimeout(15)
        variable = b"\x04\x01\x02\x58" + f"client-{number}".encode()
        client.send(bytes([len(variable) + 2, 0x04]) + variable)
        answer = client.recv(100)
        if answer[1:3] != b"\x05\x00":
            sys.exit(f"CONNECT of client {number} answered with {answer.hex()}")
        clients.append(client)
    return clients


def publish(clients, seconds):
    """Every client has one message under way; the number of those acknowledged."""
    poll = select.epoll()
    by_descriptor = {client.fileno(): client for client in clients}
    msg_ids = dict.fromkeys(by_descriptor, 1)

    def send(descriptor):
        variable = b"\x22up" + msg_ids[descriptor].to_bytes(2, "big") + b"x" * 20
        by_descriptor[descriptor].send(bytes([len(variable) + 2, 0x0C]) + variable)

    for descriptor in by_descriptor:
        poll.register(descriptor, select.EPOLLIN)
        send(descriptor)
    acknowledged = 0
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for descriptor, _ in poll.poll(0.1):
            answer = by_descriptor[descriptor].recv(100)
            if answer[1] == 0x0D:
                if answer[6] != 0:
                    sys.exit(f"PUBLISH answered with {answer.hex()}")
                acknowledged += 1
                msg_ids[descriptor] = msg_ids[descriptor] % 65535 + 1
                send(descriptor)
    return acknowledged


def measure(name, directory, options):
    config = directory / f"{name}.yaml"
    config.write_text(
        f'sensors: {{listen: ["127.0.0.1:{PORT}"]}}\n'
        f'broker: {{urls: ["{URLS[name]}"], tls: {{ca-file: ca.pem}}}}\n'
        "admin: {listen: null}\nlog: {level: warn}\n")
    command = [LAYOUT / "bin" / "mqttsn-gateway", "run", "--config", config]
    with open(directory / f"{name}.log", "wb") as log:
        gateway = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        time.sleep(5)
        publish(connect(20), 2)
        before = resident_kib(gateway.pid)
        clients = connect(options.clients)
        memory = (resident_kib(gateway.pid) - before) / options.clients
        publish(clients, options.seconds)  # warms up
        cpu = cpu_seconds(gateway.pid)
        count = publish(clients, options.seconds)
        cpu = cpu_seconds(gateway.pid) - cpu
        print(f"| {name.upper()} | {options.clients} | {memory:.0f} KiB | "
              f"{count / options.seconds:.0f} | {cpu / count * 1e6:.0f} us |", flush=True)
    finally:
        gateway.terminate()
        gateway.wait(10)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=500)
    parser.add_argument("--seconds", type=float, default=8)
    options = parser.parse_args()
    directory = pathlib.Path(tempfile.mkdtemp(prefix="upstream-cost-"))
    certificates(directory)
    (directory / "mosquitto.conf").write_text(
        "user root\nallow_anonymous true\nset_tcp_nodelay true\n"
        f"listener {TCP} 127.0.0.1\nlistener {TLS} 127.0.0.1\n"
        f"certfile {directory}/broker.pem\nkeyfile {directory}/broker.key\n")
    os.chmod(directory, 0o755)
    os.chmod(directory / "broker.key", 0o644)
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    processes = [
        subprocess.Popen(["mosquitto", "-c", directory / "mosquitto.conf"], **quiet),
        subprocess.Popen(
            ["java", "-cp", f"{LAYOUT}/lib/*", "mqttsn.gateway.demo.QuicFront", f"127.0.0.1:{QUIC}",
             directory / "broker.pem", directory / "broker.key", f"127.0.0.1:{TCP}"], **quiet)]
    try:
        time.sleep(2)
        print("| upstream | clients | memory a connection | messages a second | CPU a message |")
        print("|---|---:|---:|---:|---:|")
        for name in URLS:
            measure(name, directory, options)
    finally:
        for process in processes:
            process.terminate()
            process.wait(10)


if __name__ == "__main__":
    main()
