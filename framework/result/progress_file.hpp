// SPDX-License-Identifier: Apache-2.0
// progress.jsonl: how far a comparison is that writes this folder of results. It is there while the
// comparison runs, and gone when it ended; results are elsewhere. One writer, any readers.
#pragma once

#include <cstddef>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "result/record.hpp"

namespace deltaw {

// What is running, its first line.
struct ProgressHead {
  std::string name, step_word;  // "epoch" or "trial"
  std::string metric;           // the column by which runs are judged on the way, if any
  std::vector<std::string> rules;
  std::vector<std::uint64_t> seeds;
  double steps = 0;       // epochs, or trials, of all runs together that had not ended before
  std::size_t ended = 0;  // runs that had
};

class ProgressFile {
 public:
  // Holds a lock on the file until it is closed; processes that are forked meanwhile do not. One at
  // a time. Errors: E600, E602.
  ProgressFile(const std::filesystem::path& folder, const ProgressHead& head);
  ~ProgressFile();  // the file is gone
  ProgressFile(const ProgressFile&) = delete;
  ProgressFile& operator=(const ProgressFile&) = delete;

  // A measured epoch; a run that goes on from there; how far a run of a spiking network is, with
  // its running accuracy if known; and the end of a run. What cannot be written is lost, and
  // nothing else.
  void row(const std::string& rule, std::uint64_t seed, const EpochRow& row);
  void shown(const std::string& rule, std::uint64_t seed, double epochs,
             std::optional<double> accuracy);
  void resumed(const std::string& rule, std::uint64_t seed, double epochs);
  void ended(const std::string& rule, std::uint64_t seed, const std::string& status);

 private:
  void add(const nlohmann::json& line);

  std::filesystem::path path_;
  int descriptor_ = -1;
  bool is_torn_ = false;  // half of a line was written last
};

// {epoch, train_loss, ...}: what was measured.
[[nodiscard]] nlohmann::json to_json(const EpochRow& row);

// What a reader finds.
struct ProgressText {
  nlohmann::json head;                             // the first line; null while there is none
  nlohmann::json lines = nlohmann::json::array();  // those after it from the asked one on
  std::size_t next = 0;                            // the line to ask for next
  bool is_written = false;                         // its writer lives
};

// Whether `folder` has such a file, and whether its writer lives.
struct ProgressSight {
  bool is_there = false, is_written = false;
};
[[nodiscard]] ProgressSight see_progress(const std::filesystem::path& folder);

// The complete lines from number `from` on; none where the folder has no such file. A folder
// without a writer was killed.
[[nodiscard]] std::optional<ProgressText> read_progress(const std::filesystem::path& folder,
                                                        std::size_t from = 0);

}  // namespace deltaw
