// SPDX-License-Identifier: Apache-2.0
// Nudged both ways from the free state, or labelled right and wrong.
#include "training/phases.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>

#include "core/error.hpp"
#include "core/random.hpp"

namespace deltaw {
namespace {

const deltaw_param* find(const std::vector<deltaw_param>& parameters, std::string_view name) {
  const auto found = std::ranges::find_if(
      parameters, [&](const deltaw_param& parameter) { return parameter.name == name; });
  return found == parameters.end() ? nullptr : &*found;
}

[[noreturn]] void refuse(const RuleSpec& rule, const char* reason, const char* hint) {
  throw Error(Code::E206,
              fmt::format("rule '{}' learns from two phases ({}), which there are not here: {}",
                          rule.id, name_of(rule.phases->type), reason),
              {.hint = hint});
}

template <class T>
void check(const RuleSpec& rule, const Presentation<T>& shown) {
  if (!shown.loss.exists()) {
    refuse(rule, "the training has no loss", "a \"loss\" under \"training\"");
  }
  if (rule.phases->type == PhasesSpec::Type::nudge) {
    if (!shown.loss.is_cross_entropy()) return;
    refuse(rule, "cross-entropy pushes without bound", "\"loss\": \"mse\" under \"training\"");
  }
  if (shown.label_inputs() == 0) {
    refuse(rule, "no inputs tell the label", "\"label_inputs\": true in the task");
  }
  if (shown.label_inputs() == 1) {
    refuse(rule, "there is no wrong label among one class", "a task with more classes");
  }
}

// Multiplied by in one nudged phase of one observation.
template <class T>
std::uint64_t nudged_synapses(const Network<T>& network) {
  const Graph& graph = network.graph();
  std::uint64_t count = 0;
  for (std::size_t c = 0; c < graph.connections.size(); ++c) {
    const bool is_moving = !graph.layers[graph.connections[c].source].incoming.empty();
    count +=
        network.outputs(c) * network.inputs(c) * (is_moving ? 2 * graph.settling.nudged_steps : 1);
  }
  return count;
}

}  // namespace

template <class T>
Phases<T>::Phases(const DriveSpec& drive, Network<T>& network, const Presentation<T>& shown)
    : type_(drive.rule.phases->type),
      network_(network),
      shown_(shown),
      own_(network, shown),
      wanted_(network.graph().layers.size()) {
  check(drive.rule, shown);
  if (type_ != PhasesSpec::Type::nudge) return;
  strength_ = static_cast<T>(find(drive.parameters, drive.rule.phases->strength)->value.f64);
  if (!drive.rule.phases->symmetric.empty()) {
    is_symmetric_ = find(drive.parameters, drive.rule.phases->symmetric)->value.i64 != 0;
  }
  synapses_ = nudged_synapses(network);
}

template <class T>
void Phases<T>::want(const std::vector<bool>& layers) {
  std::transform(wanted_.begin(), wanted_.end(), layers.begin(), wanted_.begin(),
                 std::logical_or<>());
  network_.graph().add_sources(wanted_);
  if (type_ == PhasesSpec::Type::contrast) synapses_ = network_.synapses_into(wanted_);
}

template <class T>
void Phases<T>::add_shown(std::vector<bool>& layers) const {
  if (type_ == PhasesSpec::Type::nudge) std::fill(layers.begin(), layers.end(), true);
}

template <class T>
void Phases<T>::take_shown(std::uint64_t update) {
  own_.copy_shown(shown_);
  own_.draw_dropout(update);
}

template <class T>
void Phases<T>::nudge(T strength) {
  for (std::size_t layer = 0; layer < wanted_.size(); ++layer) {
    if (network_.graph().layers[layer].incoming.empty()) continue;
    arma::Mat<T> potential = own_.clean.potential(layer), post = own_.clean.post(layer);
    potential = shown_.clean.potential(layer);
    post = shown_.clean.post(layer);
  }
  if (strength == 0) return;
  const arma::Mat<T> target = own_.target.first(own_.columns());
  network_.settle(own_.clean, {own_.loss, target, strength});
  multiply_adds_ += synapses_ * own_.columns();
}

template <class T>
void Phases<T>::contrast(std::uint64_t update, bool is_right) {
  const std::size_t classes = own_.label_inputs();
  const arma::Mat<T> target = own_.target.first(own_.columns());
  arma::Mat<T> inputs = own_.inputs();
  Random random(own_.seed(), "wrong labels", update);
  for (arma::uword column = 0; column < inputs.n_cols; ++column) {
    std::size_t label = target.col(column).index_max();
    if (!is_right) label = (label + 1 + random.below(classes - 1)) % classes;
    std::fill_n(inputs.colptr(column), classes, T(0));
    inputs(label, column) = 1;
  }
  own_.run(wanted_);
  multiply_adds_ += synapses_ * own_.columns();
}

template <class T>
void Phases<T>::show_first(std::uint64_t update) {
  take_shown(update);
  if (type_ == PhasesSpec::Type::contrast) return contrast(update, true);
  nudge(is_symmetric_ ? -strength_ : T(0));
}

template <class T>
void Phases<T>::show_second(std::uint64_t update) {
  if (type_ == PhasesSpec::Type::contrast) return contrast(update, false);
  nudge(strength_);
}

template class Phases<float>;
template class Phases<double>;

}  // namespace deltaw
