/* snload - a small, bounded MQTT-SN 1.2 load generator (own code, single thread, epoll + recvmmsg/sendmmsg).
 *
 * N clients, one connected UDP socket each (gateways tell clients apart by address:port).
 * Phases: CONNECT -> REGISTER (or a predefined id, or SUBSCRIBE) -> load or hold -> drain -> DISCONNECT.
 * It always stops: by message count, by duration, and by a hard limit of 600 s.
 *
 *   snload -p PORT [-h 127.0.0.1] [-n clients] [-q 0|1|2|-1] [-r msgs/s (0 = as fast as acked)] [-w window]
 *          [-d seconds] [-m messages] [-s payload bytes] [-t topic format, %d = client] [-T predefined id]
 *          [-i client id prefix] [-k keepalive s] [-R retry ms] [-N retries] [-c connects in flight] [-x drain s]
 *          [-H hold seconds: connect only, ping everybody at the end, report]
 *          [-P fd-number: write a byte to this fd when all are connected (for a driver)] [-S] [-D] [-v]
 *   -b  client i sends from 127.0.0.1:(b+i) (for gateways with a fixed client list)
 *   -S  subscribe instead of publishing: count PUBLISHes for -d seconds, latency from the payload's time stamp
 *   -D  no DISCONNECT at the end (leave the sessions behind)
 * Payload: "SNL1" | u32 client | u32 seq | u64 CLOCK_MONOTONIC ns of the intended send time | filler   (20 bytes at least)
 * Output: one JSON object on stdout.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECT=0x04, CONNACK, REGISTER=0x0A, REGACK=0x0B, PUBLISH=0x0C, PUBACK=0x0D, PUBCOMP=0x0E, PUBREC=0x0F,
       PUBREL=0x10, SUBSCRIBE=0x12, SUBACK=0x13, PINGREQ=0x16, PINGRESP=0x17, DISCONNECT=0x18 };
enum state { S_NEW, S_CONN, S_REG, S_READY, S_FAILED, S_GONE };

#define MAXWIN 256
#define HSUB 7                      /* 128 sub-buckets per octave: < 0.8 % error */
typedef struct { uint64_t b[64 << HSUB], n, max, sum; } hist_t;

typedef struct { uint16_t id; uint8_t used, tries, rel; uint32_t seq; uint64_t t_sched, t_first, t_last; } slot_t;

typedef struct {
    int fd; enum state st; uint8_t tries, pinged, ponged; uint16_t mid, tid; uint32_t seq; int inflight;
    uint64_t t_last, t_hold; slot_t *slot;
} client_t;

static struct {
    const char *host, *port, *topic, *prefix; int n, qos, win, size, tid, keep, retry_ms, nretry, cif, hold, sub, nodisc, verbose, pfd, base;
    double rate, dur, drain; uint64_t count;
} o = { .host = "127.0.0.1", .port = "1884", .topic = "bench/%d", .prefix = "snl", .n = 10, .qos = 1, .win = 1, .size = 64,
    .keep = 600, .retry_ms = 1000, .nretry = 5, .cif = 64, .hold = -1, .pfd = -1, .dur = 10, .drain = 3 };

static client_t *cl; static int ep; static struct sockaddr_storage ga; static socklen_t galen;
static hist_t h_rtt, h_lat, h_conn;
static struct {
    uint64_t sent, resent, acked, rej, rej_code[8], lost, late, senderr, refused, rx, rx_pub, rx_dup, discon_by_gw, bad, backlog_max;
    uint64_t conn_ok, conn_rej, conn_to, reg_fail, ping_ok, conn_resent;
} c;
static volatile sig_atomic_t stop;
static void on_sig(int s) { (void)s; stop = 1; }

