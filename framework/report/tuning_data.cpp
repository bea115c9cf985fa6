// SPDX-License-Identifier: Apache-2.0
// Lines as they are; sentences about them.
#include "report/tuning_data.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "core/error.hpp"
#include "report/tuning_table.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string headline_of(const json& tuned) {
  const auto& rungs = tuned.at("rungs");
  const auto first = rungs.front().at("epochs").get<std::size_t>();
  const auto last = rungs.back().at("epochs").get<std::size_t>();
  const std::size_t rules = tuned.at("rules").size();
  return fmt::format("{} tuned with the same budget: {} trials of {} {} each.",
                     rules == 1 ? "One rule" : fmt::format("{} rules", rules),
                     rungs.front().at("trials").get<std::size_t>(),
                     first == last ? fmt::format("{}", last) : fmt::format("{} to {}", first, last),
                     tuned.at("unit").get<std::string>());
}

}  // namespace

json tuning_data(const std::filesystem::path& folder) {
  try {
    const json tuned = json::parse(read_file(folder / "tuned.json"));
    json lines = json::array(), rules = json::array(), facts = json::array();
    std::istringstream text(read_file(folder / "trials.jsonl"));
    for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
    for (const json& rule : tuned.at("rules")) {
      rules.push_back({{"rule", rule.at("rule")}, {"metrics", json::object()}});
    }
    for (const std::string& warning : tuning_warnings(tuned)) facts.push_back(warning + ".");
    return {{"headline", headline_of(tuned)},
            {"facts", facts},
            {"tuned", tuned},
            {"lines", lines},
            {"provenance", json::parse(read_file(folder / "provenance.json"))},
            {"summary",
             {{"name", tuned.at("experiment")},
              {"rules", rules},
              {"reference", ""},
              {"seeds", tuned.at("seeds")}}},
            {"trials", json()}};
  } catch (const json::exception& error) {
    throw Error(Code::E603, fmt::format("'{}' is damaged", folder.string()),
                {.found = error.what()});
  }
}

}  // namespace deltaw
