// SPDX-License-Identifier: Apache-2.0
// Runs an experiment to its end or to Ctrl-C: progress shown, every run that ends kept, summary and
// report written. What `run` and `compare` do. One thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <vector>

#include "comparison/compare.hpp"
#include "experiment_options.hpp"
#include "ranks.hpp"

namespace deltaw {

struct Conducted {
  std::vector<RunRecord> records;  // of runs that ended, by arm, then seed
  bool is_interrupted = false;
  bool has_failures = false;

  // 0; 4 when a run failed; 130 after Ctrl-C.
  [[nodiscard]] int exit_status() const;
};

// `folder` may be none: then nothing is written. `on_epoch`, where given, is told of each epoch.
// Runs go on in the other ranks of `group`, where there is one.
[[nodiscard]] Conducted conduct(const po::variables_map& values, Prepared& prepared,
                                const std::optional<ResultFolder>& folder,
                                const std::function<void(const RunEvent&)>& on_epoch = {},
                                Group* group = nullptr);

}  // namespace deltaw