static uint64_t now(void) { struct timespec t; clock_gettime(CLOCK_MONOTONIC, &t); return t.tv_sec * 1000000000ull + t.tv_nsec; }
static void hadd(hist_t *h, uint64_t v) {
    unsigned e = v >> HSUB ? 64 - __builtin_clzll(v) - HSUB - 1 : 0;      /* v >> e is in [64..255] */
    h->b[((uint64_t)e << HSUB) + (v >> e)]++; h->n++; h->sum += v; if (v > h->max) h->max = v;
}
static double hq(hist_t *h, double q) {                                   /* microseconds */
    uint64_t want = (uint64_t)(q * h->n), s = 0; if (!h->n) return 0; if (want >= h->n) want = h->n - 1;
    for (uint64_t i = 0; i < 64u << HSUB; i++) { s += h->b[i]; if (s > want) {
        if (i < 2u << HSUB) return i / 1e3;
        uint64_t e = (i >> HSUB) - 1, m = i - (e << HSUB); return (double)((m << e) + (1ull << e) / 2) / 1e3; } }
    return h->max / 1e3;
}
static void put16(uint8_t *p, unsigned v) { p[0] = v >> 8; p[1] = v; }
static unsigned get16(const uint8_t *p) { return p[0] << 8 | p[1]; }
static void put32(uint8_t *p, uint32_t v) { put16(p, v >> 16); put16(p + 2, v); }
static uint32_t get32(const uint8_t *p) { return (uint32_t)get16(p) << 16 | get16(p + 2); }

/* header for a body of n bytes (type included): 1 or 3 length bytes; returns header length */
static int hdr(uint8_t *p, int body, int type) {
    if (body + 1 < 256) { p[0] = body + 1; p[1] = type; return 2; }
    p[0] = 1; put16(p + 1, body + 3); p[3] = type; return 4;
}
static void xsend(client_t *k, const void *b, int n) {
    if (send(k->fd, b, n, 0) < 0) { if (errno == ECONNREFUSED) c.refused++; else c.senderr++; }
}
static int mkpub(client_t *k, uint8_t *b, uint16_t mid, uint32_t seq, uint64_t ts, int dup) {
    int q = o.qos < 0 ? 3 : o.qos, tt = o.tid ? 1 : 0, L = hdr(b, 1 + 5 + o.size, PUBLISH); uint8_t *p = b + L;
    *p++ = dup << 7 | q << 5 | tt; put16(p, k->tid); p += 2; put16(p, o.qos > 0 ? mid : 0); p += 2;
    memcpy(p, "SNL1", 4); put32(p + 4, k - cl); put32(p + 8, seq); put32(p + 12, ts >> 32); put32(p + 16, ts);
    memset(p + 20, 'x', o.size - 20); return L + 5 + o.size;
}
static void send_connect(client_t *k) {
    uint8_t b[80]; char id[40]; int n = snprintf(id, sizeof id, "%s%d", o.prefix, (int)(k - cl));
    int L = hdr(b, 1 + 4 + n, CONNECT); b[L] = 0x04; b[L + 1] = 1; put16(b + L + 2, o.keep); memcpy(b + L + 4, id, n);
    xsend(k, b, L + 4 + n);
}
static void send_reg(client_t *k) {
    uint8_t b[300]; char t[200]; int n = snprintf(t, sizeof t, o.topic, (int)(k - cl)), L;
    if (o.sub) { L = hdr(b, 1 + 3 + n, SUBSCRIBE); b[L] = o.qos << 5; put16(b + L + 1, 1); memcpy(b + L + 3, t, n); xsend(k, b, L + 3 + n); }
    else { L = hdr(b, 1 + 4 + n, REGISTER); put16(b + L, 0); put16(b + L + 2, 1); memcpy(b + L + 4, t, n); xsend(k, b, L + 4 + n); }
}
static int n_ready, n_settled, closing;
static void settled(client_t *k, enum state st) { k->st = st; n_settled++; if (st == S_READY) { n_ready++; hadd(&h_conn, now() - k->t_hold); } }

