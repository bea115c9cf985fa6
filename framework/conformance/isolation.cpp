// SPDX-License-Identifier: Apache-2.0
// Each finding compares bits with those of an instance that was alone.
#include "conformance/isolation.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t k_others_number = 1000;  // of the stimulus that another instance is shown

// "first differs in update 3, entry 7"; empty where nothing does.
std::string difference(const Response& expected, const Response& found) {
  for (std::size_t update = 0; update < expected.size(); ++update) {
    for (std::size_t entry = 0; entry < expected[update].size(); ++entry) {
      if (expected[update][entry] != found[update][entry]) {
        return fmt::format("ΔW differs, first in update {}, entry {}", update, entry);
      }
    }
  }
  return "";
}

Finding compared(const char* name, const char* how, const Response& expected,
                 const Response& found) {
  const std::string differs = difference(expected, found);
  return {name, differs.empty(), differs.empty() ? how : differs};
}

// Beside a second instance, which is shown something else and is asked in turn.
Finding beside_another(const ProbedRule& probed, const Scene& scene, const Stimulus& stimulus,
                       const Response& expected) {
  Scene other = scene;
  std::swap(other.outputs, other.inputs);
  const auto probe = make_probe(probed, scene), second = make_probe(probed, other);
  const Stimulus others = make_stimulus(*probed.rule, other, k_others_number);
  try {
    second->begin();
  } catch (const Error&) {
    return {"another instance", true, "no other connection was accepted beside it"};
  }
  probe->begin();
  for (std::size_t update = 0; update < stimulus.parts.size(); ++update) {
    second->show(others.parts[update], update);
    probe->show(stimulus.parts[update], update);
  }
  return compared("another instance", "a second instance, asked in turn with other data: same bits",
                  expected, probe->response());
}

std::vector<Finding> beyond_views(const ProbedRule& probed, const Scene& scene,
                                  const Stimulus& stimulus, const Response& expected) {
  std::string differs, written;
  for (const int filler : {0, 1, 2}) {
    const auto probe = make_probe(probed, scene, {filler, true});
    const Response found = answer(*probe, stimulus);
    if (differs.empty()) differs = difference(expected, found);
    if (written.empty()) written = probe->written();
  }
  return {{"memory that is not shown", differs.empty(),
           differs.empty() ? "other values around each view: same bits" : differs},
          {"writing", written.empty(),
           written.empty() ? "nothing but ΔW was written" : "wrote " + written}};
}

}  // namespace

std::vector<Finding> isolation(const ProbedRule& probed, const Scene& scene,
                               const Stimulus& stimulus, const Response& expected) {
  std::vector<Finding> findings;
  const auto probe = make_probe(probed, scene);
  findings.push_back(compared("asked again", "a new instance, the same inputs: same bits", expected,
                              answer(*probe, stimulus)));
  findings.push_back(beside_another(probed, scene, stimulus, expected));
  std::ranges::move(beyond_views(probed, scene, stimulus, expected), std::back_inserter(findings));
  const std::vector<std::string> refused = probe->refused();
  if (!refused.empty()) {
    findings.push_back(
        {"services", true, fmt::format("asked for {} and was refused", fmt::join(refused, ", "))});
  }
  return findings;
}

}  // namespace deltaw
