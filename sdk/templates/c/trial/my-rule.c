/* ΔW = gain (R - Rb) Σ_t ξ(t) x(t)ᵀ: noise that paid is worth repeating (Fiete and Seung 2006,
   doi:10.1103/PhysRevLett.97.048104). */
#include <deltaw/matrix.h>
#include <stdlib.h>
#include <string.h>

typedef struct my_rule {
  double gain;
} my_rule;

/* Replace this equation. Column t of a signal is step t; what arrives in step t is in PRE. */
static void change(const my_rule *me, const deltaw_block *block, const deltaw_matrix *delta) {
  const deltaw_matrix *x = block->signals[DELTAW_PRE], *noise = block->signals[DELTAW_PERTURBATION];
  const double advantage = deltaw_get(block->signals[DELTAW_REWARD], 0, 0) -
                           deltaw_get(block->signals[DELTAW_BASELINE], 0, 0);
  for (uint64_t j = 0; j < delta->cols; ++j) {
    for (uint64_t i = 0; i < delta->rows; ++i) {
      double trace = 0;
      for (uint64_t t = 0; t < block->columns; ++t) {
        trace += deltaw_get(noise, i, t) * deltaw_get(x, j, t);
      }
      deltaw_add(delta, i, j, me->gain * advantage * trace);
    }
  }
}

static deltaw_status update(void *self, const deltaw_block *block, const deltaw_matrix *deltas,
                            uint64_t n_deltas, deltaw_error *error) {
  (void)n_deltas;
  if (block->signals[DELTAW_REWARD]->cols != 1) {
    return deltaw_fail(error, DELTAW_E_UNSUPPORTED, "my-rule needs one reward a trial");
  }
  change(self, block, deltas);
  return DELTAW_OK;
}

/* Memory that depends on the connection's shape is allocated here; this rule needs none. */
static deltaw_status prepare(void *self, const deltaw_shape *shape, deltaw_error *error) {
  (void)self, (void)shape, (void)error;
  return DELTAW_OK;
}

static void reset(void *self) { (void)self; }

static const deltaw_rule_info info = {
    .struct_size = sizeof info,
    .scope = DELTAW_SCOPE_LOCAL,
    .id = "org.example.my-rule",
    .version = "0.1.0",
    .caps = DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC,
    .signals = DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_PERTURBATION) |
               DELTAW_SIGNAL_BIT(DELTAW_REWARD) | DELTAW_SIGNAL_BIT(DELTAW_BASELINE),
    .grain = DELTAW_GRAIN_TRIAL};

static const deltaw_rule_info *rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

static deltaw_status create(const deltaw_host *host, const char *id, const deltaw_param *params,
                            uint64_t n_params, deltaw_rule *out, deltaw_error *error) {
  (void)host;
  if (strcmp(id, info.id) != 0) {
    return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "this plugin has no such rule");
  }
  my_rule *me = calloc(1, sizeof *me);
  if (me == NULL) return deltaw_fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  me->gain = deltaw_number(params, n_params, "gain");
  *out = (deltaw_rule){.struct_size = sizeof *out,
                       .self = me,
                       .prepare = prepare,
                       .update = update,
                       .reset = reset,
                       .destroy = free};
  return DELTAW_OK;
}

const deltaw_plugin *deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create};
  return &plugin;
}
