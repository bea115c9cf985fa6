// SPDX-License-Identifier: Apache-2.0
// Where the files of a published set are on this machine, and whether they are the published ones.
// Any thread.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/sources.hpp"
#include "task/find_data.hpp"

namespace deltaw {

// Empty when the file is the published one, or holds the same once unpacked; else its SHA-256.
// Errors: E400 not readable.
[[nodiscard]] std::string differing_hash(const PublishedFile& file,
                                         const std::filesystem::path& path);

// Errors: E412, naming both hashes.
void require_hash(const PublishedFile& file, const std::filesystem::path& path);

// The first of its files that load_dataset() would read, packed or not; none when it is absent.
[[nodiscard]] std::optional<std::filesystem::path> local_file(const PublishedSet& set,
                                                              const PublishedFile& file,
                                                              const DataFolders& folders);

}  // namespace deltaw
