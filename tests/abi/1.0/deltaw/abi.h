/* SPDX-License-Identifier: Apache-2.0
   The whole contract between host and rule, in C11 (and C++17). No other header of the SDK is part
   of the ABI. Frozen for DELTAW_ABI_MAJOR: structs whose first member is struct_size may grow at
   their end, signals and flags may be added, nothing else changes. docs/contract.md explains it. */
#ifndef DELTAW_ABI_H
#define DELTAW_ABI_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define DELTAW_ABI_MAJOR 1u
#define DELTAW_ABI_MINOR 0u

/* True when `member` lies inside a struct whose writer reported struct_size bytes. */
#define DELTAW_HAS(ptr, type, member) \
  ((ptr)->struct_size >= offsetof(type, member) + sizeof((ptr)->member))

typedef int32_t deltaw_status; /* never an enum: its width is the compiler's choice */
enum {
  DELTAW_OK = 0,
  DELTAW_E_INVALID_ARGUMENT = 1, /* the caller can mend it: bad parameter, shape, id */
  DELTAW_E_UNSUPPORTED = 2,      /* a dtype, dynamics or feature that this side lacks */
  DELTAW_E_OUT_OF_MEMORY = 3,
  DELTAW_E_NUMERIC = 4, /* diverged, singular, not finite */
  DELTAW_E_STATE = 5,   /* called out of order */
  DELTAW_E_INTERNAL = 6
};

/* Owned by the caller, filled by the callee: no allocation, nothing thread-local. */
typedef struct deltaw_error {
  uint32_t struct_size;
  deltaw_status code;
  char message[504]; /* UTF-8, always terminated */
} deltaw_error;

enum { DELTAW_F32 = 1, DELTAW_F64 = 2, DELTAW_U32 = 3, DELTAW_U8 = 4 };
enum { DELTAW_READONLY = 1u << 0 };

/* Column-major view: element (i, j) is data[i + j * ld], ld >= rows, in elements. Rows are units,
   columns are observations. Never grows. ld == rows unless the rule declares DELTAW_CAP_STRIDED.
   `data` is aligned to its element: it may begin in the middle of the host's memory. */
typedef struct deltaw_matrix {
  void *data;
  uint64_t rows, cols, ld;
  uint32_t dtype, flags;
} deltaw_matrix;

/* Signals by number; K is the number of observations in the block. docs/contract.md gives unit and
   time index of each. A rule gets those that it declares, NULL for all others. */
enum {
  DELTAW_PRE = 0,           /* inputs x K: activity of the source (at t-1 in a recurrent connection) */
  DELTAW_POST = 1,          /* outputs x K: activity of the target */
  DELTAW_POTENTIAL = 2,     /* outputs x K: summed input of the target before its activation */
  DELTAW_DERIVATIVE = 3,    /* outputs x K: d post / d potential, elementwise */
  DELTAW_PERTURBATION = 4,  /* outputs x K: exploration noise that the host added to potential */
  DELTAW_WEIGHTS = 5,       /* outputs x inputs: W before this update */
  DELTAW_TARGET = 6,        /* outputs x K: desired activity; output layers only */
  DELTAW_ERROR = 7,         /* outputs x K: target - post; output layers only */
  DELTAW_REWARD = 8,        /* 1 x K a reward for each observation (NaN where none is given), or
                               1 x 1 for the whole block */
  DELTAW_BASELINE = 9,      /* shaped as reward: the reward to expect without perturbation */
  DELTAW_TRIAL_KIND = 10,   /* u32, 1 x 1: which kind of trial this was */
  DELTAW_SPIKES_PRE = 11,   /* u32, 2 x n: (unit, observation) of each spike that arrives, by
                               observation; where there are DELAYS, that departs */
  DELTAW_SPIKES_POST = 12,  /* u32, 2 x n: of each spike of the target */
  DELTAW_LEARNING_SIGNAL = 13,     /* outputs x K: the output's error, brought by fixed weights */
  DELTAW_WEIGHT_PERTURBATION = 14, /* outputs x inputs: exploration noise added to W */
  DELTAW_DELAYS = 15,       /* u8, outputs x inputs: observations from departure to arrival, 255
                               where there is no synapse; NULL where all synapses are alike */
  DELTAW_SIGNAL_COUNT = 16  /* of this minor version; a block says how many it carries */
};
#define DELTAW_SIGNAL_BIT(signal) (UINT64_C(1) << (signal))

enum { DELTAW_PARAM_F64 = 1, DELTAW_PARAM_I64 = 2, DELTAW_PARAM_BOOL = 3, DELTAW_PARAM_STR = 4 };
typedef struct deltaw_param {
  const char *name;
  uint32_t kind, reserved;
  union {
    double f64;
    int64_t i64; /* bool: 0 or 1 */
    const char *str;
  } value;
} deltaw_param;

