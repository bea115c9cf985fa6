// SPDX-License-Identifier: Apache-2.0
// A published data set, brought to a folder of this machine. Any thread; a folder at a time.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "data/sources.hpp"
#include "data/transfer.hpp"
#include "task/find_data.hpp"

namespace deltaw {

struct FetchedFile {
  std::string name;  // with its set: "mnist/train-labels-idx1-ubyte.gz"
  std::filesystem::path path;
  std::uint64_t bytes;
  std::string source;  // address, file or archive; empty when the right file was there already
};

struct FetchOptions {
  std::filesystem::path folder;        // the set gets a folder of its name in it
  DataFolders there = {};              // what is right in one of these stays where it is
  std::vector<std::string> from = {};  // addresses and folders instead of the set's own mirrors
  double timeout = 30;                 // seconds: of connecting, and of silence
  // Of the file `name`; false stops, by Stopped.
  std::function<bool(const std::string& name, std::uint64_t done, std::uint64_t total)> on_bytes;
  std::function<void(const FetchedFile&)> on_file;  // it is in its place
};

// Fetches what is missing or differs from what was published, `there` and in `folder`; each file
// appears under its name once its SHA-256 is right. Sources are tried in turn; a folder or address
// may hold the files in a folder of the set's name, or as they are. Throws Stopped, with what has
// come kept in NAME.part. Errors: E400 no such folder to copy from; E411 no source has a file; E412
// all that came differs; E413 archive; E600, E602 output.
void fetch(const PublishedSet& set, const FetchOptions& options);

}  // namespace deltaw
