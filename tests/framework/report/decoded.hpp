// SPDX-License-Identifier: Apache-2.0
// Base 64 read back by the definition, for tests of what pages hold.
#pragma once

#include <string>
#include <vector>

inline std::vector<int> decoded(const std::string& text) {
  const std::string digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::vector<int> bytes;
  unsigned bits = 0;
  int count = 0;
  for (const char c : text) {
    if (c == '=') break;
    bits = bits << 6 | static_cast<unsigned>(digits.find(c));
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<int>(bits >> count & 255));
  }
  return bytes;
}
