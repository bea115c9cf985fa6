// SPDX-License-Identifier: Apache-2.0
// What users may hand to deltaw, as bytes that a fuzzer makes: each must be read, or refused with a
// named error. One thread.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace deltaw::test {

class Input {
 public:
  virtual ~Input() = default;
  // Bytes from which mutants are made: files of the tree, or what deltaw wrote.
  [[nodiscard]] virtual std::vector<std::string> examples() const = 0;
  // Reads the bytes. What it throws but an Error with a code of its own is a fault.
  virtual void read(std::string_view bytes) = 0;
  [[nodiscard]] virtual bool is_json() const { return true; }
};

[[nodiscard]] std::unique_ptr<Input> manifests();
[[nodiscard]] std::unique_ptr<Input> experiments();
[[nodiscard]] std::unique_ptr<Input> parameter_lists();  // of each rule of the tree
[[nodiscard]] std::unique_ptr<Input> data_files();       // the first byte says of which format
[[nodiscard]] std::unique_ptr<Input> saved_states();     // of a run of batches

struct NamedInput {
  std::string_view name;
  std::unique_ptr<Input> (*make)();
};
inline constexpr NamedInput k_inputs[] = {{"manifests", &manifests},
                                          {"experiments", &experiments},
                                          {"parameters", &parameter_lists},
                                          {"data", &data_files},
                                          {"states", &saved_states}};

// Reads them; whether they were refused with a named error. Anything else thrown leaves it.
bool is_refused(Input& input, std::string_view bytes);

}  // namespace deltaw::test
