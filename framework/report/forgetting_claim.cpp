// SPDX-License-Identifier: Apache-2.0
// Only what is told apart from the reference is spoken of.
#include "report/forgetting_claim.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

namespace deltaw {
namespace {

using nlohmann::json;

double points(const json& value) { return 100 * value.get<double>(); }

// "difference -2.9 points [-3.4, -1.0], p 0.010".
std::string difference_of(const json& pair) {
  const double p = pair.at("p_adjusted").get<double>();
  return fmt::format("difference {:+.1f} points [{:+.1f}, {:+.1f}], p {}",
                     points(pair.at("median")), points(pair.at("low")), points(pair.at("high")),
                     p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p));
}

struct Families {
  const json *own = nullptr, *least = nullptr;  // the reference; of the better ones
  std::size_t compared = 0, worse = 0, too_few = 0, seeds_needed = 0;
};

Families sorted(const json& matched) {
  Families found;
  for (const json& family : matched.at("families")) {
    if (!family.contains("forgetting")) continue;
    if (family.at("family") == matched.at("reference")) {
      found.own = &family;
      continue;
    }
    if (!family.contains("versus_reference")) continue;
    ++found.compared;
    const json& pair = family["versus_reference"];
    const auto verdict = pair.at("verdict").get<std::string>();
    if (verdict == "worse") ++found.worse;
    if (verdict == "too few seeds") {
      ++found.too_few;
      found.seeds_needed = std::max(found.seeds_needed, pair.at("seeds_needed").get<std::size_t>());
    }
    const auto forgotten = [](const json& of) { return points(of.at("forgetting").at("median")); };
    if (verdict == "better" &&
        (found.least == nullptr || forgotten(family) < forgotten(*found.least))) {
      found.least = &family;
    }
  }
  return found;
}

}  // namespace

std::string forgetting_claim(const json& matched) {
  const auto reference = matched.at("reference").get<std::string>();
  const std::string where =
      fmt::format("where they learn {:g} %", points(matched.at("learning_accuracy")));
  const Families found = sorted(matched);
  if (found.own == nullptr) {
    return fmt::format(
        "Forgetting is not compared: no two arms of {} enclose what it is matched at.", reference);
  }
  if (found.compared == 0) {
    return fmt::format(
        "Forgetting is not compared: in no seed the arms of {} and those of another family enclose "
        "a learning accuracy of {:g} %; lower or higher rates may.",
        reference, points(matched.at("learning_accuracy")));
  }
  const double own = points(found.own->at("forgetting").at("median"));
  if (found.least != nullptr) {
    return fmt::format("{} forgets less than {} {}: {:.1f} against {:.1f} points ({}).",
                       found.least->at("family").get<std::string>(), reference, where,
                       points(found.least->at("forgetting").at("median")), own,
                       difference_of(found.least->at("versus_reference")));
  }
  if (found.too_few == found.compared) {
    return fmt::format(
        "Too few seeds to say who forgets least {}: at least {} in which the arms of both families "
        "enclose it.",
        where, found.seeds_needed);
  }
  std::string others = fmt::format("; {} of {} forget more", found.worse, found.compared);
  if (found.too_few > 0) others += fmt::format(", {} have too few seeds to tell", found.too_few);
  return fmt::format("No rule is found to forget less than {} {}, {:.1f} points{}.", reference,
                     where, own, others);
}

const json* family_that_forgets_least(const json& matched) { return sorted(matched).least; }

}  // namespace deltaw
