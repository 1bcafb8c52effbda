// A service that takes archives, agrees with everything and keeps nothing, as cheaply as it can be done, so that clients
// are measured and not it: one thread for each connection, and over plain HTTP the kernel throws the bodies away itself.
// Prints lines of JSON: its URL, then a line for each archive that is begun and for each that is complete. It answers such a
// request when it is told to go on by a line on its standard input, so that whoever measures can look at the client first.
//   upload-sink [CERTIFICATE KEY]     over TLS with these PEM files
// Built by build.ts: cc -O2 upload-sink.c -lssl -lcrypto -lpthread
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { HEAD_MAX = 64 * 1024, BUFFER = 1024 * 1024, TREE_HASH = 64 };

typedef struct {
  int socket;
  SSL *tls;
  size_t filled;
  char buffer[BUFFER];
} Connection;

static const char *const vault =
    "{\"CreationDate\":\"2026-01-01T00:00:00.000Z\",\"LastInventoryDate\":null,\"NumberOfArchives\":0,\"SizeInBytes\":0,"
    "\"VaultARN\":\"arn:aws:glacier:us-east-1:111122223333:vaults/bench\",\"VaultName\":\"bench\"}";

static SSL_CTX *context;
static atomic_ullong body_bytes;
static atomic_uint parts;

static long receive(Connection *c, char *into, size_t room) {
  return c->tls ? SSL_read(c->tls, into, (int)room) : recv(c->socket, into, room, 0);
}

static void reply(Connection *c, const char *text) {
  if (c->tls) {
    SSL_write(c->tls, text, (int)strlen(text));
    return;
  }
  send(c->socket, text, strlen(text), MSG_NOSIGNAL);
}

// Takes bytes that nobody looks at.
static long discard(Connection *c, size_t left) {
#ifdef __linux__
  if (!c->tls) return recv(c->socket, NULL, left, MSG_TRUNC);
#endif
  return receive(c, c->buffer, left < BUFFER ? left : BUFFER);
}

// The value of a header in a head that ends with a zero; null when it is not there.
static const char *header(const char *head, const char *name) {
  const char *at = strcasestr(head, name);
  return at ? at + strlen(name) + strspn(at + strlen(name), " ") : NULL;
}

// Tells when it happened and what has come so far, and what this process has used for it; waits until it may go on.
static void tell(const char *event) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  struct rusage used;
  getrusage(RUSAGE_SELF, &used);
  double cpu = (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
               (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
  printf("{\"event\":\"%s\",\"at\":%.6f,\"bytes\":%llu,\"parts\":%u,\"cpuSeconds\":%.3f}\n", event,
         (double)now.tv_sec + (double)now.tv_nsec / 1e9, atomic_load(&body_bytes), atomic_load(&parts), cpu);
  fflush(stdout);
  for (int c = getchar(); c != '\n' && c != EOF; c = getchar()) continue;
}

static void answer(Connection *c, const char *head) {
  char text[2048];
  const char *hash = header(head, "\r\nx-amz-sha256-tree-hash:");
  const int hash_length = hash ? TREE_HASH : 0;
  if (!hash) hash = "";
  const char *common = "x-amzn-RequestId: sink\r\nContent-Length: 0\r\n";
  if (strncmp(head, "PUT ", 4) == 0) {
    atomic_fetch_add(&parts, 1);
    snprintf(text, sizeof text,
             "HTTP/1.1 204 No Content\r\nx-amzn-RequestId: sink\r\nx-amz-sha256-tree-hash: %.*s\r\n\r\n", hash_length, hash);
  } else if (strncmp(head, "POST ", 5) == 0 && header(head, "\r\nx-amz-part-size:")) {
    tell("initiated");
    snprintf(text, sizeof text,
             "HTTP/1.1 201 Created\r\n%sLocation: /sink\r\nx-amz-multipart-upload-id: %092d\r\n\r\n", common, 1);
  } else if (strncmp(head, "POST ", 5) == 0) {
    tell("completed");
    snprintf(text, sizeof text,
             "HTTP/1.1 201 Created\r\n%sLocation: /sink\r\nx-amz-archive-id: %0138d\r\nx-amz-sha256-tree-hash: %.*s\r\n\r\n",
             common, 1, hash_length, hash);
  } else {
    snprintf(text, sizeof text,
             "HTTP/1.1 200 OK\r\nx-amzn-RequestId: sink\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n\r\n%s",
             strlen(vault), vault);
  }
  reply(c, text);
}

// One request: false when the connection is over.
static int serve_one(Connection *c) {
  char *end;
  c->buffer[c->filled] = 0;
  while (!(end = strstr(c->buffer, "\r\n\r\n"))) {
    if (c->filled >= HEAD_MAX) return 0;
    long got = receive(c, c->buffer + c->filled, HEAD_MAX - c->filled);
    if (got <= 0) return 0;
    c->filled += (size_t)got;
    c->buffer[c->filled] = 0;
  }
  size_t head_length = (size_t)(end + 4 - c->buffer);
  char head[HEAD_MAX + 1];
  memcpy(head, c->buffer, head_length);
  head[head_length] = 0;
  if (header(head, "\r\nExpect:")) reply(c, "HTTP/1.1 100 Continue\r\n\r\n");
  const char *announced = header(head, "\r\nContent-Length:");
  size_t length = announced ? strtoull(announced, NULL, 10) : 0;
  size_t here = c->filled - head_length;
  if (here > length) here = length;
  size_t left = length - here;
  c->filled -= head_length + here;
  memmove(c->buffer, c->buffer + head_length + here, c->filled);
  while (left > 0) {
    long got = discard(c, left);
    if (got <= 0) return 0;
    left -= (size_t)got;
  }
  atomic_fetch_add(&body_bytes, length);
  answer(c, head);
  return 1;
}

static void *serve(void *connection) {
  Connection *c = connection;
  if (!c->tls || SSL_accept(c->tls) == 1)
    while (serve_one(c)) continue;
  if (c->tls) SSL_free(c->tls);
  close(c->socket);
  free(c);
  return NULL;
}

static void prepare_tls(const char *certificate, const char *key) {
  context = SSL_CTX_new(TLS_server_method());
  // A record in one call to the system instead of two.
  SSL_CTX_set_read_ahead(context, 1);
  SSL_CTX_set_default_read_buffer_len(context, 256 * 1024);
  // As Amazon's endpoints choose.
  SSL_CTX_set_ciphersuites(context, "TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384");
  SSL_CTX_set_options(context, SSL_OP_CIPHER_SERVER_PREFERENCE);
  if (SSL_CTX_use_certificate_file(context, certificate, SSL_FILETYPE_PEM) != 1 ||
      SSL_CTX_use_PrivateKey_file(context, key, SSL_FILETYPE_PEM) != 1) {
    fprintf(stderr, "certificate or key cannot be used\n");
    exit(1);
  }
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN);
  if (argc == 3) prepare_tls(argv[1], argv[2]);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  if (bind(listener, (struct sockaddr *)&address, size) != 0 || listen(listener, 128) != 0) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("{\"url\":\"%s://127.0.0.1:%d\"}\n", context ? "https" : "http", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int on = 1;
    Connection *c = calloc(1, sizeof *c);
    c->socket = accept(listener, NULL, NULL);
    if (c->socket < 0) return 1;
    setsockopt(c->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (context) {
      c->tls = SSL_new(context);
      SSL_set_fd(c->tls, c->socket);
    }
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, c) != 0) return 1;
    pthread_detach(thread);
  }
}
