// SPDX-License-Identifier: Apache-2.0
// A few thousand mutants of each kind of input, the same in every build: fuzz_short COUNT [KIND].
// The fuzzers beside it do the same for as long as one likes.
#include <fmt/format.h>

#include <cstdlib>
#include <exception>
#include <random>

#include "input.hpp"
#include "mutant.hpp"

namespace {

// Whether none was at fault. Of mutants that are not refused the next ones are made, too, as a
// fuzzer does.
bool try_mutants(std::string_view name, deltaw::test::Input& input, std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<std::string> known = input.examples();
  std::size_t refused = 0, faults = 0;
  for (const std::string& example : known) {
    if (deltaw::test::is_refused(input, example)) {
      fmt::print("{}: an example is refused:\n{}\n", name, example);
      ++faults;
    }
  }
  for (std::size_t k = 0; k < count; ++k) {
    const std::string& from = known[random() % known.size()];
    const std::string made = input.is_json() ? deltaw::test::json_mutant(from, random)
                                             : deltaw::test::bytes_mutant(from, random);
    try {
      if (deltaw::test::is_refused(input, made)) {
        ++refused;
      } else if (known.size() < 1000) {
        known.push_back(made);
      }
    } catch (const std::exception& fault) {
      fmt::print("{}, mutant {}: {}\n{}\n", name, k, fault.what(), made);
      ++faults;
    }
  }
  fmt::print("{}: {} mutants, {} refused with a named error, {} faults\n", name, count, refused,
             faults);
  return faults == 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2000;
  const std::string_view wanted = argc > 2 ? argv[2] : "";
  bool is_good = true;
  for (const auto& [name, make] : deltaw::test::k_inputs) {
    if (wanted.empty() || wanted == name) is_good = try_mutants(name, *make(), count) && is_good;
  }
  return is_good ? 0 : 1;
}
