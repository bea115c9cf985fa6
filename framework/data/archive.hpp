// SPDX-License-Identifier: Apache-2.0
// The members of an archive that a data set needs. Any thread.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "data/sources.hpp"
#include "data/transfer.hpp"

namespace deltaw {

// Unpacks the regular files `folder` + file.name, exactly these names and no others, to
// `into`/file.name, where they appear once their hash is right. `on_bytes` is told of the bytes of
// all members so far. Throws Stopped. Errors: E413 damaged archive, a member missing or of another
// size; E412 a member that differs from its hash; E600, E602 as PartFile.
void extract(const std::filesystem::path& archive, const std::string& folder,
             const std::vector<PublishedFile>& files, const std::filesystem::path& into,
             const OnBytes& on_bytes);

}  // namespace deltaw
