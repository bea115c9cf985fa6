// SPDX-License-Identifier: Apache-2.0
// Each analysis of the room analysis/, put into JSON.
#include "comparison/analyse.hpp"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "analysis/decoding.hpp"
#include "analysis/mds.hpp"
#include "analysis/relaxation.hpp"
#include "analysis/selectivity.hpp"
#include "analysis/weight_change.hpp"
#include "core/rounded.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::size_t k_shown_units = 12, k_shown_times = 150;
constexpr double k_fit = 100;  // ms after a disturbance

json rounded(std::optional<double> value) { return deltaw::rounded(value, 4); }

template <class Numbers>
json list(const Numbers& numbers) {
  json all = json::array();
  for (const auto number : numbers) all.push_back(rounded(static_cast<double>(number)));
  return all;
}

// Where samples lie.
struct Samples {
  std::size_t stride, count;
  double dt;

  [[nodiscard]] double time(std::size_t sample) const {
    return static_cast<double>(sample * stride) * dt;
  }
  // Those inside a window; empty where none falls into it.
  [[nodiscard]] Window inside(const Window& steps) const {
    const auto first = (steps.first + stride - 1) / stride;
    return {first, std::max(first, (steps.last + stride - 1) / stride)};
  }
  // The latest at or before a step.
  [[nodiscard]] std::size_t at(std::size_t step) const {
    return std::min(step / stride, count - 1);
  }
};

Levels levels_of(const Factor& factor) {
  const std::set<double> known(factor.levels.begin(), factor.levels.end());
  Levels levels;
  for (const double level : factor.levels) {
    levels.push_back(static_cast<std::uint32_t>(std::distance(known.begin(), known.find(level))));
  }
  return levels;
}

json windows_of(const TrialTask& task) {
  json windows = json::array();
  for (const auto& [name, window] : task.windows()) {
    windows.push_back({{"name", name},
                       {"from", static_cast<double>(window.first) * task.dt()},
                       {"to", static_cast<double>(window.last) * task.dt()}});
  }
  return windows;
}

json weights_of(const Snapshot& before, const Snapshot& after) {
  json all = json::array();
  for (std::size_t c = 0; c < before.weights.size(); ++c) {
    const WeightChange change = weight_change(before.weights[c].second, after.weights[c].second);
    json most = json::array();
    for (const ChangedWeight& weight : change.most) {
      most.push_back({{"to", weight.to},
                      {"from", weight.from},
                      {"before", rounded(weight.before)},
                      {"after", rounded(weight.after)}});
    }
    all.push_back({{"connection", before.weights[c].first},
                   {"relative", rounded(change.relative)},
                   {"median_ratio", rounded(change.median_ratio)},
                   {"unstable_mean_ratio", rounded(change.unstable_mean_ratio)},
                   {"most", std::move(most)}});
  }
  return all;
}

std::vector<std::size_t> shown_units(std::size_t units) {
  const std::size_t count = std::min(units, k_shown_units);
  std::vector<std::size_t> shown;
  for (std::size_t i = 0; i < count; ++i) shown.push_back(i * units / count);
  return shown;
}

json means_of(const Recording& recording, std::size_t kinds,
              const std::vector<std::size_t>& units) {
  json means = json::array();
  for (const std::vector<std::size_t>& trials : trials_by_kind(recording, kinds, 1)) {
    arma::fmat sum(arma::size(recording.activity.front()), arma::fill::zeros);
    for (const std::size_t trial : trials) sum += recording.activity[trial];
    sum /= static_cast<float>(trials.size());
    json of_kind = json::array();
    for (const std::size_t unit : units) of_kind.push_back(list(sum.row(unit)));
    means.push_back(std::move(of_kind));
  }
  return means;
}

bool do_cross(const Levels& first, const Levels& second) {
  std::set<std::pair<std::uint32_t, std::uint32_t>> conjunctions;
  for (std::size_t kind = 0; kind < first.size(); ++kind) {
    if (first[kind] > 1 || second[kind] > 1) return false;
    conjunctions.emplace(first[kind], second[kind]);
  }
  return conjunctions.size() == 4;
}

// Of the variance between conjunctions of two factors, the share that is neither factor's own: the
// mean over units that vary at all.
std::optional<double> share_of_conjunction(const Selectivity& found) {
  const arma::mat squares = arma::square(found.coefficients.head_cols(3));
  const arma::vec all = arma::sum(squares, 1);
  const arma::uvec varying = arma::find(all > 1e-12);
  if (varying.is_empty()) return std::nullopt;
  return arma::mean(arma::vec(squares.col(2) / all).elem(varying));
}

json selectivity_of(const Snapshot& before, const Snapshot& after, const TrialTask& task,
                    const Samples& samples) {
  if (task.factors().size() < 2) return {};
  const Factor &first = task.factors()[0], &second = task.factors()[1];
  const Levels a = levels_of(first), b = levels_of(second);
  if (!do_cross(a, b)) return {};
  json windows = json::array();
  for (const auto& [name, steps] : task.windows()) {
    const Window window = samples.inside(steps);
    if (window.size() == 0) continue;
    const auto found = [&](const Snapshot& snapshot) -> json {
      const Selectivity selectivity = mixed_selectivity(snapshot.recording, a, b, window);
      return {{"units", rounded(selectivity.fraction)},
              {"variance", rounded(share_of_conjunction(selectivity))}};
    };
    windows.push_back({{"window", name}, {"before", found(before)}, {"after", found(after)}});
  }
  return {{"factors", {first.name, second.name}}, {"windows", std::move(windows)}};
}

