// SPDX-License-Identifier: Apache-2.0
// A result folder such as a comparison of three rules on 8 x 8 images leaves, for tests of reports.
#pragma once

#include <filesystem>
#include <string>

struct FakeResults {
  std::size_t seeds = 5;
  bool fails = false;       // the last seed of the last rule fails
  std::string markup = {};  // put into every free text: description, message, class names
};

void write_fake_results(const std::filesystem::path& folder, const FakeResults& options);
