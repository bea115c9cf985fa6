// SPDX-License-Identifier: Apache-2.0
// All headers first, so that the pixels are allocated once and never moved.
#include "task/idx.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/error.hpp"
#include "task/byte_source.hpp"

namespace deltaw {
namespace {

constexpr unsigned k_unsigned_bytes = 0x08;  // IDX's code of the element type
constexpr const char* k_copy_again = "download or copy the file again";

struct IdxFile {
  ByteSource source;
  std::vector<std::uint64_t> sizes;
  std::uint64_t bytes;  // of the elements

  [[nodiscard]] std::string name() const { return source.file().string(); }
};

std::array<std::uint8_t, 4> read_word(ByteSource& source) {
  std::array<std::uint8_t, 4> word = {};
  const std::size_t got = source.read(word.data(), word.size());
  if (got < word.size()) {
    throw Error(Code::E401, fmt::format("IDX file '{}' ends in its header", source.file().string()),
                {.hint = k_copy_again});
  }
  return word;
}

std::uint64_t big_endian(const std::array<std::uint8_t, 4>& word) {
  std::uint64_t value = 0;
  for (const std::uint8_t byte : word) value = value << 8 | byte;
  return value;
}

void check_magic(const std::array<std::uint8_t, 4>& magic, std::size_t dimensions,
                 const std::string& name) {
  const std::string expected =
      fmt::format("magic 0000{:02x}{:02x} ({} dimension{} of bytes)", k_unsigned_bytes, dimensions,
                  dimensions, dimensions == 1 ? "" : "s");
  const std::string found = fmt::format("{:08x}", big_endian(magic));
  if (magic[0] != 0 || magic[1] != 0) {
    throw Error(Code::E402, fmt::format("'{}' is not an IDX file", name),
                {.expected = expected, .found = found});
  }
  if (magic[2] != k_unsigned_bytes) {
    throw Error(Code::E402, fmt::format("IDX file '{}' holds no unsigned bytes", name),
                {.expected = expected, .found = found});
  }
  if (magic[3] != dimensions) {
    throw Error(Code::E402, fmt::format("IDX file '{}' has {} dimensions", name, magic[3]),
                {.expected = expected,
                 .found = found,
                 .hint = "images have 3 dimensions, labels 1: are the two file names swapped?"});
  }
}

IdxFile open_idx(const std::filesystem::path& file, std::size_t dimensions) {
  IdxFile idx = {ByteSource(file), {}, 1};
  check_magic(read_word(idx.source), dimensions, idx.name());
  for (std::size_t k = 0; k < dimensions; ++k) {
    idx.sizes.push_back(big_endian(read_word(idx.source)));
  }
  for (const std::uint64_t size : idx.sizes) {
    if (size == 0 || idx.bytes > idx.source.at_most() / size) {
      throw Error(Code::E401, fmt::format("IDX file '{}' has an impossible size", idx.name()),
                  {.expected = fmt::format("1 to {} elements", idx.source.at_most()),
                   .found = fmt::format("{}", fmt::join(idx.sizes, " x ")),
                   .hint = k_copy_again});
    }
    idx.bytes *= size;
  }
  return idx;
}

void append_elements(IdxFile& idx, std::vector<std::uint8_t>& to) {
  // Grown as the bytes come: a promise that the file breaks costs no memory.
  constexpr std::uint64_t chunk = std::uint64_t{1} << 20;
  std::uint64_t done = 0;
  while (done < idx.bytes) {
    const std::size_t want = static_cast<std::size_t>(std::min(chunk, idx.bytes - done));
    const std::size_t at = to.size();
    to.resize(at + want);
    const std::size_t got = idx.source.read(to.data() + at, want);
    done += got;
    if (got < want) {
      throw Error(Code::E401, fmt::format("IDX file '{}' is truncated", idx.name()),
                  {.expected = fmt::format("{} elements", idx.bytes),
                   .found = fmt::format("{}", done),
                   .hint = k_copy_again});
    }
  }
  std::uint8_t extra = 0;
  if (idx.source.read(&extra, 1) != 0) {
    throw Error(
        Code::E401, fmt::format("IDX file '{}' has trailing bytes", idx.name()),
        {.expected = fmt::format("its end after {} elements", idx.bytes), .hint = k_copy_again});
  }
}

struct OpenPair {
  IdxFile images, labels;
};

OpenPair open_pair(const IdxPair& pair) {
  OpenPair opened = {open_idx(pair.images, 3), open_idx(pair.labels, 1)};
  const std::uint64_t images = opened.images.sizes[0], labels = opened.labels.sizes[0];
  if (images != labels) {
    throw Error(Code::E401,
                fmt::format("'{}' and '{}' do not belong together", opened.images.name(),
                            opened.labels.name()),
                {.expected = "as many labels as images",
                 .found = fmt::format("{} images and {} labels", images, labels)});
  }
  return opened;
}

}  // namespace

IdxImages read_idx(const std::vector<IdxPair>& pairs) {
  std::vector<OpenPair> opened;
  std::uint64_t bytes = 0, count = 0;
  for (const IdxPair& pair : pairs) {
    opened.push_back(open_pair(pair));
    const IdxFile &first = opened.front().images, &images = opened.back().images;
    if (images.sizes[1] != first.sizes[1] || images.sizes[2] != first.sizes[2]) {
      throw Error(Code::E402, fmt::format("images of '{}' have another size", images.name()),
                  {.expected = fmt::format("{} x {} as in '{}'", first.sizes[1], first.sizes[2],
                                           first.name()),
                   .found = fmt::format("{} x {}", images.sizes[1], images.sizes[2])});
    }
    bytes += images.bytes;
    count += images.sizes[0];
  }
  IdxImages all;
  all.labels.reserve(count);
  for (OpenPair& pair : opened) append_elements(pair.labels, all.labels);
  all.pixels.reserve(bytes);  // untouched pages cost nothing
  for (OpenPair& pair : opened) append_elements(pair.images, all.pixels);
  const std::vector<std::uint64_t>& sizes = opened.back().images.sizes;
  all.rows = sizes[1];
  all.columns = sizes[2];
  all.last = sizes[0];
  return all;
}

}  // namespace deltaw
