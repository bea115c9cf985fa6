/* SPDX-License-Identifier: Apache-2.0
   Rules that are functions of a Python process: this library passes on what the host shows, and
   adds what the function returns. The process, the package deltaw, has put three files beside a
   copy of the library: the manifest, rules.txt with one line for each rule (id, version, signals,
   grain), and a socket on which it listens. Each instance has a connection of its own; matrices go
   through memory that both map, once a call; messages are in bridge.h. One thread an instance. */
#define _GNU_SOURCE /* dladdr, memfd_create */
#include "bridge.h"

#include <dlfcn.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { k_most_rules = 64, k_text = 256, k_most_views = DELTAW_SIGNAL_COUNT + 1, k_align = 64 };

typedef struct rule_line {
  char id[k_text], version[k_text];
  deltaw_rule_info info;
} rule_line;

static rule_line rules[k_most_rules];
static deltaw_plugin plugin;

typedef struct bridge {
  int socket, memory;
  unsigned char* mapped;
  uint64_t size; /* of what is mapped */
  uint32_t dtype;
} bridge;

static deltaw_status fail(deltaw_error* error, deltaw_status code, const char* what) {
  error->code = code;
  snprintf(error->message, sizeof error->message, "%s", what);
  return code;
}

static deltaw_status gone(deltaw_error* error) {
  return fail(error, DELTAW_E_INTERNAL, "the Python process of this rule does not answer any more");
}

static int write_all(int socket, const void* bytes, size_t size) {
  for (const char* at = bytes; size > 0;) {
    const ssize_t done = send(socket, at, size, MSG_NOSIGNAL);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return 0;
    at += done;
    size -= (size_t)done;
  }
  return 1;
}

static int read_all(int socket, void* bytes, size_t size) {
  for (char* at = bytes; size > 0;) {
    const ssize_t done = recv(socket, at, size, 0);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return 0;
    at += done;
    size -= (size_t)done;
  }
  return 1;
}

static int send_message(int socket, uint32_t kind, const void* bytes, uint32_t size) {
  const bridge_head head = {kind, size};
  return write_all(socket, &head, sizeof head) && write_all(socket, bytes, size);
}

/* What Python says to a message: a status, and why. */
static deltaw_status answer(bridge* me, deltaw_error* error) {
  bridge_head head;
  if (!read_all(me->socket, &head, sizeof head) || head.size >= sizeof error->message) {
    return gone(error);
  }
  char text[sizeof error->message] = {0};
  if (!read_all(me->socket, text, head.size)) return gone(error);
  return head.kind == DELTAW_OK ? DELTAW_OK : fail(error, (deltaw_status)head.kind, text);
}

/* A new memory for both, with its descriptor in the message. */
static int share_memory(bridge* me, uint64_t size) {
  if (me->mapped != NULL) munmap(me->mapped, me->size);
  if (me->memory >= 0) close(me->memory);
  me->mapped = NULL;
  me->memory = memfd_create("deltaw", MFD_CLOEXEC);
  if (me->memory < 0 || ftruncate(me->memory, (off_t)size) != 0) return 0;
  void* mapped = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, me->memory, 0);
  if (mapped == MAP_FAILED) return 0;
  me->mapped = mapped;
  me->size = size;

  bridge_head head = {BRIDGE_MEMORY, sizeof size};
  struct iovec parts[2] = {{&head, sizeof head}, {&size, sizeof size}};
  union {
    struct cmsghdr header;
    char bytes[CMSG_SPACE(sizeof(int))];
  } control = {.bytes = {0}};
  struct msghdr message = {.msg_iov = parts,
                           .msg_iovlen = 2,
                           .msg_control = control.bytes,
                           .msg_controllen = sizeof control.bytes};
  struct cmsghdr* rights = CMSG_FIRSTHDR(&message);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof(int));
  memcpy(CMSG_DATA(rights), &me->memory, sizeof(int));
  return sendmsg(me->socket, &message, MSG_NOSIGNAL) == (ssize_t)(sizeof head + sizeof size);
}

static uint64_t element_size(uint32_t dtype) {
  return dtype == DELTAW_F64 ? 8 : dtype == DELTAW_U8 ? 1 : 4;
}

static uint64_t place(bridge_view* view, uint32_t signal, const deltaw_matrix* m, uint64_t offset) {
  *view = (bridge_view){signal, m->dtype, m->rows, m->cols, offset};
  const uint64_t end = offset + m->rows * m->cols * element_size(m->dtype);
  return (end + k_align - 1) / k_align * k_align;
}

static void add_result(const bridge* me, const bridge_view* view, const deltaw_matrix* delta) {
  const uint64_t count = delta->rows * delta->cols;
  const void* result = me->mapped + view->offset;
  if (delta->dtype == DELTAW_F32) {
    for (uint64_t k = 0; k < count; ++k) ((float*)delta->data)[k] += ((const float*)result)[k];
  } else {
    for (uint64_t k = 0; k < count; ++k) ((double*)delta->data)[k] += ((const double*)result)[k];
  }
}

