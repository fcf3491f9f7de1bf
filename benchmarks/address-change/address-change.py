#!/usr/bin/env python3
"""What a change of address does to MQTT over TCP and to MQTT over QUIC, side by side.

Runs the gateway three times in a network namespace with two uplinks: with TCP upstream, with QUIC
upstream, and with one QUIC connection for all clients. Sensors publish at a steady rate through all;
then the network changes in four ways, and the third gateway is killed. Draws address-change.svg and .png and prints a table. Wants root; see docs/address-change.md.
"""
import argparse
import collections
import os
import pathlib
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
LAYOUT = HERE.parent.parent / "gateway" / "target" / "mqttsn-gateway"
PREFIX = "addr"
UPSTREAMS = ("tcp", "quic", "shared")
NAMES = {"tcp": "TCP", "quic": "QUIC", "shared": "QUIC, shared"}
PORTS = {"tcp": 1884, "quic": 1885, "shared": 1886}
TOPICS = {"tcp": "tc", "quic": "qu", "shared": "sh"}  # short topic names: two octets
LATE_SECONDS = 1.0

# What happens, at which second, and how it is called.
CHANGES = [
    (20, ["nat-port"], "NAT: new port"),
    (45, ["nat-address"], "NAT: new address"),
    (70, ["wire-address-lost"], "uplink loses its address"),
    (95, ["all-down"], "no network for 5 s ..."),
    (100, ["radio-elsewhere"], "... then another address"),
    (125, [], "shared gateway killed"),
]
KILL_SECONDS = 125
MARKS = [(20, 45), (45, 70), (70, 95), (95, 125), (125, 150)]  # from each change to the next
END_SECONDS = 150
DRAIN_SECONDS = 25

GATEWAY_YAML = """
{more}
sensors: {{listen: ["198.18.0.2:{port}"]}}
broker:
  urls: ["{url}"]
  keep-alive: 10s
  tls: {{ca-file: ca.pem}}
admin: {{listen: null}}
"""
SHARED_YAML = """
gateway: {mode: aggregating, name: gateway-shared}
sessions: {file: sessions}
queue: {enabled: true, directory: queue}"""


class Sensor:
    """An MQTT-SN client that publishes with QoS 1 and keeps what was not acknowledged."""

    RETRY_SECONDS = 2.0
    TRIES = 8

    def __init__(self, upstream, number):
        self.upstream = upstream
        self.client_id = f"{upstream}-sensor-{number}"
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.connect(("198.18.0.2", PORTS[upstream]))
        self.socket.setblocking(False)
        self.connected = False
        self.connect_at = 0.0
        self.msg_id = 0
        self.waiting = collections.OrderedDict()  # msgId -> [datagram, next try, tries left]

    def connect(self, now):
        variable = bytes([0x04, 0x01]) + (300).to_bytes(2, "big") + self.client_id.encode()
        self.send(0x04, variable)
        self.connect_at = now + self.RETRY_SECONDS

    def send(self, kind, variable):
        try:
            self.socket.send(bytes([len(variable) + 2, kind]) + variable)
        except OSError:
            pass  # the gateway is not there yet

    def publish(self, number, now):
        self.msg_id = self.msg_id % 65535 + 1
        payload = f"{self.client_id} {number} {time.time():.6f}".encode()
        head = TOPICS[self.upstream].encode() + self.msg_id.to_bytes(2, "big")
        self.waiting[self.msg_id] = [head + payload, now, self.TRIES]

    def tick(self, now):
        if not self.connected:
            if now >= self.connect_at:
                self.connect(now)
            return
        for msg_id, entry in list(self.waiting.items()):
            if now >= entry[1]:
                if entry[2] == 0:
                    del self.waiting[msg_id]
                    continue
                dup = 0x80 if entry[2] < self.TRIES else 0x00
                self.send(0x0C, bytes([0x22 | dup]) + entry[0])
                entry[1] = now + self.RETRY_SECONDS
                entry[2] -= 1

    def receive(self, now):
        try:
            while True:
                self.take(self.socket.recv(2048), now)
        except OSError:
            return

    def take(self, datagram, now):
        kind = datagram[1]
        if kind == 0x05 and datagram[2] == 0:  # CONNACK
            self.connected = True
        elif kind == 0x18:  # DISCONNECT
            self.connected = False
            self.connect_at = now
        elif kind == 0x0D:  # PUBACK
            msg_id = int.from_bytes(datagram[4:6], "big")
            if datagram[6] == 0:
                self.waiting.pop(msg_id, None)
            elif msg_id in self.waiting:  # rejected: congestion
                self.waiting[msg_id][1] = now + self.RETRY_SECONDS


