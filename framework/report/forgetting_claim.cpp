// SPDX-License-Identifier: Apache-2.0
// Only what is told apart from the reference is spoken of.
#include "report/forgetting_claim.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "statistics/verdict.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

// 1: forgets more than the reference, -1: less, 0: not told apart, or not compared.
int sign_of(const json& family) {
  const json versus = family.value("versus_reference", json());
  if (versus.is_null() || versus.at("p_adjusted").is_null()) return 0;
  if (versus["p_adjusted"].get<double>() >= significance) return 0;
  return versus.at("median").get<double>() < 0 ? -1 : 1;
}

double forgetting_of(const json& family) {
  return 100 * family.at("forgetting").at("median").get<double>();
}

}  // namespace

std::string forgetting_claim(const json& matched) {
  const auto reference = matched.at("reference").get<std::string>();
  const std::string where =
      fmt::format("where they learn {:g} %", 100 * matched.at("learning_accuracy").get<double>());
  const json *own = nullptr, *least = nullptr;
  std::size_t more = 0, compared = 0;
  for (const json& family : matched.at("families")) {
    if (!family.contains("forgetting")) continue;
    if (family.at("family") == reference) {
      own = &family;
      continue;
    }
    ++compared;
    const int sign = sign_of(family);
    if (sign > 0) ++more;
    if (sign < 0 && (least == nullptr || forgetting_of(family) < forgetting_of(*least))) {
      least = &family;
    }
  }
  if (own == nullptr) {
    return fmt::format(
        "Forgetting is not compared: no two arms of {} enclose what it is matched at.", reference);
  }
  if (least != nullptr) {
    return fmt::format("{} forgets less than {} {}: {:.1f} against {:.1f} points.",
                       least->at("family").get<std::string>(), reference, where,
                       forgetting_of(*least), forgetting_of(*own));
  }
  const std::string others =
      compared == 0 ? "" : fmt::format("; {} of {} forget more", more, compared);
  return fmt::format("No rule is found to forget less than {} {}, {:.1f} points{}.", reference,
                     where, forgetting_of(*own), others);
}

}  // namespace deltaw
