// SPDX-License-Identifier: Apache-2.0
// SHA-256 of a file as it is, then of what it holds.
#include "data/check.hpp"

#include <fmt/format.h>

#include <vector>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "task/byte_source.hpp"

namespace deltaw {
namespace {

// Empty when it cannot be unpacked.
std::string hash_of_content(const std::filesystem::path& path) {
  try {
    ByteSource source(path);
    Sha256 digest;
    std::vector<char> piece(std::size_t{1} << 18);
    while (const std::size_t got = source.read(piece.data(), piece.size())) {
      digest.add(piece.data(), got);
    }
    return digest.hex();
  } catch (const Error&) {
    return "";
  }
}

std::string hash_of_file(const std::filesystem::path& path) {
  try {
    return sha256_hex(path);
  } catch (const std::runtime_error& failure) {
    throw Error(Code::E400, fmt::format("data file '{}' cannot be read", path.string()),
                {.found = failure.what()});
  }
}

}  // namespace

std::string differing_hash(const PublishedFile& file, const std::filesystem::path& path) {
  const std::string found = hash_of_file(path);
  if (found == file.sha256) return "";
  return !file.content.empty() && hash_of_content(path) == file.content ? "" : found;
}

void require_hash(const PublishedFile& file, const std::filesystem::path& path) {
  const std::string found = hash_of_file(path);
  if (found == file.sha256) return;
  throw Error(Code::E412, fmt::format("'{}' is not the file that was published", file.name),
              {.expected = fmt::format("SHA-256 {}", file.sha256),
               .found = found,
               .hint = "another source: deltaw data fetch NAME --from URL_OR_FOLDER"});
}

std::optional<std::filesystem::path> local_file(const PublishedSet& set, const PublishedFile& file,
                                                const DataFolders& folders) {
  return seek_data(set.name + "/" + file.name, folders);
}

}  // namespace deltaw
