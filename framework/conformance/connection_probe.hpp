// SPDX-License-Identifier: Apache-2.0
// The probe of a local rule: one connection, whose signals lie in guarded memory. One thread.
#pragma once

#include <optional>

#include "conformance/guarded_matrix.hpp"
#include "conformance/rule_probe.hpp"

namespace deltaw {

class ConnectionProbe : public RuleProbe {
 public:
  ConnectionProbe(ProbedRule probed, const Scene& scene, const Surroundings& around);
  ~ConnectionProbe() override { instance_.reset(); }  // before what it may still point to

  void show(const std::vector<arma::mat>& parts, std::size_t update) override;

 private:
  void prepare() override;
  [[nodiscard]] deltaw_block block(std::size_t update) const;
  // Lets `shown_` point to `columns` columns from `first`; rewards only where the outcome is known.
  void point(const std::vector<arma::mat>& parts, std::size_t first, std::size_t columns,
             bool is_rewarded);
  void set(const std::vector<arma::mat>& parts, bool is_first);
  void set_read_only(bool is_read_only);  // where that is asked for
  void look_for_writing();

  std::vector<std::optional<GuardedMatrix>> memory_;  // by signal
  GuardedMatrix delta_;
  std::vector<std::size_t> events_;  // by signal: spikes in memory
  std::vector<deltaw_matrix> matrices_;
  std::vector<const deltaw_matrix*> shown_;
};

}  // namespace deltaw
