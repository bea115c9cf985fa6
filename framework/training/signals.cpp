// SPDX-License-Identifier: Apache-2.0
// Which signals a connection has, and where each lies in memory.
#include "training/signals.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/blas.hpp"
#include "core/error.hpp"
#include "training/feedback.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t bits(std::initializer_list<int> signals) {
  std::uint64_t mask = 0;
  for (const int signal : signals) mask |= DELTAW_SIGNAL_BIT(signal);
  return mask;
}

constexpr std::uint64_t k_output_only = bits({DELTAW_TARGET, DELTAW_ERROR});
constexpr std::uint64_t k_learning_signal = bits({DELTAW_LEARNING_SIGNAL});
constexpr std::uint64_t k_rewarded = bits({DELTAW_REWARD, DELTAW_BASELINE});
constexpr std::uint64_t k_unit_noise = bits({DELTAW_PERTURBATION});
constexpr std::uint64_t k_weight_noise = bits({DELTAW_WEIGHT_PERTURBATION});
constexpr std::uint64_t k_of_target = bits({DELTAW_POST, DELTAW_POTENTIAL, DELTAW_DERIVATIVE});
constexpr std::uint64_t k_of_output = bits({DELTAW_ERROR, DELTAW_LEARNING_SIGNAL});
constexpr std::uint64_t k_explored = k_rewarded | k_unit_noise | k_weight_noise;
constexpr std::uint64_t k_trials = bits({DELTAW_TRIAL_KIND});
constexpr std::uint64_t k_of_units =
    bits({DELTAW_PRE, DELTAW_POST, DELTAW_POTENTIAL, DELTAW_DERIVATIVE, DELTAW_PERTURBATION,
          DELTAW_LEARNING_SIGNAL});
constexpr std::uint64_t k_spikes = bits({DELTAW_SPIKES_PRE, DELTAW_SPIKES_POST, DELTAW_DELAYS});

void refuse(const RuleSpec& rule, std::uint64_t mask, const Graph::Connection& connection,
            const char* reason, const char* hint) {
  if ((rule.signals & mask) == 0) return;
  throw Error(
      Code::E206,
      fmt::format("rule '{}' needs {}, which connection '{}' does not have: {}", rule.id,
                  fmt::join(signal_names(rule.signals & mask), ", "), connection.name, reason),
      {.hint = hint});
}

// That are observations: steps are not, since a weight has its outcome once they are over.
std::size_t places_of(const Graph::Connection& c) {
  return c.way == Graph::Way::gated ? 1 : c.positions;
}

}  // namespace

bool sees_exploration(const RuleSpec& rule) { return (rule.signals & k_explored) != 0; }

template <class T>
ConnectionSignals<T>::ConnectionSignals(const RuleSpec& rule, std::size_t connection,
                                        const Network<T>& network, Presentation<T>& presentation,
                                        std::uint64_t seed)
    : declared_(rule.signals),
      connection_(connection),
      target_(network.graph().connections[connection].target),
      positions_(places_of(network.graph().connections[connection])),
      sees_exploration_(sees_exploration(rule)),
      network_(network),
      presentation_(presentation) {
  const Graph::Connection& c = network.graph().connections[connection];
  const Graph::Layer& layer = network.graph().layers[target_];
  if (!presentation.loss.exists()) {
    refuse(rule, k_output_only | k_learning_signal | k_explored, c, "the training has no loss",
           "a \"loss\" under \"training\", or a rule that needs neither target nor reward");
  }
  refuse(rule, k_spikes, c, "no unit spikes", "a rule that lists rate or static dynamics");
  if (!network.graph().has_time()) {
    refuse(rule, k_trials, c, "the network is static", "a rule that lists static dynamics");
  }
  if (!layer.is_output) {
    refuse(rule, k_output_only, c, "only the output layer has a target",
           "drive this connection by a rule that needs no target");
  }
  if (c.way == Graph::Way::gated) {
    refuse(rule, k_of_units, c, "its units have gates, and read their source step by step",
           "a rule of network scope that leaves the products to the network, or one that needs "
           "weight_perturbation and reward alone; `deltaw rules show` tells what each needs");
  }
  ask_for_noise(rule);
  const std::size_t columns = presentation.clean.max_columns();
  const std::size_t outputs = presentation.target.rows();
  if (positions_ > 1 || c.way == Graph::Way::convolution) make_room_for_places(c, columns);
  if (rule.declares(DELTAW_DERIVATIVE)) derivative_ = Buffer<T>(layer.units, columns);
  const bool is_broadcast = rule.declares(DELTAW_LEARNING_SIGNAL);
  if (rule.declares(DELTAW_ERROR) || is_broadcast) error_ = Buffer<T>(outputs, columns);
  if (!is_broadcast) return;
  learning_signal_ = Buffer<T>(layer.units, columns);
  feedback_ = feedback_weights(network, target_, seed);
}

