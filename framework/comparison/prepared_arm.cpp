// SPDX-License-Identifier: Apache-2.0
// From names in an experiment to open libraries.
#include "comparison/prepared_arm.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/naming_arm.hpp"
#include "core/sha256.hpp"

namespace deltaw {
namespace {

nlohmann::json as_json(const RuleParameters& parameters) {
  nlohmann::json given = nlohmann::json::object();
  for (const auto& [name, value] : parameters) given[name] = to_json(value);
  return given;
}

// From least to most that a rule is told of what it should do.
constexpr std::string_view k_supervision[] = {"none", "reward", "error", "target"};

std::size_t rank_of(std::string_view supervision) {
  const auto* found = std::find(std::begin(k_supervision), std::end(k_supervision), supervision);
  return static_cast<std::size_t>(found - std::begin(k_supervision));
}

}  // namespace

PreparedArm::PreparedArm(const Arm& arm, Catalogue& catalogue) : arm_(arm) {
  for (Drive& drive : arm_.drives) drives_.push_back(prepare(drive, catalogue));
  AlignmentSpec& spec = arm_.alignment;
  if (!spec.is_asked_for()) return;
  alignment_ = {.every = spec.every, .length = spec.length, .draws = spec.draws};
  if (spec.reference) alignment_->reference = prepare(*spec.reference, catalogue);
  for (Shadow& shadow : spec.shadows) {
    alignment_->shadows.push_back({shadow.name, prepare(shadow, catalogue)});
  }
}

DriveSpec PreparedArm::prepare(Shadow& shadow, Catalogue& catalogue) {
  Drive drive{shadow.rule, shadow.parameters, shadow.connections, {}};
  DriveSpec prepared = prepare(drive, catalogue);
  shadow.parameters = std::move(drive.parameters);
  return prepared;
}

DriveSpec PreparedArm::prepare(Drive& drive, Catalogue& catalogue) {
  const CatalogueEntry& entry = catalogue.find(drive.rule);
  const auto library = catalogue.open(entry);
  std::ranges::copy(library->warnings(), std::back_inserter(warnings_));
  naming_arm(arm_.name, [&] {
    parameters_.push_back(resolve_parameters(entry.rule, as_json(drive.parameters)));
  });
  for (const auto& [name, value] : parameters_.back()) drive.parameters[name] = value;
  plugins_.push_back(
      {entry.rule.id, entry.rule.version, library->file().string(), sha256_hex(library->file())});
  return {&library->table(), entry.rule,      abi_parameters(parameters_.back()),
          drive.connections, drive.optimizer, drive.epochs};
}

bool PreparedArm::is_concurrent() const {
  const auto may_share = [](const DriveSpec& drive) {
    return (drive.rule.capabilities & DELTAW_CAP_CONCURRENT) != 0;
  };
  if (!std::ranges::all_of(drives_, may_share)) return false;
  if (!alignment_) return true;
  return (!alignment_->reference || may_share(*alignment_->reference)) &&
         std::ranges::all_of(alignment_->shadows, may_share, &ShadowSpec::drive);
}

RuleFacts PreparedArm::facts() const {
  Locality locality = Locality::synapse;
  std::uint64_t signals = 0;
  std::size_t supervision = 0;
  Grain grain = Grain::batch;
  bool is_measured = true;
  for (const DriveSpec& drive : drives_) {
    locality = std::max(locality, drive.rule.measured.value_or(drive.rule.locality));
    is_measured = is_measured && drive.rule.measured;
    grain = std::max(grain, drive.rule.grain);
    supervision = std::max(supervision, rank_of(drive.rule.supervision));
    signals |= drive.rule.signals;
  }
  return {arm_.name,
          arm_.drives.empty() ? "" : drives_.front().rule.id,
          std::string(name_of(locality)),
          std::string(k_supervision[supervision]),
          signal_names(signals),
          std::string(name_of(grain)),
          is_measured};
}

}  // namespace deltaw
