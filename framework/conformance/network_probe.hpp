// SPDX-License-Identifier: Apache-2.0
// The probe of a rule of network scope: a static network of three layers, whose activity and
// weights are made up. One thread.
#pragma once

#include <optional>

#include "conformance/guarded_matrix.hpp"
#include "conformance/probe.hpp"
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
class NetworkProbe : public Probe {
 public:
  NetworkProbe(Subject subject, const Scene& scene, const Surroundings& around);
  NetworkProbe(const NetworkProbe&) = delete;
  NetworkProbe& operator=(const NetworkProbe&) = delete;

  void begin() override;
  void reset() override;
  void prepare_again() override;
  void change_instance() override;
  void show(const Stimulus& stimulus, std::size_t update) override;
  [[nodiscard]] std::vector<std::string> refused() const override;

 private:
  void start();
  void make_instance();
  void prepare();

  Subject subject_;
  Scene scene_;
  bool is_watched_;
  std::vector<deltaw_param> parameters_;
  Network<T> network_;
  Activity<T> activity_;
  Loss<T> loss_;
  Buffer<T> target_;
  Window counted_;
  std::vector<GuardedMatrix> deltas_;  // by connection
  NetworkService<T> service_;
  std::optional<RuleInstance> instance_;
};

extern template class NetworkProbe<float>;
extern template class NetworkProbe<double>;

}  // namespace deltaw
