// SPDX-License-Identifier: Apache-2.0
#include "result/alignment_json.hpp"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "framework/result/temporary_folder.hpp"
#include "result/folder.hpp"

using namespace deltaw;

TEST_CASE("snapshots of a run are read back as they were written, unmeasured ones unmeasured") {
  RunRecord record{.rule = "backprop", .seed = 2};
  record.alignment = {{.epoch = 0.5,
                       .rule = "oja",
                       .connection = "a>b",
                       .updates = 3,
                       .draws = 2,
                       .cosine = 0.1,
                       .mean_cosine = 0.2,
                       .limit_cosine = 0.3,
                       .sum_cosine = -0.4,
                       .norm_ratio = 1.0 / 3,
                       .sign_agreement = 0.6,
                       .signal_to_noise = 0.7},
                      {.epoch = 1}};
  const TemporaryFolder parent;
  const ResultFolder folder = ResultFolder::create(parent.path() / "results");
  folder.write_run(record);
  const std::vector<RunRecord> read = folder.runs();
  REQUIRE(read.size() == 1);
  CHECK(read[0].alignment == record.alignment);
  CHECK(alignment_json(record.alignment)[1]["cosine"].is_null());
}