static void pub(client_t *k, uint64_t sched) {                           /* one new message */
    uint8_t b[65600]; uint64_t t = now(); slot_t *s = NULL;
    if (o.qos > 0) {
        for (int i = 0; i < o.win; i++) if (!k->slot[i].used) { s = &k->slot[i]; break; }
        if (!s) return;
        if (++k->mid == 0) k->mid = 1;
        *s = (slot_t){ .id = k->mid, .used = 1, .seq = k->seq, .t_sched = sched, .t_first = t, .t_last = t }; k->inflight++;
    }
    xsend(k, b, mkpub(k, b, k->mid, k->seq++, sched, 0)); c.sent++;
}
static int flood(client_t *k, int m) {                                   /* a QoS 0 burst of m in one sendmmsg */
    static uint8_t buf[64][1500]; struct mmsghdr mm[64]; struct iovec iv[64]; uint64_t t = now(); memset(mm, 0, sizeof mm);
    if (m > 64) m = 64;
    for (int i = 0; i < m; i++) { iv[i] = (struct iovec){ buf[i], mkpub(k, buf[i], 0, k->seq++, t, 0) }; mm[i].msg_hdr.msg_iov = &iv[i]; mm[i].msg_hdr.msg_iovlen = 1; }
    int r = sendmmsg(k->fd, mm, m, 0); if (r < 0) { if (errno == ECONNREFUSED) c.refused++; else c.senderr++; r = 0; }
    c.senderr += m - r; c.sent += m; return m;
}
static slot_t *find(client_t *k, uint16_t id) { for (int i = 0; i < o.win; i++) if (k->slot[i].used && k->slot[i].id == id) return &k->slot[i]; return NULL; }
static void done(client_t *k, slot_t *s, int ok) {
    uint64_t t = now(); s->used = 0; k->inflight--;
    if (ok) { c.acked++; hadd(&h_rtt, t - s->t_first); hadd(&h_lat, t - s->t_sched); }
}
static void rx(client_t *k, uint8_t *b, int n) {
    int L = b[0] == 1 ? 4 : 2; if (n < L) { c.bad++; return; }
    int type = b[L - 1]; uint8_t *p = b + L; int m = n - L; slot_t *s; c.rx++;
    switch (type) {
    case CONNACK: if (k->st != S_CONN || m < 1) break;
        if (p[0]) { c.conn_rej++; c.rej_code[p[0] & 7]++; settled(k, S_FAILED); break; }
        c.conn_ok++; k->tries = 0; k->t_last = now();
        if (o.tid && !o.sub) { k->tid = o.tid; settled(k, S_READY); } else { k->st = S_REG; send_reg(k); }
        break;
    case REGACK: if (k->st != S_REG || m < 5 || o.sub) break;
        if (p[4]) { c.reg_fail++; settled(k, S_FAILED); } else { k->tid = get16(p); settled(k, S_READY); } break;
    case SUBACK: if (k->st != S_REG || m < 6) break;
        if (p[5]) { c.reg_fail++; settled(k, S_FAILED); } else settled(k, S_READY); break;
    case PUBACK: if (m < 5) { c.bad++; break; } s = find(k, get16(p + 2)); if (!s) { c.late++; break; }
        if (p[4]) { c.rej++; c.rej_code[p[4] & 7]++; } done(k, s, p[4] == 0); break;
    case PUBREC: { if (m < 2) break; uint8_t r[4] = { 4, PUBREL, p[0], p[1] }; s = find(k, get16(p)); if (s) { s->rel = 1; s->t_last = now(); } xsend(k, r, 4); break; }
    case PUBCOMP: if (m < 2) break; s = find(k, get16(p)); if (!s) { c.late++; break; } done(k, s, 1); break;
    case REGISTER: { if (m < 4) break; uint8_t r[7] = { 7, REGACK, p[0], p[1], p[2], p[3], 0 }; xsend(k, r, 7); break; }
    case PUBLISH: { if (m < 5) break; int q = p[0] >> 5 & 3; c.rx_pub++; if (p[0] & 0x80) c.rx_dup++;
        if (q == 1) { uint8_t r[7] = { 7, PUBACK, p[1], p[2], p[3], p[4], 0 }; xsend(k, r, 7); }
        if (q == 2) { uint8_t r[4] = { 4, PUBREC, p[3], p[4] }; xsend(k, r, 4); }
        if (m >= 25 && !memcmp(p + 5, "SNL1", 4)) { uint64_t ts = (uint64_t)get32(p + 17) << 32 | get32(p + 21), t = now(); if (t > ts) hadd(&h_lat, t - ts); }
        break; }
    case PUBREL: { if (m < 2) break; uint8_t r[4] = { 4, PUBCOMP, p[0], p[1] }; xsend(k, r, 4); break; }
    case PINGREQ: { uint8_t r[2] = { 2, PINGRESP }; xsend(k, r, 2); break; }
    case PINGRESP: if (k->pinged && !k->ponged) { k->ponged = 1; c.ping_ok++; } break;
    case DISCONNECT: if (closing) break; if (k->st == S_READY) { c.discon_by_gw++; k->st = S_GONE; n_ready--; }
        else if (k->st == S_CONN || k->st == S_REG) { c.conn_rej++; settled(k, S_FAILED); } break;
    default: c.bad++;
    }
}
static void drain_fd(client_t *k) {
    static uint8_t buf[32][2048]; struct mmsghdr mm[32]; struct iovec iv[32];
    for (;;) {
        memset(mm, 0, sizeof mm); for (int i = 0; i < 32; i++) { iv[i] = (struct iovec){ buf[i], 2048 }; mm[i].msg_hdr.msg_iov = &iv[i]; mm[i].msg_hdr.msg_iovlen = 1; }
        int r = recvmmsg(k->fd, mm, 32, MSG_DONTWAIT, NULL);
        if (r < 0) { if (errno == ECONNREFUSED) c.refused++; return; }
        for (int i = 0; i < r; i++) if (mm[i].msg_len >= 2) rx(k, buf[i], mm[i].msg_len);
        if (r < 32) return;
    }
}
static void poll_io(uint64_t ns, void (*after)(client_t *)) {
    struct epoll_event ev[256]; struct timespec ts = { ns / 1000000000ull, ns % 1000000000ull };
    int r = epoll_pwait2(ep, ev, 256, &ts, NULL);
    for (int i = 0; i < r; i++) { client_t *k = &cl[ev[i].data.u32]; drain_fd(k); if (after) after(k); }
}
static void retries(uint64_t t) {
    uint64_t R = o.retry_ms * 1000000ull; uint8_t b[65600];
    for (int i = 0; i < o.n; i++) { client_t *k = &cl[i]; if (k->st != S_READY || !k->inflight) continue;
        for (int j = 0; j < o.win; j++) { slot_t *s = &k->slot[j]; if (!s->used || t - s->t_last < R) continue;
            if (s->tries >= o.nretry) { c.lost++; done(k, s, 0); continue; }
            s->tries++; s->t_last = t; c.resent++;
            if (s->rel) { uint8_t r[4] = { 4, PUBREL, s->id >> 8, s->id }; xsend(k, r, 4); }
            else xsend(k, b, mkpub(k, b, s->id, s->seq, s->t_sched, 1)); } }
}
static uint64_t t_end; static int load_on;
static int may_send(void) { return load_on && !(o.count && c.sent >= o.count); }
static void refill(client_t *k) { if (o.rate > 0 || o.qos <= 0) return; while (may_send() && k->st == S_READY && k->inflight < o.win) pub(k, now()); }

