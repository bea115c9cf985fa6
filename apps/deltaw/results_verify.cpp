// SPDX-License-Identifier: Apache-2.0
// deltaw results verify and gc: whether all files are what they were, and what belongs to nothing.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "data.hpp"
#include "result/provenance.hpp"
#include "result/sums.hpp"
#include "results.hpp"
#include "say.hpp"
#include "store/runs.hpp"
#include "store/sweep.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Verified {
  std::size_t runs = 0, unknown = 0;  // unknown: of older results, without hashes
  json damages = json::array();       // {folder, rule, seed, file, expected, found}
};

void verify(const std::filesystem::path& folder, Verified& verified) {
  for (const StoredRun& run : stored_runs(folder)) {
    if (run.status == "interrupted") continue;
    ++verified.runs;
    std::error_code gone;
    if (!std::filesystem::exists(run.folder / k_sums_file, gone)) ++verified.unknown;
    for (const Damage& damage : damage_in(run.folder)) {
      verified.damages.push_back({{"folder", folder.string()},
                                  {"rule", run.rule},
                                  {"seed", run.seed},
                                  {"file", (run.folder / damage.file).string()},
                                  {"expected", damage.expected},
                                  {"found", damage.found}});
    }
  }
}

}  // namespace

int verify_results(const ResultsRequest& request) {
  Verified verified;
  const auto folders = folders_below(request.words);
  for (const auto& folder : folders) verify(folder, verified);
  if (request.has("json")) {
    const json told = {{"folders", folders.size()},
                       {"runs", verified.runs},
                       {"without_hashes", verified.unknown},
                       {"damaged", verified.damages}};
    fmt::print("{}\n", told.dump(2));
  } else {
    for (const json& damage : verified.damages) {
      fmt::print("damaged: {}\n  expected {}, found {}\n", damage["file"].get<std::string>(),
                 damage["expected"].get<std::string>(), damage["found"].get<std::string>());
    }
    fmt::print("{} runs in {} folders, {} damaged files{}\n", verified.runs, folders.size(),
               verified.damages.size(),
               verified.unknown > 0
                   ? fmt::format("; {} runs are older than hashes", verified.unknown)
                   : "");
  }
  if (verified.damages.empty()) return 0;
  throw Error(
      Code::E603, fmt::format("{} files of runs are damaged", verified.damages.size()),
      {.hint = fmt::format("deltaw compare --resume {} does those runs again, and no other",
                           shell_line({verified.damages[0]["folder"].get<std::string>()}))});
}

int sweep_results(const ResultsRequest& request) {
  const bool is_dry = request.has("dry-run");
  json removed = json::array();
  std::uint64_t bytes = 0;
  for (const auto& folder : folders_below(request.words)) {
    try {
      for (const Litter& litter : sweep(folder, is_dry)) {
        bytes += litter.bytes;
        removed.push_back(
            {{"file", litter.file.string()}, {"bytes", litter.bytes}, {"what", litter.what}});
      }
    } catch (const Error& error) {
      if (error.code() != Code::E600) throw;
      say(fmt::format("note: left alone: {}\n", error.headline()));
    }
  }
  if (request.has("json")) {
    fmt::print("{}\n", removed.dump(2));
    return 0;
  }
  for (const json& litter : removed) {
    fmt::print("{}  {}, {}\n", litter["file"].get<std::string>(), litter["what"].get<std::string>(),
               size_text(litter["bytes"].get<std::uint64_t>()));
  }
  fmt::print("{} {} files, {}\n", is_dry ? "would remove" : "removed", removed.size(),
             size_text(bytes));
  return 0;
}

}  // namespace deltaw
