// SPDX-License-Identifier: Apache-2.0
// Places, then their ranges, then points in them.
#include "tuning/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/naming_arm.hpp"
#include "core/rounded.hpp"
#include "plugin/parameters.hpp"
#include "plugin/search_range.hpp"
#include "tuning/effective.hpp"
#include "tuning/points.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr double k_factor = 100;  // of learning rates, where nothing else is said

// A range around a number, equally far in factors.
SearchRange around(double number, double factor) {
  constexpr int k_digits = 4;
  return {rounded(number / factor, k_digits).get<double>(),
          rounded(number * factor, k_digits).get<double>(), true};
}

// The places of one arm while they are gathered.
class Places {
 public:
  Places(const PreparedArm& arm, const Variants& variants) : arm_(arm), variants_(variants) {
    for (std::size_t i = 0; i < arm.drives().size(); ++i) {
      put({variants_.prefix(i) + "optimizer.rate", {}, k_factor});
      for (const ParameterSpec& parameter : arm.drives()[i].rule.parameters) {
        const std::string path = variants_.prefix(i) + "parameters." + parameter.name;
        if (parameter.tune && variants.at(path).is_null()) put({path, parameter.tune});
      }
    }
  }

  void change(const std::vector<RangeSpec>& ranges) {
    for (RangeSpec spec : ranges) {
      named_.push_back(spec.path);
      if (variants_.prefix(0).empty() || !spec.path.starts_with("optimizer.")) {
        put(spec);
        continue;
      }
      const std::string path = spec.path;
      for (std::size_t i = 0; i < arm_.drives().size(); ++i) {
        spec.path = variants_.prefix(i) + path;
        put(spec);
      }
    }
  }

  // Those that may count. What a manifest would have searched and the arm's choice leaves without
  // effect is none, unless that choice is searched; what somebody named stays, to be refused.
  [[nodiscard]] std::vector<SearchedPlace> all() const {
    std::vector<SearchedPlace> kept = places_;
    std::erase_if(kept, [&](const SearchedPlace& place) {
      const PlacedValues waits_for = needed_by(arm_, variants_, place.path);
      const bool is_free =
          waits_for.empty() || has(waits_for.front().first) || has_named(place.path);
      return !is_free && std::ranges::count(effective(arm_, variants_, {{place.path, nullptr}}),
                                            place.path, &PlacedValues::value_type::first) == 0;
    });
    return kept;
  }

 private:
  [[nodiscard]] bool has(const std::string& path) const {
    return std::ranges::count(places_, path, &SearchedPlace::path) > 0;
  }
  [[nodiscard]] bool has_named(const std::string& path) const {
    return std::ranges::count(named_, path) > 0;
  }

  void put(const RangeSpec& spec) {
    const auto found = std::ranges::find(places_, spec.path, &SearchedPlace::path);
    if (!spec.range && spec.factor == 0) {
      if (found != places_.end()) places_.erase(found);
      return;
    }
    const SearchRange range = spec.range ? *spec.range : around(number_at(spec.path), spec.factor);
    if (found != places_.end()) {
      found->range = range;
    } else {
      places_.push_back({spec.path, range});
    }
  }

  // What the arm has at a place, its defaults among it.
  [[nodiscard]] double number_at(const std::string& path) const {
    const json written = variants_.at(path);
    if (written.is_number() && written.get<double>() > 0) return written.get<double>();
    for (std::size_t i = 0; i < arm_.arm().drives.size(); ++i) {
      const Drive& drive = arm_.arm().drives[i];
      if (path == variants_.prefix(i) + "optimizer.rate") return drive.optimizer.rate;
      for (const auto& [name, value] : drive.parameters) {
        const auto* number = std::get_if<double>(&value);
        if (path == variants_.prefix(i) + "parameters." + name && number && *number > 0)
          return *number;
      }
    }
    throw Error(Code::E503, fmt::format("'{}' has no number above 0 to be multiplied", path),
                {.hint = "\"low\" and \"high\" instead of \"factor\""});
  }

  const PreparedArm& arm_;
  const Variants& variants_;
  std::vector<SearchedPlace> places_;
  std::vector<std::string> named_;  // by the experiment
};

// Both ends of a range must be values that the arm can have, where its choices are searched with
// one of those that the parameter waits for.
void check_place(const PreparedArm& arm, const TunedArm& tuned, const SearchedPlace& place) {
  PlacedValues values = needed_by(arm, tuned.variants, place.path);
  std::erase_if(values, [&](const auto& choice) {
    return std::ranges::count(tuned.places, choice.first, &SearchedPlace::path) == 0;
  });
  values.emplace_back(place.path, json());
  for (const json& end : ends_of(to_json(place.range))) {
    try {
      values.back().second = end;
      PlacedValues all = values;
      std::ranges::move(resets(arm, tuned.variants, values), std::back_inserter(all));
      const Arm tried = tuned.variants.with(all);
      for (std::size_t i = 0; i < tried.drives.size(); ++i) {
        json given = json::object();
        for (const auto& [name, value] : tried.drives[i].parameters) given[name] = to_json(value);
        static_cast<void>(resolve_parameters(arm.drives()[i].rule, given));
      }
    } catch (const Error& error) {
      throw Error(
          Code::E503,
          fmt::format("the range of '{}' cannot be searched: {}", place.path, error.headline()),
          error.detail());
    }
  }
}

