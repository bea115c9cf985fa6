/* One backward pass through the network: the host's layers and connections each know their product,
   what is kept here is the way through them. Leave it as it is. One instance, one thread. */
#ifndef ERROR_TRANSPORT_H
#define ERROR_TRANSPORT_H

#include <deltaw/matrix.h>
#include <stdlib.h>

/* What comes down connection c: grad_pre = beta grad_pre + ... (inputs x K), from grad_potential
   (outputs x K). */
typedef deltaw_status (*carry_down)(void* rule, const deltaw_network* network, uint32_t c,
                                    const deltaw_matrix* grad_potential, double beta,
                                    const deltaw_matrix* grad_pre);

typedef struct transport_layer {
  deltaw_layer_info info;
  deltaw_matrix grad_post, grad_potential; /* dL/d post (units x K), dL/d potential */
  int is_needed;                           /* whether a driven connection lies at or below it */
  int is_filled;                           /* whether grad_post holds a term of this pass */
} transport_layer;

typedef struct error_transport {
  const deltaw_network* network; /* the host's */
  transport_layer* layers;       /* NULL before prepare() */
  deltaw_connection_info* connections;
} error_transport;

static inline void transport_free(error_transport* t) {
  for (uint32_t i = 0; t->layers != NULL && i < t->network->n_layers; ++i) {
    free(t->layers[i].grad_post.data);
    free(t->layers[i].grad_potential.data);
  }
  free(t->layers);
  free(t->connections);
  t->layers = NULL;
  t->connections = NULL;
}

/* A matrix of either precision; without data where there is not enough memory. */
static inline deltaw_matrix transport_matrix(uint64_t rows, const deltaw_shape* shape) {
  void* data = calloc(rows * shape->max_columns, sizeof(double));
  return (deltaw_matrix){data, rows, shape->max_columns, rows, shape->dtype, 0};
}

static inline deltaw_status transport_layer_make(error_transport* t, uint32_t i,
                                                 const deltaw_shape* shape) {
  transport_layer* layer = &t->layers[i];
  layer->info.struct_size = sizeof layer->info;
  const deltaw_status status = t->network->layer(t->network->ctx, i, &layer->info);
  if (status != DELTAW_OK) return status;
  layer->grad_post = transport_matrix(layer->info.units, shape);
  layer->grad_potential = transport_matrix(layer->info.potentials, shape);
  const int is_made = layer->grad_post.data != NULL && layer->grad_potential.data != NULL;
  return is_made ? DELTAW_OK : DELTAW_E_OUT_OF_MEMORY;
}

/* Connections come from layers of lower numbers, or, recurrent, from their own. */
static inline void transport_mark_needed(error_transport* t) {
  for (uint32_t i = 0; i < t->network->n_layers; ++i) {
    for (uint32_t c = 0; c < t->network->n_connections; ++c) {
      const deltaw_connection_info* at = &t->connections[c];
      if (at->target != i) continue;
      if (at->delta >= 0 || t->layers[at->source].is_needed) t->layers[i].is_needed = 1;
    }
  }
}

static inline deltaw_status transport_prepare(error_transport* t, const deltaw_shape* shape,
                                              deltaw_error* error) {
  const deltaw_network* network = t->network;
  transport_free(t);
  t->layers = calloc(network->n_layers, sizeof *t->layers);
  t->connections = calloc(network->n_connections, sizeof *t->connections);
  const int is_made = t->layers != NULL && t->connections != NULL;
  deltaw_status status = is_made ? DELTAW_OK : DELTAW_E_OUT_OF_MEMORY;
  for (uint32_t i = 0; i < network->n_layers && status == DELTAW_OK; ++i) {
    status = transport_layer_make(t, i, shape);
  }
  for (uint32_t c = 0; c < network->n_connections && status == DELTAW_OK; ++c) {
    t->connections[c].struct_size = sizeof t->connections[c];
    status = network->connection(network->ctx, c, &t->connections[c]);
  }
  if (status != DELTAW_OK) {
    transport_free(t);
    return deltaw_fail(error, status, "the network cannot be prepared");
  }
  transport_mark_needed(t);
  return DELTAW_OK;
}

/* Adds -dL/dW to the delta of each connection into a layer, and sends its error further down. */
static inline deltaw_status transport_leave(error_transport* t, uint32_t i,
                                            const deltaw_matrix* deltas, carry_down down,
                                            void* rule) {
  const deltaw_network* network = t->network;
  const deltaw_matrix* grad_potential = &t->layers[i].grad_potential;
  deltaw_status status = DELTAW_OK;
  for (uint32_t c = 0; c < network->n_connections && status == DELTAW_OK; ++c) {
    const deltaw_connection_info* at = &t->connections[c];
    if (at->target != i) continue;
    if (at->delta >= 0) {
      status =
          network->connection_gradient(network->ctx, c, grad_potential, -1, &deltas[at->delta]);
    }
    /* Where a layer feeds itself, its own product has been back through time already. */
    const int is_recurrent = (at->flags & DELTAW_CONNECTION_RECURRENT) != 0;
    transport_layer* below = &t->layers[at->source];
    if (is_recurrent || !below->is_needed || status != DELTAW_OK) continue;
    status = down(rule, network, c, grad_potential, below->is_filled ? 1 : 0, &below->grad_post);
    below->is_filled = 1;
  }
  return status;
}

/* From the output down; `deltas` get their changes added. */
static inline deltaw_status transport_send(error_transport* t, uint64_t columns,
                                           const deltaw_matrix* deltas, carry_down down, void* rule,
                                           deltaw_error* error) {
  const deltaw_network* network = t->network;
  if (t->layers == NULL) return deltaw_fail(error, DELTAW_E_STATE, "called before prepare()");
  for (uint32_t i = 0; i < network->n_layers; ++i) {
    t->layers[i].is_filled = 0;
    t->layers[i].grad_post.cols = t->layers[i].grad_potential.cols = columns;
  }
  deltaw_status status = DELTAW_OK;
  for (uint32_t i = network->n_layers; i-- > 0 && status == DELTAW_OK;) {
    const transport_layer* layer = &t->layers[i];
    if (!layer->is_needed) continue;
    status =
        (layer->info.flags & DELTAW_LAYER_OUTPUT) != 0
            ? network->loss_gradient(network->ctx, i, &layer->grad_potential)
            : network->layer_vjp(network->ctx, i, &layer->grad_post, NULL, &layer->grad_potential);
    if (status == DELTAW_OK) status = transport_leave(t, i, deltas, down, rule);
  }
  if (status == DELTAW_OK) return DELTAW_OK;
  return deltaw_fail(error, status, "the network refuses what the rule asks");
}

#endif
