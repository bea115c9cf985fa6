// SPDX-License-Identifier: Apache-2.0
// Where results come from: versions, command, host, plugins and data. Any thread.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "result/shard.hpp"

namespace deltaw {

struct PluginFact {
  std::string rule, version, library, sha256;
};

struct DataFact {
  std::string file, sha256;
};

// A process that was interrupted, and whose results a later one went on with.
struct EarlierProcess {
  std::string command, started;
  std::size_t seeds = 0;  // how many the comparison had then; 0: not kept
};

struct Provenance {
  std::vector<std::string> command;  // the words as given, program first
  std::string started, finished;     // ISO 8601 in UTC; `finished` is empty while it runs
  std::vector<PluginFact> plugins;
  std::vector<DataFact> data;
  std::vector<EarlierProcess> earlier = {};
  Shard shard = {};
};

// "2025-01-31T12:34:56Z".
[[nodiscard]] std::string utc_now();

// `words` as one line that a POSIX shell splits into the same words.
[[nodiscard]] std::string shell_line(const std::vector<std::string>& words);

// provenance.json: what the caller knows, with version, hash of the program, compiler, BLAS and
// host filled in.
[[nodiscard]] nlohmann::json to_json(const Provenance& provenance);

}  // namespace deltaw
