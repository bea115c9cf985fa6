// SPDX-License-Identifier: Apache-2.0
// The published data sets: of which files they are made, where they come from, what they should be.
// The one place where addresses of data stand. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

struct PublishedFile {
  std::string name;     // "train-images-idx3-ubyte.gz"
  std::uint64_t bytes;  // as published
  std::string sha256;   // as published
  std::string content;  // SHA-256 of what is in it once unpacked
};

struct PublishedSet {
  std::string name;  // the folder too: its files lie in DATA/<name>/
  std::string title, licence, citation;
  std::vector<PublishedFile> files;
  std::optional<PublishedFile> archive = {};  // a .tar.gz that holds the files
  std::string folder_in_archive = {};         // "cifar-10-batches-bin/"
  std::vector<std::string> mirrors;           // of the files or the archive; each ends with "/"
  bool is_shipped = false;                    // with deltaw itself

  [[nodiscard]] std::uint64_t bytes() const;  // of all files
};

[[nodiscard]] const std::vector<PublishedSet>& published_sets();

// Errors: E410, with the nearest name.
[[nodiscard]] const PublishedSet& published_set(const std::string& name);

}  // namespace deltaw
