// SPDX-License-Identifier: Apache-2.0
// The one exception of the framework: a named error with what was expected, found, and to try.
// Thrown at the edge where the fact is known; caught once, in main(). Immutable: any thread.
#pragma once

#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace deltaw {

enum class Code {
#define DELTAW_ERROR(code, status, meaning) code,
#include "core/errors.def"
#undef DELTAW_ERROR
};

struct CodeInfo {
  std::string_view name;
  int exit_status;
  std::string_view meaning;
};

// Name ("E101"), exit status and meaning of a code, as listed in errors.def.
[[nodiscard]] const CodeInfo& info(Code code);
[[nodiscard]] const std::vector<CodeInfo>& all_codes();

// The parts of a message beyond its headline; empty ones are left out.
struct Detail {
  std::string expected = {};
  std::string found = {};
  std::string hint = {};  // what to try
};

class Error : public std::runtime_error {
 public:
  Error(Code code, const std::string& what, Detail detail = {});

  [[nodiscard]] Code code() const { return code_; }
  [[nodiscard]] const std::string& headline() const { return headline_; }
  [[nodiscard]] const Detail& detail() const { return detail_; }
  // "error[E101] ...\n  expected ..., found ...\n  try: ...", without a final newline; what() too.
  [[nodiscard]] std::string text() const { return what(); }

 private:
  Code code_;
  std::string headline_;
  Detail detail_;
};

}  // namespace deltaw
