// SPDX-License-Identifier: Apache-2.0
// Whole files of a result folder: read, and written so that a reader sees the old or the new file,
// never half of one. Any thread, but one writer a file.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace deltaw {

// Whether a file is on the disk when it was written, or some time later: for files whose hashes
// tell what a power failure took.
enum class Sync { now, later };

// Writes a sibling temporary file, syncs it and renames it over `file`.
// Errors: E602 when the disk is full, E600 for any other reason.
void write_file(const std::filesystem::path& file, std::string_view bytes, Sync sync = Sync::now);

// Brings to the disk whatever was written to the file system of `folder`. Errors: as write_file().
void bring_to_disk(const std::filesystem::path& folder);

// Throws E602 or E600 for a file that could not be written, with errno as the reason.
[[noreturn]] void refuse_to_write(const std::filesystem::path& file, int reason);

// A document as it is written for people to read. What is no UTF-8 becomes U+FFFD.
[[nodiscard]] std::string json_text(const nlohmann::json& document);
void write_json(const std::filesystem::path& file, const nlohmann::json& document);

// Error: E603 with `hint` when `file` cannot be read.
[[nodiscard]] std::string read_file(
    const std::filesystem::path& file,
    const char* hint = "a folder written by deltaw run or deltaw compare");
// The document in a file; discarded where there is none: for those who look on while others write.
[[nodiscard]] nlohmann::json json_in(const std::filesystem::path& file);

// Makes `folder` and its parents. Errors: as write_file.
void make_folder(const std::filesystem::path& folder);

}  // namespace deltaw
