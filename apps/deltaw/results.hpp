// SPDX-License-Identifier: Apache-2.0
// What `deltaw results` does, a function a verb; each prints and returns the exit status. One
// thread.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "options.hpp"

namespace deltaw {

struct ResultsRequest {
  const po::variables_map& values;
  Arguments words;      // after the verb: mostly folders
  Arguments arguments;  // all that the user typed, for the provenance

  [[nodiscard]] bool has(const char* option) const { return values.count(option) > 0; }
};

int list_results(const ResultsRequest& request);
int show_results(const ResultsRequest& request);
int query_results(const ResultsRequest& request);
int export_results(const ResultsRequest& request);
int verify_results(const ResultsRequest& request);
int sweep_results(const ResultsRequest& request);
int merge_results(const ResultsRequest& request);

// The entries of Listing below `roots` (results, where none is named), with the path of each
// folder. Error: E603 for a folder that is not there.
[[nodiscard]] nlohmann::json results_below(const Arguments& roots);
// Their folders alone, sorted.
[[nodiscard]] std::vector<std::filesystem::path> folders_below(const Arguments& roots);

}  // namespace deltaw