/* What the host offers. Valid from create() to destroy(). [any thread] */
typedef struct deltaw_host {
  uint32_t struct_size, abi_minor;
  void *ctx;
  void (*log)(void *ctx, int32_t level, const char *utf8); /* 0 debug, 1 info, 2 warning */
  /* "deltaw.random/1" for every rule, "deltaw.network/1" for network scope only; NULL if refused */
  const void *(*get_extension)(void *ctx, const char *id);
} deltaw_host;

typedef struct deltaw_connection_shape {
  const char *name;
  uint64_t outputs, inputs;
} deltaw_connection_shape;

/* What an instance is to serve: one connection (local scope) or all it drives (network scope). */
typedef struct deltaw_shape {
  uint32_t struct_size, dtype;
  uint64_t max_columns; /* no block is wider */
  uint64_t n_connections;
  const deltaw_connection_shape *connections;
} deltaw_shape;

enum {
  DELTAW_BLOCK_IN_PLACE = 1u << 0 /* deltas[i] are the weights: see `scale` */
};

/* A block of observations: a batch, a trial, a piece of a trial, or one time step. Among spikes, a
   block comes only for steps in which some arrive or leave, and, without any, before the host reads
   all weights; `step` then counts from the start of the run. */
typedef struct deltaw_block {
  uint32_t struct_size, n_signals;
  uint64_t index;   /* of the update that this block belongs to, from 0 */
  uint64_t step;    /* time index of the first column within its trial; 0 for a batch */
  uint64_t columns; /* K */
  double dt;        /* milliseconds between columns; 0 where columns have no time */
  const deltaw_matrix *const *signals; /* [n_signals], NULL where not declared */
  uint32_t flags, reserved;            /* DELTAW_BLOCK_* */
  double lower, upper; /* bounds of the weights; infinite where there are none */
  double scale;        /* in place, for a change d of weight w: w = clamp(w + scale * d); else 1 */
} deltaw_block;

/* One instance. Calls on one instance never overlap. Pointers in arguments are valid until the call
   returns. Order: prepare -> { observe* update }* -> reset or prepare again ... -> destroy. */
typedef struct deltaw_rule {
  uint32_t struct_size, reserved;
  void *self;
  deltaw_status (*prepare)(void *self, const deltaw_shape *, deltaw_error *); /* may allocate */
  /* Every block that precedes the one given to update; REWARD and BASELINE are NULL in it, for the
     outcome is not known yet. NULL when the rule takes its blocks whole. */
  deltaw_status (*observe)(void *self, const deltaw_block *, deltaw_error *);
  /* Adds the proposed change to deltas[i] (outputs x inputs), i < n_connections. Never writes W. */
  deltaw_status (*update)(void *self, const deltaw_block *, const deltaw_matrix *deltas,
                          uint64_t n_deltas, deltaw_error *);
  void (*reset)(void *self); /* as after prepare */
  const void *(*get_extension)(void *self, const char *id); /* "deltaw.state/1", "deltaw.monitor/1"; may be NULL */
  void (*destroy)(void *self);
} deltaw_rule;

enum { DELTAW_SCOPE_LOCAL = 1, DELTAW_SCOPE_NETWORK = 2 };
enum { DELTAW_GRAIN_BATCH = 1, DELTAW_GRAIN_TRIAL = 2, DELTAW_GRAIN_STEP = 3 };
enum {
  DELTAW_CAP_F32 = 1u << 0,
  DELTAW_CAP_F64 = 1u << 1,
  DELTAW_CAP_STRIDED = 1u << 2,       /* accepts ld > rows */
  DELTAW_CAP_CONCURRENT = 1u << 3,    /* distinct instances may run on distinct threads */
  DELTAW_CAP_DETERMINISTIC = 1u << 4, /* same inputs, seed and build: same bits */
  DELTAW_CAP_IN_PLACE = 1u << 5       /* deltas[i] may be the weights themselves */
};

typedef struct deltaw_rule_info {
  uint32_t struct_size, scope; /* DELTAW_SCOPE_* */
  const char *id, *version;    /* static storage, UTF-8 */
  uint64_t caps, signals;      /* DELTAW_CAP_*; DELTAW_SIGNAL_BIT of each declared signal */
  uint32_t grain, reserved;    /* DELTAW_GRAIN_* */
} deltaw_rule_info;

typedef struct deltaw_plugin {
  uint32_t struct_size, abi_major;
  uint32_t abi_minor_needed; /* lowest minor that this plugin can run on, not the SDK's own */
  uint32_t n_rules;
  const deltaw_rule_info *(*rule_info)(uint32_t index); /* NULL past the end */
  /* `params` holds every parameter of the manifest, checked against its type and range. */
  deltaw_status (*create)(const deltaw_host *, const char *rule_id, const deltaw_param *params,
                          uint64_t n_params, deltaw_rule *out, deltaw_error *);
} deltaw_plugin;

