// SPDX-License-Identifier: Apache-2.0
// Whether a rule fits, and how a step reaches it.
#include "training/spiking_driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/matrix.hpp"
#include "training/schedule.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t k_shown =
    DELTAW_SIGNAL_BIT(DELTAW_WEIGHTS) | DELTAW_SIGNAL_BIT(DELTAW_SPIKES_PRE) |
    DELTAW_SIGNAL_BIT(DELTAW_SPIKES_POST) | DELTAW_SIGNAL_BIT(DELTAW_DELAYS);

void check_rule(const RuleSpec& rule, bool are_rewards) {
  if (std::ranges::find(rule.dynamics, Dynamics::spiking) == rule.dynamics.end()) {
    throw Error(Code::E204, fmt::format("rule '{}' cannot drive a spiking network", rule.id),
                {.expected = "a rule that lists spiking dynamics",
                 .hint = "deltaw rules lists what each rule supports"});
  }
  if (rule.grain != Grain::step || rule.scope != Scope::local) {
    throw Error(Code::E204,
                fmt::format("rule '{}' has grain '{}' and scope '{}'", rule.id, name_of(rule.grain),
                            name_of(rule.scope)),
                {.expected = "grain step and scope local: weights change spike by spike"});
  }
  const std::uint64_t reward = DELTAW_SIGNAL_BIT(DELTAW_REWARD);
  const std::uint64_t missing = rule.signals & ~k_shown & ~reward;
  if (missing == 0) {
    if (are_rewards || !rule.declares(DELTAW_REWARD)) return;
    throw Error(Code::E206,
                fmt::format("rule '{}' learns from a reward, and none is given", rule.id),
                {.hint = "\"reward\": \"delayed\" under \"training\""});
  }
  throw Error(
      Code::E206,
      fmt::format("rule '{}' needs {}, which a spiking network does not show", rule.id,
                  fmt::join(signal_names(missing), ", ")),
      {.expected = fmt::format("some of {}", fmt::join(signal_names(k_shown | reward), ", "))});
}

void check_optimizer(const OptimizerSpec& spec, const RuleSpec& rule) {
  if (spec.type == "sgd" && spec.weight_decay == 0 && spec.clip == 0) return;
  throw Error(
      Code::E503,
      fmt::format("rule '{}' changes weights spike by spike, with nothing between", rule.id),
      {.expected = "the optimizer sgd, without weight_decay and clip",
       .found = spec.type,
       .hint = "leave the optimizer out"});
}

template <class T>
std::size_t find_connection(const SpikingNetwork<T>& network, const std::string& name) {
  const auto& all = network.connections();
  const auto found = std::ranges::find(all, name, [](const auto& c) { return c.name; });
  if (found != all.end()) return static_cast<std::size_t>(found - all.begin());
  throw Error(Code::E510, fmt::format("no connection '{}'", name));
}

}  // namespace

template <class T>
SpikingDriver<T>::SpikingDriver(DriveSpec spec, const std::string& connection,
                                SpikingNetwork<T>& network, std::uint64_t seed, Role role,
                                bool are_rewards)
    : spec_(std::move(spec)),
      role_(role),
      network_(network),
      connection_(find_connection(network, connection)),
      instance_({spec_.plugin, &spec_.rule, spec_.parameters, seed,
                 spec_.rule.id + "/" + connection, nullptr}) {
  const RuleSpec& rule = spec_.rule;
  check_rule(rule, are_rewards);
  check_optimizer(spec_.optimizer, rule);
  if (role == Role::watches && !spec_.epochs.is_everything()) {
    throw Error(Code::E503, fmt::format("rule '{}' drives in epochs of its own", rule.id),
                {.expected = "no \"epochs\" where rules are watched in a spiking network"});
  }
  arma::Mat<T>& weights = network.weights(connection_);
  const arma::Mat<arma::u8>* delays = network.delays(connection_);
  if (delays != nullptr && !rule.declares(DELTAW_DELAYS)) {
    throw Error(Code::E206,
                fmt::format("rule '{}' does not know that synapses of connection '{}' have delays "
                            "of their own",
                            rule.id, connection),
                {.expected = "a rule that declares the signal delays",
                 .hint = "one \"delay\" for all synapses"});
  }
  instance_.prepare(dtype_number<T>, 1, {{connection, weights.n_rows, weights.n_cols}});

  const bool is_in_place = role == Role::drives && (rule.capabilities & DELTAW_CAP_IN_PLACE) != 0;
  if (!is_in_place) delta_.zeros(weights.n_rows, weights.n_cols);
  deltas_ = {writable((is_in_place ? weights : delta_).memptr(), weights.n_rows, weights.n_cols)};
  matrices_[DELTAW_WEIGHTS] = readonly(weights.memptr(), weights.n_rows, weights.n_cols);
  if (delays != nullptr) {
    matrices_[DELTAW_DELAYS] = {const_cast<arma::u8*>(delays->memptr()),
                                delays->n_rows,
                                delays->n_cols,
                                delays->n_rows,
                                DELTAW_U8,
                                DELTAW_READONLY};
  }
  matrices_[DELTAW_REWARD] = readonly(&reward_, 1, 1);
  for (const std::uint32_t signal :
       {DELTAW_WEIGHTS, DELTAW_SPIKES_PRE, DELTAW_SPIKES_POST, DELTAW_DELAYS}) {
    const bool exists = signal != DELTAW_DELAYS || delays != nullptr;
    if (rule.declares(signal) && exists) signals_[signal] = &matrices_[signal];
  }
  block_ = {.struct_size = sizeof block_,
            .n_signals = DELTAW_SIGNAL_COUNT,
            .index = 0,
            .step = 0,
            .columns = 1,
            .dt = network.dt(),
            .signals = signals_,
            .flags = is_in_place ? std::uint32_t{DELTAW_BLOCK_IN_PLACE} : 0,
            .reserved = 0,
            .lower = network.connections()[connection_].lower,
            .upper = network.connections()[connection_].upper,
            .scale = 1};
}

