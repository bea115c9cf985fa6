// SPDX-License-Identifier: Apache-2.0
// Making instances, collecting their proposals, taking the step.
#include "training/driver.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "training/constraint.hpp"
#include "training/schedule.hpp"

namespace deltaw {
namespace {

std::size_t find_connection(const Graph& graph, const std::string& name) {
  std::vector<std::string> known;
  for (std::size_t i = 0; i < graph.connections.size(); ++i) {
    if (graph.connections[i].name == name) return i;
    known.push_back(graph.connections[i].name);
  }
  throw Error(Code::E510, fmt::format("no connection '{}'", name), {.hint = suggest(name, known)});
}

void check_epochs(const DriveSpec& spec, bool has_time) {
  if (!has_time || spec.epochs.is_everything()) return;
  throw Error(Code::E503, fmt::format("rule '{}' drives in epochs of its own", spec.rule.id),
              {.expected = "no \"epochs\" in a network with time, which is trained in trials"});
}

void check_dynamics(const RuleSpec& rule, const Graph& graph) {
  const bool has_time = graph.has_time(), settles = graph.settling.exists();
  const Dynamics needed = has_time  ? Dynamics::rate
                          : settles ? Dynamics::settling
                                    : Dynamics::fixed;
  const char* network = has_time  ? "a network with time"
                        : settles ? "a network that settles"
                                  : "a static network";
  const auto& known = rule.dynamics;
  if (std::find(known.begin(), known.end(), needed) == known.end()) {
    std::vector<std::string_view> names;
    names.reserve(known.size());
    for (const Dynamics d : known) names.push_back(name_of(d));
    throw Error(Code::E204, fmt::format("rule '{}' cannot drive {}", rule.id, network),
                {.expected = fmt::format("dynamics {}", fmt::join(names, " or ")),
                 .found = network,
                 .hint = rule.phases && !settles && !has_time
                             ? "\"settling\": {\"free_steps\": 40} in the network"
                             : "deltaw rules lists what each rule supports"});
  }
  if (rule.grain == Grain::batch || (has_time && rule.grain == Grain::trial)) return;
  throw Error(Code::E204, fmt::format("rule '{}' has grain '{}'", rule.id, name_of(rule.grain)),
              {.expected = has_time ? "batch or trial: weights change after a trial" : "batch",
               .found = network});
}

// Says why `failure`, where in this update the rule wanted the plain weights of a connection
// without.
void refuse_shared(const RuleSpec& rule, const std::string& connection, const Error& failure) {
  if (connection.empty()) return;
  throw Error(
      Code::E207,
      fmt::format("rule '{}' multiplies by the weights of '{}' itself, and they are not plain",
                  rule.id, connection),
      {.expected = "outputs x inputs weights between two layers",
       .found = fmt::format("weights that the places of an image or the steps of a GRU or LSTM "
                            "share, or none; then: {}",
                            failure.headline()),
       .hint = "a rule of network scope that leaves the products to the network, or, of images, a "
               "rule of local scope, which sees places as observations; `deltaw rules` tells their "
               "scope"});
}

// What "deltaw.network/1" has no answer to.
void check_network_scope(const RuleSpec& rule, bool has_loss) {
  if (!has_loss) {
    throw Error(Code::E206,
                fmt::format("rule '{}' carries the gradient of the loss through the network, but "
                            "the training has no loss",
                            rule.id),
                {.hint = "a \"loss\" under \"training\", or a rule of local scope that needs "
                         "neither target nor reward"});
  }
  std::uint64_t missing = 0;
  for (const int signal :
       {DELTAW_PERTURBATION, DELTAW_REWARD, DELTAW_BASELINE, DELTAW_TRIAL_KIND, DELTAW_SPIKES_PRE,
        DELTAW_SPIKES_POST, DELTAW_LEARNING_SIGNAL, DELTAW_WEIGHT_PERTURBATION}) {
    missing |= rule.signals & DELTAW_SIGNAL_BIT(signal);
  }
  if (missing == 0) return;
  throw Error(Code::E206,
              fmt::format("rule '{}' needs {}, which a network does not show to a rule of network "
                          "scope",
                          rule.id, fmt::join(signal_names(missing), ", ")),
              {.hint = "\"scope\": \"local\" in the rule's manifest"});
}

}  // namespace

template <class T>
Driver<T>::Driver(DriveSpec spec, Network<T>& network, Presentation<T>& presentation,
                  std::uint64_t seed)
    : spec_(std::move(spec)),
      network_(network),
      presentation_(presentation),
      needs_exploration_(sees_exploration(rule())) {
  check_epochs(spec_, network.graph().has_time());
  check_dynamics(rule(), network.graph());
  for (const std::string& name : spec_.connections) {
    const std::size_t c = find_connection(network.graph(), name);
    connections_.push_back(c);
    synapses_ += network.outputs(c) * network.inputs(c);
    shown_ += network.graph().connections[c].multiply_adds();
    deltas_.emplace_back(network.outputs(c), network.inputs(c));
    optimizers_.push_back(
        make_optimizer<T>(spec_.optimizer, network.outputs(c), network.inputs(c)));
  }
  std::vector<std::size_t> places(connections_.size());
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  if (rule().scope == Scope::network) {
    check_network_scope(rule(), presentation.loss.exists());
    serve(places, presentation, seed);
    return;
  }
  if (rule().phases) phases_ = std::make_unique<Phases<T>>(spec_, network, presentation);
  for (const std::size_t i : places) {
    serve({i}, phases_ ? phases_->presentation() : presentation, seed);
    if (phases_) serve_phases(served_.back());
  }
}

template <class T>
void Driver<T>::serve_phases(const Served& served) {
  if (!served.instance->has_observe()) {
    throw Error(Code::E137, fmt::format("rule '{}' has phases, and no observe()", rule().id),
                {.expected = "the first of two phases goes to observe()",
                 .hint = "a member observe(const deltaw::Signals<T>&)"});
  }
  std::vector<bool> layers(network_.graph().layers.size());
  served.signals->add_shown(layers);
  phases_->want(layers);
}

template <class T>
void Driver<T>::serve(const std::vector<std::size_t>& places, Presentation<T>& presentation,
                      std::uint64_t seed) {
  Served served;
  InstanceSpec spec{spec_.plugin, &spec_.rule, spec_.parameters, seed, rule().id, nullptr};
  std::vector<ConnectionSize> sizes;
  std::vector<std::size_t> driven;
  for (const std::size_t i : places) {
    const std::size_t c = connections_[i];
    driven.push_back(c);
    sizes.push_back(
        {network_.graph().connections[c].name, network_.outputs(c), network_.inputs(c)});
    served.deltas.push_back(writable(deltas_[i].data(), deltas_[i].rows(), deltas_[i].columns()));
  }
  if (rule().scope == Scope::network) {
    served.service =
        std::make_unique<NetworkService<T>>(network_, presentation.clean, presentation.loss,
                                            presentation.target, presentation.counted, driven);
    spec.network = served.service->table();
  } else {
    spec.key += "/" + sizes.front().name;
    served.signals = std::make_unique<ConnectionSignals<T>>(rule(), driven.front(), network_,
                                                            presentation, seed);
  }
  served.instance = std::make_unique<RuleInstance>(std::move(spec));
  const std::size_t columns = presentation.clean.max_columns();
  served.instance->prepare(dtype_number<T>,
                           served.signals ? served.signals->columns(columns) : columns, sizes);
  served_.push_back(std::move(served));
}

template <class T>
void Driver<T>::add_shown(std::vector<bool>& layers) const {
  if (phases_) return phases_->add_shown(layers);
  for (const Served& served : served_) {
    if (served.signals == nullptr || needs_exploration_) {
      std::fill(layers.begin(), layers.end(), true);
    } else {
      served.signals->add_shown(layers);
    }
  }
}

template <class T>
void Driver<T>::clear() {
  if (is_clear_) return;
  for (Buffer<T>& delta : deltas_) delta.zero();
  is_clear_ = true;
}

template <class T>
bool Driver<T>::takes_pieces() const {
  return rule().grain == Grain::trial && std::ranges::all_of(served_, [](const Served& served) {
           return served.signals != nullptr && served.signals->has_pieces() &&
                  served.instance->has_observe();
         });
}

template <class T>
deltaw_block Driver<T>::block(Served& served, std::uint64_t update, const Window& piece,
                              bool is_rewarded) const {
  static constexpr const deltaw_matrix* k_nothing[DELTAW_SIGNAL_COUNT] = {};
  deltaw_block block{};
  block.struct_size = sizeof block;
  block.n_signals = DELTAW_SIGNAL_COUNT;
  block.index = update;
  block.step = piece.first;
  block.columns = served.signals ? served.signals->columns(piece.size()) : piece.size();
  block.dt = network_.graph().has_time() ? network_.graph().dt : 0;
  block.signals =
      served.signals != nullptr ? served.signals->collect(piece, is_rewarded) : k_nothing;
  block.lower = -std::numeric_limits<double>::infinity();
  block.upper = std::numeric_limits<double>::infinity();
  if (served.signals != nullptr && served.signals->constraint().has_bounds) {
    block.lower = served.signals->constraint().low;
    block.upper = served.signals->constraint().high;
  }
  block.scale = 1;
  return block;
}

template <class T>
void Driver<T>::count_shown(const Window& piece) {
  if (rule().scope == Scope::local) work_.multiply_adds += shown_ * piece.size();
}

template <class T>
Work Driver<T>::work() const {
  Work work = work_;
  if (phases_) work.multiply_adds += phases_->multiply_adds();
  for (const Served& served : served_) {
    if (served.service != nullptr) work.multiply_adds += served.service->multiply_adds();
  }
  return work;
}

template <class T>
std::size_t Driver<T>::state_bytes() const {
  StateWriter writer;
  for (const auto& optimizer : optimizers_) optimizer->save(writer);
  std::size_t bytes = writer.matrix_bytes();
  for (const Served& served : served_) bytes += served.instance->state_bytes();
  return bytes;
}

template <class T>
void Driver<T>::observe(std::uint64_t update, const Window& piece) {
  count_shown(piece);
  for (Served& served : served_) served.instance->observe(block(served, update, piece, false));
}

template <class T>
void Driver<T>::propose(std::uint64_t update, const Window& piece) {
  is_clear_ = false;
  if (phases_) {
    phases_->show_first(update);
    observe(update, piece);
    phases_->show_second(update);
  }
  ask(update, piece);
}

template <class T>
void Driver<T>::ask(std::uint64_t update, const Window& piece) {
  count_shown(piece);
  for (Served& served : served_) {
    if (served.service) served.service->forget_refused();
    try {
      served.instance->update(block(served, update, piece, true), served.deltas);
    } catch (const Error& error) {
      refuse_shared(rule(), served.service ? served.service->refused() : "", error);
      throw;
    }
  }
}

template <class T>
void Driver<T>::apply(std::size_t proposals, double epoch, double total_epochs) {
  const double rate = rate_at(spec_.optimizer, spec_.epochs, epoch, total_epochs);
  for (std::size_t i = 0; i < connections_.size(); ++i) {
    const Graph::Connection& c = network_.graph().connections[connections_[i]];
    arma::Mat<T> delta = deltas_[i].all();
    if (proposals > 1) delta /= static_cast<T>(proposals);
    const arma::Mat<T>& mask = network_.mask(connections_[i]);
    if (!mask.empty()) delta %= mask;
    if (const auto& units = network_.answering(); units && c.target == network_.graph().output) {
      delta.head_rows(units->first).zeros();
      delta.tail_rows(delta.n_rows - units->last).zeros();
    }
    arma::Mat<T> weights = network_.weights(connections_[i]);
    optimizers_[i]->apply(weights, delta, rate * c.rate);
    constrain(weights, c.constraint);
    // A constraint can make a finite weight of an infinite one: no mark may spoil the next change.
    if (c.constraint.has_bounds || c.constraint.sign != "none") delta.zeros();
    if (!mask.empty()) weights %= mask;  // bounds may not let them be 0
  }
  is_clear_ = true;
  work_.synaptic_updates += synapses_;
}

template <class T>
void Driver<T>::reset_optimizers() {
  for (std::size_t i = 0; i < optimizers_.size(); ++i) {
    optimizers_[i] = make_optimizer<T>(spec_.optimizer, deltas_[i].rows(), deltas_[i].columns());
  }
}

template <class T>
std::vector<Monitored> Driver<T>::monitored() const {
  std::vector<Monitored> out;
  for (std::size_t i = 0; i < served_.size(); ++i) {
    for (Monitored& shown : served_[i].instance->monitored()) {
      if (rule().scope == Scope::local) {
        shown.connection = network_.graph().connections[connections_[i]].name;
      }
      out.push_back(std::move(shown));
    }
  }
  return out;
}

template <class T>
void Driver<T>::save(StateWriter& writer) const {
  for (const auto& optimizer : optimizers_) optimizer->save(writer);
  for (const Served& served : served_) served.instance->save(writer);
}

template <class T>
void Driver<T>::load(StateReader& reader) {
  for (auto& optimizer : optimizers_) optimizer->load(reader);
  for (Served& served : served_) served.instance->load(reader);
}

template class Driver<float>;
template class Driver<double>;

}  // namespace deltaw
