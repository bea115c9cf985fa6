// SPDX-License-Identifier: Apache-2.0
#include "report/ensemble_data.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "report/ensemble_table.hpp"
#include "result/file.hpp"

namespace deltaw {

using nlohmann::json;

json ensemble_data(const std::filesystem::path& folder) {
  try {
    const json found = json::parse(read_file(folder / "ensemble.json"));
    return {{"headline", ensemble_claim(found)},
            {"facts", found.at("notes")},
            {"found", found},
            {"provenance", json::parse(read_file(folder / "provenance.json"))},
            {"summary",
             {{"name", found.at("name")},
              {"rules", json::array()},
              {"reference", ""},
              {"seeds", json::array()}}},
            {"trials", json()}};
  } catch (const json::exception& error) {
    throw Error(Code::E603, fmt::format("'{}' is damaged", folder.string()),
                {.found = error.what()});
  }
}

}  // namespace deltaw
