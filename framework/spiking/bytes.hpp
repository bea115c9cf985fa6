// SPDX-License-Identifier: Apache-2.0
// Lists of whole numbers in a saved state. One stream a thread.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "core/state.hpp"

namespace deltaw {

void save_list(StateWriter& writer, std::string_view name, std::span<const std::uint32_t> list);
void save_list(StateWriter& writer, std::string_view name, std::span<const std::int32_t> list);

// Errors: E306 when the record holds no such numbers, or, for a span, not as many.
[[nodiscard]] std::vector<std::uint32_t> load_list(StateReader& reader, std::string_view name);
void load_list(StateReader& reader, std::string_view name, std::span<std::int32_t> list);

}  // namespace deltaw
