# Processes, load and figures, for run. Needs: work, here, root, gateway, and the ports.

# --- processes -----------------------------------------------------------------------------------

compile() {
  gcc -O2 -w -o "$work/snload" "$here/load/snload.c"
  gcc -O2 -w -o "$work/floor" "$here/load/floor.c"
  gcc -O2 -w -o "$work/shared-floor" "$here/load/shared-floor.c"
  gcc -O2 -w -o "$work/mqttload" "$here/load/mqttload.c" -lmosquitto
}

start_broker() {
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 \
    -subj /CN=localhost -addext subjectAltName=DNS:localhost,IP:127.0.0.1 \
    -keyout "$work/key.pem" -out "$work/cert.pem" 2>"$work/openssl.log"
  chmod 755 "$work"
  chmod 644 "$work/key.pem"
  # The queue to the counting subscriber has no limit: what is missing there, the gateway lost.
  cat >"$work/mosquitto.conf" <<END
allow_anonymous true
set_tcp_nodelay true
max_queued_messages 0
max_queued_bytes 0
log_type error
listener $broker_port 127.0.0.1
listener $tls_port 127.0.0.1
certfile $work/cert.pem
keyfile $work/key.pem
END
  mosquitto -c "$work/mosquitto.conf" 2>"$work/mosquitto.log" &
  pids[broker]=$!
  local i
  for ((i = 0; i < 100; i++)); do
    sleep 0.1
    kill -0 "${pids[broker]}" 2>/dev/null || break
    (exec 3<>"/dev/tcp/127.0.0.1/$broker_port") 2>/dev/null && return
  done
  say "no broker: $(cat "$work/mosquitto.log")"
  exit 1
}

# An MQTT-over-QUIC port in front of the broker.
start_quic_front() {
  java -XX:+UseSerialGC -cp "$root/gateway/target/mqttsn-gateway/lib/*" mqttsn.gateway.demo.QuicFront \
    "127.0.0.1:$quic_port" "$work/cert.pem" "$work/key.pem" "127.0.0.1:$broker_port" >"$work/quic.log" 2>&1 &
  pids[quic]=$!
}

# Acknowledgements of the durable queue: first, disk; empty for none.
queue=

# write_configuration MODE URL: the defaults, but for the limits that a single source runs into.
write_configuration() {
  echo '*, bench/predefined, 1' >"$work/predefined-topics.csv"
  cat >"$work/gateway.yaml" <<END
gateway: {mode: $1}
sensors: {listen: ["127.0.0.1:$gateway_port"], receive-buffer: 4MiB}
topics: {predefined: predefined-topics.csv}
sessions: {connect-rate: 1000000, connect-rate-per-source: 1000000}
qos-minus-one: {rate: 1000000}
broker: {urls: ["$2"], tls: {ca-file: cert.pem}}
admin: {listen: "127.0.0.1:$((port + 4))"}
log: {level: warn}
END
  rm -rf "$work/queue"
  [[ -z $queue ]] || echo "queue: {enabled: true, directory: queue, ack: $queue}" >>"$work/gateway.yaml"
}

launch_gateway() {
  "$gateway" run --config "$work/gateway.yaml" 2>"$work/gateway.log" &
  pids[gateway]=$!
}

start_gateway() {
  write_configuration "${1:-transparent}" "${2:-mqtt://127.0.0.1:$broker_port}"
  launch_gateway
  local i
  for ((i = 0; i < 50; i++)); do
    "$work/snload" -p "$gateway_port" -n 1 -q 1 -m 1 -R 50 -N 20 >"$work/snload.json"
    [[ $(field snload acked) == 1 ]] && { sleep 1; return; }
    sleep 0.2
  done
  say "no gateway: $(cat "$work/gateway.log")"
  exit 1
}

# The gateway that earlier sections have warmed up, or a new one.
start_warm_gateway() {
  [[ -v pids[gateway] ]] && return
  start_gateway
  warm_up
}

