// SPDX-License-Identifier: Apache-2.0
// A folder of finished results, its data loaded again: what its runs say of each sample. One
// thread.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "comparison/runner.hpp"
#include "ensemble/member.hpp"
#include "experiment/experiment.hpp"
#include "result/folder.hpp"
#include "task/dataset.hpp"
#include "task/find_data.hpp"

namespace deltaw {

class FinishedResults {
 public:
  // Errors: E603 no results; E607 other data than those of the runs; E608 a task whose runs give no
  // class probabilities; those of load_experiment() and load_dataset().
  FinishedResults(const std::filesystem::path& path, const DataFolders& folders);
  FinishedResults(const FinishedResults&) = delete;
  FinishedResults& operator=(const FinishedResults&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return folder_.path(); }
  [[nodiscard]] const Experiment& experiment() const { return experiment_; }
  [[nodiscard]] const std::vector<DataFile>& files() const { return files_; }

  // Shows the run's network the validation and the test part; `name` is left empty. Its split is
  // kept for the next run of that seed. REQUIRES: the experiment has the arm. Errors: E606 a run
  // that did not finish; E607 without test data; E608 an arm without class probabilities; E603
  // weights that are missing, damaged, or do not reach the accuracy that was recorded.
  [[nodiscard]] Member member(const std::string& arm, std::uint64_t seed);

 private:
  [[nodiscard]] const RunRecord& finished_run(const std::string& arm, std::uint64_t seed) const;
  void draw(std::uint64_t seed);
  template <class T>
  [[nodiscard]] Member show(const Arm& arm, std::uint64_t seed, const Split<T>& split) const;

  ResultFolder folder_;
  Experiment experiment_;
  std::vector<RunRecord> runs_;
  std::vector<DataFile> files_;
  Dataset data_;
  SplitCache<float> single_;
  SplitCache<double> dual_;
  std::uint64_t drawn_ = 0;                 // the seed of
  std::shared_ptr<const Samples> samples_;  // null at first
};

}  // namespace deltaw
