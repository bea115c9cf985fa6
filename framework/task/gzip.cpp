// SPDX-License-Identifier: Apache-2.0
// gzip through zlib's inflate. zlib's own gzread lets garbage after the stream pass in silence;
// here it is an error.
#include <fmt/format.h>
#include <zlib.h>

#include <algorithm>
#include <new>

#include "task/packing.hpp"

namespace deltaw {
namespace {

class GzipDecoder : public Decoder {
 public:
  explicit GzipDecoder(const std::filesystem::path& file) : file_(file) {
    constexpr int gzip_only = 16 + MAX_WBITS;
    if (inflateInit2(&stream_, gzip_only) != Z_OK) throw std::bad_alloc();
  }
  ~GzipDecoder() override { inflateEnd(&stream_); }

  Step decode(const unsigned char* from, std::size_t given, unsigned char* into,
              std::size_t room) override {
    if (is_between_members_) {
      inflateReset(&stream_);
      is_between_members_ = false;
    }
    constexpr std::size_t largest = std::size_t{1} << 30;  // zlib counts in 32 bits
    const std::size_t in = std::min(given, largest), out = std::min(room, largest);
    stream_.next_in = const_cast<unsigned char*>(from);
    stream_.avail_in = static_cast<uInt>(in);
    stream_.next_out = into;
    stream_.avail_out = static_cast<uInt>(out);
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_MEM_ERROR) throw std::bad_alloc();
    if (status == Z_STREAM_END) {
      is_between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      const char* const why = stream_.msg != nullptr ? stream_.msg : "zlib error";
      throw damaged("gzip", file_, fmt::format("is damaged ({})", why));
    }
    return {.used = in - stream_.avail_in, .made = out - stream_.avail_out};
  }

  bool is_complete() override { return is_between_members_; }

 private:
  std::filesystem::path file_;
  z_stream stream_ = {};
  bool is_between_members_ = false;
};

}  // namespace

std::unique_ptr<Decoder> gzip_decoder(const std::filesystem::path& file) {
  return std::make_unique<GzipDecoder>(file);
}

}  // namespace deltaw
