// SPDX-License-Identifier: Apache-2.0
// The folder of a tuning: tuning.json (its plan), trials.jsonl (a line for each run, written as it
// ends), tuned.json, provenance.json. One writer at a time.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "result/folder_lock.hpp"
#include "tuning/plan.hpp"
#include "tuning/trial_record.hpp"

namespace deltaw {

class TuningFolder {
 public:
  enum class Existing { refused, resumed, replaced };

  // Makes the folder if need be and writes the plan. Errors: E601 when it has results, or, to be
  // resumed, a tuning by another plan; E600 and E602 when it cannot be written, E600 also
  // while another process writes it.
  TuningFolder(std::filesystem::path path, const TuningPlan& plan, Existing existing);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  // All runs: those of an earlier call, then what was added.
  [[nodiscard]] const std::vector<TrialRecord>& records() const { return records_; }

  // On disk when it returns. Errors: E600.
  void add(const TrialRecord& record);
  // All lines in the order of the plan, so that the file does not tell which run ended first.
  void sort_trials();
  void write(const std::string& name, const nlohmann::json& document) const;

 private:
  void read_records();

  std::filesystem::path path_;
  nlohmann::json plan_;
  std::unique_ptr<FolderLock> lock_;
  std::vector<TrialRecord> records_;
  std::ofstream lines_;
};

}  // namespace deltaw
