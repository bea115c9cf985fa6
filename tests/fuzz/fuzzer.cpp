// SPDX-License-Identifier: Apache-2.0
// libFuzzer's part: one program a kind of input, which DELTAW_FUZZ names.
#include <cstdint>
#include <cstring>

#include "input.hpp"
#include "mutant.hpp"

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t most);

namespace {

deltaw::test::Input& input() {
  static const auto made = deltaw::test::DELTAW_FUZZ();
  return *made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  deltaw::test::is_refused(input(), {reinterpret_cast<const char*>(data), size});
  return 0;
}

extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size,
                                               std::size_t most, unsigned seed) {
  std::mt19937_64 random(seed);
  if (!input().is_json() || random() % 4 == 0) return LLVMFuzzerMutate(data, size, most);
  const std::string made =
      deltaw::test::json_mutant({reinterpret_cast<const char*>(data), size}, random);
  if (made.size() > most) return size;
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
