// SPDX-License-Identifier: Apache-2.0
// xz through liblzma, with every filter that it knows.
#include <fmt/format.h>
#include <lzma.h>

#include <new>

#include "task/packing.hpp"

namespace deltaw {
namespace {

constexpr std::uint64_t k_most_memory = std::uint64_t{256} << 20;  // xz -9 needs 65 MiB

const char* meaning_of(lzma_ret status) {
  switch (status) {
    case LZMA_OPTIONS_ERROR:
      return "unknown options";
    case LZMA_MEMLIMIT_ERROR:
      return "needs more than 256 MiB to unpack";
    default:
      return "corrupt data";
  }
}

class XzDecoder : public Decoder {
 public:
  explicit XzDecoder(const std::filesystem::path& file) : file_(file) {
    if (lzma_stream_decoder(&stream_, k_most_memory, LZMA_CONCATENATED) != LZMA_OK) {
      throw std::bad_alloc();
    }
  }
  ~XzDecoder() override { lzma_end(&stream_); }

  Step decode(const unsigned char* from, std::size_t given, unsigned char* into,
              std::size_t room) override {
    stream_.next_in = from;
    stream_.avail_in = given;
    stream_.next_out = into;
    stream_.avail_out = room;
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    if (status == LZMA_MEM_ERROR) throw std::bad_alloc();
    if (status != LZMA_OK && status != LZMA_STREAM_END && status != LZMA_BUF_ERROR) {
      throw damaged("xz", file_, fmt::format("is damaged ({})", meaning_of(status)));
    }
    return {.used = given - stream_.avail_in, .made = room - stream_.avail_out};
  }

  // Only this tells liblzma that no further stream follows.
  bool is_complete() override {
    stream_.avail_in = stream_.avail_out = 0;
    return lzma_code(&stream_, LZMA_FINISH) == LZMA_STREAM_END;
  }

 private:
  std::filesystem::path file_;
  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decoder> xz_decoder(const std::filesystem::path& file) {
  return std::make_unique<XzDecoder>(file);
}

}  // namespace deltaw