# start_floor [PROGRAM]
start_floor() {
  # A broker that closes a connection must not end it.
  trap '' PIPE
  "$work/${1:-floor}" "$floor_port" "$broker_port" 2>"$work/floor.log" &
  pids[floor]=$!
  trap - PIPE
}

stop() {
  kill "${pids[$1]}" 2>/dev/null || true
  wait "${pids[$1]}" 2>/dev/null || true
  unset "pids[$1]"
}

# --- measuring -----------------------------------------------------------------------------------

cpu_ticks() { awk '{print $14 + $15}' "/proc/$1/stat"; }
resident_mib() { awk '/VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }
# Of the resident memory, what no file backs: the part that other processes can never share.
anonymous_mib() { awk '/RssAnon/ {printf "%.0f", $2 / 1024}' "/proc/$1/status"; }
median() { tr ' ' '\n' | grep . | sort -n | awk '{v[NR] = $1} END {print v[int((NR + 1) / 2)]}'; }
# "median (least to most)" of the arguments.
spread() { echo "$(echo "$@" | median) ($(echo "$@" | tr ' ' '\n' | sort -n | head -1) to $(echo "$@" | tr ' ' '\n' | sort -n | tail -1))"; }
field() { jq -r ".$2" "$work/$1.json"; }
divide() { awk -v a="$1" -v b="$2" -v digits="${3:-2}" 'BEGIN {printf "%." digits "f", (b > 0 ? a / b : 0)}'; }

# load PROCESS PORT ARGUMENT...: one run of snload; its report is snload.json, cpu_seconds what the
# process used from the moment that all clients were connected.
load() {
  local pid=${pids[$1]} to=$2 before ticks
  local process=$1
  shift 2
  kill -0 "$pid" || { say "the $process has ended: $(cat "$work/$process.log")"; exit 1; }
  [[ -p $work/connected ]] || mkfifo "$work/connected"
  exec 8<>"$work/connected"
  # New ClientIds each time: a DISCONNECT that was lost must not make the next run a take-over.
  loads=$((loads + 1))
  "$work/snload" -p "$to" -i "load$loads-" "$@" -P 8 >"$work/snload.json" 2>"$work/snload.log" &
  local loader=$!
  read -r -n 1 -t 120 -u 8 || { say "snload: $(cat "$work/snload.log")"; exit 1; }
  before=$(cpu_ticks "$pid")
  wait $loader
  exec 8>&-
  ticks=$(($(cpu_ticks "$pid") - before))
  cpu_seconds=$(divide "$ticks" "$(getconf CLK_TCK)" 3)
}

# count FILTER EXPECTED: starts the counting subscriber; its report will be count.json.
count() {
  rm -f "$work/subscribed"
  "$work/mqttload" count -p "$broker_port" -t "$1" -e "$2" -d 60 -i 3 -R "$work/subscribed" \
    >"$work/count.json" 2>"$work/count.log" &
  counter=$!
  until [[ -e $work/subscribed ]]; do sleep 0.05; done
}

# micros MESSAGES: CPU microseconds a message of the last load.
micros() { divide "$(awk -v s="$cpu_seconds" 'BEGIN {print s * 1e6}')" "$1" 1; }

# CPU ticks of the compilers of the virtual machine so far.
compiler_ticks() { cat "/proc/${pids[gateway]}"/task/*/stat 2>/dev/null | grep Compiler | awk '{n += $(NF - 38) + $(NF - 37)} END {print n + 0}'; }

# Load until the compilers are quiet: less than a twentieth of the process, but for the number of times (6) given at most.
warm_up() {
  local i before compiled
  for ((i = 0; i < ${1:-6}; i++)); do
    compiled=$(compiler_ticks) before=$(cpu_ticks "${pids[gateway]}")
    load gateway "$gateway_port" -n 100 -q 1 -d 4
    load gateway "$gateway_port" -n 100 -q 0 -r 20000 -d 2
    compiled=$(($(compiler_ticks) - compiled))
    say "warming up: $compiled of $(($(cpu_ticks "${pids[gateway]}") - before)) ticks were the compilers'"
    ((compiled * 20 > $(cpu_ticks "${pids[gateway]}") - before)) || break
  done
}
