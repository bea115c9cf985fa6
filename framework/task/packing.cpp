// SPDX-License-Identifier: Apache-2.0
// The table of formats.
#include "task/packing.hpp"

#include <fmt/format.h>

namespace deltaw {

using namespace std::string_view_literals;

Error damaged(std::string_view format, const std::filesystem::path& file, const std::string& how) {
  return Error(Code::E401, fmt::format("{} file '{}' {}", format, file.string(), how),
               {.hint = "download or copy the file again"});
}

const std::vector<Packing>& packings() {
  static const std::vector<Packing> table = {
      // zlib's technical details: 1032 : 1.
      {"gzip", ".gz", "\x1f\x8b"sv, 1032, &gzip_decoder},
      // A repeated match of 273 bytes takes 14 binary decisions of at least 0.022 bits each.
      {"xz", ".xz", "\xfd\x37\x7a\x58\x5a\0"sv, 7100, &xz_decoder}};
  return table;
}

}  // namespace deltaw
