// SPDX-License-Identifier: Apache-2.0
// A rule whose update throws through the ABI.
#include <deltaw/abi.h>

#include <cstring>
#include <stdexcept>

namespace {

deltaw_status prepare(void*, const deltaw_shape*, deltaw_error*) { return DELTAW_OK; }
deltaw_status update(void*, const deltaw_block*, const deltaw_matrix*, uint64_t, deltaw_error*) {
  throw std::runtime_error("no such neuron");
}
void leave(void*) {}

deltaw_status create(const deltaw_host*, const char* id, const deltaw_param*, uint64_t,
                     deltaw_rule* out, deltaw_error*) {
  if (std::strcmp(id, "cheat") != 0) return DELTAW_E_INVALID_ARGUMENT;
  *out = {sizeof *out, 0, nullptr, prepare, nullptr, update, leave, nullptr, leave};
  return DELTAW_OK;
}

const deltaw_rule_info* rule_info(uint32_t index) {
  static const deltaw_rule_info info = {
      sizeof info,
      DELTAW_SCOPE_LOCAL,
      "cheat",
      "1.0.0",
      DELTAW_CAP_F64 | DELTAW_CAP_DETERMINISTIC,
      DELTAW_SIGNAL_BIT(DELTAW_PRE) | DELTAW_SIGNAL_BIT(DELTAW_POST),
      DELTAW_GRAIN_BATCH,
      0};
  return index == 0 ? &info : nullptr;
}

}  // namespace

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, DELTAW_ABI_MAJOR, 0, 1, rule_info, create};
  return &plugin;
}