/* The only exported symbol. Returns static data; must not allocate, start threads or throw. */
#if defined(_WIN32)
__declspec(dllexport)
#else
__attribute__((visibility("default")))
#endif
const deltaw_plugin *deltaw_plugin_entry(void);

/* Host extension "deltaw.random/1": counter-based draws, keyed by the run's seed and the instance.
   The same (stream, counter) gives the same numbers whatever else was drawn. [instance's thread] */
typedef struct deltaw_random {
  uint32_t struct_size, reserved;
  void *ctx;
  deltaw_status (*normal)(void *ctx, uint64_t stream, uint64_t counter, const deltaw_matrix *out);
  deltaw_status (*uniform)(void *ctx, uint64_t stream, uint64_t counter, const deltaw_matrix *out);
} deltaw_random;

enum { DELTAW_LAYER_INPUT = 1u << 0, DELTAW_LAYER_OUTPUT = 1u << 1 };
typedef struct deltaw_layer_info {
  uint32_t struct_size, flags;
  const char *name;
  uint64_t units;      /* rows of its activity */
  uint64_t potentials; /* rows of its potential: units, or more where a unit has gates */
} deltaw_layer_info;

enum { DELTAW_CONNECTION_BIAS = 1u << 0, DELTAW_CONNECTION_RECURRENT = 1u << 1 };
typedef struct deltaw_connection_info {
  uint32_t struct_size, flags;
  const char *name;
  uint32_t source, target; /* layers */
  uint64_t outputs, inputs;
  int64_t delta; /* place among this instance's deltas, -1 when it drives this connection not */
} deltaw_connection_info;

/* Host extension "deltaw.network/1": error transport, for rules of network scope. Layers come in
   topological order: a higher index is nearer to the output. Valid inside observe() and update();
   layer, connection and counts from create() on. [instance's thread] */
typedef struct deltaw_network {
  uint32_t struct_size, n_layers, n_connections, reserved;
  void *ctx;
  deltaw_status (*layer)(void *ctx, uint32_t layer, deltaw_layer_info *out);
  deltaw_status (*connection)(void *ctx, uint32_t connection, deltaw_connection_info *out);
  /* PRE, WEIGHTS of a connection; POST, POTENTIAL, DERIVATIVE, TARGET, ERROR of a layer. */
  deltaw_status (*signal)(void *ctx, uint32_t signal, uint32_t index, deltaw_matrix *out);
  /* out = dL/d potential of an output layer, potentials x K; L is the mean over the block. */
  deltaw_status (*loss_gradient)(void *ctx, uint32_t layer, const deltaw_matrix *out);
  /* grad_potential = (d post / d potential)^T grad_post. A recurrent layer goes back through time
     along its own connections, with `feedback` (shape of W) in place of W if not NULL. */
  deltaw_status (*layer_vjp)(void *ctx, uint32_t layer, const deltaw_matrix *grad_post,
                             const deltaw_matrix *feedback, const deltaw_matrix *grad_potential);
  /* grad_pre = beta * grad_pre + (d potential / d pre)^T grad_potential, of that connection;
     with `weights` (outputs x inputs) in place of its own if not NULL. */
  deltaw_status (*connection_vjp)(void *ctx, uint32_t connection,
                                  const deltaw_matrix *grad_potential,
                                  const deltaw_matrix *weights, double beta,
                                  const deltaw_matrix *grad_pre);
  /* delta += scale * dL/dW, given dL/d potential of the target. */
  deltaw_status (*connection_gradient)(void *ctx, uint32_t connection,
                                       const deltaw_matrix *grad_potential, double scale,
                                       const deltaw_matrix *delta);
} deltaw_network;

/* Rule extension "deltaw.state/1": all that a rule carries from one update to the next. */
typedef struct deltaw_state {
  uint32_t struct_size, reserved;
  deltaw_status (*save)(void *self,
                        deltaw_status (*write)(void *ctx, const void *bytes, uint64_t n),
                        void *ctx, deltaw_error *);
  deltaw_status (*load)(void *self, deltaw_status (*read)(void *ctx, void *bytes, uint64_t n),
                        void *ctx, deltaw_error *); /* after prepare() with the same shape */
} deltaw_state;

/* Rule extension "deltaw.monitor/1": named matrices that reports may show. [instance's thread] */
typedef struct deltaw_monitor {
  uint32_t struct_size, reserved;
  uint32_t (*count)(void *self); /* the same from prepare() on */
  /* Name and view of the index-th; both valid until the next call on the instance. */
  deltaw_status (*show)(void *self, uint32_t index, const char **name, deltaw_matrix *out,
                        deltaw_error *);
} deltaw_monitor;

#ifdef __cplusplus
}
#endif
#endif
