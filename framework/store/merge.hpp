// SPDX-License-Identifier: Apache-2.0
// Shards of one comparison, joined into the folder that a single process would have written. One
// thread.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "result/folder.hpp"
#include "result/shard.hpp"

namespace deltaw {

class ShardSet {
 public:
  // Reads what the folders tell and hashes what they have. Errors: E603 for a folder that has no
  // results, or a damaged file; E606 for a shard that is missing, or a run of one that has not
  // ended; E607 for a folder of no shard, shards of different experiments, programs, rules or data,
  // or two of one share.
  explicit ShardSet(const std::vector<std::filesystem::path>& folders);

  [[nodiscard]] std::filesystem::path experiment_file() const;
  [[nodiscard]] const nlohmann::json& experiment() const { return shards_.front().experiment; }
  // Of the first, in which program, rules and data are those of all.
  [[nodiscard]] const nlohmann::json& provenance() const { return shards_.front().provenance; }
  // Processors and BLAS that differ from the first one's, a line each: single runs may then have
  // other bits than on one machine.
  [[nodiscard]] std::vector<std::string> remarks() const;

  // Errors: E600, E602.
  void copy_to(const ResultFolder& out) const;
  // Of the joined results: when the first began and the last ended, and where each was made.
  [[nodiscard]] nlohmann::json joined_provenance(const std::string& command) const;

 private:
  struct Part {
    std::filesystem::path path;
    nlohmann::json experiment, provenance;
    Shard shard;
    std::vector<std::filesystem::path> runs;  // below the path
  };

  static Part read(const std::filesystem::path& path);
  static void add_runs(Part& part);
  void require_alike() const;
  void require_all() const;

  std::vector<Part> shards_;  // by index
};

}  // namespace deltaw