static deltaw_status update(void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                            uint64_t n_deltas, deltaw_error* error) {
  bridge* me = self;
  if (n_deltas != 1) return fail(error, DELTAW_E_UNSUPPORTED, "one connection at a time");
  struct {
    bridge_update head;
    bridge_view views[k_most_views];
  } said = {.head = {block->index, block->step, block->columns, block->dt, 0, 0}};
  uint64_t end = 0;
  for (uint32_t s = 0; s < block->n_signals && s < DELTAW_SIGNAL_COUNT; ++s) {
    if (block->signals[s] == NULL) continue;
    end = place(&said.views[said.head.n_views++], s, block->signals[s], end);
  }
  bridge_view* result = &said.views[said.head.n_views++];
  end = place(result, BRIDGE_RESULT, deltas, end);
  if ((me->mapped == NULL || end > me->size) && !share_memory(me, end > 0 ? 2 * end : k_align)) {
    return gone(error);
  }
  for (uint32_t v = 0; v + 1 < said.head.n_views; ++v) {
    const deltaw_matrix* m = block->signals[said.views[v].signal];
    memcpy(me->mapped + said.views[v].offset, m->data, m->rows * m->cols * element_size(m->dtype));
  }
  const size_t size = sizeof said.head + said.head.n_views * sizeof said.views[0];
  if (!send_message(me->socket, BRIDGE_UPDATE, &said, (uint32_t)size)) return gone(error);
  const deltaw_status status = answer(me, error);
  if (status == DELTAW_OK) add_result(me, result, deltas);
  return status;
}

static deltaw_status prepare(void* self, const deltaw_shape* shape, deltaw_error* error) {
  bridge* me = self;
  const deltaw_connection_shape* c = &shape->connections[0];
  if (!send_message(me->socket, BRIDGE_PREPARE, c->name, (uint32_t)strlen(c->name))) {
    return gone(error);
  }
  return answer(me, error);
}

static void reset(void* self) { (void)self; }

static void destroy(void* self) {
  bridge* me = self;
  if (me->mapped != NULL) munmap(me->mapped, me->size);
  if (me->memory >= 0) close(me->memory);
  if (me->socket >= 0) close(me->socket);
  free(me);
}

/* The folder of this library, with `name` in it. */
static int beside(const char* name, char* out, size_t size) {
  Dl_info found;
  if (dladdr(&plugin, &found) == 0) return 0;
  const char* slash = strrchr(found.dli_fname, '/');
  const int length = slash == NULL ? 0 : (int)(slash - found.dli_fname + 1);
  return (size_t)snprintf(out, size, "%.*s%s", length, found.dli_fname, name) < size;
}

static int connect_to_python(bridge* me) {
  struct sockaddr_un address = {.sun_family = AF_UNIX};
  me->socket = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (me->socket < 0 || !beside("socket", address.sun_path, sizeof address.sun_path)) return 0;
  return connect(me->socket, (const struct sockaddr*)&address, sizeof address) == 0;
}

/* "id\nname\tkind\tvalue\n...": what Python parses. */
static int send_parameters(bridge* me, const char* id, const deltaw_param* params, uint64_t n) {
  char text[8192];
  size_t at = (size_t)snprintf(text, sizeof text, "%s\n", id);
  for (uint64_t p = 0; p < n && at < sizeof text; ++p) {
    const deltaw_param* given = &params[p];
    char value[k_text];
    if (given->kind == DELTAW_PARAM_F64) {
      snprintf(value, sizeof value, "%.17g", given->value.f64);
    } else if (given->kind != DELTAW_PARAM_STR) {
      snprintf(value, sizeof value, "%" PRId64, given->value.i64);
    }
    at += (size_t)snprintf(text + at, sizeof text - at, "%s\t%u\t%s\n", given->name, given->kind,
                           given->kind == DELTAW_PARAM_STR ? given->value.str : value);
  }
  return at < sizeof text && send_message(me->socket, BRIDGE_HELLO, text, (uint32_t)at);
}

static deltaw_status create(const deltaw_host* host, const char* id, const deltaw_param* params,
                            uint64_t n_params, deltaw_rule* out, deltaw_error* error) {
  (void)host;
  bridge* me = calloc(1, sizeof *me);
  if (me == NULL) return fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  me->memory = -1;
  deltaw_status status = DELTAW_OK;
  if (!connect_to_python(me) || !send_parameters(me, id, params, n_params)) {
    status = gone(error);
  } else {
    status = answer(me, error);
  }
  if (status != DELTAW_OK) {
    destroy(me);
    return status;
  }
  *out = (deltaw_rule){.struct_size = sizeof *out,
                       .self = me,
                       .prepare = prepare,
                       .update = update,
                       .reset = reset,
                       .destroy = destroy};
  return DELTAW_OK;
}

static const deltaw_rule_info* rule_info(uint32_t index) {
  return index < plugin.n_rules ? &rules[index].info : NULL;
}

static uint32_t read_rules(void) {
  char path[4096];
  FILE* file = beside("rules.txt", path, sizeof path) ? fopen(path, "r") : NULL;
  if (file == NULL) return 0;
  uint32_t n = 0;
  for (; n < k_most_rules; ++n) {
    rule_line* line = &rules[n];
    uint64_t signals = 0;
    uint32_t grain = 0;
    if (fscanf(file, "%255s %255s %" SCNu64 " %" SCNu32, line->id, line->version, &signals,
               &grain) != 4) {
      break;
    }
    line->info = (deltaw_rule_info){
        .struct_size = sizeof line->info,
        .scope = DELTAW_SCOPE_LOCAL,
        .id = line->id,
        .version = line->version,
        .caps = DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC,
        .signals = signals,
        .grain = grain};
  }
  fclose(file);
  return n;
}

const deltaw_plugin* deltaw_plugin_entry(void) {
  if (plugin.struct_size == 0) {
    plugin = (deltaw_plugin){sizeof plugin, DELTAW_ABI_MAJOR, 0, read_rules(), rule_info, create};
  }
  return &plugin;
}