template <class T>
void ConnectionSignals<T>::make_room_for_places(const Graph::Connection& c, std::size_t columns) {
  const std::size_t places = columns * positions_;
  patches_ = Buffer<T>((declared_ & bits({DELTAW_PRE})) != 0 ? c.inputs : 0, places);
  if (c.is_bias) patches_.all().ones();
  if ((declared_ & bits({DELTAW_REWARD})) != 0) rewards_ = Buffer<T>(1, places);
  if ((declared_ & bits({DELTAW_BASELINE})) != 0) baselines_ = Buffer<T>(1, places);
}

bool is_taught(const RuleSpec& rule) {
  return rule.supervision == "error" || rule.supervision == "target";
}

bool is_rewarded(const RuleSpec& rule) { return rule.supervision == "reward"; }

template <class T>
void ConnectionSignals<T>::ask_for_noise(const RuleSpec& rule) {
  const Graph::Connection& c = network_.graph().connections[connection_];
  Exploration<T>& exploration = presentation_.exploration;
  const bool has_time = network_.graph().has_time();
  if (!exploration.reaches_weights()) {
    refuse(rule, k_weight_noise, c, "the experiment sets no noise on weights",
           "\"exploration\": {\"weight_deviation\": 0.001} under \"training\"");
  }
  if (rule.declares(DELTAW_WEIGHT_PERTURBATION)) exploration.perturb_weights(connection_);
  const bool is_on_units =
      !rule.declares(DELTAW_WEIGHT_PERTURBATION) || rule.declares(DELTAW_PERTURBATION);
  if (!sees_exploration_ || !is_on_units) return;
  if (!exploration.reaches_units()) {
    // A chaotic network explores by itself; a static one does not.
    refuse(rule, has_time ? k_unit_noise : k_explored, c, "the experiment sets no exploration",
           has_time ? "\"exploration\": {\"rate\": 3, \"amplitude\": 16} under \"training\""
                    : "\"exploration\": {\"deviation\": 0.01} under \"training\"");
    return;
  }
  exploration.perturb_units(target_);
  if (rule.declares(DELTAW_PERTURBATION)) exploration.show_units(target_);
}

template <class T>
bool ConnectionSignals<T>::has_pieces() const {
  // Noise on weights is taken out again while the last pieces are still being observed.
  return (declared_ & bits({DELTAW_DERIVATIVE, DELTAW_ERROR, DELTAW_LEARNING_SIGNAL,
                            DELTAW_WEIGHT_PERTURBATION})) == 0;
}

template <class T>
void ConnectionSignals<T>::add_shown(std::vector<bool>& layers) const {
  const Graph& graph = network_.graph();
  if ((declared_ & bits({DELTAW_PRE})) != 0) layers[graph.connections[connection_].source] = true;
  if ((declared_ & k_of_target) != 0) layers[target_] = true;
  if ((declared_ & k_of_output) != 0) layers[graph.output] = true;
}

template <class T>
const deltaw_matrix* const* ConnectionSignals<T>::collect(const Window& part, bool is_rewarded) {
  constexpr std::uint64_t k_whole =
      bits({DELTAW_WEIGHTS, DELTAW_WEIGHT_PERTURBATION, DELTAW_TRIAL_KIND});
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    const std::uint64_t bit = DELTAW_SIGNAL_BIT(signal);
    pointers_[signal] = nullptr;
    if ((declared_ & bit) == 0 || ((bit & k_rewarded) != 0 && !is_rewarded)) continue;
    deltaw_matrix& shown = matrices_[signal];
    shown = matrix(signal);
    pointers_[signal] = &shown;
    const bool is_one_reward = (bit & k_rewarded) != 0 && presentation_.rewards == 1;
    if ((bit & k_whole) != 0 || is_one_reward) continue;
    shown.data = static_cast<T*>(shown.data) + columns(part.first) * shown.rows;
    shown.cols = columns(part.size());
  }
  return pointers_.data();
}

