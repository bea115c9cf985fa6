/* What a rule of spikes needs beside deltaw/matrix.h: the traces of both sides of a connection, and
   spikes on their way where synapses have delays. Leave it as it is. One instance, one thread. */
#ifndef SPIKES_H
#define SPIKES_H

#include <deltaw/matrix.h>
#include <float.h>
#include <stdlib.h>

/* What a synapse knows at an event. A trace grows by 1 at each spike and decays with its tau: all
   pairs of spikes count. It is as just before the event: a spike does not see itself. */
typedef struct synapse {
  double pre, post;            /* traces of what arrived here, and of the target's spikes */
  double weight, lower, upper; /* bounds are infinite where there are none */
} synapse;

/* The change of a synapse's weight at an event. */
typedef double (*synapse_change)(const void* rule, const synapse*);

typedef struct spikes {
  double tau_pre, tau_post; /* ms */
  uint64_t inputs, outputs;
  uint64_t step;      /* up to which all has happened */
  uint64_t slots;     /* steps looked back on: the longest delay, and one */
  uint64_t has_begun; /* whether there was an update, which told the delays */
  double* memory;     /* the traces of outputs, then the slots; NULL before prepare() */
} spikes;

/* A step that is looked back on: the traces of inputs just before its spikes, then its spikes. */
static inline double* spikes_slot(const spikes* s, uint64_t step) {
  return s->memory + s->outputs + step % s->slots * 2 * s->inputs;
}

static inline uint64_t spikes_memory(const spikes* s) {
  return s->outputs + s->slots * 2 * s->inputs;
}

/* As after prepare(). */
static inline void spikes_reset(spikes* s) {
  s->step = s->has_begun = 0;
  if (s->memory != NULL) memset(s->memory, 0, spikes_memory(s) * sizeof *s->memory);
}

static inline deltaw_status spikes_allocate(spikes* s, uint64_t slots, deltaw_error* error) {
  free(s->memory);
  s->slots = slots;
  s->memory = calloc(spikes_memory(s), sizeof *s->memory);
  if (s->memory != NULL) return DELTAW_OK;
  return deltaw_fail(error, DELTAW_E_OUT_OF_MEMORY, "not enough memory");
}

static inline deltaw_status spikes_prepare(spikes* s, const deltaw_shape* shape,
                                           deltaw_error* error) {
  s->inputs = shape->connections[0].inputs;
  s->outputs = shape->connections[0].outputs;
  s->step = s->has_begun = 0;
  return spikes_allocate(s, 1, error);
}

/* Steps from the departure of a spike to its arrival: `slots` or more where there is no synapse. */
static inline uint64_t spikes_delay(const deltaw_matrix* delays, uint64_t i, uint64_t j) {
  return delays == NULL ? 0 : ((const uint8_t*)delays->data)[i + j * delays->ld];
}

static inline uint64_t spikes_longest(const spikes* s, const deltaw_matrix* delays) {
  uint64_t longest = 0;
  for (uint64_t j = 0; j < s->inputs; ++j) {
    for (uint64_t i = 0; i < s->outputs; ++i) {
      const uint64_t delay = spikes_delay(delays, i, j);
      if (delay != 255 && delay > longest) longest = delay;
    }
  }
  return longest;
}

/* What is so small counts as nothing, and would be slow to reckon with. */
static inline double spikes_faded(double trace) { return trace < DBL_EPSILON ? 0 : trace; }

/* n steps go by. */
static inline void spikes_pass(spikes* s, uint64_t n, double dt) {
  const double* before = spikes_slot(s, s->step);
  double* now = spikes_slot(s, s->step + n);
  const double keep_pre = exp(-(double)n * dt / s->tau_pre);
  const double keep_post = exp(-(double)n * dt / s->tau_post);
  for (uint64_t j = 0; j < s->inputs; ++j) {
    now[j] = spikes_faded((before[j] + before[s->inputs + j]) * keep_pre);
    now[s->inputs + j] = 0;
  }
  for (uint64_t i = 0; i < s->outputs; ++i) {
    s->memory[i] = spikes_faded(s->memory[i] * keep_post);
  }
  s->step += n;
}

/* One update of a rule: who it is, and where its changes go. */
typedef struct spikes_update {
  const void* rule;
  synapse_change on_pre, on_post;
  const deltaw_block* block;
  const deltaw_matrix* delta;
} spikes_update;

static inline void spikes_change(const spikes_update* u, uint64_t i, uint64_t j, double pre,
                                 double post, synapse_change change) {
  const deltaw_block* block = u->block;
  const int is_in_place = (block->flags & DELTAW_BLOCK_IN_PLACE) != 0;
  const deltaw_matrix* weights = is_in_place ? u->delta : block->signals[DELTAW_WEIGHTS];
  const synapse at = {pre, post, deltaw_get(weights, i, j), block->lower, block->upper};
  const double d = change(u->rule, &at);
  if (!is_in_place) {
    deltaw_add(u->delta, i, j, d);
    return;
  }
  const double w = at.weight + block->scale * d;
  deltaw_set(u->delta, i, j, w < at.lower ? at.lower : w > at.upper ? at.upper : w);
}

