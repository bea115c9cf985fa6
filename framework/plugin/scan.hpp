// SPDX-License-Identifier: Apache-2.0
// The manifests of one place on the search path. Internal to the plugin room. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugin/search_path.hpp"

namespace deltaw {

// FOLDER/*.rule.json and FOLDER/*/*.rule.json, sorted; for a file: the manifest itself, or the one
// beside a library of that stem. What cannot be listed is not there.
[[nodiscard]] std::vector<std::filesystem::path> manifests_of(const SearchPlace& place);

// The ids that a manifest with errors nevertheless names, so that they can be told from unknown
// ones; {""} when it names none.
[[nodiscard]] std::vector<std::string> ids_despite_errors(const std::filesystem::path& file);

}  // namespace deltaw
