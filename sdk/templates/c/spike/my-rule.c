/* Pair-based spike-timing-dependent plasticity (Song, Miller and Abbott 2000, doi:10.1038/78829):
   with s ms between two spikes, A+ exp(-s / tau+) when the target spikes after an arrival and
   -A- exp(-s / tau-) when it spiked before. */
#include <deltaw/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "spikes.h"

typedef struct my_rule {
  double a_plus, a_minus;
  spikes spikes;
} my_rule;

/* Replace these two: the change of a synapse when a spike arrives, and when its target spikes. */
static double on_pre(const void *self, const synapse *s) {
  const my_rule *me = self;
  return -me->a_minus * s->post;
}
static double on_post(const void *self, const synapse *s) {
  const my_rule *me = self;
  return me->a_plus * s->pre;
}

static deltaw_status update(void *self, const deltaw_block *block, const deltaw_matrix *deltas,
                            uint64_t n_deltas, deltaw_error *error) {
  (void)n_deltas;
  my_rule *me = self;
  const spikes_update u = {me, on_pre, on_post, block, deltas};
  return spikes_visit(&me->spikes, &u, error);
}

static deltaw_status prepare(void *self, const deltaw_shape *shape, deltaw_error *error) {
  return spikes_prepare(&((my_rule *)self)->spikes, shape, error);
}

static void reset(void *self) { spikes_reset(&((my_rule *)self)->spikes); }

static void destroy(void *self) {
  free(((my_rule *)self)->spikes.memory);
  free(self);
}

static deltaw_status save(void *self, deltaw_status (*write)(void *, const void *, uint64_t),
                          void *ctx, deltaw_error *error) {
  return spikes_save(&((my_rule *)self)->spikes, write, ctx, error);
}

static deltaw_status load(void *self, deltaw_status (*read)(void *, void *, uint64_t), void *ctx,
                          deltaw_error *error) {
  return spikes_load(&((my_rule *)self)->spikes, read, ctx, error);
}

static const void *get_extension(void *self, const char *id) {
  static const deltaw_state state = {sizeof state, 0, save, load};
  (void)self;
  return strcmp(id, "deltaw.state/1") == 0 ? &state : NULL;
}

static const deltaw_rule_info info = {
    .struct_size = sizeof info,
    .scope = DELTAW_SCOPE_LOCAL,
    .id = "org.example.my-rule",
    .version = "0.1.0",
    .caps = DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC |
            DELTAW_CAP_IN_PLACE,
    .signals = DELTAW_SIGNAL_BIT(DELTAW_SPIKES_PRE) | DELTAW_SIGNAL_BIT(DELTAW_SPIKES_POST) |
               DELTAW_SIGNAL_BIT(DELTAW_WEIGHTS) | DELTAW_SIGNAL_BIT(DELTAW_DELAYS),
    .grain = DELTAW_GRAIN_STEP};

static const deltaw_rule_info *rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

static deltaw_status create(const deltaw_host *host, const char *id, const deltaw_param *params,
                            uint64_t n_params, deltaw_rule *out, deltaw_error *error) {
  (void)host;
  if (strcmp(id, info.id) != 0) {
    return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "this plugin has no such rule");
  }
  my_rule *me = calloc(1, sizeof *me);
  if (me == NULL) return deltaw_fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  me->a_plus = deltaw_number(params, n_params, "a_plus");
  me->a_minus = deltaw_number(params, n_params, "a_minus");
  me->spikes.tau_pre = deltaw_number(params, n_params, "tau_plus");
  me->spikes.tau_post = deltaw_number(params, n_params, "tau_minus");
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
  static const deltaw_plugin plugin = {sizeof plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create};
  return &plugin;
}
