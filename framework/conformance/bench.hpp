// SPDX-License-Identifier: Apache-2.0
// What a conformance test works with: a rule, its library, and ways of asking it. One thread.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/child.hpp"
#include "conformance/rule_probe.hpp"
#include "conformance/scene.hpp"
#include "conformance/verdict.hpp"
#include "plugin/library.hpp"
#include "plugin/manifest.hpp"

namespace deltaw {

class Bench {
 public:
  // `stage` is told what comes next.
  Bench(const Manifest& manifest, const RuleSpec& rule, std::uint64_t seed, Stage stage)
      : manifest_(manifest), rule_(rule), seed_(seed), stage_(std::move(stage)) {}

  [[nodiscard]] const Manifest& manifest() const { return manifest_; }
  [[nodiscard]] const RuleSpec& rule() const { return rule_; }
  [[nodiscard]] std::uint64_t seed() const { return seed_; }
  void stage(const std::string& text) const { stage_(text); }

  // Opened when it is first asked for. Errors: those of Library.
  [[nodiscard]] const Library& library();
  [[nodiscard]] const deltaw_plugin& plugin() { return library().table(); }

  // The rule with its defaults.
  [[nodiscard]] ProbedRule probed();
  // What a scene of it shows; another number, other values.
  [[nodiscard]] Stimulus stimulus(const Scene& scene, std::uint64_t number = 0) const;
  // The first scene that the rule takes with its defaults. Errors: those of RuleInstance, when it
  // takes none.
  [[nodiscard]] Scene scene();

  // Asks `test` in every scene that the rule takes with its defaults, until one does not pass, and
  // returns what came last; skipped where it takes none. Errors of the rule in `test` are failures.
  [[nodiscard]] Outcome in_scenes(const std::function<Outcome(const Scene&)>& test);

 private:
  const Manifest& manifest_;
  const RuleSpec& rule_;
  std::uint64_t seed_;
  Stage stage_;
  std::optional<Library> library_;
};

// Whether the rule threw through the ABI, which no rule may, whatever it is asked.
[[nodiscard]] bool has_thrown(const Error& error);

}  // namespace deltaw
