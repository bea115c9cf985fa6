// SPDX-License-Identifier: Apache-2.0
// Scenes are tried before they are used: a rule may refuse what it does not take.
#include "conformance/bench.hpp"

#include <nlohmann/json.hpp>

#include "core/error.hpp"

namespace deltaw {

const Library& Bench::library() {
  if (!library_) {
    stage("loading the library");
    library_.emplace(manifest_);
  }
  return *library_;
}

ProbedRule Bench::probed() { return {&plugin(), &rule_, resolve_parameters(rule_, nullptr)}; }

Stimulus Bench::stimulus(const Scene& scene, std::uint64_t number) const {
  return make_stimulus(rule_, scene, seed_ + number);
}

Scene Bench::scene() {
  std::optional<Error> refused;
  for (const Scene& scene : scenes_of(rule_)) {
    try {
      (void)answer(*make_probe(probed(), scene), stimulus(scene));
      return scene;
    } catch (const Error& error) {
      if (has_thrown(error)) throw;
      if (!refused) refused = error;
    }
  }
  if (refused) throw Error(*refused);
  throw Error(Code::E204, "no network here has the dynamics that the rule declares");
}

Outcome Bench::in_scenes(const std::function<Outcome(const Scene&)>& test) {
  Outcome last{Verdict::skipped, "the rule takes none of the scenes with its defaults"};
  for (const Scene& scene : scenes_of(rule_)) {
    try {
      (void)answer(*make_probe(probed(), scene), stimulus(scene));
    } catch (const Error& error) {
      if (has_thrown(error)) throw;
      continue;
    }
    stage(scene.text());
    last = test(scene);
    if (last.verdict == Verdict::pass || last.verdict == Verdict::skipped) continue;
    last.detail = scene.text() + ": " + last.detail;
    break;
  }
  return last;
}

bool has_thrown(const Error& error) {
  return error.headline().find("threw through the ABI") != std::string::npos;
}

}  // namespace deltaw
