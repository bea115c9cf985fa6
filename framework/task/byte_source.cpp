// SPDX-License-Identifier: Apache-2.0
// Plain reading and zlib's inflate behind one read().
#include "task/byte_source.hpp"

#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <limits>
#include <system_error>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_buffer_bytes = std::size_t{1} << 16;
// Deflate cannot expand by more than 1032 : 1 (zlib technical details).
constexpr std::uint64_t k_largest_expansion = 1032;

Error damaged(const std::filesystem::path& file, const std::string& how) {
  return Error(Code::E401, fmt::format("gzip file '{}' {}", file.string(), how),
               {.hint = "download or copy the file again"});
}

}  // namespace

struct ByteSource::Inflater {
  Inflater() {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  z_stream stream = {};
  bool between_members = false;
};

ByteSource::ByteSource(const std::filesystem::path& file)
    : file_(file), stream_(file, std::ios::binary) {
  std::error_code failed;
  const std::uint64_t bytes = std::filesystem::file_size(file, failed);
  if (!stream_ || failed) {
    throw Error(Code::E400, fmt::format("data file '{}' cannot be read", file.string()));
  }
  input_.resize(k_buffer_bytes);
  fill();
  const bool is_gzip = filled_ >= 2 && input_[0] == 0x1f && input_[1] == 0x8b;
  if (!is_gzip && file.extension() == ".gz") {
    if (filled_ < 2) throw damaged(file, "is truncated");
    throw Error(Code::E402, fmt::format("'{}' is not a gzip file", file.string()),
                {.expected = "first bytes 1f 8b",
                 .found = fmt::format("{:02x} {:02x}", input_[0], input_[1]),
                 .hint = "rename it if it is plain, or download it again"});
  }
  at_most_ = bytes;
  if (is_gzip) {
    inflater_ = std::make_unique<Inflater>();
    at_most_ = bytes > std::numeric_limits<std::uint64_t>::max() / k_largest_expansion
                   ? std::numeric_limits<std::uint64_t>::max()
                   : bytes * k_largest_expansion;
  }
}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&&) noexcept = default;

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
        if (inflater_ && !inflater_->between_members) throw damaged(file_, "is truncated");
        break;
      }
    }
    if (inflater_) {
      done += inflate_into(out + done, count - done);
    } else {
      const std::size_t available = std::min(count - done, filled_ - next_);
      std::copy_n(input_.data() + next_, available, out + done);
      next_ += available;
      done += available;
    }
  }
  return done;
}

std::size_t ByteSource::inflate_into(unsigned char* into, std::size_t count) {
  z_stream& z = inflater_->stream;
  if (inflater_->between_members) {
    inflateReset(&z);
    inflater_->between_members = false;
  }
  constexpr std::size_t largest = std::size_t{1} << 30;  // zlib counts in 32 bits
  const std::size_t room = std::min(count, largest);
  z.next_in = input_.data() + next_;
  z.avail_in = static_cast<uInt>(filled_ - next_);
  z.next_out = into;
  z.avail_out = static_cast<uInt>(room);
  const int status = inflate(&z, Z_NO_FLUSH);
  next_ = filled_ - z.avail_in;
  if (status == Z_MEM_ERROR) throw std::bad_alloc();
  if (status == Z_STREAM_END) {
    inflater_->between_members = true;
  } else if (status != Z_OK && status != Z_BUF_ERROR) {
    throw damaged(file_, fmt::format("is damaged ({})", z.msg != nullptr ? z.msg : "zlib error"));
  }
  return room - z.avail_out;
}

}  // namespace deltaw
