// SPDX-License-Identifier: Apache-2.0
// Where data files are: the folders, in the order in which they are tried. Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

using DataFolders = std::vector<std::filesystem::path>;

// $XDG_DATA_HOME/deltaw/data, else ~/.local/share/deltaw/data; none without a home.
[[nodiscard]] std::optional<std::filesystem::path> user_data_folder();

// The folder `given` (--data), then $DELTAW_DATA, then the user's data folder, then the data
// shipped with deltaw: the source tree's data/, or share/deltaw/data beside the program's bin/.
// Errors: E400 when `given` is no folder.
[[nodiscard]] DataFolders data_folders(
    const std::optional<std::filesystem::path>& given = std::nullopt);

// Where `given` or $DELTAW_DATA says, else in the user's data folder: where data are fetched to.
// Errors: E002 without any.
[[nodiscard]] std::filesystem::path data_home(
    const std::optional<std::filesystem::path>& given = std::nullopt);

// As find_data; none where there is no such file.
[[nodiscard]] std::optional<std::filesystem::path> seek_data(const std::string& name,
                                                             const DataFolders& folders);

// The first regular file `name` in `folders`, with or without ".gz" or ".xz" at its end. Errors:
// E400 with the folders that were tried.
[[nodiscard]] std::filesystem::path find_data(const std::string& name, const DataFolders& folders);

}  // namespace deltaw