def sensors_run(sensors, period, begin, sent):
    """Publishes until END_SECONDS; sent[upstream] gets (client, number) -> time."""
    selector = selectors.DefaultSelector()
    for sensor in sensors:
        selector.register(sensor.socket, selectors.EVENT_READ, sensor)
    # Each sensor has its own moment in the period, the same one for both upstreams.
    per_upstream = len(sensors) // len(UPSTREAMS)
    offsets = [period * (i % per_upstream) / per_upstream for i in range(len(sensors))]
    numbers = [0] * len(sensors)
    while time.monotonic() < begin + END_SECONDS + DRAIN_SECONDS:
        now = time.monotonic()
        for i, sensor in enumerate(sensors):
            due = begin + offsets[i] + numbers[i] * period
            if due <= now < begin + END_SECONDS:
                sent[sensor.upstream][(sensor.client_id, numbers[i])] = now - begin
                sensor.publish(numbers[i], now)
                numbers[i] += 1
            sensor.tick(now)
        for key, _ in selector.select(timeout=0.005):
            key.data.receive(time.monotonic())


def sh(*command):
    subprocess.run([str(part) for part in command], check=True)


def network(command):
    sh(HERE / "network.sh", PREFIX, command)


def in_ns(where, *command):
    return ["ip", "netns", "exec", f"{PREFIX}-{where}", *[str(part) for part in command]]


class World:
    """The namespaces and the processes in them."""

    def __init__(self, directory):
        self.directory = directory
        self.processes = []
        self.gateways = {}

    def start(self, name, command, **more):
        log = open(self.directory / f"{name}.log", "ab")
        process = subprocess.Popen(command, stdout=log, stderr=subprocess.STDOUT, **more)
        self.processes.append(process)
        return process

    def __enter__(self):
        subprocess.run([HERE / "network.sh", PREFIX, "down"], check=False)
        network("up")
        certificates(self.directory)
        (self.directory / "mosquitto.conf").write_text(
            "listener 1883 0.0.0.0\nallow_anonymous true\nlog_type all\nlog_dest stderr\n"
            "max_queued_messages 0\nuser root\n"
        )
        self.start("mosquitto", in_ns("cloud", "mosquitto", "-c", self.directory / "mosquitto.conf"))
        java = shutil.which("java")
        front = [java, "-cp", f"{LAYOUT}/lib/*", "mqttsn.gateway.demo.QuicFront", "10.9.0.10:14567",
                 self.directory / "broker.pem", self.directory / "broker.key", "127.0.0.1:1883"]
        self.start("front", in_ns("cloud", *front))
        time.sleep(2)
        for name in UPSTREAMS:
            self.gateway(name)
        time.sleep(4)
        return self

    def gateway(self, name):
        url = "mqtt://10.9.0.10:1883" if name == "tcp" else "mqtt-quic://10.9.0.10:14567"
        more = SHARED_YAML if name == "shared" else f"gateway: {{name: gateway-{name}}}"
        config = self.directory / f"{name}.yaml"
        config.write_text(GATEWAY_YAML.format(more=more, port=PORTS[name], url=url))
        command = [LAYOUT / "bin" / "mqttsn-gateway", "run", "--config", config]
        self.gateways[name] = self.start(f"gateway-{name}", in_ns("edge", *command))

    def kill_gateway(self, name):
        """With SIGKILL; it is started again at once, as a service manager does."""
        self.gateways[name].kill()
        self.gateways[name].wait()
        self.gateway(name)

    def __exit__(self, *_):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            try:
                process.wait(8)
            except subprocess.TimeoutExpired:
                process.kill()
        network("down")


def certificates(directory):
    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], check=True, cwd=directory, capture_output=True)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=Demonstration CA", "-days", "2")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
            "-keyout", "broker.key", "-out", "broker.csr", "-subj", "/CN=broker")
    (directory / "san").write_text("subjectAltName=IP:10.9.0.10")
    openssl("x509", "-req", "-in", "broker.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
            "-CAcreateserial", "-out", "broker.pem", "-days", "2", "-extfile", "san")


def subscribe(world, begin_wall, arrived):
    """Collects (client, number) -> [arrival time, ...] from a subscriber beside the broker."""
    process = subprocess.Popen(
        ["mosquitto_sub", "-h", "198.18.1.2", "-i", "observer", "-q", "1", "-F", "%U %p",
         *[word for topic in TOPICS.values() for word in ("-t", topic)]],
        stdout=subprocess.PIPE, text=True)
    world.processes.append(process)

    def read():
        for line in process.stdout:
            at, client, number, _ = line.split()
            arrived[client.split("-")[0]][(client, int(number))].append(float(at) - begin_wall[0])

    threading.Thread(target=read, daemon=True).start()


