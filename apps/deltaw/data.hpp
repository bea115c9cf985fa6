// SPDX-License-Identifier: Apache-2.0
// What `deltaw data` does, a function a verb; each prints and returns the exit status. One thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "data/sources.hpp"

namespace deltaw {

struct DataRequest {
  std::vector<const PublishedSet*> sets;
  bool is_all = false;                          // asked for by --all, not by name
  std::optional<std::filesystem::path> folder;  // --data
  std::vector<std::string> from;
  double timeout = 30;  // seconds
  bool wants_json = false, is_quiet = false;
};

int list_data(const DataRequest& request);
int fetch_data(const DataRequest& request);
int verify_data(const DataRequest& request);

// "9.9 MB": decimal units, one digit after the point from a thousand bytes up.
[[nodiscard]] std::string size_text(std::uint64_t bytes);

}  // namespace deltaw
