// SPDX-License-Identifier: Apache-2.0
// Every file from the first source that has it right.
#include "data/fetch.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <system_error>

#include "core/error.hpp"
#include "data/archive.hpp"
#include "data/check.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr int k_attempts = 5;  // of a source that breaks off, as long as each brings more

bool is_address(const std::string& source) { return source.find("://") != std::string::npos; }

class Fetcher {
 public:
  Fetcher(const PublishedSet& set, const FetchOptions& options)
      : set_(set), options_(options), folder_(options.folder / set.name) {}

  void run();

 private:
  [[nodiscard]] std::vector<std::string> sources_of(const PublishedFile& file) const;
  [[nodiscard]] bool is_in_folders(const PublishedFile& file) const;
  [[nodiscard]] OnBytes watch(const PublishedFile& file) const;
  std::string bring(const PublishedFile& file) const;
  void transfer(const std::string& source, const PublishedFile& file, PartFile& part) const;
  void unpack(const PublishedFile& archive, const std::vector<PublishedFile>& missing) const;
  void tell(const PublishedFile& file, const fs::path& path, const std::string& source) const;

  const PublishedSet& set_;
  const FetchOptions& options_;
  fs::path folder_;
};

std::vector<std::string> Fetcher::sources_of(const PublishedFile& file) const {
  std::vector<std::string> sources;
  for (const std::string& mirror : options_.from) {
    const std::string base = mirror.ends_with('/') ? mirror : mirror + "/";
    sources.push_back(base + set_.name + "/" + file.name);
    sources.push_back(base + file.name);
  }
  if (!options_.from.empty()) return sources;
  for (const std::string& mirror : set_.mirrors) sources.push_back(mirror + file.name);
  return sources;
}

bool Fetcher::is_in_folders(const PublishedFile& file) const {
  for (const std::string& source : sources_of(file)) {
    std::error_code ignored;
    if (!is_address(source) && fs::is_regular_file(source, ignored)) return true;
  }
  return false;
}

OnBytes Fetcher::watch(const PublishedFile& file) const {
  return [this, &file](std::uint64_t done) {
    return !options_.on_bytes || options_.on_bytes(set_.name + "/" + file.name, done, file.bytes);
  };
}

void Fetcher::tell(const PublishedFile& file, const fs::path& path,
                   const std::string& source) const {
  if (!options_.on_file) return;
  options_.on_file(
      {.name = set_.name + "/" + file.name, .path = path, .bytes = file.bytes, .source = source});
}

// All bytes of `file` into `part`, right or not.
void Fetcher::transfer(const std::string& source, const PublishedFile& file, PartFile& part) const {
  if (!is_address(source)) return copy(source, part, file.bytes, watch(file));
  for (int attempt = 1;; ++attempt) {
    const std::uint64_t before = part.size();
    try {
      return download(source, part, file.bytes, options_.timeout, watch(file));
    } catch (const TransferFailed&) {
      if (part.size() <= before || attempt == k_attempts) throw;
    }
  }
}

// The source that had it.
std::string Fetcher::bring(const PublishedFile& file) const {
  PartFile part(folder_ / file.name);
  if (part.size() > file.bytes) part.restart();
  std::vector<std::string> reasons;
  bool has_differed = false;
  for (const std::string& source : sources_of(file)) {
    try {
      // What was there before may be of another file: what differs is fetched once more, whole.
      for (bool is_whole = part.size() == 0;; is_whole = true) {
        if (part.size() < file.bytes) transfer(source, file, part);
        if (differing_hash(file, part.path()).empty()) {
          part.finish();
          return source;
        }
        part.restart();
        if (is_whole) break;
      }
      has_differed = true;
      reasons.push_back(source + ": its SHA-256 differs");
    } catch (const TransferFailed& failure) {
      reasons.push_back(fmt::format("{}: {}", source, failure.what()));
    }
  }
  if (part.size() == 0) part.discard();
  throw Error(
      has_differed ? Code::E412 : Code::E411,
      fmt::format("{}/{}: {}", set_.name, file.name,
                  has_differed ? "what was fetched is not the published file" : "no source has it"),
      {.expected = fmt::format("{} bytes with SHA-256 {}", file.bytes, file.sha256),
       .found = fmt::format("nothing right in\n    {}", fmt::join(reasons, "\n    ")),
       .hint = part.size() > 0 ? "the same command again: it goes on where this one broke off"
                               : "--from FOLDER or --from URL, where you have a copy"});
}

void Fetcher::unpack(const PublishedFile& archive,
                     const std::vector<PublishedFile>& missing) const {
  const fs::path path = folder_ / archive.name;
  std::error_code ignored;
  const bool is_there = fs::is_regular_file(path, ignored) && differing_hash(archive, path).empty();
  const std::string source = is_there ? path.string() : bring(archive);
  PublishedFile unpacked = archive;
  unpacked.bytes = 0;
  for (const PublishedFile& file : missing) unpacked.bytes += file.bytes;
  extract(path, set_.folder_in_archive, missing, folder_, watch(unpacked));
  if (!is_there) fs::remove(path, ignored);
  for (const PublishedFile& file : missing) tell(file, folder_ / file.name, source);
}

void Fetcher::run() {
  for (const std::string& source : options_.from) {
    std::error_code ignored;
    if (is_address(source) || fs::is_directory(source, ignored)) continue;
    throw Error(Code::E400, fmt::format("folder '{}' does not exist", source),
                {.hint = "--from takes a folder, or an address that starts with http"});
  }
  DataFolders folders = {options_.folder};
  folders.insert(folders.end(), options_.there.begin(), options_.there.end());
  std::vector<PublishedFile> packed;
  for (const PublishedFile& file : set_.files) {
    const auto there = local_file(set_, file, folders);
    if (there && differing_hash(file, *there).empty()) {
      tell(file, *there, "");
    } else if (set_.archive && !is_in_folders(file)) {
      packed.push_back(file);
    } else {
      tell(file, folder_ / file.name, bring(file));
    }
  }
  if (!packed.empty()) unpack(*set_.archive, packed);
}

}  // namespace

void fetch(const PublishedSet& set, const FetchOptions& options) { Fetcher(set, options).run(); }

}  // namespace deltaw
