// SPDX-License-Identifier: Apache-2.0
#include "report/base64.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace deltaw {

unsigned char byte_of(double value) {
  return std::isfinite(value) ? static_cast<unsigned char>(std::lround(std::clamp(value, 0., 255.)))
                              : k_middle_byte;
}

unsigned char signed_byte_of(double share) {
  return byte_of(k_middle_byte + k_middle_byte * std::clamp(share, -1.0, 1.0));
}

std::string base64(const Bytes& bytes) {
  constexpr char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t given = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < given ? bytes[i + k] : 0u);
    for (std::size_t k = 0; k < 4; ++k) {
      text += k <= given ? digits[group >> (18 - 6 * k) & 63] : '=';
    }
  }
  return text;
}

}  // namespace deltaw
