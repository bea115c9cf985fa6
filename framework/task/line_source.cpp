// SPDX-License-Identifier: Apache-2.0
// A buffer that holds at least one whole line.
#include "task/line_source.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace deltaw {
namespace {

constexpr std::size_t k_chunk = std::size_t{1} << 18;
constexpr std::size_t k_longest_line = std::size_t{1} << 24;

}  // namespace

LineSource::LineSource(const std::filesystem::path& file) : source_(file) {
  constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
  if (fill() && buffer_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

bool LineSource::fill() {
  buffer_.erase(0, at_);
  at_ = 0;
  const std::size_t kept = buffer_.size();
  if (kept > k_longest_line) {
    throw Error(Code::E402, fmt::format("'{}' is not a CSV file", name()),
                {.expected = fmt::format("lines of at most {} bytes", k_longest_line),
                 .found = fmt::format("a longer line {}", number_ + 1)});
  }
  buffer_.resize(kept + k_chunk);
  buffer_.resize(kept + source_.read(buffer_.data() + kept, k_chunk));
  return buffer_.size() > kept;
}

bool LineSource::next(std::string_view& line) {
  for (;;) {
    std::size_t end = buffer_.find('\n', at_);
    while (end == std::string::npos && fill()) end = buffer_.find('\n');
    const bool is_last = end == std::string::npos;
    if (is_last) end = buffer_.size();
    if (is_last && at_ == end) return false;
    line = std::string_view(buffer_).substr(at_, end - at_);
    at_ = is_last ? end : end + 1;
    ++number_;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.find_first_not_of(" \t") != std::string_view::npos) return true;
  }
}

}  // namespace deltaw
