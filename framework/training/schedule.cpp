// SPDX-License-Identifier: Apache-2.0
// The shapes of ScheduleSpec; cosine is that of Loshchilov and Hutter 2017 (arXiv:1608.03983).
#include "training/schedule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "core/error.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

double factor_at(const ScheduleSpec& schedule, double time, double total) {
  const double progress = total > 0 ? std::clamp(time / total, 0.0, 1.0) : 0.0;
  const double last = schedule.final_fraction;
  if (schedule.type == "constant") return 1;
  if (schedule.type == "step") return std::pow(schedule.factor, std::floor(time / schedule.every));
  if (schedule.type == "exponential") return std::pow(schedule.factor, time);
  if (schedule.type == "cosine") {
    return last + (1 - last) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
  }
  if (schedule.type == "linear") return 1 - (1 - last) * progress;
  if (schedule.type == "inverse") return 1 / (1 + time / schedule.every);
  throw Error(Code::E503, fmt::format("unknown schedule '{}'", schedule.type),
              {.hint = suggest(schedule.type, schedule_types())});
}

}  // namespace

const std::vector<std::string>& schedule_types() {
  static const std::vector<std::string> types = {"constant", "step",   "exponential",
                                                 "cosine",   "linear", "inverse"};
  return types;
}

double rate_at(const OptimizerSpec& spec, double epoch, double total_epochs) {
  const double warmup = spec.schedule.warmup;
  const double time = std::max(0.0, epoch - warmup);
  const double rise = epoch < warmup ? (epoch + 1) / (warmup + 1) : 1;
  return spec.rate * rise * factor_at(spec.schedule, time, total_epochs - warmup);
}

double rate_at(const OptimizerSpec& spec, const EpochRange& own, double epoch,
               double total_epochs) {
  const auto begin = static_cast<double>(own.from);
  const double end = std::min(static_cast<double>(own.until), total_epochs);
  return rate_at(spec, epoch - begin, end - begin);
}

}  // namespace deltaw
