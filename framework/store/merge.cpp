// SPDX-License-Identifier: Apache-2.0
// Files are copied as they are, and brought to the disk all at once: their hashes lie beside them.
#include "store/merge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "core/error.hpp"
#include "result/file.hpp"
#include "result/origin.hpp"
#include "result/sums.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

void copy_one(const fs::path& from, const fs::path& to) {
  make_folder(to.parent_path());
  std::error_code reason;
  fs::copy_file(from, to, reason);
  if (reason) refuse_to_write(to, reason.value());
}

void copy_run(const fs::path& from, const fs::path& to) {
  for (const auto& entry : fs::recursive_directory_iterator(from)) {
    const fs::path name = entry.path().lexically_relative(from);
    if (!entry.is_regular_file() || is_passing(name) || name == "run.json") continue;
    copy_one(entry.path(), to / name);
  }
  copy_one(from / "run.json", to / "run.json");
}

std::string machine_of(const json& provenance) {
  return fmt::format("{}, {}", provenance.at("host").value("cpu", "?"),
                     provenance.value("blas", "?"));
}

}  // namespace

ShardSet::ShardSet(const std::vector<fs::path>& folders) {
  for (const fs::path& folder : folders) shards_.push_back(read(folder));
  std::ranges::stable_sort(shards_, {}, &Part::shard);
  require_alike();
  require_all();
  for (Part& part : shards_) add_runs(part);
}

ShardSet::Part ShardSet::read(const fs::path& path) {
  const ResultFolder folder = ResultFolder::open(path);
  Part part{path, folder.experiment(), folder.provenance(), {}, {}};
  const auto shard = shard_in(part.provenance.value("shard", ""));
  if (!shard) {
    throw Error(Code::E607, fmt::format("'{}' is of no shard", path.string()),
                {.expected = "what deltaw compare --shard wrote"});
  }
  part.shard = *shard;
  return part;
}

void ShardSet::require_alike() const {
  const Part& first = shards_.front();
  const auto refuse = [&](const Part& part, const char* what, const Discrepancy& difference) {
    throw Error(Code::E607,
                fmt::format("'{}' and '{}' are {}: '{}' differs", first.path.string(),
                            part.path.string(), what, difference.place),
                {.expected = difference.before, .found = difference.here});
  };
  for (const Part& part : shards_) {
    if (const auto other = difference_of_experiments(first.experiment, part.experiment)) {
      refuse(part, "shards of different experiments", *other);
    }
    if (part.shard.count != first.shard.count) {
      refuse(part, "dealt differently", {"shard", to_text(first.shard), to_text(part.shard)});
    }
    try {
      if (const auto other = difference_of_origins(first.provenance, part.provenance, false)) {
        refuse(part, "by different programs, rules or data", *other);
      }
    } catch (const json::exception& error) {
      throw Error(Code::E603,
                  fmt::format("'{}' is damaged", (part.path / "provenance.json").string()),
                  {.found = error.what()});
    }
  }
}

void ShardSet::require_all() const {
  const std::size_t count = shards_.front().shard.count;
  for (std::size_t i = 0; i < std::max(count, shards_.size()); ++i) {
    const std::size_t here = i < shards_.size() ? shards_[i].shard.index : count + 1;
    if (here == i + 1) continue;
    if (here < i + 1) {
      throw Error(Code::E607, fmt::format("shard {} is there twice", to_text(shards_[i].shard)),
                  {.found = fmt::format("'{}' and '{}'", shards_[i - 1].path.string(),
                                        shards_[i].path.string())});
    }
    throw Error(Code::E606, fmt::format("shard {}/{} is missing", i + 1, count),
                {.hint = "name the folders of all shards"});
  }
}

void ShardSet::add_runs(Part& part) {
  const ResultFolder folder = ResultFolder::open(part.path);
  const std::string hint =
      fmt::format("deltaw compare --resume {} does that run", part.path.string());
  for (const auto& [rule, seed] : share_of(part.shard, part.experiment)) {
    for (const Damage& damage : folder.damage(rule, seed)) {
      throw Error(Code::E603,
                  fmt::format("'{}' of {} seed {} in '{}' is damaged", damage.file, rule, seed,
                              part.path.string()),
                  {.expected = damage.expected, .found = damage.found, .hint = hint});
    }
    if (!folder.has_ended(rule, seed)) {
      throw Error(Code::E606,
                  fmt::format("{} seed {} has not ended in '{}', shard {}", rule, seed,
                              part.path.string(), to_text(part.shard)),
                  {.hint = hint});
    }
    part.runs.push_back(fs::path("runs") / rule / fmt::format("seed-{}", seed));
  }
}

fs::path ShardSet::experiment_file() const { return shards_.front().path / "experiment.json"; }

std::vector<std::string> ShardSet::remarks() const {
  const std::string first = machine_of(provenance());
  std::vector<std::string> remarks;
  for (const Part& part : shards_) {
    if (machine_of(part.provenance) == first) continue;
    remarks.push_back(fmt::format(
        "'{}' was made on another machine ({}) than '{}' ({}): bits may "
        "depend on that",
        part.path.string(), machine_of(part.provenance), shards_.front().path.string(), first));
  }
  return remarks;
}

void ShardSet::copy_to(const ResultFolder& out) const {
  for (const Part& part : shards_) {
    for (const fs::path& run : part.runs) copy_run(part.path / run, out.path() / run);
  }
  bring_to_disk(out.path());
}

json ShardSet::joined_provenance(const std::string& command) const {
  json joined = provenance();
  joined.erase("shard");
  joined["command"] = command;
  joined["earlier"] = json::array();
  for (const Part& part : shards_) {
    const json& own = part.provenance;
    json shard = {{"folder", part.path.string()}};
    for (const char* key : {"shard", "command", "started", "finished", "earlier", "host", "blas"}) {
      shard[key] = own.at(key);
    }
    joined["started"] = std::min(joined["started"], own.at("started"));
    joined["finished"] = std::max(joined["finished"], own.at("finished"));
    joined["shards"].push_back(std::move(shard));
  }
  return joined;
}

}  // namespace deltaw
