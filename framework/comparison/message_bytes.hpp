// SPDX-License-Identifier: Apache-2.0
// Messages as bytes, for a pipe between processes of one program. Pure functions: any thread.
#pragma once

#include <cstdint>
#include <string>

#include "comparison/message.hpp"

namespace deltaw {

// CBOR. Of an outcome the record alone: what else a run leaves is written where it ran. REQUIRES:
// no state.
[[nodiscard]] std::string bytes_of(const Message& message);

// The same message, to the bit; of this arm and seed.
[[nodiscard]] Message message_of(const std::string& bytes, const std::string& rule,
                                 std::uint64_t seed);

}  // namespace deltaw
