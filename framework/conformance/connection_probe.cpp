// SPDX-License-Identifier: Apache-2.0
// From made-up signals to blocks of the ABI.
#include "conformance/connection_probe.hpp"

#include <fmt/format.h>

#include <limits>

namespace deltaw {
namespace {

constexpr std::uint64_t k_seed = 1;
constexpr const char* k_key = "check";

bool is_spikes(std::uint32_t signal) {
  return signal == DELTAW_SPIKES_PRE || signal == DELTAW_SPIKES_POST;
}

bool is_outcome(std::uint32_t signal) {
  return signal == DELTAW_REWARD || signal == DELTAW_BASELINE;
}

// Whether the matrix is whole in every block, however many columns that has.
bool is_whole(std::uint32_t signal) {
  return belongs_to(signal) == Belongs::synapse || signal == DELTAW_TRIAL_KIND || is_spikes(signal);
}

std::uint32_t dtype_of(std::uint32_t signal, const Scene& scene) {
  if (is_spikes(signal) || signal == DELTAW_TRIAL_KIND) return DELTAW_U32;
  return signal == DELTAW_DELAYS ? std::uint32_t{DELTAW_U8} : scene.dtype;
}

arma::mat events_of(const arma::mat& spikes) {
  const arma::uvec units = arma::find(spikes);
  arma::mat events(2, units.n_elem, arma::fill::zeros);
  for (std::size_t n = 0; n < units.n_elem; ++n) events(0, n) = static_cast<double>(units[n]);
  return events;
}

std::size_t padding_of(const RuleSpec& rule) {
  return (rule.capabilities & DELTAW_CAP_STRIDED) != 0 ? 3 : 0;
}

}  // namespace

ConnectionProbe::ConnectionProbe(ProbedRule probed, const Scene& scene, const Surroundings& around)
    : RuleProbe(std::move(probed), scene, around),
      delta_(scene.dtype, scene.outputs, scene.inputs, padding_of(*probed_.rule), around.filler),
      events_(DELTAW_SIGNAL_COUNT),
      matrices_(DELTAW_SIGNAL_COUNT),
      shown_(DELTAW_SIGNAL_COUNT) {
  const Stimulus example = draw_stimulus(*probed_.rule, scene, 0);
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    const arma::mat* largest = nullptr;
    for (const auto& parts : example.parts) {
      if (!parts[signal].empty()) largest = &parts[signal];
    }
    memory_.emplace_back();
    if (largest == nullptr) continue;
    const std::size_t rows = is_spikes(signal) ? 2 : largest->n_rows;
    const std::size_t columns = is_spikes(signal) ? largest->n_rows : largest->n_cols;
    const std::size_t padding = is_spikes(signal) ? 0 : padding_of(*probed_.rule);
    memory_.back().emplace(dtype_of(signal, scene), rows, columns, padding, around.filler);
  }
}

void ConnectionProbe::prepare() {
  instance_->prepare(scene_.dtype, scene_.columns, {{"check", scene_.outputs, scene_.inputs}});
}

deltaw_block ConnectionProbe::block(std::size_t update) const {
  const bool has_bounds = scene_.dynamics == Dynamics::spiking;
  const bool is_by_step = probed_.rule->grain == Grain::step;
  deltaw_block block{};
  block.struct_size = sizeof block;
  block.n_signals = DELTAW_SIGNAL_COUNT;
  block.index = update;
  block.step = is_by_step ? update : 0;
  block.columns = scene_.columns;
  const bool has_time = scene_.dynamics != Dynamics::fixed && scene_.dynamics != Dynamics::settling;
  block.dt = has_time ? scene_.dt : 0;
  block.signals = shown_.data();
  block.flags = scene_.is_in_place ? std::uint32_t{DELTAW_BLOCK_IN_PLACE} : 0;
  block.lower = has_bounds ? 0 : -std::numeric_limits<double>::infinity();
  block.upper = has_bounds ? 1 : std::numeric_limits<double>::infinity();
  block.scale = 1;
  return block;
}

void ConnectionProbe::set(const std::vector<arma::mat>& parts, bool is_first) {
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    if (parts[signal].empty()) continue;
    if (signal == DELTAW_WEIGHTS && scene_.is_in_place) {
      if (is_first) delta_.set(parts[signal]);
      continue;
    }
    const bool has_events = is_spikes(signal);
    const arma::mat values = has_events ? events_of(parts[signal]) : parts[signal];
    memory_[signal]->set(values);
    events_[signal] = has_events ? values.n_cols : 0;
  }
  if (!scene_.is_in_place) delta_.set(arma::mat(scene_.outputs, scene_.inputs, arma::fill::zeros));
}

void ConnectionProbe::point(const std::vector<arma::mat>& parts, std::size_t first,
                            std::size_t columns, bool is_rewarded) {
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    shown_[signal] = nullptr;
    if (!probed_.rule->declares(signal) || parts[signal].empty()) continue;
    if (is_outcome(signal) && !is_rewarded) continue;
    deltaw_matrix& matrix = matrices_[signal];
    if (signal == DELTAW_WEIGHTS && scene_.is_in_place) {
      matrix = delta_.view(0, scene_.inputs, DELTAW_READONLY);
    } else if (is_spikes(signal)) {
      matrix = memory_[signal]->view(0, events_[signal], DELTAW_READONLY);
    } else {
      const bool is_part = !is_whole(signal) && parts[signal].n_cols == scene_.columns;
      matrix = memory_[signal]->view(is_part ? first : 0, is_part ? columns : parts[signal].n_cols,
                                     DELTAW_READONLY);
    }
    shown_[signal] = &matrix;
  }
}

void ConnectionProbe::show(const std::vector<arma::mat>& parts, std::size_t update) {
  set_read_only(false);
  set(parts, update == 0);
  set_read_only(true);
  if (is_watched_) {
    for (auto& memory : memory_) {
      if (memory) memory->remember();
    }
    delta_.remember();
  }
  deltaw_block last = block(update);
  std::size_t first = 0;
  const bool has_phases = probed_.rule->phases.has_value();
  if (scene_.has_pieces && instance_->has_observe()) {
    first = scene_.columns / 2;
    deltaw_block piece = last;
    piece.columns = first;
    point(parts, 0, first, false);
    instance_->observe(piece);
    last.step = has_phases ? 0 : first;
    last.columns = scene_.columns - first;
  }
  point(parts, first, last.columns, true);
  instance_->update(last, {delta_.view(0, scene_.inputs, 0)});
  if (is_watched_) look_for_writing();
  response_.emplace_back();
  for (std::size_t j = 0; j < scene_.inputs; ++j) {
    for (std::size_t i = 0; i < scene_.outputs; ++i) {
      response_.back().push_back(delta_.bits(i, j));
    }
  }
}

void ConnectionProbe::set_read_only(bool is_read_only) {
  if (!is_read_only_) return;
  for (auto& memory : memory_) {
    if (memory) memory->set_read_only(is_read_only);
  }
}

void ConnectionProbe::look_for_writing() {
  if (!delta_.is_untouched_around()) written_ = "beside ΔW";
  for (std::uint32_t signal = 0; signal < DELTAW_SIGNAL_COUNT; ++signal) {
    if (!memory_[signal] || memory_[signal]->is_untouched()) continue;
    written_ = fmt::format("to {}", signal_name(signal));
    if (!memory_[signal]->is_untouched_around()) {
      written_ = fmt::format("beside {}", signal_name(signal));
    }
  }
}

}  // namespace deltaw
