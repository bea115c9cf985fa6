// SPDX-License-Identifier: Apache-2.0
#include "report/subject.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "comparison/judged.hpp"
#include "comparison/measure.hpp"

namespace deltaw {

using nlohmann::json;

std::string Subject::value(double x) const {
  return is_accuracy ? fmt::format("{:.1f} %", 100 * x) : fmt::format("{:.4g}", x);
}

std::string Subject::difference(double x) const {
  return is_accuracy ? fmt::format("{:.1f} points", 100 * x) : fmt::format("{:.4g}", x);
}

std::string Subject::range(double low, double high) const {
  return is_accuracy ? fmt::format("{:.1f} to {:.1f}", 100 * low, 100 * high)
                     : fmt::format("{:.4g} to {:.4g}", low, high);
}

std::string Subject::noun() const {
  if (is_in_trials) return "mean error in test trials";
  const bool is_test = metric.substr(readout.empty() ? 0 : readout.size() + 1).starts_with("test");
  const std::string of = readout.empty() ? "" : fmt::format(" of the readout '{}'", readout);
  return fmt::format("{}{} on {} data", is_accuracy ? "accuracy" : "loss", of,
                     is_test ? "test" : "training");
}

bool is_in_trials(const json& summary) {
  return summary.value("criterion", json::object()).contains("share");
}

Subject subject_of(const json& summary) {
  Subject subject{judged_metric(summary), false};
  subject.is_accuracy = !is_lower_better(subject.metric);
  subject.is_in_trials = is_in_trials(summary);
  if (summary.contains("readouts")) {
    const auto readout = summary["readouts"].at(0).get<std::string>();
    if (subject.metric.starts_with(readout + "_")) subject.readout = readout;
  }
  return subject;
}

}  // namespace deltaw
