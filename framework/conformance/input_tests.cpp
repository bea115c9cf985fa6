// SPDX-License-Identifier: Apache-2.0
// Sizes and numbers at the edge of what can be shown.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "conformance/conformance_test.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

std::size_t not_finite(const Response& response, std::uint32_t dtype) {
  std::size_t count = 0;
  for (const auto& update : response) {
    count += static_cast<std::size_t>(std::ranges::count_if(
        update, [&](std::uint64_t bits) { return !std::isfinite(value_of(bits, dtype)); }));
  }
  return count;
}

// What a rule makes of a scene, by memory that is watched.
struct Watched {
  std::size_t not_finite = 0;  // entries of ΔW
  std::string written = {};    // beside it
};

// Error: what the rule refuses.
Watched watch(Bench& bench, const Scene& scene) {
  const auto probe = make_probe(bench.probed(), scene, {.is_watched = true});
  const Response response = answer(*probe, bench.stimulus(scene));
  return {not_finite(response, scene.dtype), probe->written()};
}

// Taken with finite changes, or refused with a status.
Outcome in_size(Bench& bench, std::size_t outputs, std::size_t inputs, std::size_t columns) {
  return bench.in_scenes([&](const Scene& usual) {
    Scene scene = usual;
    scene.outputs = outputs;
    scene.inputs = inputs;
    if (columns != 0) scene.columns = columns;
    try {
      const auto [bad, written] = watch(bench, scene);
      if (!written.empty()) return Outcome{Verdict::failed, "wrote " + written};
      if (bad > 0) return Outcome{Verdict::failed, fmt::format("{} entries are not finite", bad)};
      return Outcome{Verdict::pass, "taken"};
    } catch (const Error& error) {
      if (has_thrown(error)) throw;
      const bool is_refusal = error.code() == Code::E202;
      return Outcome{is_refusal ? Verdict::pass : Verdict::failed, error.headline()};
    }
  });
}

// No host shows such a block; a rule that divides by its columns may answer what is not finite.
Outcome no_observations(Bench& bench) {
  if (bench.rule().grain == Grain::step) {
    return {Verdict::skipped, "a step is one observation"};
  }
  return bench.in_scenes([&](const Scene& usual) {
    Scene scene = usual;
    scene.columns = 0;
    scene.has_pieces = false;
    try {
      const auto [bad, written] = watch(bench, scene);
      if (!written.empty()) return Outcome{Verdict::failed, "wrote " + written};
      return Outcome{Verdict::pass,
                     bad > 0 ? "taken; its ΔW is not finite then" : "taken with a finite ΔW"};
    } catch (const Error& error) {
      if (has_thrown(error)) throw;
      return Outcome{Verdict::pass, "refused: " + error.headline()};
    }
  });
}

Outcome read_only(Bench& bench) {
  if (bench.rule().scope == Scope::network) {
    return {Verdict::skipped, "a rule of network scope asks for what it reads"};
  }
  return bench.in_scenes([&](const Scene& scene) {
    (void)answer(*make_probe(bench.probed(), scene, {.is_read_only = true}), bench.stimulus(scene));
    return Outcome{Verdict::pass, "nothing that is shown was written to"};
  });
}

// Every number of one signal after another is `value`, or what it was times `value`.
Outcome with_values(Bench& bench, double value, bool is_factor) {
  std::size_t asked = 0, spread = 0, refused = 0;
  const Outcome outcome = bench.in_scenes([&](const Scene& scene) {
    const Stimulus usual = bench.stimulus(scene);
    for (std::size_t part = 0; part < usual.parts.front().size(); ++part) {
      if (!holds_numbers(bench.rule(), part)) continue;
      Stimulus changed = usual;
      bool is_shown = false;
      for (auto& parts : changed.parts) {
        is_shown = is_shown || !parts[part].empty();
        if (is_factor) parts[part] *= value;
        if (!is_factor) parts[part].fill(value);
      }
      if (!is_shown) continue;
      bench.stage(fmt::format("{}, part {}", scene.text(), part));
      ++asked;
      try {
        const auto probe = make_probe(bench.probed(), scene);
        if (not_finite(answer(*probe, changed), scene.dtype) > 0) ++spread;
      } catch (const Error& error) {
        if (has_thrown(error)) throw;
        ++refused;
      }
    }
    return Outcome{};
  });
  if (outcome.verdict != Verdict::pass) return outcome;
  if (asked == 0) return {Verdict::skipped, "it is shown no numbers that could be so"};
  return {
      Verdict::pass,
      fmt::format(
          "asked {} times: no crash, hang or write elsewhere; ΔW was not finite {} times, as it "
          "may be, and {} were refused",
          asked, spread, refused)};
}

Outcome precisions(Bench& bench) {
  if ((bench.rule().capabilities & DELTAW_CAP_F64) == 0 ||
      (bench.rule().capabilities & DELTAW_CAP_F32) == 0) {
    return {Verdict::skipped, "it has one precision"};
  }
  constexpr double k_apart = 1e-3;  // of the largest entry
  return bench.in_scenes([&](const Scene& scene) {
    Scene other = scene;
    other.dtype = scene.dtype == DELTAW_F32 ? DELTAW_F64 : DELTAW_F32;
    const Stimulus stimulus = bench.stimulus(scene);
    const Response a = answer(*make_probe(bench.probed(), scene), stimulus);
    const Response b = answer(*make_probe(bench.probed(), other), stimulus);
    double largest = 0, apart = 0;
    for (std::size_t u = 0; u < a.size(); ++u) {
      for (std::size_t k = 0; k < a[u].size(); ++k) {
        const double x = value_of(a[u][k], scene.dtype), y = value_of(b[u][k], other.dtype);
        largest = std::max(largest, std::abs(x));
        if (x != y) apart = std::max(apart, std::abs(x - y));
      }
    }
    const double share = largest > 0 ? apart / largest : apart;
    return Outcome{share <= k_apart ? Verdict::pass : Verdict::failed,
                   fmt::format("float32 and float64 are {:.1e} of the largest ΔW apart", share)};
  });
}

ConformanceTest size_test(std::size_t outputs, std::size_t inputs) {
  return {fmt::format("size-{}x{}", outputs, inputs),
          fmt::format("a connection of {} units to {}", inputs, outputs),
          [=](Bench& bench) { return in_size(bench, outputs, inputs, 0); }};
}

ConformanceTest value_test(const char* name, const char* asks, double value, bool is_factor) {
  return {name, asks, [=](Bench& bench) { return with_values(bench, value, is_factor); }};
}

}  // namespace

ConformanceTests input_tests() {
  return {
      size_test(1, 1),
      size_test(1, 7),
      size_test(7, 1),
      size_test(257, 129),
      {"one-observation", "a block of one column",
       [](Bench& bench) { return in_size(bench, 4, 5, 1); }},
      {"no-observations", "a block without columns does no harm", no_observations},
      {"read-only-inputs", "what is shown lies in pages that cannot be written", read_only},
      {"precisions", "float32 and float64 tell the same", precisions},
      value_test("nan", "signals that are NaN do no harm", std::numeric_limits<double>::quiet_NaN(),
                 false),
      value_test("infinite", "signals that are infinite do no harm",
                 std::numeric_limits<double>::infinity(), false),
      value_test("zero", "signals that are zero do no harm", 0, false),
      value_test("huge", "signals times 1e30 do no harm", 1e30, true),
      value_test("tiny", "signals times 1e-40, denormal in float32, do no harm", 1e-40, true),
  };
}

}  // namespace deltaw