int main(int argc, char **argv) {
    int a; while ((a = getopt(argc, argv, "h:p:n:q:r:w:d:m:s:t:T:i:k:R:N:c:x:H:P:b:SDv")) != -1) switch (a) {
        case 'h': o.host = optarg; break; case 'p': o.port = optarg; break; case 'n': o.n = atoi(optarg); break; case 'q': o.qos = atoi(optarg); break;
        case 'r': o.rate = atof(optarg); break; case 'w': o.win = atoi(optarg); break; case 'd': o.dur = atof(optarg); break; case 'm': o.count = atoll(optarg); break;
        case 's': o.size = atoi(optarg); break; case 't': o.topic = optarg; break; case 'T': o.tid = atoi(optarg); break; case 'i': o.prefix = optarg; break;
        case 'k': o.keep = atoi(optarg); break; case 'R': o.retry_ms = atoi(optarg); break; case 'N': o.nretry = atoi(optarg); break; case 'c': o.cif = atoi(optarg); break;
        case 'x': o.drain = atof(optarg); break; case 'H': o.hold = atoi(optarg); break; case 'P': o.pfd = atoi(optarg); break; case 'b': o.base = atoi(optarg); break; case 'S': o.sub = 1; break;
        case 'D': o.nodisc = 1; break; case 'v': o.verbose = 1; break; default: fprintf(stderr, "see the head of snload.c\n"); return 2; }
    if (o.size < 20) o.size = 20; if (o.size > 1400) o.size = 1400; if (o.win > MAXWIN) o.win = MAXWIN; if (o.dur > 600) o.dur = 600;
    struct addrinfo hi = { .ai_socktype = SOCK_DGRAM }, *ai; if (getaddrinfo(o.host, o.port, &hi, &ai)) { fprintf(stderr, "bad host\n"); return 2; }
    memcpy(&ga, ai->ai_addr, ai->ai_addrlen); galen = ai->ai_addrlen;
    struct rlimit rl = { 200000, 200000 }; if (setrlimit(RLIMIT_NOFILE, &rl)) { getrlimit(RLIMIT_NOFILE, &rl); rl.rlim_cur = rl.rlim_max; setrlimit(RLIMIT_NOFILE, &rl); }
    signal(SIGINT, on_sig); signal(SIGTERM, on_sig); signal(SIGPIPE, SIG_IGN); alarm(0);
    ep = epoll_create1(0); cl = calloc(o.n, sizeof *cl);
    for (int i = 0; i < o.n; i++) { client_t *k = &cl[i]; k->slot = calloc(o.win, sizeof(slot_t));
        k->fd = socket(ga.ss_family, SOCK_DGRAM | SOCK_NONBLOCK, 0); if (k->fd < 0) { perror("socket"); return 1; }
        if (o.base) { struct sockaddr_in l = { .sin_family = AF_INET, .sin_port = htons(o.base + i), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
            if (bind(k->fd, (void *)&l, sizeof l)) { perror("bind"); return 1; } }
        if (connect(k->fd, (void *)&ga, galen)) { perror("connect"); return 1; }
        struct epoll_event e = { EPOLLIN, { .u32 = i } }; epoll_ctl(ep, EPOLL_CTL_ADD, k->fd, &e); }
    uint64_t t0 = now(), hard = t0 + 600 * 1000000000ull, R = o.retry_ms * 1000000ull; int next = 0;

    /* 1. connect and register, at most cif under way; a client that gets no answer after nretry sends is given up */
    while (!stop && n_settled < o.n && now() < hard) {
        uint64_t t = now(); while (next < o.n && next - n_settled < o.cif) { client_t *k = &cl[next++]; k->st = S_CONN; k->t_last = k->t_hold = t; send_connect(k); }
        poll_io(R < 20000000 ? R : 20000000, NULL); t = now();
        for (int i = 0; i < next; i++) { client_t *k = &cl[i]; if ((k->st == S_CONN || k->st == S_REG) && t - k->t_last > R) {
            if (k->tries++ >= o.nretry) { if (k->st == S_CONN) c.conn_to++; else c.reg_fail++; settled(k, S_FAILED); continue; }
            k->t_last = t; c.conn_resent++; if (k->st == S_CONN) send_connect(k); else send_reg(k); } }
        if (c.conn_to + c.conn_rej + c.reg_fail > 300) { fprintf(stderr, "snload: over 300 clients refused, going on with %d\n", n_ready); break; }
    }
    double t_conn = (now() - t0) / 1e9; int ready0 = n_ready;
    if (o.verbose) fprintf(stderr, "snload: %d of %d ready in %.2f s\n", n_ready, o.n, t_conn);
    if (o.pfd >= 0 && write(o.pfd, "r", 1) < 0) {}

    /* 2. load, or hold, or count */
    uint64_t ts = now(), lastr = ts, k_sched = 0; int rr = 0; t_end = ts + (uint64_t)((o.hold >= 0 ? o.hold : o.dur) * 1e9); load_on = !(o.sub || o.hold >= 0);
    if (load_on && o.rate <= 0 && o.qos > 0) for (int i = 0; i < o.n; i++) refill(&cl[i]);
    while (!stop && n_ready > 0) {
        uint64_t t = now(); if (t >= t_end || t >= hard) break; if (load_on && o.count && c.sent >= o.count) break;
        uint64_t wait = 10000000;
        if (load_on && o.rate > 0) {
            uint64_t due = (uint64_t)((t - ts) * o.rate / 1e9) + 1; if (due - k_sched > c.backlog_max) c.backlog_max = due - k_sched;
            int tries = 0, sent = 0;
            while (k_sched < due && may_send() && tries < o.n && sent < 512) { client_t *k = &cl[rr]; rr = (rr + 1) % o.n;
                if (k->st != S_READY || (o.qos > 0 && k->inflight >= o.win)) { tries++; continue; }
                tries = 0; sent++; pub(k, ts + (uint64_t)(k_sched * 1e9 / o.rate)); k_sched++; }
            uint64_t nx = ts + (uint64_t)(k_sched * 1e9 / o.rate); t = now(); wait = nx > t ? nx - t : tries ? 1000000 : 0;
        } else if (load_on && o.qos <= 0) { for (int i = 0; i < 8 && may_send(); i++) { client_t *k = &cl[rr]; rr = (rr + 1) % o.n; if (k->st == S_READY) flood(k, 16); } wait = 0; }
        poll_io(wait, refill); t = now(); if (t - lastr > 20000000) { retries(t); lastr = t; }
    }
    double t_load = (now() - ts) / 1e9; uint64_t acked_in = c.acked, tsub = now(); load_on = 0;

    /* 3. drain: outstanding acks, or in hold mode one PINGREQ to everybody */
    if (o.hold >= 0 && !stop) { uint8_t r[2] = { 2, PINGREQ }; for (int i = 0; i < o.n; i++) if (cl[i].st == S_READY) { cl[i].pinged = 1; xsend(&cl[i], r, 2); if (i % 32 == 31) poll_io(2000000, NULL); } }
    uint64_t dr = now() + (uint64_t)(o.drain * 1e9);
    for (;;) { uint64_t t = now(); if (t >= dr || t >= hard || stop) break; int out = 0;
        for (int i = 0; i < o.n; i++) { if (o.hold >= 0) out += cl[i].pinged && !cl[i].ponged && cl[i].st == S_READY; else out += cl[i].inflight; }
        if (!out && !o.sub) break; poll_io(5000000, NULL); t = now(); if (t - lastr > 20000000) { retries(t); lastr = t; }
        if (o.hold >= 0 && t - tsub > 500000000) { uint8_t r[2] = { 2, PINGREQ }; tsub = t; int m = 0;            /* ask the silent ones again, a few at a time */
            for (int i = 0; i < o.n; i++) if (cl[i].pinged && !cl[i].ponged && cl[i].st == S_READY) { xsend(&cl[i], r, 2); if (++m % 32 == 0) poll_io(2000000, NULL); } } }
    int left = 0; for (int i = 0; i < o.n; i++) left += cl[i].inflight;
    closing = 1;
    if (!o.nodisc) { uint8_t r[2] = { 2, DISCONNECT }; for (int i = 0; i < o.n; i++) if (cl[i].st == S_READY) { xsend(&cl[i], r, 2); if (i % 64 == 63) poll_io(2000000, NULL); } poll_io(50000000, NULL); }

    struct rusage ru; getrusage(RUSAGE_SELF, &ru); double cpu = ru.ru_utime.tv_sec + ru.ru_stime.tv_sec + (ru.ru_utime.tv_usec + ru.ru_stime.tv_usec) / 1e6;
    printf("{\"clients\":%d,\"ready\":%d,\"conn_s\":%.3f,\"conn_ok\":%lu,\"conn_rejected\":%lu,\"conn_timeout\":%lu,\"conn_resent\":%lu,\"reg_failed\":%lu,"
        "\"conn_p50_us\":%.0f,\"conn_p99_us\":%.0f,\"load_s\":%.3f,\"qos\":%d,\"rate\":%.0f,\"window\":%d,\"size\":%d,"
        "\"sent\":%lu,\"resent\":%lu,\"acked\":%lu,\"acked_per_s\":%.1f,\"rejected\":%lu,\"lost\":%lu,\"unacked_end\":%d,\"late_acks\":%lu,\"sent_per_s\":%.1f,"
        "\"rtt_p50_us\":%.0f,\"rtt_p90_us\":%.0f,\"rtt_p99_us\":%.0f,\"rtt_p999_us\":%.0f,\"rtt_max_us\":%.0f,"
        "\"lat_n\":%lu,\"lat_p50_us\":%.0f,\"lat_p99_us\":%.0f,\"lat_p999_us\":%.0f,\"backlog_max\":%lu,"
        "\"rx_publish\":%lu,\"rx_dup\":%lu,\"ping_ok\":%lu,\"disconnected_by_gw\":%lu,\"send_errors\":%lu,\"refused\":%lu,\"bad\":%lu,"
        "\"rc1\":%lu,\"rc2\":%lu,\"rc3\":%lu,\"cpu_s\":%.2f}\n",
        o.n, ready0, t_conn, c.conn_ok, c.conn_rej, c.conn_to, c.conn_resent, c.reg_fail, hq(&h_conn, .5), hq(&h_conn, .99), t_load, o.qos, o.rate, o.win, o.size,
        c.sent, c.resent, c.acked, t_load > 0 ? acked_in / t_load : 0, c.rej, c.lost, left, c.late, t_load > 0 ? c.sent / t_load : 0,
        hq(&h_rtt, .5), hq(&h_rtt, .9), hq(&h_rtt, .99), hq(&h_rtt, .999), h_rtt.max / 1e3,
        h_lat.n, hq(&h_lat, .5), hq(&h_lat, .99), hq(&h_lat, .999), c.backlog_max,
        c.rx_pub, c.rx_dup, c.ping_ok, c.discon_by_gw, c.senderr, c.refused, c.bad, c.rej_code[1], c.rej_code[2], c.rej_code[3], cpu);
    return 0;
}
