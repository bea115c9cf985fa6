// SPDX-License-Identifier: Apache-2.0
// What an instance promises over its life.
#include <fmt/format.h>
#include <malloc.h>

#include <algorithm>
#include <atomic>
#include <nlohmann/json.hpp>
#include <thread>

#include "conformance/conformance_test.hpp"
#include "core/error.hpp"
#include "core/state.hpp"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DELTAW_OWN_MALLOC 1
#else
#define DELTAW_OWN_MALLOC 0
#endif

namespace deltaw {
namespace {

constexpr std::size_t k_warm_up = 2000, k_many = 100'000;  // updates
constexpr std::size_t k_leak = std::size_t{64} * 1024;     // bytes that may stay, once
constexpr int k_rounds = 50;                               // of each thread

Outcome same(const Response& expected, const Response& found, const char* what) {
  for (std::size_t update = 0; update < expected.size(); ++update) {
    if (expected[update] == found[update]) continue;
    return {Verdict::failed, fmt::format("ΔW differs, first in update {}", update)};
  }
  return {Verdict::pass, what};
}

void show_from(RuleProbe& probe, const Stimulus& stimulus, std::size_t update) {
  for (; update < stimulus.parts.size(); ++update) probe.show(stimulus.parts[update], update);
}

bool is_repeatable(const RuleSpec& rule) {
  return (rule.capabilities & DELTAW_CAP_DETERMINISTIC) != 0;
}
const Outcome k_not_repeatable = {Verdict::skipped, "it does not say that it is deterministic"};

// After `again` an instance answers as it did when it was new.
Outcome as_new(Bench& bench, void (RuleProbe::*again)(), const char* what) {
  if (!is_repeatable(bench.rule())) return k_not_repeatable;
  return bench.in_scenes([&](const Scene& scene) {
    const auto probe = make_probe(bench.probed(), scene);
    const Stimulus stimulus = bench.stimulus(scene);
    const Response expected = answer(*probe, stimulus);
    ((*probe).*again)();
    show_from(*probe, stimulus, 0);
    return same(expected, probe->response(), what);
  });
}

Outcome saved_state(Bench& bench) {
  if (!is_repeatable(bench.rule())) return k_not_repeatable;
  return bench.in_scenes([&](const Scene& scene) {
    const auto probe = make_probe(bench.probed(), scene);
    const Stimulus stimulus = bench.stimulus(scene);
    const Response expected = answer(*probe, stimulus);
    const std::size_t half = stimulus.parts.size() / 2;
    probe->begin();
    for (std::size_t u = 0; u < half; ++u) probe->show(stimulus.parts[u], u);
    probe->change_instance();
    show_from(*probe, stimulus, half);
    return same(expected, probe->response(), "saved and loaded half-way: same bits");
  });
}

// What it saved, cut short at several places.
Outcome damaged_state(Bench& bench) {
  Outcome last = {Verdict::skipped, "it saves nothing"};
  const Scene scene = bench.scene();
  for (const double share : {0., 1. / 3, 1.}) {
    const auto probe = make_probe(bench.probed(), scene);
    (void)answer(*probe, bench.stimulus(scene));
    const std::size_t size = probe->state_bytes();
    if (size == 0) break;
    const auto kept = static_cast<std::size_t>(share * static_cast<double>(size - 1));
    bench.stage(fmt::format("{} of {} bytes", kept, size));
    if (probe->loads_first(kept)) {
      return {Verdict::failed,
              fmt::format("it takes the first {} of {} bytes for the whole", kept, size)};
    }
    last = {Verdict::pass, "cut short: refused"};
  }
  return last;
}

Outcome in_threads(Bench& bench) {
  if ((bench.rule().capabilities & DELTAW_CAP_CONCURRENT) == 0) {
    return {Verdict::skipped, "it does not say that instances may run side by side"};
  }
  if (!is_repeatable(bench.rule())) return k_not_repeatable;
  const Scene scene = bench.scene();
  const Stimulus stimulus = bench.stimulus(scene);
  const ProbedRule probed = bench.probed();
  const Response expected = answer(*make_probe(probed, scene), stimulus);
  bench.stage("two threads");
  std::atomic<int> differing = 0;
  const auto work = [&] {
    for (int round = 0; round < k_rounds; ++round) {
      if (answer(*make_probe(probed, scene), stimulus) != expected) ++differing;
    }
  };
  { const std::jthread one(work), two(work); }
  if (differing == 0) return {Verdict::pass, "two at a time: same bits"};
  return {Verdict::failed, fmt::format("{} of {} instances answered otherwise beside another",
                                       differing.load(), 2 * k_rounds)};
}

std::size_t bytes_in_use() {
  const struct mallinfo2 info = mallinfo2();
  return info.uordblks + info.hblkhd;
}

Outcome many_updates(Bench& bench) {
  if (DELTAW_OWN_MALLOC != 0) return {Verdict::skipped, "a sanitizer has memory of its own"};
  const Scene scene = bench.scene();
  const auto probe = make_probe(bench.probed(), scene);
  const Stimulus stimulus = bench.stimulus(scene);
  probe->begin();
  std::size_t done = 0;
  const auto go_to = [&](std::size_t end) {
    for (; done < end; ++done) {
      probe->show(stimulus.parts[done % stimulus.parts.size()], done);
      probe->forget();
    }
  };
  bench.stage("warming up");
  go_to(k_warm_up);
  const std::size_t before = bytes_in_use();
  bench.stage(fmt::format("{} updates", k_many));
  go_to(k_warm_up + k_many);
  const std::size_t after = bytes_in_use();
  if (after <= before + k_leak) return {Verdict::pass, "no more memory after than before"};
  return {Verdict::failed, fmt::format("{} updates took {} kB that were not given back", k_many,
                                       (after - before) / 1024)};
}

}  // namespace

ConformanceTests life_tests() {
  return {
      {"reset", "reset() makes it as new",
       [](Bench& bench) { return as_new(bench, &RuleProbe::reset, "after reset() as new"); }},
      {"prepare-again", "another prepare() makes it as new",
       [](Bench& bench) {
         return as_new(bench, &RuleProbe::prepare_again, "prepared again as new");
       }},
      {"saved-state", "what it saves is all that it carries", saved_state},
      {"damaged-state", "half of a saved state is refused", damaged_state},
      {"threads", "two instances run on two threads", in_threads},
      {"many-updates", "100,000 updates take no more memory", many_updates},
  };
}

}  // namespace deltaw
