// SPDX-License-Identifier: Apache-2.0
// Parameters that count only beside a certain choice, where the choice is searched, too. Pure
// functions: any thread.
#pragma once

#include "comparison/prepared_arm.hpp"
#include "experiment/variants.hpp"

namespace deltaw {

// `values` without those of parameters that have no effect beside the others of the arm, and with
// resets().
[[nodiscard]] PlacedValues effective(const PreparedArm& arm, const Variants& variants,
                                     PlacedValues values);

// The defaults of what the arm gives and `values` leave without effect.
[[nodiscard]] PlacedValues resets(const PreparedArm& arm, const Variants& variants,
                                  const PlacedValues& values);

// The place and a value of the choice that the parameter at `path` waits for; none if it counts
// always.
[[nodiscard]] PlacedValues needed_by(const PreparedArm& arm, const Variants& variants,
                                     const std::string& path);

}  // namespace deltaw
