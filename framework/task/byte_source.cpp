// SPDX-License-Identifier: Apache-2.0
// Plain reading and decoding behind one read().
#include "task/byte_source.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <limits>
#include <string_view>
#include <system_error>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_buffer_bytes = std::size_t{1} << 16;

std::string hex(std::string_view bytes) {
  const auto* const first = reinterpret_cast<const unsigned char*>(bytes.data());
  return fmt::format("{:02x}", fmt::join(first, first + bytes.size(), " "));
}

// A file that is named as if it were packed, and is not. An empty one was cut short.
Error misnamed(const Packing& packing, const std::filesystem::path& file, std::string_view begin) {
  if (begin.size() < packing.magic.size()) return damaged(packing.name, file, "is truncated");
  return Error(Code::E402,
               fmt::format("'{}' is not a{} {} file", file.string(),
                           packing.name == "xz" ? "n" : "", packing.name),
               {.expected = fmt::format("first bytes {}", hex(packing.magic)),
                .found = hex(begin.substr(0, packing.magic.size())),
                .hint = "rename it if it is plain, or download it again"});
}

}  // namespace

ByteSource::ByteSource(const std::filesystem::path& file)
    : file_(file), stream_(file, std::ios::binary) {
  std::error_code failed;
  const std::uint64_t bytes = std::filesystem::file_size(file, failed);
  if (!stream_ || failed) {
    throw Error(Code::E400, fmt::format("data file '{}' cannot be read", file.string()));
  }
  input_.resize(k_buffer_bytes);
  fill();
  at_most_ = bytes;
  const std::string_view begin(reinterpret_cast<const char*>(input_.data()), filled_);
  for (const Packing& packing : packings()) {
    if (!begin.starts_with(packing.magic)) continue;
    packing_ = &packing;
    decoder_ = packing.decoder(file);
    constexpr std::uint64_t largest = std::numeric_limits<std::uint64_t>::max();
    at_most_ =
        bytes > largest / packing.largest_expansion ? largest : bytes * packing.largest_expansion;
    return;
  }
  for (const Packing& packing : packings()) {
    if (file.extension() == packing.extension) throw misnamed(packing, file, begin);
  }
}

void ByteSource::fill() {
  stream_.read(reinterpret_cast<char*>(input_.data()), static_cast<std::streamsize>(input_.size()));
  filled_ = static_cast<std::size_t>(stream_.gcount());
  next_ = 0;
  if (stream_.bad()) {
    throw Error(Code::E401, fmt::format("reading data file '{}' failed", file_.string()));
  }
}

std::size_t ByteSource::read(void* into, std::size_t count) {
  auto* out = static_cast<unsigned char*>(into);
  std::size_t done = 0;
  while (done < count) {
    if (next_ == filled_) {
      fill();
      if (filled_ == 0) {
        if (decoder_ && !decoder_->is_complete())
          throw damaged(packing_->name, file_, "is truncated");
        break;
      }
    }
    done += take(out + done, count - done);
  }
  return done;
}

// What the buffer yields of the next `count` bytes.
std::size_t ByteSource::take(unsigned char* into, std::size_t count) {
  const unsigned char* const from = input_.data() + next_;
  const std::size_t given = filled_ - next_;
  Decoder::Step step = {};
  if (decoder_) {
    step = decoder_->decode(from, given, into, count);
  } else {
    step.used = step.made = std::min(count, given);
    std::copy_n(from, step.made, into);
  }
  next_ += step.used;
  return step.made;
}

}  // namespace deltaw
