// SPDX-License-Identifier: Apache-2.0
// libFuzzer's part: one program a kind of input, which DELTAW_FUZZ names.
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

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
  static const std::vector<std::string> examples = input().examples();
  std::mt19937_64 random(seed);
  // Of nothing libFuzzer would hardly make what is read beyond its first bytes.
  const bool is_new = size < 4 || random() % 16 == 0;
  const std::string from = is_new ? examples[random() % examples.size()]
                                  : std::string(reinterpret_cast<const char*>(data), size);
  if (!is_new && (!input().is_json() || random() % 4 == 0)) {
    return LLVMFuzzerMutate(data, size, most);
  }
  const std::string made = input().is_json() ? deltaw::test::json_mutant(from, random)
                                             : deltaw::test::bytes_mutant(from, random);
  if (made.size() > most) return size;
  std::memcpy(data, made.data(), made.size());
  return made.size();
}
