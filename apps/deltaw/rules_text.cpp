// SPDX-License-Identifier: Apache-2.0
// From the catalogue to text.
#include "rules_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "plugin/parameters.hpp"
#include "plugin/search_range.hpp"

namespace deltaw {
namespace {

using State = CatalogueEntry::State;

std::string dynamics_text(const RuleSpec& rule) {
  std::vector<std::string_view> names;
  for (const Dynamics dynamics : rule.dynamics) names.push_back(name_of(dynamics));
  return fmt::format("{}", fmt::join(names, ", "));
}

std::string reason(const CatalogueEntry& entry) {
  if (entry.state == State::shadowed) return "by " + entry.shadowed_by.string();
  return fmt::format("{}: {}", info(entry.error->code()).name, entry.error->headline());
}

std::string_view explain(Locality locality) {
  switch (locality) {
    case Locality::synapse:
      return "its own source, target and weight";
    case Locality::modulator:
      return "the synapse and a scalar told to all";
    case Locality::neuron:
      return "all inputs of the target unit";
    case Locality::layer:
      return "all units of its layer";
    case Locality::network:
      return "other layers of the network";
  }
  return "";
}

std::string_view explain(Grain grain) {
  switch (grain) {
    case Grain::batch:
      return "one update from all observations of a batch";
    case Grain::trial:
      return "one update at the end of a trial, from all its time steps";
    case Grain::step:
      return "an update after each time step, used from the next one on";
  }
  return "";
}

std::string phases_text(const PhasesSpec& phases) {
  if (phases.type == PhasesSpec::Type::contrast) {
    return "contrast: each batch with the right labels among the inputs, then with wrong ones";
  }
  const std::string both =
      phases.symmetric.empty() ? "" : fmt::format("; with {} pushed away first", phases.symmetric);
  return fmt::format("nudge: each batch as the network settles by itself, then pushed by {}{}",
                     phases.strength, both);
}

std::string parameters_text(const RuleSpec& rule) {
  if (rule.parameters.empty()) return "no parameters\n";
  std::vector<Row> rows = {{"parameter", "allowed", "default", "tuned over", "unit", "meaning"}};
  for (const ParameterSpec& spec : rule.parameters) {
    const std::string when = spec.when ? fmt::format("; with {}", condition_text(*spec.when)) : "";
    rows.push_back({spec.name, allowed(spec), to_json(spec.fallback).dump(),
                    spec.tune ? text_of(*spec.tune) : "-", spec.unit, spec.help + when});
  }
  return aligned(rows, "");
}

}  // namespace

std::string list_text(const Catalogue& catalogue) {
  std::vector<Row> usable = {{"rule", "version", "locality", "supervision", "dynamics", "summary"}};
  std::vector<Row> others;
  for (const CatalogueEntry& entry : catalogue.entries()) {
    const RuleSpec& rule = entry.rule;
    if (entry.state == State::ok) {
      usable.push_back({rule.id, rule.version, std::string(name_of(rule.locality)),
                        rule.supervision, dynamics_text(rule), rule.summary});
    } else {
      others.push_back({rule.id.empty() ? entry.file.filename().string() : rule.id, rule.version,
                        std::string(name_of(entry.state)), reason(entry)});
    }
  }
  std::sort(usable.begin() + 1, usable.end());
  std::string text = aligned(usable, "");
  if (usable.size() == 1) {
    text = "no rule found in\n";
    for (const Visit& visit : catalogue.visits()) text += "  " + visit.place.path.string() + "\n";
  }
  if (!others.empty()) text += "\nnot usable\n" + aligned(others, "  ");
  return text;
}

std::string show_text(const CatalogueEntry& entry) {
  const RuleSpec& rule = entry.rule;
  std::vector<Row> rows;
  const auto add = [&](const char* what, const std::string& value) {
    if (!value.empty()) rows.push_back({what, value});
  };
  add("equation", rule.equation);
  for (const std::string& reference : rule.references) add("reference", reference);
  add("signals",
      rule.signals == 0 ? "none" : fmt::format("{}", fmt::join(signal_names(rule.signals), ", ")));
  const Locality locality = rule.measured.value_or(rule.locality);
  add("locality", fmt::format("{}: {}{}", name_of(locality), explain(locality),
                              rule.measured ? "" : " (claimed, not measured)"));
  add("supervision", rule.supervision);
  add("scope", rule.scope == Scope::local ? "local: one instance a connection"
                                          : "network: one instance for all its connections");
  add("dynamics", dynamics_text(rule));
  add("timing", fmt::format("{}: {}", name_of(rule.grain), explain(rule.grain)));
  if (rule.phases) add("phases", phases_text(*rule.phases));
  add("precision", fmt::format("{}", fmt::join(dtype_names(rule.capabilities), ", ")));
  add("properties", fmt::format("{}", fmt::join(capability_names(rule.capabilities), ", ")));
  add("license", entry.manifest->license);
  add("manifest", entry.file.string());
  add("library", entry.manifest->library.string());
  if (entry.state != State::ok) {
    rows.push_back({"state", fmt::format("{} {}", name_of(entry.state), reason(entry))});
  }
  return fmt::format("{} {} ({})\n{}\n\n{}\n{}", rule.id, rule.version, rule.name, rule.summary,
                     aligned(rows, ""), parameters_text(rule));
}

std::string why_text(const Catalogue& catalogue, std::string_view name) {
  const std::string_view id = name.substr(0, name.find('@'));
  std::string text = fmt::format("'{}' was looked for, in this order, in\n", name);
  for (const Visit& visit : catalogue.visits()) {
    std::string found = fmt::format("{} manifests", visit.manifests.size());
    if (!visit.exists) found = "does not exist";
    if (!visit.place.skipped.empty()) found = "not searched: " + visit.place.skipped;
    text += fmt::format("  {}: {} ({})\n", visit.place.origin, visit.place.path.string(), found);
    for (const CatalogueEntry& entry : catalogue.entries()) {
      const bool is_here = std::find(visit.manifests.begin(), visit.manifests.end(), entry.file) !=
                           visit.manifests.end();
      const bool may_be_it = entry.rule.id == id || entry.rule.id.empty();
      if (!is_here || entry.level != visit.place.level || !may_be_it) continue;
      text +=
          fmt::format("    {} {} {}{}\n", entry.file.string(), entry.rule.version,
                      name_of(entry.state), entry.state == State::ok ? "" : " " + reason(entry));
    }
  }
  return text;
}

}  // namespace deltaw
