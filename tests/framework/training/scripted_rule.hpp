// SPDX-License-Identifier: Apache-2.0
// A rule of local scope whose update is a function of the test's. float64; one thread.
#pragma once

#include <deltaw/abi.h>

#include <functional>
#include <map>
#include <string>
#include <utility>

#include "training/drive.hpp"

namespace deltaw::test {

// Outlives the trainers that use it; of two with one id, the later one counts.
class ScriptedRule {
 public:
  using Update = std::function<void(const deltaw_block& block, const deltaw_matrix& delta)>;

  ScriptedRule(std::string id, std::uint64_t signals, Update update)
      : id_(std::move(id)), signals_(signals), update_(std::move(update)) {
    plugin_.create = &create;
    rules()[id_] = this;
  }
  ScriptedRule(const ScriptedRule&) = delete;
  ScriptedRule& operator=(const ScriptedRule&) = delete;

  // Drives these connections, by plain gradient descent at rate 1.
  [[nodiscard]] DriveSpec drive(std::vector<std::string> connections) const {
    DriveSpec drive;
    drive.plugin = &plugin_;
    drive.rule.id = id_;
    drive.rule.scope = Scope::local;
    drive.rule.dynamics = {Dynamics::fixed};
    drive.rule.capabilities = DELTAW_CAP_F64;
    drive.rule.signals = signals_;
    drive.connections = std::move(connections);
    drive.optimizer.rate = 1;
    return drive;
  }

 private:
  static std::map<std::string, ScriptedRule*>& rules() {
    static std::map<std::string, ScriptedRule*> all;
    return all;
  }
  static deltaw_status create(const deltaw_host*, const char* id, const deltaw_param*,
                              std::uint64_t, deltaw_rule* out, deltaw_error*) {
    *out = {};
    out->struct_size = sizeof *out;
    out->self = rules().at(id);
    out->prepare = [](void*, const deltaw_shape*, deltaw_error*) -> deltaw_status {
      return DELTAW_OK;
    };
    out->update = [](void* self, const deltaw_block* block, const deltaw_matrix* deltas,
                     std::uint64_t, deltaw_error*) -> deltaw_status {
      static_cast<ScriptedRule*>(self)->update_(*block, *deltas);
      return DELTAW_OK;
    };
    out->get_extension = [](void*, const char*) -> const void* { return nullptr; };
    out->reset = out->destroy = [](void*) {};
    return DELTAW_OK;
  }

  std::string id_;
  std::uint64_t signals_;
  Update update_;
  deltaw_plugin plugin_{};
};

inline double& at(const deltaw_matrix& m, std::uint64_t i, std::uint64_t j) {
  return static_cast<double*>(m.data)[j * m.ld + i];
}

}  // namespace deltaw::test
