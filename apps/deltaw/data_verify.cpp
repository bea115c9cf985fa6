// SPDX-License-Identifier: Apache-2.0
// deltaw data verify: a line for each file, and an error at the end when one is not right.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdio>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "data.hpp"
#include "data/check.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

struct Verdict {
  json files = json::array();
  std::vector<std::string> differing, absent;  // "mnist/train-labels-idx1-ubyte.gz"
};

void verify(const PublishedSet& set, const DataFolders& folders, bool wants_text,
            Verdict& verdict) {
  for (const PublishedFile& file : set.files) {
    const std::string name = set.name + "/" + file.name;
    json entry = {{"set", set.name}, {"name", file.name}, {"sha256", file.sha256}};
    const auto path = local_file(set, file, folders);
    const std::string found = path ? differing_hash(file, *path) : "";
    const char* const state = !path ? "absent" : found.empty() ? "right" : "differs";
    entry["state"] = state;
    if (path) entry["path"] = path->string();
    if (!path) verdict.absent.push_back(name);
    if (!found.empty()) {
      entry["found"] = found;
      verdict.differing.push_back(name);
    }
    verdict.files.push_back(std::move(entry));
    if (!wants_text) continue;
    fmt::print("{:<8} {}\n", state, path ? path->string() : name);
    std::fflush(stdout);  // a large set takes seconds
  }
}

}  // namespace

int verify_data(const DataRequest& request) {
  const DataFolders folders = data_folders(request.folder);
  Verdict verdict;
  std::vector<std::string> absent;
  for (const PublishedSet* set : request.sets) {
    verify(*set, folders, !request.wants_json, verdict);
    // Of all sets, only those that are here are asked for; but those whole.
    const bool is_here = verdict.absent.size() < set->files.size();
    if (is_here || !request.is_all) {
      absent.insert(absent.end(), verdict.absent.begin(), verdict.absent.end());
    }
    verdict.absent.clear();
  }
  if (request.wants_json) fmt::print("{}\n", json{{"files", verdict.files}}.dump(2));
  if (!verdict.differing.empty()) {
    throw Error(Code::E412,
                fmt::format("not what was published: {}", fmt::join(verdict.differing, ", ")),
                {.hint = "deltaw data fetch NAME fetches such files again"});
  }
  if (!absent.empty()) {
    throw Error(Code::E400, fmt::format("missing: {}", fmt::join(absent, ", ")),
                {.hint = "deltaw data fetch NAME"});
  }
  return 0;
}

}  // namespace deltaw
