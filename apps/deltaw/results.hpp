// SPDX-License-Identifier: Apache-2.0
// What `deltaw results` does, a function a verb; each prints and returns the exit status. One
// thread.
#pragma once

#include "options.hpp"

namespace deltaw {

struct ResultsRequest {
  const po::variables_map& values;
  Arguments words;      // after the verb: mostly folders
  Arguments arguments;  // all that the user typed, for the provenance
};

int merge_results(const ResultsRequest& request);

}  // namespace deltaw
