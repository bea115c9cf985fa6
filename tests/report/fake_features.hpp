// SPDX-License-Identifier: Apache-2.0
// A result folder such as a comparison of layers that learn without a teacher leaves, for tests of
// reports: rules of two memories over strengths of lateral connections, random features, and a rule
// of which all runs failed.
#pragma once

#include <filesystem>
#include <string>

struct FakeFeatures {
  std::size_t seeds = 3, units = 36, classes = 10, side = 8, channels = 1;
  std::string markup = {};  // put into the name of a monitored quantity
};

void write_fake_features(const std::filesystem::path& folder, const FakeFeatures& options);