/* What departed `delay` steps ago arrives where it takes so long. */
static inline void spikes_arrive(const spikes* s, const spikes_update* u, uint64_t delay) {
  const double* then = spikes_slot(s, s->step + s->slots - delay);
  const deltaw_matrix* delays = u->block->signals[DELTAW_DELAYS];
  for (uint64_t j = 0; j < s->inputs; ++j) {
    if (then[s->inputs + j] == 0) continue;
    for (uint64_t i = 0; i < s->outputs; ++i) {
      if (spikes_delay(delays, i, j) != delay) continue;
      spikes_change(u, i, j, then[j], s->memory[i], u->on_pre);
    }
  }
}

static inline void spikes_fire(spikes* s, const spikes_update* u, uint64_t i) {
  const deltaw_matrix* delays = u->block->signals[DELTAW_DELAYS];
  for (uint64_t j = 0; j < s->inputs; ++j) {
    const uint64_t delay = spikes_delay(delays, i, j);
    if (delay >= s->slots) continue;
    const double* then = spikes_slot(s, s->step + s->slots - delay);
    spikes_change(u, i, j, then[j] + then[s->inputs + j], s->memory[i], u->on_post);
  }
  s->memory[i] += 1;
}

/* All that happens up to the step of u->block: within a step, arrivals come before spikes of the
   target. Where there are delays the first call allocates, for it is the first to know them. */
static inline deltaw_status spikes_visit(spikes* s, const spikes_update* u, deltaw_error* error) {
  const deltaw_matrix* const* signals = u->block->signals;
  const deltaw_matrix *leaving = signals[DELTAW_SPIKES_PRE], *fired = signals[DELTAW_SPIKES_POST];
  const deltaw_matrix* delays = signals[DELTAW_DELAYS];
  if (s->memory == NULL) return deltaw_fail(error, DELTAW_E_STATE, "called before prepare()");
  if (!s->has_begun && delays != NULL) {
    const deltaw_status status = spikes_allocate(s, spikes_longest(s, delays) + 1, error);
    if (status != DELTAW_OK) return status;
  }
  s->has_begun = 1;
  for (uint64_t passed = 0; s->step < u->block->step; ++passed) {
    /* After `slots` steps all has arrived: of a longer silence the most is one leap. */
    const uint64_t left = u->block->step - s->step;
    const int is_silent = passed == s->slots && left > s->slots;
    spikes_pass(s, is_silent ? left - s->slots : 1, u->block->dt);
    for (uint64_t delay = 1; delay < s->slots; ++delay) spikes_arrive(s, u, delay);
  }
  double* now = spikes_slot(s, s->step);
  for (uint64_t k = 0; k < leaving->cols; ++k) {
    now[s->inputs + ((const uint32_t*)leaving->data)[k * leaving->ld]] = 1;
  }
  if (leaving->cols > 0) spikes_arrive(s, u, 0);
  for (uint64_t k = 0; k < fired->cols; ++k) {
    spikes_fire(s, u, ((const uint32_t*)fired->data)[k * fired->ld]);
  }
  return DELTAW_OK;
}

/* For deltaw.state/1: what is to be remembered from one update to the next. */
static inline deltaw_status spikes_save(const spikes* s,
                                        deltaw_status (*write)(void*, const void*, uint64_t),
                                        void* ctx, deltaw_error* error) {
  const uint64_t head[] = {s->step, s->slots, s->has_begun};
  deltaw_status status = write(ctx, head, sizeof head);
  if (status == DELTAW_OK) status = write(ctx, s->memory, spikes_memory(s) * sizeof *s->memory);
  if (status == DELTAW_OK) return DELTAW_OK;
  return deltaw_fail(error, status, "the state cannot be written");
}

static inline deltaw_status spikes_load(spikes* s, deltaw_status (*read)(void*, void*, uint64_t),
                                        void* ctx, deltaw_error* error) {
  uint64_t head[3];
  if (read(ctx, head, sizeof head) != DELTAW_OK || head[1] == 0 || head[1] > 255) {
    return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "the saved state is damaged");
  }
  const deltaw_status status = spikes_allocate(s, head[1], error);
  if (status != DELTAW_OK) return status;
  s->step = head[0];
  s->has_begun = head[2];
  if (read(ctx, s->memory, spikes_memory(s) * sizeof *s->memory) == DELTAW_OK) return DELTAW_OK;
  return deltaw_fail(error, DELTAW_E_INVALID_ARGUMENT, "the saved state is cut short");
}

#endif
