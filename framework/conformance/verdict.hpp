// SPDX-License-Identifier: Apache-2.0
// What a conformance test came to. Plain values: any thread.
#pragma once

#include <string>
#include <string_view>

namespace deltaw {

enum class Verdict { pass, warning, skipped, failed, crashed };

[[nodiscard]] constexpr std::string_view name_of(Verdict verdict) {
  constexpr std::string_view names[] = {"pass", "warning", "skipped", "failed", "crashed"};
  return names[static_cast<int>(verdict)];
}

struct Outcome {
  Verdict verdict = Verdict::pass;
  std::string detail;  // how it was found out, why it was skipped, or what was found
};

}  // namespace deltaw
