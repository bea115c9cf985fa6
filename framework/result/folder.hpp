// SPDX-License-Identifier: Apache-2.0
// A folder of results: experiment.json, provenance.json, metrics.csv, summary.json, and
// runs/<rule>/seed-<k>/ with run.json, metrics.csv, alignment.json, confusion.npy,
// weights/<connection>.npy, other arrays, analysis.json, features.json and measurement.json, and
// with SHA256SUMS of all of them; and state.bin, and state-before.bin, while the run has not come
// to its end. One writer at a time, which a lock sees to; results of parallel runs are written by
// the thread that collects them.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/error.hpp"
#include "result/folder_lock.hpp"
#include "result/npy.hpp"
#include "result/record.hpp"
#include "result/sums.hpp"

namespace deltaw {

class ResultFolder {
 public:
  // A folder for new results, made if need be, and locked as long as this object and its copies
  // live. Errors: E601 when it already has results, E600 when it cannot be written or
  // another process writes it, E602 on a full disk.
  [[nodiscard]] static ResultFolder create(const std::filesystem::path& path);

  // The same, but what an earlier comparison left there goes first; other files stay. A folder that
  // has files yet no experiment.json is nobody's results: E601.
  [[nodiscard]] static ResultFolder replace(const std::filesystem::path& path);
  // A folder written before, to be written again: locked as by create(). Errors: E603 as open(),
  // E600.
  [[nodiscard]] static ResultFolder go_on(const std::filesystem::path& path);
  // A folder written before. Error: E603 when it is missing, has no experiment.json, or is of a
  // newer deltaw.
  [[nodiscard]] static ResultFolder open(const std::filesystem::path& path);

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

  // Of a folder to be written: false where the file system knows no locks.
  [[nodiscard]] bool is_locked() const { return lock_ != nullptr && lock_->is_held(); }

  // Writing; errors E600 and E602. What a run leaves is written when the run ends, run.json last,
  // so that a stopped comparison keeps every run that ended. It comes to the disk when the system
  // sees fit, or with bring_to_disk(): SHA256SUMS tells what a power failure took.
  void write_experiment(const nlohmann::json& experiment) const;
  void write_provenance(const nlohmann::json& provenance) const;
  void write_summary(const nlohmann::json& summary) const;
  void write_run(const RunRecord& record) const;
  void write_weights(const std::string& rule, std::uint64_t seed, const std::string& connection,
                     const NpyMatrix& weights) const;
  void write_confusion(const std::string& rule, std::uint64_t seed, const NpyMatrix& counts) const;
  // Anything else, as <name>.npy in the run's folder.
  void write_array(const std::string& rule, std::uint64_t seed, const std::string& name,
                   const NpyMatrix& values) const;
  // analysis.json in the run's folder.
  void write_analysis(const std::string& rule, std::uint64_t seed,
                      const nlohmann::json& analysis) const;
  // features.json in the run's folder.
  void write_features(const std::string& rule, std::uint64_t seed,
                      const nlohmann::json& features) const;
  // measurement.json in the run's folder.
  void write_measurement(const std::string& rule, std::uint64_t seed,
                         const nlohmann::json& measurement) const;
  // What a run needs to go on in another process; the state before is kept, too. Both are gone with
  // the run.json of a run that ended.
  void write_state(const std::string& rule, std::uint64_t seed, const std::string& state) const;
  void remove_states(const std::string& rule, std::uint64_t seed) const;
  // A run that ended has not ended: it is done again.
  void withdraw(const std::string& rule, std::uint64_t seed) const;
  // metrics.csv of all runs in the folder, by place of the rule in `rules`, then seed, then epoch.
  void write_metrics(const std::vector<std::string>& rules) const;

  // Reading; error E603.
  [[nodiscard]] nlohmann::json experiment() const;
  [[nodiscard]] nlohmann::json provenance() const;
  [[nodiscard]] nlohmann::json summary() const;
  // Every run that ended, by rule name, then seed.
  [[nodiscard]] std::vector<RunRecord> runs() const;
  // Whether a run came to its end: it finished or failed.
  [[nodiscard]] bool has_ended(const std::string& rule, std::uint64_t seed) const;
  // The latest that is whole; empty when the run left none. `on_damage` hears E605 of each that is
  // not. Any thread.
  [[nodiscard]] std::optional<std::string> state(
      const std::string& rule, std::uint64_t seed,
      const std::function<void(const Error&)>& on_damage = {}) const;
  // Of a run that has a run.json, as damage_in(); empty for others.
  [[nodiscard]] std::vector<Damage> damage(const std::string& rule, std::uint64_t seed) const;
  // Names of the connections whose weights a run left, sorted.
  [[nodiscard]] std::vector<std::string> connections(const std::string& rule,
                                                     std::uint64_t seed) const;
  [[nodiscard]] NpyMatrix weights(const std::string& rule, std::uint64_t seed,
                                  const std::string& connection) const;
  [[nodiscard]] std::optional<NpyMatrix> confusion(const std::string& rule,
                                                   std::uint64_t seed) const;
  // Null when the run left none of that name.
  [[nodiscard]] std::optional<NpyMatrix> array(const std::string& rule, std::uint64_t seed,
                                               const std::string& name) const;
  // Null when the run was not analysed.
  [[nodiscard]] nlohmann::json analysis(const std::string& rule, std::uint64_t seed) const;
  // Null when the run had no readouts.
  [[nodiscard]] nlohmann::json features(const std::string& rule, std::uint64_t seed) const;
  // Null when the run was of no protocol.
  [[nodiscard]] nlohmann::json measurement(const std::string& rule, std::uint64_t seed) const;

 private:
  explicit ResultFolder(std::filesystem::path path) : path_(std::move(path)) {}
  [[nodiscard]] std::filesystem::path run_folder(const std::string& rule, std::uint64_t seed) const;
  void write_json(const std::string& name, const nlohmann::json& document) const;
  [[nodiscard]] nlohmann::json read_json(const std::filesystem::path& file) const;
  void write_run_json(const std::string& rule, std::uint64_t seed, const std::string& name,
                      const nlohmann::json& document) const;
  [[nodiscard]] nlohmann::json read_run_json(const std::string& rule, std::uint64_t seed,
                                             const std::string& name) const;

  std::filesystem::path path_;
  std::shared_ptr<const FolderLock> lock_;  // null: only read
};

}  // namespace deltaw
