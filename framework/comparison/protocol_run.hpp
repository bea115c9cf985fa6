// SPDX-License-Identifier: Apache-2.0
// One run of a protocol: one arm, one seed. Each on its own thread.
#pragma once

#include <stop_token>

#include "comparison/outcome.hpp"
#include "comparison/prepared_arm.hpp"
#include "task/protocol_spec.hpp"

namespace deltaw {

// The outcome has no curve, but a measurement: what measure_<protocol>() found, with "type". Its
// metrics are those of the run, with "seconds". A rule that fails (E30x) makes a failed record,
// `stop` an interrupted one. Errors in what was asked for are thrown.
template <class T>
[[nodiscard]] RunOutcome run_protocol(const PreparedArm& arm, const ProtocolSpec& protocol,
                                      std::uint64_t seed, const std::stop_token& stop,
                                      const OnShown& on_shown);

// Goes through the protocol in its shortest form and throws what is wrong: E503 a network that it
// does not fit, and those of SpikingNetwork, Sources and SpikingDriver.
template <class T>
void check_protocol(const PreparedArm& arm, ProtocolSpec protocol, std::uint64_t seed);

}  // namespace deltaw
