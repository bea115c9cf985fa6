// SPDX-License-Identifier: Apache-2.0
// SHA256SUMS in the folder of a run that ended: the hash of every file that it left, as
// `sha256sum --check` reads them. Any thread, while nobody writes the folder.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace deltaw {

inline constexpr const char* k_sums_file = "SHA256SUMS";

// Whether a file of that name is there for a while only: a state of a run, or half of a file.
[[nodiscard]] bool is_passing(const std::filesystem::path& file);

// Of all files below `folder` but passing ones, sorted by name, with `record` as what run.json is
// going to be.
[[nodiscard]] std::string sums_of(const std::filesystem::path& folder, std::string_view record);

// Names and hashes that a run's SHA256SUMS tells; none where there is no such file, or it is
// damaged.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> recorded_sums(
    const std::filesystem::path& folder);

struct Damage {
  std::string file;             // below the folder
  std::string expected, found;  // "SHA-256 ..."; "nothing" for a file that is gone
};

// Of a run that has ended: which files are no longer what they were. Without SHA256SUMS, which
// older results lack, whether run.json is whole and there is a curve.
[[nodiscard]] std::vector<Damage> damage_in(const std::filesystem::path& folder);

}  // namespace deltaw
