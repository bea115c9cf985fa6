// SPDX-License-Identifier: Apache-2.0
// Every variant of the parameters in every scene.
#include "conformance/examine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <utility>

#include "conformance/interventions.hpp"
#include "conformance/isolation.hpp"
#include "conformance/rule_probe.hpp"
#include "conformance/variants.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::uint64_t k_number = 1;  // of the stimulus
// Of what takes the place of a changed thing: with the defaults, and with other parameters.
constexpr std::uint64_t k_draws = 3, k_draws_of_variant = 1;

struct Evidence {
  std::string changed;
  std::size_t times = 0;
  std::size_t entries[3] = {};  // that changed, by Reach
  Locality needs = Locality::synapse;
  std::string first = {};  // where that was needed
};

std::string digest(const Response& response) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const auto& update : response) {
    for (const std::uint64_t bits : update) {
      for (int shift = 0; shift < 64; shift += 8) {
        hash = (hash ^ ((bits >> shift) & 0xff)) * 0x100000001b3u;
      }
    }
  }
  return fmt::format("{:016x}", hash);
}

bool is_default(const Variant& variant) { return variant.text == "defaults"; }

class Examiner {
 public:
  Examiner(const deltaw_plugin& plugin, const RuleSpec& rule, const Examining& how)
      : plugin_(plugin), rule_(rule), how_(how) {}

  json run() {
    for (const Variant& variant : variants_of(rule_)) {
      for (const Scene& scene : scenes_of(rule_)) try_one(variant, scene);
      if (const auto large = large_scene_of(rule_); large && is_default(variant)) {
        try_one(variant, *large);
      }
    }
    if (asked_ == 0 && failure_) throw Error(*failure_);
    return result();
  }

 private:
  void tell(const std::string& stage) const {
    if (how_.on_stage) how_.on_stage(stage);
  }

  void try_one(const Variant& variant, const Scene& scene) {
    const std::string name = variant.text + "; " + scene.text();
    try {
      ask(variant, scene, name);
    } catch (const Error& error) {
      if (!failure_) failure_ = error;
      if (told_.insert({variant.text, error.headline()}).second) {
        skipped_.push_back(fmt::format("{}: {}", name, error.headline()));
      }
    }
  }

  void ask(const Variant& variant, const Scene& scene, const std::string& name) {
    const ProbedRule probed{&plugin_, &rule_, variant.parameters};
    const Stimulus stimulus = make_stimulus(rule_, scene, k_number);
    tell(name);
    const auto probe = make_probe(probed, scene);
    const Response expected = answer(*probe, stimulus);
    answers_[name] = digest(expected);
    ++asked_;
    if (!how_.has_interventions) return;
    tell(name + ", isolation");
    note(isolation(probed, scene, stimulus, expected), name);
    const std::uint64_t draws =
        is_default(variant) && !scene.is_large() ? k_draws : k_draws_of_variant;
    for (const Intervention& intervention : interventions(rule_, scene)) {
      tell(name + ", " + intervention.changed);
      for (std::uint64_t draw = 1; draw <= draws; ++draw) {
        Stimulus changed = stimulus;
        intervention.apply(changed, make_stimulus(rule_, scene, k_number + draw));
        weigh(intervention, expected, answer(*probe, changed), name);
      }
    }
  }

  void note(const std::vector<Finding>& findings, const std::string& name) {
    for (const Finding& finding : findings) {
      const auto known = std::ranges::find(findings_, finding.name, &Finding::name);
      if (known == findings_.end()) {
        findings_.push_back(finding);
        if (!finding.holds) findings_.back().detail = name + ": " + finding.detail;
      } else if (known->holds && !finding.holds) {
        *known = {finding.name, false, name + ": " + finding.detail};
      }
    }
  }

  void weigh(const Intervention& intervention, const Response& expected, const Response& found,
             const std::string& name) {
    auto known = std::ranges::find(evidence_, intervention.changed, &Evidence::changed);
    if (known == evidence_.end()) {
      evidence_.push_back({.changed = intervention.changed});
      known = evidence_.end() - 1;
    }
    ++known->times;
    for (std::size_t entry = 0; entry < expected.front().size(); ++entry) {
      const auto differs = [&](std::size_t update) {
        return expected[update][entry] != found[update][entry];
      };
      std::size_t update = 0;
      while (update < expected.size() && !differs(update)) ++update;
      if (update == expected.size()) continue;
      const auto reach = static_cast<std::size_t>(intervention.reach(entry));
      ++known->entries[reach];
      const Locality needs = intervention.needs[reach];
      if (needs <= known->needs) continue;
      known->needs = needs;
      known->first = fmt::format("{}: update {}, entry {}", name, update, entry);
    }
  }

  json result() const {
    json out = {{"scenes", json::array()},   {"variants", json::array()}, {"skipped", skipped_},
                {"evidence", json::array()}, {"findings", json::array()}, {"answers", answers_}};
    for (const Scene& scene : scenes_of(rule_)) out["scenes"].push_back(scene.text());
    if (const auto large = large_scene_of(rule_)) out["scenes"].push_back(large->text());
    for (const Variant& variant : variants_of(rule_)) out["variants"].push_back(variant.text);
    Locality measured = rule_.scope == Scope::network ? Locality::network : Locality::synapse;
    for (const Evidence& e : evidence_) {
      measured = std::max(measured, e.needs);
      out["evidence"].push_back({{"changed", e.changed},
                                 {"times", e.times},
                                 {"own", e.entries[0]},
                                 {"row", e.entries[1]},
                                 {"elsewhere", e.entries[2]},
                                 {"needs", name_of(e.needs)},
                                 {"first", e.first}});
    }
    for (const Finding& finding : findings_) {
      out["findings"].push_back(
          {{"name", finding.name}, {"holds", finding.holds}, {"detail", finding.detail}});
    }
    const bool is_repeatable = (rule_.capabilities & DELTAW_CAP_DETERMINISTIC) != 0;
    out["measured"] = asked_ > 0 && is_repeatable ? json(name_of(measured)) : json();
    return out;
  }

  const deltaw_plugin& plugin_;
  const RuleSpec& rule_;
  const Examining& how_;
  std::size_t asked_ = 0;
  std::optional<Error> failure_;
  std::vector<std::string> skipped_;  // each reason once for a variant, with its first scene
  std::set<std::pair<std::string, std::string>> told_;
  std::vector<Evidence> evidence_;
  std::vector<Finding> findings_;
  std::map<std::string, std::string> answers_;
};

}  // namespace

json examine(const deltaw_plugin& plugin, const RuleSpec& rule, const Examining& how) {
  return Examiner(plugin, rule, how).run();
}

}  // namespace deltaw
