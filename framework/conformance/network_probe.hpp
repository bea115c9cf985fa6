// SPDX-License-Identifier: Apache-2.0
// The probe of a rule of network scope: a static network of three layers, whose activity and
// weights are made up. One thread.
#pragma once

#include "conformance/guarded_matrix.hpp"
#include "conformance/rule_probe.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"
#include "network/service.hpp"

namespace deltaw {

// The layers and connections of that network. Parts of its stimulus, one after the other: of each
// layer what comes into it (the activity of the input, the potentials of the others), of each
// connection its weights, and the target.
[[nodiscard]] Graph probed_graph(const RuleSpec& rule, const Scene& scene);
[[nodiscard]] Stimulus draw_network_stimulus(const RuleSpec& rule, const Scene& scene,
                                             std::uint64_t number);

template <class T>
class NetworkProbe : public RuleProbe {
 public:
  NetworkProbe(ProbedRule probed, const Scene& scene, const Surroundings& around);
  ~NetworkProbe() override { instance_.reset(); }  // before what it may still use

  void show(const std::vector<arma::mat>& parts, std::size_t update) override;

 private:
  void prepare() override;
  [[nodiscard]] const deltaw_network* service() const override { return service_.table(); }

  Network<T> network_;
  Activity<T> activity_;
  Loss<T> loss_;
  Buffer<T> target_;
  Window counted_;
  std::vector<GuardedMatrix> deltas_;  // by connection
  NetworkService<T> service_;
};

extern template class NetworkProbe<float>;
extern template class NetworkProbe<double>;

}  // namespace deltaw
