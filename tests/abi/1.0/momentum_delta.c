/* SPDX-License-Identifier: Apache-2.0
   The delta rule with momentum, V <- momentum V + <e x^T>, delta W = V, against the frozen header of
   ABI 1.0 alone. Built once, into momentum_delta.so: that binary is the fixture, and must load and
   learn the same for ever, wherever programs for x86-64 run. */
#include <deltaw/abi.h>
#include <stdlib.h>
#include <string.h>

typedef struct momentum_delta {
  double momentum;
  double *velocity; /* outputs x inputs */
  uint64_t count;
} momentum_delta;

static double at(const deltaw_matrix *m, uint64_t i, uint64_t j) {
  const uint64_t k = i + j * m->ld;
  return m->dtype == DELTAW_F32 ? ((const float *)m->data)[k] : ((const double *)m->data)[k];
}

static deltaw_status fail(deltaw_error *error, deltaw_status code, const char *message) {
  error->code = code;
  strncpy(error->message, message, sizeof error->message - 1);
  return code;
}

static deltaw_status prepare(void *self, const deltaw_shape *shape, deltaw_error *error) {
  momentum_delta *me = self;
  free(me->velocity);
  me->count = shape->connections[0].outputs * shape->connections[0].inputs;
  me->velocity = calloc(me->count > 0 ? me->count : 1, sizeof *me->velocity);
  return me->velocity != NULL ? DELTAW_OK : fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
}

static void reset(void *self) {
  momentum_delta *me = self;
  for (uint64_t k = 0; k < me->count; ++k) me->velocity[k] = 0;
}

static deltaw_status update(void *self, const deltaw_block *block, const deltaw_matrix *deltas,
                            uint64_t n_deltas, deltaw_error *error) {
  (void)n_deltas;
  momentum_delta *me = self;
  if (me->velocity == NULL) return fail(error, DELTAW_E_STATE, "update before prepare");
  const deltaw_matrix *x = block->signals[DELTAW_PRE], *e = block->signals[DELTAW_ERROR];
  for (uint64_t j = 0; j < deltas->cols; ++j) {
    for (uint64_t i = 0; i < deltas->rows; ++i) {
      double sum = 0;
      for (uint64_t k = 0; k < block->columns; ++k) sum += at(e, i, k) * at(x, j, k);
      double *v = &me->velocity[i + j * deltas->rows];
      *v = me->momentum * *v + (block->columns > 0 ? sum / (double)block->columns : 0);
      const uint64_t place = i + j * deltas->ld;
      if (deltas->dtype == DELTAW_F32) {
        ((float *)deltas->data)[place] += (float)*v;
      } else {
        ((double *)deltas->data)[place] += *v;
      }
    }
  }
  return DELTAW_OK;
}

static deltaw_status save(void *self, deltaw_status (*write)(void *, const void *, uint64_t),
                          void *ctx, deltaw_error *error) {
  (void)error;
  const momentum_delta *me = self;
  return write(ctx, me->velocity, me->count * sizeof *me->velocity);
}

static deltaw_status load(void *self, deltaw_status (*read)(void *, void *, uint64_t), void *ctx,
                          deltaw_error *error) {
  (void)error;
  momentum_delta *me = self;
  return read(ctx, me->velocity, me->count * sizeof *me->velocity);
}

static const void *get_extension(void *self, const char *id) {
  (void)self;
  static const deltaw_state state = {
      .struct_size = sizeof state, .save = save, .load = load};
  return strcmp(id, "deltaw.state/1") == 0 ? &state : NULL;
}

static void destroy(void *self) {
  free(((momentum_delta *)self)->velocity);
  free(self);
}

static const deltaw_rule_info info = {
    .struct_size = sizeof info,
    .scope = DELTAW_SCOPE_LOCAL,
    .id = "momentum-delta",
    .version = "1.0.0",
    .caps = DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_STRIDED | DELTAW_CAP_CONCURRENT |
            DELTAW_CAP_DETERMINISTIC,
    .signals = DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_ERROR),
    .grain = DELTAW_GRAIN_BATCH};

static const deltaw_rule_info *rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

static deltaw_status create(const deltaw_host *host, const char *id, const deltaw_param *params,
                            uint64_t n_params, deltaw_rule *out, deltaw_error *error) {
  (void)host;
  if (strcmp(id, info.id) != 0) {
    return fail(error, DELTAW_E_INVALID_ARGUMENT, "this plugin has no such rule");
  }
  momentum_delta *me = calloc(1, sizeof *me);
  if (me == NULL) return fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  for (uint64_t p = 0; p < n_params; ++p) {
    if (strcmp(params[p].name, "momentum") == 0) me->momentum = params[p].value.f64;
  }
  *out = (deltaw_rule){.struct_size = sizeof *out,
                       .self = me,
                       .prepare = prepare,
                       .update = update,
                       .reset = reset,
                       .get_extension = get_extension,
                       .destroy = destroy};
  return DELTAW_OK;
}

const deltaw_plugin *deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, rule_info, create};
  return &plugin;
}
