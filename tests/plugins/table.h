/* SPDX-License-Identifier: Apache-2.0
   A valid table of one rule that does nothing; each bad plugin spoils one thing of it. */
#include <deltaw/abi.h>

static deltaw_status prepare(void* self, const deltaw_shape* shape, deltaw_error* error) {
  (void)self, (void)shape, (void)error;
  return DELTAW_OK;
}

static deltaw_status update(void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                            uint64_t n_deltas, deltaw_error* error) {
  (void)self, (void)block, (void)deltas, (void)n_deltas, (void)error;
  return DELTAW_OK;
}

static void nothing(void* self) { (void)self; }

static inline deltaw_status create(const deltaw_host* host, const char* id,
                                   const deltaw_param* params, uint64_t n_params, deltaw_rule* out,
                                   deltaw_error* error) {
  const deltaw_rule rule = {sizeof rule, 0, 0, prepare, 0, update, nothing, 0, nothing};
  (void)host, (void)id, (void)params, (void)n_params, (void)error;
  *out = rule;
  return DELTAW_OK;
}

#define GOOD_CAPS \
  (DELTAW_CAP_F32 | DELTAW_CAP_F64 | DELTAW_CAP_CONCURRENT | DELTAW_CAP_DETERMINISTIC)
#define GOOD_SIGNALS (DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_POST))

static const deltaw_rule_info good_info = {
    sizeof good_info, DELTAW_SCOPE_LOCAL, "good-hebb",        "1.0.0",
    GOOD_CAPS,        GOOD_SIGNALS,       DELTAW_GRAIN_BATCH, 0};

static inline const deltaw_rule_info* rule_info(uint32_t index) {
  return index == 0 ? &good_info : 0;
}
