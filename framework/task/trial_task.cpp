// SPDX-License-Identifier: Apache-2.0
// Which kind, which random stream, and which task has which name.
#include "task/trial_task.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "task/delayed_match.hpp"
#include "task/selective_integration.hpp"
#include "task/sine_sum.hpp"

namespace deltaw {
namespace {

template <class Task>
std::unique_ptr<const TrialTask> make(const TrialTaskSpec& spec) {
  return std::make_unique<const Task>(spec);
}

using Maker = std::unique_ptr<const TrialTask> (*)(const TrialTaskSpec&);
constexpr std::pair<const char*, Maker> makers[] = {
    {"delayed-nonmatch", make<DelayedMatch>},
    {"delayed-match", make<DelayedMatch>},
    {"selective-integration", make<SelectiveIntegration>},
    {"sine-sum", make<SineSum>},
};

}  // namespace

Trial TrialTask::trial(std::uint64_t seed, std::uint64_t index) const {
  const std::uint64_t kind =
      shape_.is_cyclic ? index % kinds() : Random(seed, "trial/kind", index).below(kinds());
  Random random(seed, "trial", index);
  const std::size_t each = trials_of_context();
  const std::size_t context = each == 0 ? 0 : std::min(index / each, contexts().size() - 1);
  return make(static_cast<std::uint32_t>(kind), context, random);
}

Trial TrialTask::of_kind(std::uint32_t kind, std::uint64_t seed, std::uint64_t index,
                         std::size_t context) const {
  Random random(seed, "trial/test", index * kinds() + kind);
  return make(kind, context, random);
}

Trial TrialTask::empty_trial(std::uint32_t kind, Window response) const {
  return {.inputs = arma::mat(channels(), steps(), arma::fill::zeros),
          .target = arma::mat(outputs(), steps(), arma::fill::zeros),
          .response = response,
          .kind = kind};
}

const std::vector<std::string>& trial_task_types() {
  static const std::vector<std::string> types = [] {
    std::vector<std::string> names;
    for (const auto& [type, maker] : makers) names.emplace_back(type);
    return names;
  }();
  return types;
}

std::unique_ptr<const TrialTask> make_trial_task(const TrialTaskSpec& spec) {
  if (spec.order != "cyclic" && spec.order != "random") {
    throw Error(Code::E503, fmt::format("unknown order of trials '{}'", spec.order),
                {.hint = suggest(spec.order, {"cyclic", "random"})});
  }
  for (const auto& [type, maker] : makers) {
    if (spec.type == type) return maker(spec);
  }
  throw Error(Code::E503, fmt::format("unknown task in trials '{}'", spec.type),
              {.hint = suggest(spec.type, trial_task_types())});
}

}  // namespace deltaw
