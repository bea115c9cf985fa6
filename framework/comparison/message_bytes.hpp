// SPDX-License-Identifier: Apache-2.0
// Messages as bytes, for other processes of one program, on machines of one byte order. Pure
// functions: any thread.
#pragma once

#include <cstdint>
#include <string>

#include "comparison/message.hpp"

namespace deltaw {

// CBOR.
[[nodiscard]] std::string bytes_of(const Message& message);

// The same message, to the bit; of this arm and seed.
[[nodiscard]] Message message_of(const std::string& bytes, const std::string& rule,
                                 std::uint64_t seed);

}  // namespace deltaw
