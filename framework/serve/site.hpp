// SPDX-License-Identifier: Apache-2.0
// What `deltaw serve` answers: pages and JSON of the folders of results below one folder. Reads
// only; no server is needed. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "store/listing.hpp"

namespace deltaw {

struct Response {
  unsigned status = 200;
  std::string type, body;
};

class Site {
 public:
  // Error: E603 when `root` is no folder.
  explicit Site(const std::filesystem::path& root);

  // The answer to GET `target`, a path of the URL with its query:
  //   /                         all folders of results, told anew every second
  //   /live/FOLDER/             learning curves as they grow; FOLDER below the root, "." the root
  //   /files/FOLDER/report.html the report, and other files of a folder of results
  //   /list.json                what `/` shows: [{folder, name, state, done, runs, ...}]
  //   /progress.json?folder=F&from=N   lines of its progress, as read_progress() finds them, and
  //                                    what a `deltaw watch` of the root tells
  // 403 for what lies outside the root, whichever way it is named; 404 for what is not there.
  [[nodiscard]] Response get(std::string_view target) const;

  // What /list.json tells, the newest first: state is "running", "finished", or "stopped" where it
  // can go on.
  [[nodiscard]] nlohmann::json list() const;

 private:
  [[nodiscard]] Response file(const std::string& path) const;
  [[nodiscard]] Response progress(const std::string& query) const;
  [[nodiscard]] std::string live(const std::filesystem::path& folder) const;
  // Of a path below the root; empty where it leads elsewhere or nowhere.
  [[nodiscard]] std::filesystem::path below(const std::string& path, bool& is_outside) const;

  std::filesystem::path root_;
  std::shared_ptr<Listing> listing_;
};

}  // namespace deltaw
