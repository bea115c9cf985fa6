// SPDX-License-Identifier: Apache-2.0
// Getting the bytes of one file, by HTTP or from a folder, into its part file. Any thread, one part
// file a thread.
#pragma once

#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "data/part_file.hpp"

namespace deltaw {

// Told now and then, at least once a second, how many bytes of the file there are; false stops.
using OnBytes = std::function<bool(std::uint64_t done)>;

// The user stopped it. What has come stays in the part file.
struct Stopped {};

// This source does not have the file, or not whole: the next one may. what() is the reason.
class TransferFailed : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// Goes on where `part` ends when the server knows ranges, else from the start. A file that is not
// of `bytes` bytes is refused before it is written. Connecting may take `timeout` seconds, and so
// may a silence. Throws Stopped, TransferFailed, and Error as PartFile does.
void download(const std::string& url, PartFile& part, std::uint64_t bytes, double timeout,
              const OnBytes& on_bytes);

// From the start. Throws as download() does.
void copy(const std::filesystem::path& from, PartFile& part, std::uint64_t bytes,
          const OnBytes& on_bytes);

}  // namespace deltaw
