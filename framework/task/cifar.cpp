// SPDX-License-Identifier: Apache-2.0
// Records straight into their place.
#include "task/cifar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "task/byte_source.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_features = CifarImages::k_features;

// Photographs do not shrink to less than half, and pages that are not written cost nothing: mostly
// the pixels never move. Where they do shrink more, the vector grows as it must.
std::size_t bytes_to_expect(const ByteSource& source) {
  const std::uint64_t packed = std::filesystem::file_size(source.file());
  return static_cast<std::size_t>(std::min(source.at_most(), 2 * packed));
}

Error cut_off(const ByteSource& source, std::size_t record, std::size_t bytes) {
  return Error(Code::E401,
               fmt::format("CIFAR file '{}' ends inside record {}", source.file().string(), record),
               {.expected = fmt::format("{} bytes: a label and 32 x 32 x 3 pixels", k_features + 1),
                .found = fmt::format("{}", bytes),
                .hint = "download or copy the file again"});
}

void append_records(ByteSource& source, CifarImages& images) {
  std::size_t count = 0;
  for (std::uint8_t label = 0; source.read(&label, 1) == 1;) {
    ++count;
    if (label >= CifarImages::k_classes) {
      throw Error(Code::E403,
                  fmt::format("label of record {} of CIFAR file '{}' is out of range", count,
                              source.file().string()),
                  {.expected = "0 to 9",
                   .found = fmt::format("{}", label),
                   .hint = "is it CIFAR-10's binary version? CIFAR-100 has two labels a record"});
    }
    const std::size_t at = images.pixels.size();
    images.pixels.resize(at + k_features);
    const std::size_t got = source.read(images.pixels.data() + at, k_features);
    if (got < k_features) throw cut_off(source, count, got + 1);
    images.labels.push_back(label);
  }
  if (count == 0) {
    throw Error(Code::E401, fmt::format("CIFAR file '{}' is empty", source.file().string()));
  }
  images.counts.push_back(count);
}

}  // namespace

CifarImages read_cifar(const std::vector<std::filesystem::path>& files) {
  CifarImages images;
  std::size_t bytes = 0;
  for (const std::filesystem::path& file : files) bytes += bytes_to_expect(ByteSource(file));
  images.pixels.reserve(bytes);
  for (const std::filesystem::path& file : files) {
    ByteSource source(file);
    append_records(source, images);
  }
  return images;
}

}  // namespace deltaw
