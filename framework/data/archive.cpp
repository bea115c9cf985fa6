// SPDX-License-Identifier: Apache-2.0
// libarchive, which here reads only: nothing is written under a name that an archive gives.
#include "data/archive.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <new>
#include <string_view>

#include "core/error.hpp"
#include "data/check.hpp"
#include "data/part_file.hpp"

namespace deltaw {
namespace {

constexpr const char* k_again = "download the archive again";

class Archive {
 public:
  explicit Archive(const std::filesystem::path& path)
      : path_(path), archive_(archive_read_new(), &archive_read_free) {
    if (!archive_) throw std::bad_alloc();
    archive_read_support_filter_gzip(archive_.get());
    archive_read_support_format_tar(archive_.get());
    constexpr std::size_t block = std::size_t{1} << 18;
    check(archive_read_open_filename(archive_.get(), path.c_str(), block));
  }

  // Null at the end.
  archive_entry* next() {
    archive_entry* entry = nullptr;
    const int status = archive_read_next_header(archive_.get(), &entry);
    if (status == ARCHIVE_EOF) return nullptr;
    check(status);
    return entry;
  }

  std::size_t read(std::vector<char>& piece) {
    const la_ssize_t got = archive_read_data(archive_.get(), piece.data(), piece.size());
    if (got < 0) refuse();
    return static_cast<std::size_t>(got);
  }

 private:
  void check(int status) const {
    if (status != ARCHIVE_OK) refuse();
  }
  [[noreturn]] void refuse() const {
    const char* const why = archive_error_string(archive_.get());
    throw Error(Code::E413, fmt::format("archive '{}' is damaged", path_.string()),
                {.found = why != nullptr ? why : "", .hint = k_again});
  }

  std::filesystem::path path_;
  std::unique_ptr<archive, decltype(&archive_read_free)> archive_;
};

std::string_view name_of(archive_entry* entry) {
  const char* const path = archive_entry_pathname(entry);
  std::string_view name = path != nullptr ? path : "";
  if (name.starts_with("./")) name.remove_prefix(2);
  return name;
}

bool is_plain_file(archive_entry* entry) {
  return archive_entry_filetype(entry) == AE_IFREG && archive_entry_hardlink(entry) == nullptr;
}

}  // namespace

void extract(const std::filesystem::path& path, const std::string& folder,
             const std::vector<PublishedFile>& files, const std::filesystem::path& into,
             const OnBytes& on_bytes) {
  std::vector<PublishedFile> missing = files;
  Archive archive(path);
  std::vector<char> piece(std::size_t{1} << 18);
  std::uint64_t done = 0;
  for (archive_entry* entry; !missing.empty() && (entry = archive.next()) != nullptr;) {
    const auto file = std::find_if(missing.begin(), missing.end(), [&](const PublishedFile& one) {
      return is_plain_file(entry) && name_of(entry) == folder + one.name;
    });
    if (file == missing.end()) continue;
    if (archive_entry_size(entry) != static_cast<la_int64_t>(file->bytes)) {
      throw Error(Code::E413,
                  fmt::format("'{}' in archive '{}' has another size", file->name, path.string()),
                  {.expected = fmt::format("{} bytes", file->bytes),
                   .found = fmt::format("{}", archive_entry_size(entry)),
                   .hint = k_again});
    }
    PartFile part(into / file->name);
    part.restart();
    while (const std::size_t got = archive.read(piece)) {
      part.append(piece.data(), got);
      done += got;
      if (!on_bytes(done)) throw Stopped();
    }
    try {
      require_hash(*file, part.path());
    } catch (const Error&) {
      part.discard();
      throw;
    }
    part.finish();
    missing.erase(file);
  }
  if (!missing.empty()) {
    throw Error(Code::E413,
                fmt::format("archive '{}' lacks '{}{}'", path.string(), folder, missing[0].name),
                {.hint = k_again});
  }
}

}  // namespace deltaw
