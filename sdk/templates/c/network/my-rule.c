/* ΔW = -dL/dW, with the error carried down by each connection's own transpose (Rumelhart, Hinton
   and Williams 1986, doi:10.1038/323533a0). */
#include <deltaw/matrix.h>
#include <stdlib.h>
#include <string.h>

#include "error_transport.h"

typedef struct my_rule {
  error_transport transport;
} my_rule;

/* Replace this: what comes down connection c, grad_pre = beta grad_pre + Wᵀ grad_potential. Other
   weights (outputs x inputs) may stand where NULL stands for the connection's own. */
static deltaw_status connection(void *self, const deltaw_network *network, uint32_t c,
                                const deltaw_matrix *grad_potential, double beta,
                                const deltaw_matrix *grad_pre) {
  (void)self;
  return network->connection_vjp(network->ctx, c, grad_potential, NULL, beta, grad_pre);
}

static deltaw_status update(void *self, const deltaw_block *block, const deltaw_matrix *deltas,
                            uint64_t n_deltas, deltaw_error *error) {
  (void)n_deltas;
  my_rule *me = self;
  return transport_send(&me->transport, block->columns, deltas, connection, me, error);
}

static deltaw_status prepare(void *self, const deltaw_shape *shape, deltaw_error *error) {
  return transport_prepare(&((my_rule *)self)->transport, shape, error);
}

static void reset(void *self) { (void)self; }

static void destroy(void *self) {
  transport_free(&((my_rule *)self)->transport);
  free(self);
}

static const deltaw_rule_info info = {
    .struct_size = sizeof info,
    .scope = DELTAW_SCOPE_NETWORK,
    .id = "org.example.my-rule",
    .version = "0.1.0",
    .caps = DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC,
    .grain = DELTAW_GRAIN_BATCH};

static const deltaw_rule_info *rule_info(uint32_t index) { return index == 0 ? &info : NULL; }

static deltaw_status create(const deltaw_host *host, const char *id, const deltaw_param *params,
                            uint64_t n_params, deltaw_rule *out, deltaw_error *error) {
  (void)params, (void)n_params;
  if (strcmp(id, info.id) != 0) {
    return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "this plugin has no such rule");
  }
  const deltaw_network *network = host->get_extension(host->ctx, "deltaw.network/1");
  if (network == NULL) {
    return deltaw_fail(error, DELTAW_E_UNSUPPORTED, "the host does not offer deltaw.network/1");
  }
  my_rule *me = calloc(1, sizeof *me);
  if (me == NULL) return deltaw_fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
  me->transport.network = network;
  *out = (deltaw_rule){.struct_size = sizeof *out,
                       .self = me,
                       .prepare = prepare,
                       .update = update,
                       .reset = reset,
                       .destroy = destroy};
  return DELTAW_OK;
}

const deltaw_plugin *deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create};
  return &plugin;
}
