/* SPDX-License-Identifier: Apache-2.0
   Hebb's rule, dW = post pre^T / K + EXTRA, float64 or CAPABILITIES, in the signals that SIGNALS says. EXTRA is an
   expression that each fixture defines: what a rule of its declared locality must not look at, or
   do; CREATED and DESTROYED are statements of the same kind. */
#define _POSIX_C_SOURCE 200809L
#include <deltaw/abi.h>
#include <fenv.h>
#include <locale.h>
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#ifndef SIGNALS
#define SIGNALS (DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_POST))
#endif

#ifndef CAPABILITIES
#define CAPABILITIES (DELTAW_CAP_F64 | DELTAW_CAP_DETERMINISTIC)
#endif
#ifndef MATCHES
#define MATCHES strcmp(id, "cheat") == 0
#endif
#ifndef CREATED
#define CREATED
#endif
#ifndef DESTROYED
#define DESTROYED
#endif
/* Of the rule's number, which one has information. */
#ifndef KNOWN
#define KNOWN index == 0
#endif
#ifndef EXTENSION
#define EXTENSION NULL
#endif

typedef struct rule {
  const deltaw_host* host;
  double carried; /* not saved, not reset */
  int is_prepared;
} rule;

static double shared; /* by all instances */
static inline int entered(void) {
  static int times;
  return times++;
}

#ifdef EXPORTS_MORE
__attribute__((visibility("default"))) int learn_for_all = 1;
#endif

/* Which of two tables the entry gives. */
#ifndef TABLE
#define TABLE 0
#endif

static double at(const deltaw_matrix* m, uint64_t i, uint64_t j) {
  const uint64_t n = i + j * m->ld;
  return m->dtype == DELTAW_F32 ? ((const float*)m->data)[n] : ((const double*)m->data)[n];
}

static void add(const deltaw_matrix* m, uint64_t i, uint64_t j, double value) {
  const uint64_t n = i + j * m->ld;
  if (m->dtype == DELTAW_F32) ((float*)m->data)[n] += (float)value;
  if (m->dtype == DELTAW_F64) ((double*)m->data)[n] += value;
}

/* The n-th element after the first, wherever that lies. */
static inline double element(const deltaw_matrix* m, int64_t n) {
  return ((const double*)m->data)[n];
}

static inline double put(const deltaw_matrix* m, int64_t n) {
  ((double*)m->data)[n] = 7;
  return 0;
}

static inline double end_with(int status) {
  exit(status);
  return 0;
}

static inline double nanoseconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_nsec;
}

static inline void work_for(double seconds) {
  while ((double)clock() < seconds * CLOCKS_PER_SEC) {
  }
}

static inline double leak(void) {
  void* volatile lost = malloc(16);
  return lost == NULL;
}

static inline double hang(void) {
  for (volatile int on = 1; on;) {
  }
  return 0;
}

static void* wait_for_ever(void* unused) {
  pause();
  return unused;
}

static inline double start_thread(void) {
  pthread_t thread;
  return 0 * pthread_create(&thread, NULL, wait_for_ever, NULL);
}

static inline double handle_signal(void) {
  signal(SIGUSR1, SIG_IGN);
  return 0;
}

/* Whether another thread is here, too; it gets the time to come. */
static inline double company(void) {
  static int inside;
  const struct timespec while_ = {0, 20000};
  __atomic_add_fetch(&inside, 1, __ATOMIC_SEQ_CST);
  nanosleep(&while_, NULL);
  return __atomic_fetch_sub(&inside, 1, __ATOMIC_SEQ_CST) > 1;
}

static inline double die_if(int is_so) {
  if (is_so) abort();
  return 0;
}

static inline double granted(const rule* self) {
  return self->host->get_extension(self->host->ctx, "deltaw.network/1") != NULL ? 1 : 0;
}

#ifdef AT_LOAD
__attribute__((constructor)) static void when_loaded(void) { AT_LOAD; }
#endif

static deltaw_status prepare(void* self, const deltaw_shape* shape, deltaw_error* error) {
  (void)shape, (void)error;
  ((rule*)self)->is_prepared = 1;
  return DELTAW_OK;
}

static deltaw_status update(void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                            uint64_t n_deltas, deltaw_error* error) {
  rule* me = self;
  const deltaw_matrix *pre = block->signals[DELTAW_PRE], *post = block->signals[DELTAW_POST];
  (void)n_deltas, (void)error, (void)me;
  for (uint64_t j = 0; j < deltas->cols; ++j) {
    for (uint64_t i = 0; i < deltas->rows; ++i) {
      double sum = 0;
      for (uint64_t k = 0; k < block->columns; ++k) sum += at(post, i, k) * at(pre, j, k);
      add(deltas, i, j, sum / (double)block->columns + (EXTRA));
    }
  }
  if (block->columns > 0) shared += at(pre, 0, 0);
  return DELTAW_OK;
}

static void reset(void* self) { (void)self; }

/* State that is written, and not read. */
static deltaw_status save(void* self, deltaw_status (*write)(void*, const void*, uint64_t),
                          void* ctx, deltaw_error* error) {
  (void)error;
  return write(ctx, &((const rule*)self)->carried, sizeof(double));
}

static deltaw_status load(void* self, deltaw_status (*read)(void*, void*, uint64_t), void* ctx,
                          deltaw_error* error) {
  (void)error;
  (void)read(ctx, &((rule*)self)->carried, sizeof(double));
  return DELTAW_OK;
}

static inline const void* careless_state(void* self, const char* id) {
  static const deltaw_state state = {sizeof state, 0, save, load};
  (void)self;
  return strcmp(id, "deltaw.state/1") == 0 ? &state : NULL;
}

static void destroy(void* self) {
  DESTROYED;
  free(self);
}

static deltaw_status create(const deltaw_host* host, const char* id, const deltaw_param* params,
                            uint64_t n_params, deltaw_rule* out, deltaw_error* error) {
  rule* self = calloc(1, sizeof *self);
  (void)params, (void)n_params, (void)error;
  if (self == NULL) return DELTAW_E_OUT_OF_MEMORY;
  if (!(MATCHES)) {
    free(self);
    return DELTAW_E_INVALID_ARGUMENT;
  }
  self->host = host;
  CREATED;
  const deltaw_rule made = {sizeof made, 0, self, prepare, NULL, update, reset, EXTENSION, destroy};
  *out = made;
  return DELTAW_OK;
}

static const deltaw_rule_info* rule_info(uint32_t index) {
  static const deltaw_rule_info info = {
      sizeof info, DELTAW_SCOPE_LOCAL, "cheat", "1.0.0", CAPABILITIES,
      SIGNALS,     DELTAW_GRAIN_BATCH, 0};
  return KNOWN ? &info : NULL;
}

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin[] = {
      {sizeof *plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create},
      {sizeof *plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create}};
  return &plugin[TABLE];
}