Experiment with_validation(Experiment experiment) {
  SplitSpec& split = experiment.task.split;
  if (experiment.task.trials || split.validation > 0) return experiment;
  split.validation = experiment.tune.validation * split.train;
  split.train -= split.validation;
  return experiment;
}

json values_as_json(const PlacedValues& values) {
  json out = json::object();
  for (const auto& [path, value] : values) out[path] = value;
  return out;
}

}  // namespace

Arm TuningPlan::arm_at(const TunedArm& arm, std::size_t trial, std::size_t rung) const {
  PlacedValues values = arm.trials[trial];
  const bool is_in_trials = experiment.task.trials.has_value();
  const std::size_t epochs = rungs[rung].epochs;
  values.emplace_back(is_in_trials ? "training.trials" : "training.epochs", epochs);
  const auto same = [&](const Arm& other) { return other.name == arm.name; };
  // A spiking network's windows are no evaluations; of the others only the last one counts.
  if (!std::ranges::find_if(experiment.arms, same)->spiking) {
    values.emplace_back("training.evaluate_every", epochs);
  }
  Arm tried = arm.variants.with(values);
  tried.alignment = {};  // who watches changes nothing, and costs time
  return tried;
}

std::size_t TuningPlan::runs() const {
  std::size_t runs = 0;
  for (const Rung& rung : rungs) runs += rung.trials;
  return runs * experiment.tune.seeds.size() * arms.size();
}

std::size_t TuningPlan::epochs() const {
  std::size_t epochs = 0;
  for (const Rung& rung : rungs) epochs += rung.trials * rung.epochs;
  return epochs * experiment.tune.seeds.size() * arms.size();
}

json TuningPlan::to_json() const {
  json steps = json::array(), searched = json::array();
  for (const Rung& rung : rungs)
    steps.push_back({{"trials", rung.trials}, {"epochs", rung.epochs}});
  for (const TunedArm& arm : arms) {
    json ranges = json::object(), trials = json::array();
    for (const SearchedPlace& place : arm.places) {
      ranges[place.path] = deltaw::to_json(place.range);
    }
    for (const PlacedValues& values : arm.trials) trials.push_back(values_as_json(values));
    searched.push_back({{"rule", arm.name},
                        {"fingerprint", arm.fingerprint},
                        {"searched", ranges},
                        {"trials", trials}});
  }
  const SplitSpec& split = experiment.task.split;
  json out = {{"deltaw_tuning", 1},
              {"experiment", experiment.name},
              {"search", experiment.tune.search},
              {"halving", experiment.tune.halving},
              {"rungs", steps},
              {"seeds", experiment.tune.seeds},
              {"metric", objective.metric},
              {"lower_is_better", objective.is_lower_better},
              {"tie", objective.tie},
              {"set", sets},
              {"unit", experiment.task.trials ? "trials" : "epochs"},
              {"rules", searched}};
  if (!experiment.task.trials) {
    out["split"] = {{"train", split.train}, {"validation", split.validation}};
  }
  return out;
}

TuningPlan plan_tuning(const Experiment& experiment, const json& document, const json& unchanged,
                       const std::vector<PreparedArm>& arms) {
  if (experiment.task.sequence) {
    throw Error(Code::E503, "a sequence of contexts has no measure to tune by",
                {.hint = "tune the same network on the same data without \"sequence\", and give "
                         "\"rules\" what was found"});
  }
  TuningPlan plan{with_validation(experiment), {}, {}, objective_of(experiment)};
  const TuneSpec& spec = experiment.tune;
  const TrainingSpec& training = experiment.arms.front().training;
  const std::size_t own = experiment.task.trials ? training.trials : training.epochs;
  plan.rungs = rungs_of(spec, spec.epochs > 0 ? spec.epochs : own);
  std::size_t most = 0;
  std::vector<const PreparedArm*> searched;
  for (const PreparedArm& arm : arms) {
    const std::string& name = arm.arm().name;
    TunedArm tuned{name, Variants(unchanged, name).fingerprint(), Variants(document, name), {}, {}};
    naming_arm(name, [&] {
      Places places(arm, tuned.variants);
      places.change(spec.ranges);
      places.change(arm.arm().tune);
      tuned.places = places.all();
      for (const SearchedPlace& place : tuned.places) check_place(arm, tuned, place);
    });
    most = std::max(most, tuned.places.size());
    if (tuned.places.empty()) continue;
    plan.arms.push_back(std::move(tuned));
    searched.push_back(&arm);
  }
  if (plan.arms.empty()) {
    throw Error(Code::E503, "there is nothing to tune: every range is false",
                {.hint = "a range in \"tune\" of the experiment or of an arm"});
  }
  const Points points(spec.search, spec.seeds.front(), spec.trials, most);
  for (std::size_t a = 0; a < plan.arms.size(); ++a) {
    TunedArm& arm = plan.arms[a];
    for (std::size_t t = 0; t < spec.trials; ++t) {
      PlacedValues values;
      for (std::size_t d = 0; d < arm.places.size(); ++d) {
        const SearchedPlace& place = arm.places[d];
        values.emplace_back(place.path, to_json(value_at(place.range, points.at(t, d))));
      }
      arm.trials.push_back(effective(*searched[a], arm.variants, std::move(values)));
    }
  }
  return plan;
}

}  // namespace deltaw
