// SPDX-License-Identifier: Apache-2.0
// From the catalogue to JSON.
#include "rules_json.hpp"

#include <deltaw/abi.h>

#include <nlohmann/json.hpp>

#include "plugin/parameters.hpp"
#include "plugin/search_range.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

json describe(const ParameterSpec& spec) {
  json out = {{"name", spec.name},
              {"type", name_of(spec.type)},
              {"default", to_json(spec.fallback)},
              {"unit", spec.unit},
              {"help", spec.help}};
  if (spec.minimum) out["minimum"] = *spec.minimum;
  if (spec.maximum) out["maximum"] = *spec.maximum;
  if (spec.exclusive_minimum) out["exclusive_minimum"] = true;
  if (spec.exclusive_maximum) out["exclusive_maximum"] = true;
  if (!spec.values.empty()) out["values"] = spec.values;
  if (spec.tune) out["tune"] = to_json(*spec.tune);
  if (spec.when) out["when"] = {{spec.when->choice, spec.when->values}};
  return out;
}

json to_json(const PhasesSpec& phases) {
  json out = {{"type", name_of(phases.type)}};
  if (!phases.strength.empty()) out["strength"] = phases.strength;
  if (!phases.symmetric.empty()) out["symmetric"] = phases.symmetric;
  return out;
}

json describe(const RuleSpec& rule) {
  json out = {{"id", rule.id},
              {"version", rule.version},
              {"name", rule.name},
              {"summary", rule.summary},
              {"equation", rule.equation},
              {"references", rule.references},
              {"signals", signal_names(rule.signals)},
              {"scope", name_of(rule.scope)},
              {"grain", name_of(rule.grain)},
              {"locality", name_of(rule.locality)},
              {"supervision", rule.supervision}};
  if (rule.phases) out["phases"] = to_json(*rule.phases);
  if (rule.measured) out["measured"] = {{"locality", name_of(*rule.measured)}};
  out["dynamics"] = json::array();
  for (const Dynamics dynamics : rule.dynamics) out["dynamics"].push_back(name_of(dynamics));
  out["dtypes"] = dtype_names(rule.capabilities);
  out["capabilities"] = capability_names(rule.capabilities);
  out["parameters"] = json::array();
  for (const ParameterSpec& spec : rule.parameters) out["parameters"].push_back(describe(spec));
  return out;
}

}  // namespace

json describe(const CatalogueEntry& entry) {
  json out = entry.manifest ? describe(entry.rule) : json{{"id", entry.rule.id}};
  out["state"] = name_of(entry.state);
  out["manifest"] = entry.file.string();
  out["origin"] = entry.origin;
  if (entry.manifest) {
    out["library"] = entry.manifest->library.string();
    out["license"] = entry.manifest->license;
  }
  if (entry.state == CatalogueEntry::State::shadowed) {
    out["shadowed_by"] = entry.shadowed_by.string();
  }
  if (entry.error) {
    out["reason"] = {{"code", info(entry.error->code()).name}, {"text", entry.error->text()}};
  }
  return out;
}

json describe(const Catalogue& catalogue) {
  json out = {{"rules", json::array()}, {"searched", json::array()}};
  for (const CatalogueEntry& entry : catalogue.entries()) out["rules"].push_back(describe(entry));
  for (const Visit& visit : catalogue.visits()) {
    json place = {{"path", visit.place.path.string()},
                  {"origin", visit.place.origin},
                  {"exists", visit.exists},
                  {"manifests", json::array()}};
    if (!visit.place.skipped.empty()) place["skipped"] = visit.place.skipped;
    for (const auto& file : visit.manifests) place["manifests"].push_back(file.string());
    out["searched"].push_back(place);
  }
  return out;
}

}  // namespace deltaw
