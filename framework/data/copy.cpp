// SPDX-License-Identifier: Apache-2.0
// A file of a folder.
#include <fmt/format.h>

#include <fstream>
#include <system_error>
#include <vector>

#include "data/transfer.hpp"

namespace deltaw {

void copy(const std::filesystem::path& from, PartFile& part, std::uint64_t bytes,
          const OnBytes& on_bytes) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(from, failed)) throw TransferFailed("no such file");
  const std::uint64_t size = std::filesystem::file_size(from, failed);
  if (failed || size != bytes) {
    throw TransferFailed(fmt::format("has {} bytes instead of {}", size, bytes));
  }
  std::ifstream stream(from, std::ios::binary);
  part.restart();
  std::vector<char> piece(std::size_t{1} << 20);
  while (part.size() < bytes) {
    if (!on_bytes(part.size())) throw Stopped();
    stream.read(piece.data(), static_cast<std::streamsize>(piece.size()));
    const auto got = static_cast<std::size_t>(stream.gcount());
    if (got == 0) throw TransferFailed("cannot be read");
    part.append(piece.data(), got);
  }
}

}  // namespace deltaw