template <class T>
deltaw_matrix ConnectionSignals<T>::by_place(const arma::Mat<T>& of_units) const {
  return readonly(of_units.memptr(), of_units.n_rows / positions_, of_units.n_cols * positions_);
}

template <class T>
deltaw_matrix ConnectionSignals<T>::at_every_place(const Buffer<T>& rewards,
                                                   Buffer<T>& spread) const {
  const std::size_t given = presentation_.rewards;
  if (positions_ == 1 || given == 1) return readonly(rewards.data(), 1, given);
  for (std::size_t k = 0; k < given; ++k) {
    std::fill_n(spread.data() + columns(k), positions_, rewards.data()[k]);
  }
  return readonly(spread.data(), 1, columns(given));
}

template <class T>
deltaw_matrix ConnectionSignals<T>::pre(const Activity<T>& activity) {
  const Graph::Connection& c = network_.graph().connections[connection_];
  if (patches_.size() == 0) return by_place(network_.pre(connection_, activity));
  arma::Mat<T> patches = patches_.first(columns(activity.columns()));
  if (!c.is_bias) gather_patches(c.patches, network_.pre(connection_, activity), patches);
  return readonly(patches.memptr(), patches.n_rows, patches.n_cols);
}

template <class T>
deltaw_matrix ConnectionSignals<T>::matrix(std::uint32_t signal) {
  const Activity<T>& activity = sees_exploration_ ? presentation_.perturbed : presentation_.clean;
  const std::size_t k = activity.columns();
  const auto show = [](const arma::Mat<T>& m) { return readonly(m.memptr(), m.n_rows, m.n_cols); };
  switch (signal) {
    case DELTAW_PRE:
      return pre(activity);
    case DELTAW_POST:
      return by_place(activity.post(target_));
    case DELTAW_POTENTIAL:
      return by_place(activity.potential(target_));
    case DELTAW_DERIVATIVE: {
      arma::Mat<T> derivative = derivative_.first(k);
      network_.activation(target_).derivative(activity.potential(target_), activity.post(target_),
                                              derivative);
      return by_place(derivative);
    }
    case DELTAW_PERTURBATION:
      return by_place(presentation_.exploration.on_units(target_));
    case DELTAW_WEIGHTS:
      return show(network_.weights(connection_));
    case DELTAW_TARGET:
      return show(presentation_.target.first(k));
    case DELTAW_ERROR:
      return show(output_error());
    case DELTAW_REWARD:
      return at_every_place(presentation_.reward, rewards_);
    case DELTAW_BASELINE:
      return at_every_place(presentation_.baseline, baselines_);
    case DELTAW_TRIAL_KIND:
      return {&presentation_.kind, 1, 1, 1, DELTAW_U32, DELTAW_READONLY};
    case DELTAW_LEARNING_SIGNAL: {
      const arma::Mat<T> error = output_error();
      gemm<T>(Op::none, Op::none, feedback_.rows(), k, error.n_rows, 1, feedback_.data(),
              error.memptr(), 0, learning_signal_.data());
      return by_place(learning_signal_.first(k));
    }
    case DELTAW_WEIGHT_PERTURBATION:
      return show(presentation_.exploration.on_weights(connection_));
    default:
      throw Error(Code::E001, fmt::format("signal {} of a connection", signal));
  }
}

template <class T>
arma::Mat<T> ConnectionSignals<T>::output_error() {
  const Activity<T>& activity = sees_exploration_ ? presentation_.perturbed : presentation_.clean;
  arma::Mat<T> error = error_.first(activity.columns());
  error = presentation_.target.first(activity.columns()) - activity.post(network_.graph().output);
  clear_outside(presentation_.counted, error);
  return error;
}

template class ConnectionSignals<float>;
template class ConnectionSignals<double>;

}  // namespace deltaw
