// SPDX-License-Identifier: Apache-2.0
// Whether manifest and file are in order, and whether a rule leaves its process as it found it.
#define BOOST_DLL_USE_STD_FS
#include <fmt/format.h>

#include <algorithm>
#include <ctime>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <vector>
// It uses std::vector without including it.
#include <boost/dll/library_info.hpp>

#include "conformance/conformance_test.hpp"
#include "core/error.hpp"
#include "core/json.hpp"
#include "plugin/environment_guard.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr double k_slow = 0.1;  // s of the processor to load a library

Outcome strict_manifest(Bench& bench) {
  const std::string file = bench.manifest().file.string();
  const JsonCodes codes = {Code::E103, Code::E110, Code::E111, Code::E111};
  try {
    check_strictly(read_json(file, codes), file);
  } catch (const Error& error) {
    if (error.code() == Code::E103) return {Verdict::skipped, error.headline()};
    return {Verdict::warning, error.headline() + "; " + error.detail().hint};
  }
  return {Verdict::pass, "every key is known"};
}

Outcome loads(Bench& bench) {
  const auto& warnings = bench.library().warnings();
  if (!warnings.empty()) return {Verdict::warning, warnings.front().headline()};
  return {Verdict::pass, bench.manifest().sha256
                             ? "file, hash, ABI and manifest agree"
                             : "file, ABI and manifest agree; no hash is given"};
}

Outcome one_symbol(Bench& bench) {
  std::vector<std::string> names = boost::dll::library_info(bench.manifest().library).symbols();
  std::erase_if(names, [](const std::string& name) {
    return name.empty() || name.front() == '_' || name == "deltaw_plugin_entry";
  });
  if (names.empty()) return {Verdict::pass, "deltaw_plugin_entry and no other"};
  const std::size_t count = names.size();
  names.resize(std::min<std::size_t>(count, 3));
  return {Verdict::warning, fmt::format("{} more, which may meet those of another plugin: {}{}",
                                        count, fmt::join(names, ", "), count > 3 ? ", ..." : "")};
}

Outcome loads_quickly(Bench& bench) {
  const std::clock_t begin = std::clock();
  (void)bench.library();
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  if (seconds <= k_slow) return {Verdict::pass, "in less than 0.1 s"};
  return {Verdict::warning, fmt::format("{:.2f} s: every start of the host waits for it", seconds)};
}

Outcome entry_again(Bench& bench) {
  const Library again(bench.manifest());
  const bool is_same = &again.table() == &bench.plugin();
  return is_same ? Outcome{Verdict::pass, "the same table"}
                 : Outcome{Verdict::failed, "the entry gives another table each time"};
}

Outcome table_ends(Bench& bench) {
  const deltaw_plugin& plugin = bench.plugin();
  if (plugin.rule_info(plugin.n_rules) == nullptr)
    return {Verdict::pass, "NULL past the last rule"};
  return {Verdict::failed,
          fmt::format("it has {} rules, and yet information on one more", plugin.n_rules)};
}

std::size_t threads() {
  std::error_code ignored;
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/task", ignored), {}));
}

// Everything that a run does, in every scene.
void use(Bench& bench) {
  (void)bench.in_scenes([](const Scene&) { return Outcome{}; });
}

Outcome starts_no_thread(Bench& bench) {
  const std::size_t before = threads();
  use(bench);
  const std::size_t after = threads();
  if (after == before) return {Verdict::pass, "none"};
  return {Verdict::failed, fmt::format("{} threads more than before", after - before)};
}

Outcome kept(Bench& bench, Code code, const char* what) {
  (void)bench.library();
  const EnvironmentGuard guard;
  use(bench);
  for (const Error& change : guard.restore(bench.manifest().library)) {
    if (change.code() != code) continue;
    return {Verdict::failed, "updates change what belongs to the host: " + change.headline()};
  }
  return {Verdict::pass, what};
}

}  // namespace

ConformanceTests library_tests() {
  return {
      {"manifest", "the manifest has no key that nobody reads", strict_manifest},
      {"library", "the library loads, and says what the manifest says", loads},
      {"one-symbol", "nothing but the entry is exported", one_symbol},
      {"loads-quickly", "loading costs little", loads_quickly},
      {"entry-again", "the entry may be asked twice", entry_again},
      {"table-ends", "there is no rule past the last one", table_ends},
      {"no-threads", "no thread is started", starts_no_thread},
      {"floating-point", "arithmetic stays as the host has set it",
       [](Bench& bench) {
         return kept(bench, Code::W401, "rounding and denormals are as before");
       }},
      {"surroundings", "locale, working directory and signal handlers stay",
       [](Bench& bench) {
         return kept(bench, Code::W402,
                     "locale, working directory and signal handlers are as before");
       }},
      {"silence", "nothing is printed",
       [](Bench& bench) {
         use(bench);
         return Outcome{Verdict::pass, "nothing printed"};
       },
       true},
  };
}

}  // namespace deltaw
