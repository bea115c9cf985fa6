// SPDX-License-Identifier: Apache-2.0
// From a document and places to an arm with open rules.
#include "subject.hpp"

#include <fmt/format.h>

#include <mutex>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>

#include "core/error.hpp"
#include "experiment/load.hpp"

namespace deltaw::python {
namespace {

namespace fs = std::filesystem;

constexpr const char* k_origin = "the experiment";

// What was made of something last, and is asked for again.
template <class Key, class Value>
class Latest {
 public:
  template <class Make>
  Value of(const Key& key, Make make) {
    const std::scoped_lock lock(mutex_);
    if (!kept_ || kept_->first != key) kept_.emplace(key, make());
    return kept_->second;
  }

 private:
  std::mutex mutex_;
  std::optional<std::pair<Key, Value>> kept_;
};

Arm read_arm(const std::string& document) {
  nlohmann::json json = nlohmann::json::parse(document);
  if (json.contains("task")) {
    throw Error(Code::E502, fmt::format("{}: /task is given, and the data are arrays", k_origin),
                {.hint = "leave it out"});
  }
  json["task"] = {{"type", "digits"}};  // the schema wants one; nothing loads it
  Experiment experiment = parse_experiment(json, k_origin);
  if (experiment.arms.size() != 1) {
    throw Error(Code::E503, fmt::format("{}: /rules has several arms", k_origin),
                {.expected = "one", .found = fmt::format("{}", experiment.arms.size())});
  }
  if (experiment.arms.front().spiking) {
    throw Error(Code::E503, fmt::format("{}: /network spikes", k_origin),
                {.expected = "units that do not"});
  }
  return std::move(experiment.arms.front());
}

using Written = std::vector<std::pair<fs::path, fs::file_time_type>>;

// Every file that a search may read, or a library that it may open, and when it was written.
Written written_in(const std::vector<SearchPlace>& places) {
  Written all;
  std::error_code ignored;
  const auto add = [&](const fs::path& path) {
    all.emplace_back(path, fs::last_write_time(path, ignored));
  };
  for (const SearchPlace& place : places) {
    all.emplace_back(place.path, fs::file_time_type());
    if (!place.skipped.empty()) continue;
    const bool is_file = place.kind == SearchPlace::Kind::file;
    const fs::path folder = is_file ? place.path.parent_path() : place.path;
    for (auto entry = fs::recursive_directory_iterator(folder, ignored);
         entry != fs::recursive_directory_iterator(); entry.increment(ignored)) {
      if (is_file) entry.disable_recursion_pending();
      if (entry->is_regular_file(ignored)) add(entry->path());
    }
  }
  return all;
}

std::shared_ptr<Catalogue> catalogue_for(const fs::path& program,
                                         const std::vector<std::string>& plugins) {
  static Latest<Written, std::shared_ptr<Catalogue>> latest;
  SearchOptions options = search_options();
  options.plugins.assign(plugins.begin(), plugins.end());
  options.program_folder = program.parent_path();
  const std::vector<SearchPlace> places = search_path(options);
  return latest.of(written_in(places), [&] { return std::make_shared<Catalogue>(places); });
}

}  // namespace

Arm arm_of(const std::string& document) {
  static Latest<std::string, Arm> latest;
  return latest.of(document, [&] { return read_arm(document); });
}

Subject::Subject(const Arm& asked, const fs::path& program, const std::vector<std::string>& plugins)
    : catalogue(catalogue_for(program, plugins)), arm(asked, *catalogue) {}

}  // namespace deltaw::python
