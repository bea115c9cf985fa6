/* SPDX-License-Identifier: Apache-2.0
   A rule in C: dW = scale * post pre^T / K (Hebb 1949), in float32 and float64. */
#include <deltaw/abi.h>
#include <stdlib.h>
#include <string.h>

typedef struct hebb {
  double scale;
  uint32_t dtype;
} hebb;

static deltaw_status fail(deltaw_error* error, deltaw_status code, const char* message) {
  error->code = code;
  strncpy(error->message, message, sizeof error->message - 1);
  return code;
}

static deltaw_status prepare(void* self, const deltaw_shape* shape, deltaw_error* error) {
  if (shape->n_connections != 1) {
    return fail(error, DELTAW_E_INVALID_ARGUMENT, "a local rule serves one connection");
  }
  ((hebb*)self)->dtype = shape->dtype;
  return DELTAW_OK;
}

static double at(const deltaw_matrix* m, uint64_t i, uint64_t j) {
  const uint64_t place = i + j * m->ld;
  return m->dtype == DELTAW_F32 ? (double)((const float*)m->data)[place]
                                : ((const double*)m->data)[place];
}

static void add(const deltaw_matrix* m, uint64_t i, uint64_t j, double x) {
  const uint64_t place = i + j * m->ld;
  if (m->dtype == DELTAW_F32) {
    ((float*)m->data)[place] += (float)x;
  } else {
    ((double*)m->data)[place] += x;
  }
}

static deltaw_status update(void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                            uint64_t n_deltas, deltaw_error* error) {
  const hebb* me = self;
  const deltaw_matrix *pre = block->signals[DELTAW_PRE], *post = block->signals[DELTAW_POST];
  if (me->dtype == 0 || n_deltas != 1) return fail(error, DELTAW_E_STATE, "not prepared");
  for (uint64_t j = 0; j < deltas->cols; ++j) {
    for (uint64_t i = 0; i < deltas->rows; ++i) {
      double sum = 0;
      for (uint64_t k = 0; k < block->columns; ++k) sum += at(post, i, k) * at(pre, j, k);
      add(deltas, i, j, me->scale * sum / (double)block->columns);
    }
  }
  return DELTAW_OK;
}

static void reset(void* self) { (void)self; }

static deltaw_status create(const deltaw_host* host, const char* rule_id,
                            const deltaw_param* params, uint64_t n_params, deltaw_rule* out,
                            deltaw_error* error) {
  (void)host;
  if (strcmp(rule_id, "good-hebb") != 0) {
    return fail(error, DELTAW_E_INVALID_ARGUMENT, "no such rule here");
  }
  hebb* self = calloc(1, sizeof *self);
  if (self == NULL) return fail(error, DELTAW_E_OUT_OF_MEMORY, "out of memory");
  for (uint64_t i = 0; i < n_params; ++i) {
    if (strcmp(params[i].name, "scale") == 0) self->scale = params[i].value.f64;
  }
  const deltaw_rule rule = {sizeof rule, 0, self, prepare, NULL, update, reset, NULL, free};
  *out = rule;
  return DELTAW_OK;
}

static const deltaw_rule_info info = {
    sizeof info,
    DELTAW_SCOPE_LOCAL,
    "good-hebb",
    "1.0.0",
    DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC,
    DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_POST),
    DELTAW_GRAIN_BATCH,
    0};

static const deltaw_rule_info* rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create};
  return &plugin;
}