template <class T>
void SpikingDriver<T>::set_epoch(double epoch, double epochs) {
  is_learning_ = spec_.epochs.holds(static_cast<std::size_t>(epoch));
  if (is_learning_) block_.scale = rate_at(spec_.optimizer, spec_.epochs, epoch, epochs);
}

template <class T>
void SpikingDriver<T>::list(std::span<const std::uint32_t> units,
                            std::vector<std::uint32_t>& events) {
  events.clear();
  for (const std::uint32_t unit : units) {
    events.push_back(unit);
    events.push_back(0);
  }
}

template <class T>
void SpikingDriver<T>::learn() {
  const auto arrivals = network_.arrivals(connection_);
  const auto spikes = network_.spikes(network_.connections()[connection_].target);
  if (!is_learning_ || (arrivals.empty() && spikes.empty())) return;
  list(arrivals, arrivals_);
  list(spikes, spikes_);
  update();
}

template <class T>
void SpikingDriver<T>::settle(std::optional<T> reward) {
  if (!is_learning_) return;
  arrivals_.clear();
  spikes_.clear();
  if (reward && is_rewarded()) {
    reward_ = *reward;
    signals_[DELTAW_REWARD] = &matrices_[DELTAW_REWARD];
  }
  update();
  signals_[DELTAW_REWARD] = nullptr;
}

template <class T>
void SpikingDriver<T>::update() {
  const auto events = [](std::vector<std::uint32_t>& list) {
    return deltaw_matrix{list.data(), 2, list.size() / 2, 2, DELTAW_U32, DELTAW_READONLY};
  };
  matrices_[DELTAW_SPIKES_PRE] = events(arrivals_);
  matrices_[DELTAW_SPIKES_POST] = events(spikes_);
  block_.index = updates_++;
  block_.step = network_.now() == 0 ? 0 : network_.now() - 1;
  instance_.update(block_, deltas_);
  if (role_ == Role::drives && !delta_.empty()) apply_delta();
}

template <class T>
void SpikingDriver<T>::apply_delta() {
  arma::Mat<T>& weights = network_.weights(connection_);
  const auto scale = static_cast<T>(block_.scale);
  const auto lower = static_cast<T>(block_.lower), upper = static_cast<T>(block_.upper);
  for (arma::uword i = 0; i < weights.n_elem; ++i) {
    if (delta_[i] != 0) weights[i] = std::clamp(weights[i] + scale * delta_[i], lower, upper);
  }
  delta_.zeros();
}

template <class T>
std::vector<Monitored> SpikingDriver<T>::monitored() const {
  std::vector<Monitored> found = instance_.monitored();
  for (Monitored& entry : found) entry.connection = network_.connections()[connection_].name;
  return found;
}

template <class T>
void SpikingDriver<T>::save(StateWriter& writer) const {
  writer.integer("updates", updates_);
  instance_.save(writer);
}

template <class T>
void SpikingDriver<T>::load(StateReader& reader) {
  updates_ = reader.integer("updates");
  instance_.load(reader);
}

template class SpikingDriver<float>;
template class SpikingDriver<double>;

}  // namespace deltaw
