// SPDX-License-Identifier: Apache-2.0
// Whether results that were interrupted can be gone on with, and what there is of them. One thread,
// but for what an Earlier calls.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "comparison/compare.hpp"
#include "result/folder.hpp"
#include "result/provenance.hpp"

namespace deltaw {

// Throws unless this process would go on to the same bits: E604 for another experiment, program,
// rule, BLAS, processor or data. Adds the processes before this one to `provenance`.
void require_resumable(const ResultFolder& folder, const nlohmann::json& experiment,
                       Provenance& provenance);

// What the folder has. It must outlive the result. Error: E605 for a damaged state of an arm, which
// is better known before any run goes on.
[[nodiscard]] Earlier earlier_in(const ResultFolder& folder, const Experiment& experiment,
                                 const std::vector<PreparedArm>& arms);

}  // namespace deltaw
