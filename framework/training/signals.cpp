// SPDX-License-Identifier: Apache-2.0
// Which signals a connection has, and where each lies in memory.
#include "training/signals.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t bits(std::initializer_list<int> signals) {
  std::uint64_t mask = 0;
  for (const int signal : signals) mask |= DELTAW_SIGNAL_BIT(signal);
  return mask;
}

constexpr std::uint64_t k_output_only = bits({DELTAW_TARGET, DELTAW_ERROR});
constexpr std::uint64_t k_explored = bits({DELTAW_PERTURBATION, DELTAW_REWARD, DELTAW_BASELINE});
constexpr std::uint64_t k_not_static =
    bits({DELTAW_TRIAL_KIND, DELTAW_SPIKES_PRE, DELTAW_SPIKES_POST});

void refuse(const RuleSpec& rule, std::uint64_t mask, const Graph::Connection& connection,
            const char* reason, const char* hint) {
  if ((rule.signals & mask) == 0) return;
  throw Error(
      Code::E206,
      fmt::format("rule '{}' needs {}, which connection '{}' does not have: {}", rule.id,
                  fmt::join(signal_names(rule.signals & mask), ", "), connection.name, reason),
      {.hint = hint});
}

}  // namespace

template <class T>
ConnectionSignals<T>::ConnectionSignals(const RuleSpec& rule, std::size_t connection,
                                        const Network<T>& network, Presentation<T>& presentation)
    : declared_(rule.signals),
      connection_(connection),
      target_(network.graph().connections[connection].target),
      sees_exploration_((rule.signals & k_explored) != 0),
      network_(network),
      presentation_(presentation) {
  const Graph::Connection& c = network.graph().connections[connection];
  const Graph::Layer& layer = network.graph().layers[target_];
  refuse(rule, k_not_static, c, "the network is static", "a rule that lists static dynamics");
  if (!layer.is_output) {
    refuse(rule, k_output_only, c, "only the output layer has a target",
           "drive this connection by a rule that needs no target");
  }
  if (!presentation.can_explore()) {
    refuse(rule, k_explored, c, "the experiment sets no exploration",
           "\"exploration\": {\"deviation\": 0.01} under \"training\"");
  }
  if (sees_exploration_) presentation.perturb(target_);
  const std::size_t columns = presentation.clean.max_columns();
  if (rule.declares(DELTAW_DERIVATIVE)) derivative_ = Buffer<T>(layer.units, columns);
  if (rule.declares(DELTAW_ERROR)) error_ = Buffer<T>(layer.units, columns);
}

template <class T>
const deltaw_matrix* const* ConnectionSignals<T>::collect() {
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    if (((declared_ >> signal) & 1u) == 0) continue;
    matrices_[signal] = matrix(signal);
    pointers_[signal] = &matrices_[signal];
  }
  return pointers_.data();
}

template <class T>
deltaw_matrix ConnectionSignals<T>::matrix(std::uint32_t signal) {
  const Activity<T>& activity = sees_exploration_ ? presentation_.perturbed : presentation_.clean;
  const std::size_t k = activity.columns();
  const auto show = [](const arma::Mat<T>& m) { return readonly(m.memptr(), m.n_rows, m.n_cols); };
  switch (signal) {
    case DELTAW_PRE:
      return show(network_.pre(connection_, activity));
    case DELTAW_POST:
      return show(activity.post(target_));
    case DELTAW_POTENTIAL:
      return show(activity.potential(target_));
    case DELTAW_DERIVATIVE: {
      arma::Mat<T> derivative = derivative_.first(k);
      network_.activation(target_).derivative(activity.potential(target_), activity.post(target_),
                                              derivative);
      return show(derivative);
    }
    case DELTAW_PERTURBATION:
      return show(presentation_.noise[target_].first(k));
    case DELTAW_WEIGHTS:
      return show(network_.weights(connection_));
    case DELTAW_TARGET:
      return show(presentation_.target.first(k));
    case DELTAW_ERROR: {
      arma::Mat<T> error = error_.first(k);
      error = presentation_.target.first(k) - activity.post(target_);
      return show(error);
    }
    case DELTAW_REWARD:
      return show(presentation_.reward.first(k));
    case DELTAW_BASELINE:
      return show(presentation_.baseline.first(k));
    default:
      throw Error(Code::E001, fmt::format("signal {} in a static network", signal));
  }
}

template class ConnectionSignals<float>;
template class ConnectionSignals<double>;

}  // namespace deltaw
