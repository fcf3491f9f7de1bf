/* sleepload - many sleeping MQTT-SN clients, as nodes behind one forwarder: one socket, one thread.
 *
 *   sleepload PORT OWN-PORT CLIENTS sleep     each connects with CleanSession 0, subscribes and goes to sleep
 *   sleepload PORT OWN-PORT CLIENTS wake      each sends PINGREQ until it has PINGRESP
 *
 * All from 127.0.0.1:OWN-PORT, so that clients are where they were after a restart of the gateway.
 * At most 200 clients have a request under way. What is not answered in a second is sent again; of a
 * gateway that is not there yet one client asks every 2 ms, and the others wait for its answer.
 * Prints "FIRST LAST REPEATS": CLOCK_MONOTONIC seconds of the first and of the last answer that
 * counted, and the requests that were sent again. Gives up after 120 s.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { WINDOW = 200, BATCH = 64, LENGTH = 64, CLIENTS = 100000 };
enum request { CONNECT, SUBSCRIBE, DISCONNECT, PINGREQ, NOTHING };

static const uint8_t answer_to[] = { 0x05, 0x13, 0x18, 0x17 };
static const int return_code_at[] = { 9, 14, 0, 0 }; /* 0: it has none */
static const double patience = 1, first_patience = 0.002, limit = 120;

static int sock, repeats, queued;
static enum request wants[CLIENTS];
static double sent_at[CLIENTS];
static uint8_t out_octets[BATCH][LENGTH], in_octets[BATCH][LENGTH];
static struct iovec out_vectors[BATCH], in_vectors[BATCH];
static struct mmsghdr out[BATCH], in[BATCH];

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec + time.tv_nsec * 1e-9;
}

static _Noreturn void fail(const char *what) { perror(what); exit(1); }

/* The message of a client in its forwarder's envelope; returns its length. */
static size_t encode(uint8_t *to, int node, enum request request) {
    static const uint8_t head[][6] = { { 0x04, 0x00, 0x01, 0x00, 60 }, { 0x12, 0x20, 0x00, 0x01 },
                                       { 0x18, 0x70, 0x80 }, { 0x16 } };
    static const int head_octets[] = { 5, 4, 3, 1 };
    static const char *const text[] = { "sleeper-%d", "down/%d", "", "sleeper-%d" };
    uint8_t envelope[] = { 7, 0xFE, 0, node >> 24, node >> 16, node >> 8, node }, *message = to + sizeof envelope;
    memcpy(to, envelope, sizeof envelope);
    memcpy(message + 1, head[request], head_octets[request]);
    char *end = (char *)message + 1 + head_octets[request];
    end += snprintf(end, 24, text[request], node);
    message[0] = (uint8_t *)end - message;
    return (uint8_t *)end - to;
}

/* The client that this answers as it should; -1 if it is none. */
static int answered(const uint8_t *octets, size_t length, int begun) {
    uint32_t node = (uint32_t)octets[3] << 24 | octets[4] << 16 | octets[5] << 8 | octets[6];
    if (length < 9 || node >= (uint32_t)begun || wants[node] == NOTHING || octets[8] != answer_to[wants[node]]) return -1;
    int at = return_code_at[wants[node]];
    return at && ((size_t)at >= length || octets[at]) ? -1 : (int)node;
}

static void flush(void) {
    for (int done = 0; done < queued;) {
        int n = sendmmsg(sock, out + done, queued - done, 0);
        if (n < 0 && errno != ECONNREFUSED) fail("send");
        done += n < 0 ? 1 : n; /* nobody is there yet: it is sent again */
    }
    queued = 0;
}

static void ask(int node) {
    if (queued == BATCH) flush();
    out_vectors[queued].iov_base = out_octets[queued];
    out_vectors[queued].iov_len = encode(out_octets[queued], node, wants[node]);
    queued++;
    sent_at[node] = now();
}

static void open_socket(int port, int own) {
    int octets = 4 << 20;
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    sock = socket(AF_INET, SOCK_DGRAM, 0);
    setsockopt(sock, SOL_SOCKET, SO_RCVBUF, &octets, sizeof octets);
    address.sin_port = htons(own);
    if (bind(sock, (void *)&address, sizeof address)) fail("bind");
    address.sin_port = htons(port);
    if (connect(sock, (void *)&address, sizeof address)) fail("connect");
    for (int i = 0; i < BATCH; i++) {
        in_vectors[i] = (struct iovec){ in_octets[i], LENGTH };
        in[i].msg_hdr.msg_iov = &in_vectors[i], in[i].msg_hdr.msg_iovlen = 1;
        out[i].msg_hdr.msg_iov = &out_vectors[i], out[i].msg_hdr.msg_iovlen = 1;
    }
}

int main(int count, char **arguments) {
    if (count != 5 || atoi(arguments[3]) > CLIENTS) {
        fprintf(stderr, "sleepload PORT OWN-PORT CLIENTS sleep|wake\n");
        return 2;
    }
    int clients = atoi(arguments[3]), wakes = !strcmp(arguments[4], "wake"), begun = 0, done = 0;
    double start = now(), first = 0, looked = start;
    open_socket(atoi(arguments[1]), atoi(arguments[2]));
    for (int i = 0; i < clients; i++) wants[i] = wakes ? PINGREQ : CONNECT;
    while (done < clients) {
        while (begun < clients && begun - done < (first ? WINDOW : 1)) ask(begun++);
        flush();
        struct pollfd readable = { sock, POLLIN, 0 };
        poll(&readable, 1, first ? 100 : 2);
        int n = recvmmsg(sock, in, BATCH, MSG_DONTWAIT, NULL);
        for (int i = 0; i < n; i++) {
            int node = answered(in_octets[i], in[i].msg_len, begun);
            if (node < 0) continue;
            if (!first) first = now();
            wants[node] = wants[node] >= DISCONNECT ? NOTHING : wants[node] + 1;
            if (wants[node] == NOTHING) done++; else ask(node);
        }
        double time = now(), overdue = first ? patience : first_patience;
        if (time - looked >= overdue / 2) {
            looked = time;
            for (int i = 0; i < begun; i++) if (wants[i] != NOTHING && time - sent_at[i] >= overdue) ask(i), repeats += first > 0;
        }
        if (time - start > limit) {
            fprintf(stderr, "%d of %d clients have no answer\n", clients - done, clients);
            return 1;
        }
    }
    printf("%.4f %.4f %d\n", first, now(), repeats);
    return 0;
}
