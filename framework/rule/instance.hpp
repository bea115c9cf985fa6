// SPDX-License-Identifier: Apache-2.0
// One instance of a rule, as the host sees it: made, prepared, asked for ΔW, destroyed. Every
// failure becomes a named error with the rule's name and step. One thread an instance.
#pragma once

#include <deltaw/abi.h>

#include <armadillo>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"

namespace deltaw {

class StateReader;
class StateWriter;

// What an instance needs to know of itself.
struct InstanceSpec {
  const deltaw_plugin* plugin = nullptr;
  const RuleSpec* rule = nullptr;
  std::vector<deltaw_param> parameters;     // complete; strings must outlive the instance
  std::uint64_t seed = 0;                   // of the run
  std::string key;                          // which instance of the run: keys its random draws
  const deltaw_network* network = nullptr;  // given to rules of network scope only
  const deltaw_random* random = nullptr;    // in place of the host's own draws
};

struct ConnectionSize {
  std::string name;
  std::uint64_t outputs, inputs;
};

// What a rule shows of its memory.
struct Monitored {
  std::string connection;  // told by who knows it; empty for a rule of network scope
  std::string name;
  arma::mat values;
};

class RuleInstance {
 public:
  // Errors: E202 when create() refuses, E301..E303 when it fails, E134 where a function is left
  // out.
  explicit RuleInstance(InstanceSpec spec);
  ~RuleInstance();
  RuleInstance(RuleInstance&&) noexcept;
  RuleInstance& operator=(RuleInstance&&) = delete;

  [[nodiscard]] const RuleSpec& rule() const;
  // Errors: E203 when the rule lacks the dtype; E202 when it refuses the sizes; E301..E303.
  void prepare(std::uint32_t dtype, std::uint64_t max_columns,
               const std::vector<ConnectionSize>& connections);
  // Services that the rule asked for and was refused, each once.
  [[nodiscard]] const std::vector<std::string>& refused() const;
  [[nodiscard]] bool has_observe() const { return instance_.observe != nullptr; }
  // REQUIRES: prepared. Nothing to do for a rule without observe().
  void observe(const deltaw_block& block);
  // Adds to deltas. Errors: E301..E303, with the index of the update.
  void update(const deltaw_block& block, const std::vector<deltaw_matrix>& deltas);
  void reset();

  // What the rule carries between updates; empty for rules without "deltaw.state/1". Loading throws
  // E306 when it was saved by another rule, version or precision.
  void save(StateWriter& writer) const;
  void load(StateReader& reader);
  [[nodiscard]] std::size_t state_bytes() const;  // what save() would write of the rule's own

  // Copies, empty for rules without "deltaw.monitor/1". REQUIRES: prepared. Errors: E301..E303,
  // E134 for a matrix without a name, or of no element type of the ABI.
  [[nodiscard]] std::vector<Monitored> monitored() const;

 private:
  struct Host;
  [[nodiscard]] std::string state() const;
  void check(deltaw_status status, const deltaw_error& reported, const char* call,
             std::optional<std::uint64_t> update = {}) const;

  std::unique_ptr<Host> host_;  // what the rule points to: never moves
  deltaw_rule instance_{};
  std::uint32_t dtype_ = 0;
};

}  // namespace deltaw
