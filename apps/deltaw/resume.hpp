// SPDX-License-Identifier: Apache-2.0
// Whether results that were interrupted can be gone on with, and what there is of them. One thread,
// but for what an Earlier calls.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <set>

#include "comparison/compare.hpp"
#include "result/folder.hpp"
#include "result/provenance.hpp"
#include "result/shard.hpp"

namespace deltaw {

// Throws unless this process would go on to the same bits: E604 for another experiment, program,
// rule, BLAS, processor, data or shard. Seeds that are added change no run that is there, and are
// no other experiment; a note says what they do to p. Adds the processes before this one to
// `provenance`; none, where the first was killed before anything ran.
void require_resumable(const ResultFolder& folder, const nlohmann::json& experiment,
                       Provenance& provenance);

// Whether `folder` has results that an earlier process began with `experiment`, or of another one:
// all but a folder in which somebody has an experiment.json of his own.
[[nodiscard]] bool has_begun(const std::filesystem::path& folder, const nlohmann::json& experiment);

// What the folder has of `runs`, and must outlive the result: all others count as ended. Runs with
// damaged files are withdrawn first, so that they are done again. Says what is damaged.
[[nodiscard]] Earlier earlier_in(const ResultFolder& folder, std::set<RunKey> runs);

}  // namespace deltaw
