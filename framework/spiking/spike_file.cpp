// SPDX-License-Identifier: Apache-2.0
#include "spiking/spike_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

#include "core/error.hpp"
#include "task/line_source.hpp"

namespace deltaw {
namespace {

constexpr double k_latest = 1e15;  // ms

template <class N>
std::optional<N> number(std::string_view cell) {
  while (!cell.empty() && (cell.front() == ' ' || cell.front() == '\t')) cell.remove_prefix(1);
  while (!cell.empty() && (cell.back() == ' ' || cell.back() == '\t')) cell.remove_suffix(1);
  N value{};
  const char* const end = cell.data() + cell.size();
  const auto result = std::from_chars(cell.data(), end, value);
  if (result.ec != std::errc() || result.ptr != end) return std::nullopt;
  return value;
}

Error wrong(Code code, const LineSource& lines, const std::string& problem, Detail detail) {
  return Error(code, fmt::format("{}:{}: {}", lines.name(), lines.number(), problem),
               std::move(detail));
}

struct Line {
  std::optional<std::uint32_t> unit;
  std::optional<double> ms;
};

Line parsed(std::string_view line) {
  const std::size_t comma = line.find(',');
  if (comma == std::string_view::npos) return {};
  return {number<std::uint32_t>(line.substr(0, comma)), number<double>(line.substr(comma + 1))};
}

void check(const Line& read, std::string_view line, std::size_t units, const LineSource& lines) {
  if (!read.unit || !read.ms || !(std::abs(*read.ms) <= k_latest)) {
    throw wrong(Code::E403, lines, "no spike",
                {.expected = "\"unit,time_ms\"", .found = fmt::format("'{}'", line.substr(0, 40))});
  }
  if (*read.unit >= units) {
    throw wrong(Code::E403, lines, fmt::format("there is no unit {}", *read.unit),
                {.expected = fmt::format("0 to {}", units - 1)});
  }
  if (*read.ms >= 0) return;
  throw wrong(Code::E403, lines, "a spike before the start",
              {.expected = "0 ms or later", .found = fmt::format("{} ms", *read.ms)});
}

// Orders the last step's spikes by unit.
void finish_step(std::vector<StepSpike>& spikes, std::size_t first, const LineSource& lines) {
  const auto begin = spikes.begin() + static_cast<std::ptrdiff_t>(first);
  std::sort(begin, spikes.end(),
            [](const StepSpike& a, const StepSpike& b) { return a.unit < b.unit; });
  const auto twice = std::adjacent_find(
      begin, spikes.end(), [](const StepSpike& a, const StepSpike& b) { return a.unit == b.unit; });
  if (twice == spikes.end()) return;
  throw wrong(Code::E403, lines,
              fmt::format("unit {} has spiked twice in step {}", twice->unit, twice->step),
              {.hint = "a smaller \"dt\""});
}

}  // namespace

std::uint64_t step_at(double ms, double dt) {
  return static_cast<std::uint64_t>(std::floor(ms / dt + 1e-3));
}

std::vector<StepSpike> read_spikes(const std::filesystem::path& file, std::size_t units,
                                   double dt) {
  LineSource lines(file);
  std::vector<StepSpike> spikes;
  std::size_t first_of_step = 0;
  double latest = 0;
  std::string_view line;
  for (bool is_first = true; lines.next(line); is_first = false) {
    const Line read = parsed(line);
    if (is_first && !read.unit && !read.ms) continue;
    check(read, line, units, lines);
    if (*read.ms < latest) {
      throw wrong(Code::E414, lines, "spikes are out of order",
                  {.expected = fmt::format("{} ms or later", latest),
                   .found = fmt::format("{} ms", *read.ms),
                   .hint = "sort the lines by time"});
    }
    latest = *read.ms;
    const std::uint64_t step = step_at(*read.ms, dt);
    if (!spikes.empty() && spikes.back().step != step) {
      finish_step(spikes, first_of_step, lines);
      first_of_step = spikes.size();
    }
    spikes.push_back({step, *read.unit});
  }
  finish_step(spikes, first_of_step, lines);
  return spikes;
}

}  // namespace deltaw
