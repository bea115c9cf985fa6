// SPDX-License-Identifier: Apache-2.0
// The list of codes and the text of an error.
#include "core/error.hpp"

#include <fmt/format.h>

#include <utility>

namespace deltaw {
namespace {

std::string compose(Code code, const std::string& headline, const Detail& detail) {
  const CodeInfo& of_code = info(code);
  const bool is_warning = of_code.name.front() == 'W';
  std::string text =
      fmt::format("{}[{}] {}", is_warning ? "warning" : "error", of_code.name, headline);
  if (!detail.expected.empty() && !detail.found.empty()) {
    text += fmt::format("\n  expected {}, found {}", detail.expected, detail.found);
  } else if (!detail.expected.empty()) {
    text += fmt::format("\n  expected {}", detail.expected);
  } else if (!detail.found.empty()) {
    text += fmt::format("\n  found {}", detail.found);
  }
  if (!detail.hint.empty()) text += fmt::format("\n  try: {}", detail.hint);
  return text;
}

}  // namespace

const std::vector<CodeInfo>& all_codes() {
  static const std::vector<CodeInfo> codes = {
#define DELTAW_ERROR(code, status, meaning) {#code, status, meaning},
#include "core/errors.def"
#undef DELTAW_ERROR
  };
  return codes;
}

const CodeInfo& info(Code code) { return all_codes()[static_cast<std::size_t>(code)]; }

Error::Error(Code code, const std::string& what, Detail detail)
    : std::runtime_error(compose(code, what, detail)),
      code_(code),
      headline_(what),
      detail_(std::move(detail)) {}

}  // namespace deltaw
