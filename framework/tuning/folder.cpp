// SPDX-License-Identifier: Apache-2.0
// A line that a killed program left half written is dropped; its run is made again.
#include "tuning/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "core/error.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* k_plan = "tuning.json";
constexpr const char* k_trials = "trials.jsonl";

void refuse(const fs::path& path, const char* found, const char* hint) {
  throw Error(Code::E601, fmt::format("'{}' already has results", path.string()),
              {.found = fmt::format("'{}'", (path / found).string()), .hint = hint});
}

std::vector<std::string> complete_lines(const std::string& text) {
  std::vector<std::string> lines;
  std::size_t from = 0;
  for (std::size_t end = text.find('\n'); end != std::string::npos; end = text.find('\n', from)) {
    lines.push_back(text.substr(from, end - from));
    from = end + 1;
  }
  return lines;
}

}  // namespace

TuningFolder::TuningFolder(fs::path path, const TuningPlan& plan, Existing existing)
    : path_(std::move(path)), plan_(plan.to_json()) {
  if (fs::exists(path_ / "experiment.json")) {
    refuse(path_, "experiment.json", "another folder with --out: these are of a comparison");
  }
  const bool is_there = fs::exists(path_ / k_plan);
  if (is_there && existing == Existing::refused) {
    refuse(path_, k_plan, "--resume goes on with it, --overwrite begins anew; or another --out");
  }
  if (!is_there && existing == Existing::resumed) {
    throw Error(Code::E603, fmt::format("'{}' has no tuning to go on with", path_.string()),
                {.expected = fmt::format("'{}'", (path_ / k_plan).string()),
                 .hint = "without --resume a tuning begins; --out names the folder of one"});
  }
  make_folder(path_);
  lock_ = std::make_unique<FolderLock>(path_);
  if (is_there && existing == Existing::resumed) {
    if (json::parse(read_file(path_ / k_plan), nullptr, false) != plan_) {
      throw Error(Code::E601,
                  fmt::format("'{}' has a tuning of another plan", (path_ / k_plan).string()),
                  {.expected = "the same experiment, options, rules and ranges",
                   .hint = "--overwrite begins anew; or another --out"});
    }
    read_records();
  } else {
    for (const char* name : {k_trials, "tuned.json", "report.html", "provenance.json"}) {
      std::error_code ignored;
      fs::remove(path_ / name, ignored);
    }
    write(k_plan, plan_);
  }
  sort_trials();
}

void TuningFolder::read_records() {
  if (!fs::exists(path_ / k_trials)) return;
  for (const std::string& line : complete_lines(read_file(path_ / k_trials))) {
    records_.push_back(parse_trial(json::parse(line, nullptr, false), plan_));
  }
}

void TuningFolder::add(const TrialRecord& record) {
  lines_ << to_json(record, plan_).dump() << std::endl;
  if (!lines_) {
    throw Error(Code::E600, fmt::format("cannot write '{}'", (path_ / k_trials).string()),
                {.hint = "space on the disk, or another folder with --out"});
  }
  records_.push_back(record);
}

void TuningFolder::sort_trials() {
  std::vector<std::string> rules;
  for (const json& rule : plan_.at("rules")) rules.push_back(rule.at("rule"));
  const auto place = [&](const TrialRecord& record) {
    return std::tuple(std::ranges::find(rules, record.rule) - rules.begin(), record.run.rung,
                      record.run.trial, record.run.seed);
  };
  std::ranges::sort(records_, {}, place);
  std::string text;
  for (const TrialRecord& record : records_) text += to_json(record, plan_).dump() + '\n';
  lines_.close();
  write_file(path_ / k_trials, text);
  lines_.clear();
  lines_.open(path_ / k_trials, std::ios::app);
}

void TuningFolder::write(const std::string& name, const json& document) const {
  write_json(path_ / name, document);
}

}  // namespace deltaw
