/* The delta rule, ΔW = <e xᵀ> - decay W, the mean over observations (Widrow and Hoff 1960). */
#include <deltaw/matrix.h>
#include <stdlib.h>
#include <string.h>

typedef struct my_rule {
  double decay;
} my_rule;

/* Replace this equation: delta (outputs x inputs) gets the proposed change added. */
static void change(const my_rule *me, const deltaw_block *block, const deltaw_matrix *delta) {
  const deltaw_matrix *x = block->signals[DELTAW_PRE], *e = block->signals[DELTAW_ERROR];
  const deltaw_matrix *w = block->signals[DELTAW_WEIGHTS];
  for (uint64_t j = 0; j < delta->cols; ++j) {
    for (uint64_t i = 0; i < delta->rows; ++i) {
      double sum = 0;
      for (uint64_t k = 0; k < block->columns; ++k) {
        sum += deltaw_get(e, i, k) * deltaw_get(x, j, k);
      }
      deltaw_add(delta, i, j, sum / (double)block->columns - me->decay * deltaw_get(w, i, j));
    }
  }
}

static deltaw_status update(void *self, const deltaw_block *block, const deltaw_matrix *deltas,
                            uint64_t n_deltas, deltaw_error *error) {
  (void)n_deltas, (void)error;
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
    .signals = DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_ERROR) |
               DELTAW_SIGNAL_BIT(DELTAW_WEIGHTS),
    .grain = DELTAW_GRAIN_BATCH};

static const deltaw_rule_info *rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

static deltaw_status create(const deltaw_host *host, const char *id, const deltaw_param *params,
                            uint64_t n_params, deltaw_rule *out, deltaw_error *error) {
  (void)host;
  if (strcmp(id, info.id) != 0) {
    return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "this plugin has no such rule");
  }
  my_rule *me = calloc(1, sizeof *me);
  if (me == NULL) return deltaw_fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  me->decay = deltaw_number(params, n_params, "decay");
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
