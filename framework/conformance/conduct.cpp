// SPDX-License-Identifier: Apache-2.0
// Each finding compares bits with those of an instance that was alone.
#include "conformance/conduct.hpp"

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
    second->show(others, update);
    probe->show(stimulus, update);
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

Finding in_other_sizes(const ProbedRule& probed, Scene scene) {
  static constexpr std::size_t k_sizes[][2] = {{1, 1}, {1, 7}, {7, 1}, {33, 17}};
  for (const auto& size : k_sizes) {
    scene.outputs = size[0];
    scene.inputs = size[1];
    try {
      const auto probe = make_probe(probed, scene);
      (void)answer(*probe, make_stimulus(*probed.rule, scene, 1));
    } catch (const Error& error) {
      if (error.code() == Code::E202) continue;
      return {"other sizes", false, fmt::format("{} x {}: {}", size[0], size[1], error.headline())};
    }
  }
  return {"other sizes", true, "1 x 1 to 33 x 17: taken, or refused when prepared"};
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

std::vector<Finding> conduct(const ProbedRule& probed, const Scene& scene, const Stimulus& stimulus,
                             const Response& expected) {
  const auto probe = make_probe(probed, scene);
  const auto show_from = [&](std::size_t update) {
    for (; update < stimulus.parts.size(); ++update) probe->show(stimulus, update);
    return probe->response();
  };
  (void)answer(*probe, stimulus);
  std::vector<Finding> findings;
  probe->reset();
  findings.push_back(compared("reset", "after reset() as new", expected, show_from(0)));
  probe->prepare_again();
  findings.push_back(compared("prepare", "prepared again as new", expected, show_from(0)));
  const std::size_t half = stimulus.parts.size() / 2;
  probe->begin();
  for (std::size_t update = 0; update < half; ++update) probe->show(stimulus, update);
  probe->change_instance();
  findings.push_back(
      compared("saved state", "saved and loaded half-way: same bits", expected, show_from(half)));
  findings.push_back(in_other_sizes(probed, scene));
  return findings;
}

}  // namespace deltaw