json decoding_of(const Recording& recording, const TrialTask& task, const Samples& samples) {
  json all = json::array();
  for (const Factor& factor : task.factors()) {
    const Decoding decoding = decode(recording, levels_of(factor), {.stride = 1});
    json accuracy = json::array(), times = json::array();
    for (arma::uword train = 0; train < decoding.accuracy.n_rows; ++train) {
      accuracy.push_back(list(decoding.accuracy.row(train)));
    }
    for (const std::size_t sample : decoding.steps) times.push_back(samples.time(sample));
    all.push_back(
        {{"factor", factor.name}, {"times", std::move(times)}, {"accuracy", std::move(accuracy)}});
  }
  return all;
}

// Samples at which the geometry is looked at.
std::set<std::size_t> moments_of(const TrialTask& task, const Samples& samples) {
  std::set<std::size_t> moments;
  for (const auto& [name, window] : task.windows()) {
    if (name != "delay") moments.insert(samples.at(window.last - 1));
  }
  if (!task.windows().empty()) {
    moments.insert(samples.at(task.windows().back().window.first));
  }
  return moments;
}

json geometry_of(const Recording& recording, const TrialTask& task, const Samples& samples) {
  json all = json::array();
  if (task.kinds() < 2) return all;
  for (const std::size_t sample : moments_of(task, samples)) {
    arma::mat states(recording.activity.front().n_rows, recording.activity.size());
    for (std::size_t trial = 0; trial < recording.activity.size(); ++trial) {
      states.col(trial) = arma::conv_to<arma::vec>::from(recording.activity[trial].col(sample));
    }
    const arma::mat apart = distances(states);
    json points = json::array(), ratios = json::object();
    classical_scaling(apart).points.each_col(
        [&](const arma::vec& point) { points.push_back(list(point)); });
    for (const Factor& factor : task.factors()) {
      const Levels of_kind = levels_of(factor);
      Levels of_trial;
      for (const std::uint32_t kind : recording.kind) of_trial.push_back(of_kind[kind]);
      ratios[factor.name] = rounded(group_distance_ratio(apart, of_trial));
    }
    all.push_back({{"time", samples.time(sample)},
                   {"kinds", recording.kind},
                   {"points", std::move(points)},
                   {"ratios", std::move(ratios)}});
  }
  return all;
}

json relaxation_of(const SnapshotPlan& plan, const Snapshot& before, const Snapshot& after,
                   double dt) {
  const std::size_t steps = before.clean.n_cols;
  const auto length = static_cast<std::size_t>(std::ceil(k_fit / dt));
  const Window fit = {plan.step, std::min(steps, plan.step + length + 1)};
  const Window shown = {plan.step - std::min(plan.step, length / 10),
                        std::min(steps, plan.step + 2 * length + 1)};
  const std::size_t stride = (shown.size() + k_shown_times - 1) / k_shown_times;
  // So that the step of the jump is among them.
  const std::size_t first = plan.step - (plan.step - shown.first) / stride * stride;
  const arma::uvec at = arma::regspace<arma::uvec>(first, stride, shown.last - 1);
  const auto course = [&](const Snapshot& snapshot) -> json {
    const Relaxation found = relaxation(snapshot.disturbed, snapshot.clean, fit, dt);
    return {{"unit", list(snapshot.potential_difference.elem(at).eval())},
            {"distance", list(found.distance.elem(at).eval())},
            {"time", rounded(found.time)}};
  };
  json times = json::array();
  for (const arma::uword step : at) times.push_back(static_cast<double>(step) * dt);
  return {{"unit", plan.unit},        {"at", static_cast<double>(plan.step) * dt},
          {"jump", plan.jump},        {"times", std::move(times)},
          {"before", course(before)}, {"after", course(after)}};
}

}  // namespace

json analyse(const SnapshotPlan& plan, const Snapshot& before, const Snapshot& after,
             const TrialTask& task, const std::string& layer) {
  const arma::fmat& first = after.recording.activity.front();
  const Samples samples{plan.stride, first.n_cols, task.dt()};
  json times = json::array();
  for (std::size_t sample = 0; sample < samples.count; ++sample) {
    times.push_back(samples.time(sample));
  }
  const std::vector<std::size_t> units = shown_units(first.n_rows);
  return {{"layer", layer},
          {"units", first.n_rows},
          {"dt", task.dt()},
          {"steps", task.steps()},
          {"kinds", task.kind_names()},
          {"windows", windows_of(task)},
          {"trials_per_kind", plan.trials},
          {"times", std::move(times)},
          {"weights", weights_of(before, after)},
          {"activity",
           {{"units", units},
            {"before", means_of(before.recording, task.kinds(), units)},
            {"after", means_of(after.recording, task.kinds(), units)}}},
          {"selectivity", selectivity_of(before, after, task, samples)},
          {"decoding", decoding_of(after.recording, task, samples)},
          {"geometry", geometry_of(after.recording, task, samples)},
          {"relaxation", relaxation_of(plan, before, after, task.dt())}};
}

std::optional<double> relative_change(const std::vector<std::pair<std::string, arma::mat>>& before,
                                      const std::vector<std::pair<std::string, arma::mat>>& after) {
  const auto size = [](const auto& connection) { return connection.second.n_elem; };
  const auto largest = std::ranges::max_element(before, {}, size);
  if (largest == before.end()) return std::nullopt;
  const auto place = static_cast<std::size_t>(largest - before.begin());
  return weight_change(largest->second, after[place].second, 0).relative;
}

}  // namespace deltaw
