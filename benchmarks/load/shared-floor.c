/* shared-floor - the least that an aggregating MQTT-SN gateway can do, in C: the price of the machine, not a gateway.
 * One thread, epoll + recvmmsg/sendmmsg, one TCP connection for all clients, written once in a turn, 20 unacknowledged publishes at a time,
 * the others in a ring; no timers, no checks. CONNECT, REGISTER (one topic), PUBLISH QoS 1, PINGREQ, DISCONNECT.
 * usage: shared-floor UDP_PORT BROKER_PORT */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#define BATCH 64
#define WINDOW 20
#define RING 65536
typedef struct { struct sockaddr_in address; int topic_length; unsigned char topic[128]; } client_t;
typedef struct { client_t *client; unsigned char msg_id[2]; } exchange_t;
typedef struct { client_t *client; int length; unsigned char msg_id[2], data[256]; } waiting_t;
static client_t *clients[65536];
static exchange_t exchanges[65536];
static waiting_t ring[RING];
static unsigned ring_head, ring_tail, under_way, last_id;
static int udp, tcp;
static unsigned char to_broker[1 << 20], from_broker[1 << 16];
static int to_broker_length, from_broker_length;
static struct mmsghdr sends[BATCH * 2];
static struct iovec send_vectors[BATCH * 2];
static unsigned char send_octets[BATCH * 2][16];
static int send_count;

static void flush_datagrams(void) {
    int done = 0;
    while (done < send_count) { int n = sendmmsg(udp, sends + done, send_count - done, 0); if (n <= 0) break; done += n; }
    send_count = 0;
}

static void flush_broker(void) {
    int done = 0;
    while (done < to_broker_length) { int n = write(tcp, to_broker + done, to_broker_length - done); if (n > 0) done += n; }
    to_broker_length = 0;
}

static void to_client(struct sockaddr_in *address, const void *octets, int length) {
    if (send_count == BATCH * 2) flush_datagrams();
    memcpy(send_octets[send_count], octets, length);
    send_vectors[send_count] = (struct iovec){ send_octets[send_count], length };
    sends[send_count].msg_hdr = (struct msghdr){ .msg_name = address, .msg_namelen = sizeof *address, .msg_iov = &send_vectors[send_count], .msg_iovlen = 1 };
    send_count++;
}

static void publish(client_t *client, const unsigned char *msg_id, const unsigned char *data, int length) {
    unsigned char *out = to_broker + to_broker_length;
    int remaining = 4 + client->topic_length + length, i = 0;
    last_id = last_id == 65535 ? 1 : last_id + 1;
    exchanges[last_id] = (exchange_t){ client, { msg_id[0], msg_id[1] } };
    out[i++] = 0x32;
    if (remaining > 127) { out[i++] = (remaining & 127) | 128; out[i++] = remaining >> 7; } else out[i++] = remaining;
    out[i++] = 0; out[i++] = client->topic_length;
    memcpy(out + i, client->topic, client->topic_length); i += client->topic_length;
    out[i++] = last_id >> 8; out[i++] = last_id;
    memcpy(out + i, data, length);
    to_broker_length += i + length;
    under_way++;
}

static void from_client(struct sockaddr_in *address, unsigned char *p, int n) {
    unsigned port = ntohs(address->sin_port);
    client_t *client = clients[port];
    if (n < 2) return;
    switch (p[1]) {
    case 0x04:
        if (!client) client = clients[port] = calloc(1, sizeof *client);
        client->address = *address;
        to_client(&client->address, "\x03\x05\x00", 3);
        break;
    case 0x0A:
        if (!client) return;
        client->topic_length = n - 6; memcpy(client->topic, p + 6, n - 6);
        { unsigned char answer[] = { 7, 0x0B, 0, 1, p[4], p[5], 0 }; to_client(&client->address, answer, 7); }
        break;
    case 0x0C:
        if (!client) return;
        if (under_way < WINDOW) publish(client, p + 5, p + 7, n - 7);
        else {
            waiting_t *last = &ring[ring_tail++ % RING];
            last->client = client; last->length = n - 7;
            memcpy(last->msg_id, p + 5, 2); memcpy(last->data, p + 7, n - 7);
        }
        break;
    case 0x16: if (client) to_client(&client->address, "\x02\x17", 2); break;
    case 0x18: if (client) to_client(&client->address, "\x02\x18", 2); break;
    }
}

static void read_broker(void) {
    int n = read(tcp, from_broker + from_broker_length, sizeof from_broker - from_broker_length), i = 0;
    if (n <= 0) return;
    n += from_broker_length;
    for (; n - i >= 2 && n - i >= 2 + from_broker[i + 1]; i += 2 + from_broker[i + 1]) {
        unsigned char *packet = from_broker + i;
        if (packet[0] >> 4 != 4) continue;
        exchange_t *exchange = &exchanges[packet[2] << 8 | packet[3]];
        unsigned char answer[] = { 7, 0x0D, 0, 1, exchange->msg_id[0], exchange->msg_id[1], 0 };
        to_client(&exchange->client->address, answer, 7);
        under_way--;
        if (ring_head != ring_tail) { waiting_t *next = &ring[ring_head++ % RING]; publish(next->client, next->msg_id, next->data, next->length); }
    }
    memmove(from_broker, from_broker + i, n - i); from_broker_length = n - i;
}

int main(int count, char **values) {
    static unsigned char octets[BATCH][1600];
    static struct mmsghdr receives[BATCH]; static struct iovec vectors[BATCH]; static struct sockaddr_in addresses[BATCH];
    if (count < 3) return 2;
    struct sockaddr_in broker = { .sin_family = AF_INET, .sin_port = htons(atoi(values[2])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    tcp = socket(AF_INET, SOCK_STREAM, 0);
    int one = 1, size = 4 << 20;
    if (connect(tcp, (void *)&broker, sizeof broker)) { perror("broker"); return 1; }
    setsockopt(tcp, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    if (write(tcp, "\x10\x11\0\x04MQTT\x04\x02\0\0\0\x05" "floor", 19) != 19 || read(tcp, from_broker, 4) != 4) return 1;
    fcntl(tcp, F_SETFL, O_NONBLOCK);
    udp = socket(AF_INET, SOCK_DGRAM | SOCK_NONBLOCK, 0);
    setsockopt(udp, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
    struct sockaddr_in local = { .sin_family = AF_INET, .sin_port = htons(atoi(values[1])), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    if (bind(udp, (void *)&local, sizeof local)) { perror("bind"); return 1; }
    int epoll = epoll_create1(0);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = udp }, ready[2];
    epoll_ctl(epoll, EPOLL_CTL_ADD, udp, &event);
    event.data.fd = tcp;
    epoll_ctl(epoll, EPOLL_CTL_ADD, tcp, &event);
    for (;;) {
        int n = epoll_wait(epoll, ready, 2, -1);
        for (int i = 0; i < n; i++) {
            if (ready[i].data.fd == tcp) { read_broker(); continue; }
            for (int j = 0; j < BATCH; j++) {
                vectors[j] = (struct iovec){ octets[j], sizeof octets[j] };
                receives[j].msg_hdr = (struct msghdr){ .msg_name = &addresses[j], .msg_namelen = sizeof addresses[j], .msg_iov = &vectors[j], .msg_iovlen = 1 };
            }
            int received = recvmmsg(udp, receives, BATCH, MSG_DONTWAIT, 0);
            for (int j = 0; j < received; j++) from_client(&addresses[j], octets[j], receives[j].msg_len);
        }
        flush_broker();
        flush_datagrams();
    }
}
