// SPDX-License-Identifier: Apache-2.0
// Numbers as bytes and bytes as text, since a page holds many matrices. Any thread.
#pragma once

#include <string>
#include <vector>

namespace deltaw {

using Bytes = std::vector<unsigned char>;

// What zero is among the bytes of a signed picture: 0 .. 254 stands for -1 .. 1.
inline constexpr unsigned char k_middle_byte = 127;

// Nearest whole number in 0 .. 255; the middle for what is not finite.
[[nodiscard]] unsigned char byte_of(double value);

// A share in -1 .. 1, clamped to it, as a byte of a signed picture.
[[nodiscard]] unsigned char signed_byte_of(double share);

// Base 64 (RFC 4648, section 4) with padding, as atob() reads it.
[[nodiscard]] std::string base64(const Bytes& bytes);

}  // namespace deltaw