def connects(directory, upstream):
    """CONNECTs for sensors that the broker has seen."""
    log = (directory / "mosquitto.log").read_text(errors="replace")
    client = "gateway-shared" if upstream == "shared" else f"{upstream}-sensor-"
    return sum(
        "New client connected" in line and f" as {client}" in line for line in log.splitlines())


def measure(options, directory):
    sent = {name: {} for name in UPSTREAMS}
    arrived = {name: collections.defaultdict(list) for name in UPSTREAMS}
    begin_wall = [0.0]
    with World(directory) as world:
        subscribe(world, begin_wall, arrived)
        sensors = [Sensor(name, i) for name in UPSTREAMS for i in range(1, options.sensors + 1)]
        wait_until_connected(sensors)
        time.sleep(1)
        before = {name: connects(directory, name) for name in UPSTREAMS}
        begin, begin_wall[0] = time.monotonic(), time.time()
        load = threading.Thread(
            target=sensors_run, args=(sensors, 1 / options.rate, begin, sent))
        load.start()
        reconnects = []
        for at, commands, label in CHANGES:
            time.sleep(max(0, begin + at - time.monotonic()))
            print(f"{at:4d} s  {label}", flush=True)
            reconnects.append({name: connects(directory, name) for name in UPSTREAMS})
            for command in commands:
                network(command)
            if at == KILL_SECONDS:
                world.kill_gateway("shared")
        load.join()
        reconnects.append({name: connects(directory, name) for name in UPSTREAMS})
    del reconnects[4]  # the outage and its end are one change
    assert before == reconnects[0], "a connection was lost before the first change"
    return sent, arrived, reconnects


def wait_until_connected(sensors):
    deadline = time.monotonic() + 60
    while not all(sensor.connected for sensor in sensors):
        now = time.monotonic()
        if now > deadline:
            sys.exit("the sensors could not connect; see the logs")
        for sensor in sensors:
            sensor.tick(now)
            sensor.receive(now)
        time.sleep(0.02)


def report(sent, arrived, reconnects):
    """Rows of (change, upstream, gap, late, lost, duplicated, reconnects)."""
    rows = []
    for index, (begin, end) in enumerate(MARKS):
        label = ["NAT: new port", "NAT: new address", "uplink loses its address",
                 "no network for 5 s, then another address", "the gateway is killed"][index]
        for name in UPSTREAMS if begin < KILL_SECONDS else ["shared"]:
            times = sorted(times[0] for times in arrived[name].values())
            inside = [t for t in times if begin - 1 <= t]
            # Up to the next change: what that one does is its own.
            gap = max((min(b, end) - a for a, b in zip(inside, inside[1:]) if a < end), default=0.0)
            numbers = [key for key, at in sent[name].items() if begin <= at < end]
            late = sum(
                1 for key in numbers
                if arrived[name].get(key) and arrived[name][key][0] - sent[name][key] > LATE_SECONDS)
            lost = sum(1 for key in numbers if not arrived[name].get(key))
            twice = sum(len(arrived[name].get(key, [])) > 1 for key in numbers)
            again = reconnects[index + 1][name] - reconnects[index][name]
            rows.append((label, name, gap, late, lost, twice, again, len(numbers)))
    return rows


def table(rows):
    lines = ["| change | upstream | gap | later than 1 s | lost | duplicated | reconnects |",
             "|---|---|---:|---:|---:|---:|---:|"]
    for label, name, gap, late, lost, twice, again, count in rows:
        lines.append(f"| {label} | {NAMES[name]} | {gap:.2f} s | {late} of {count} | {lost} "
                     f"| {twice} | {again} |")
    return "\n".join(lines) + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=pathlib.Path, default=pathlib.Path("."), help="folder of the results")
    parser.add_argument("--sensors", type=int, default=5, help="sensors at each gateway")
    parser.add_argument("--rate", type=float, default=4.0, help="messages a second of each sensor")
    options = parser.parse_args()
    if os.geteuid() != 0:
        sys.exit("address-change.py: wants root, for network namespaces")
    if not LAYOUT.is_dir():
        sys.exit("address-change.py: build the gateway first: ./mvnw -q -DskipTests package")
    options.out.mkdir(parents=True, exist_ok=True)
    logs = pathlib.Path(tempfile.mkdtemp(prefix="address-change-"))
    print(f"logs in {logs}")
    sent, arrived, reconnects = measure(options, logs)
    rows = report(sent, arrived, reconnects)
    (options.out / "address-change.md").write_text(table(rows))
    sys.path.insert(0, str(HERE))
    import picture
    svg = options.out / "address-change.svg"
    svg.write_text(picture.draw(sent, arrived, CHANGES, END_SECONDS + 5, options.sensors * options.rate))
    sh("rsvg-convert", "--zoom", "2", "-o", svg.with_suffix(".png"), svg)
    print(table(rows))


if __name__ == "__main__":
    main()
