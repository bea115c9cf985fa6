// SPDX-License-Identifier: Apache-2.0
// Where data files are: the folders, in the order in which they are tried. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

using DataFolders = std::vector<std::filesystem::path>;

// The folder `given` (--data), then $DELTAW_DATA, then the data shipped with deltaw: the source
// tree's data/, or share/deltaw/data beside the program's bin/. Errors: E400 when `given` is no
// folder.
[[nodiscard]] DataFolders data_folders(
    const std::optional<std::filesystem::path>& given = std::nullopt);

// The first regular file `name` in `folders`, with or without ".gz" or ".xz" at its end. Errors:
// E400 with the folders that were tried.
[[nodiscard]] std::filesystem::path find_data(const std::string& name, const DataFolders& folders);

}  // namespace deltaw
