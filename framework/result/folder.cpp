// SPDX-License-Identifier: Apache-2.0
// Names and contents of the files in a result folder.
#include "result/folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "result/alignment_json.hpp"
#include "result/file.hpp"
#include "result/metrics_csv.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr const char* k_state = "state.bin";
constexpr const char* k_state_before = "state-before.bin";
constexpr const char* k_half_a_state = "state.bin.part";  // of a process that was killed
constexpr const char* k_replaced = ".replaced";           // what were runs/
constexpr std::size_t k_hash = 64;                        // digits, before the state itself

// REQUIRES of every name that becomes a path; the experiment's schema has refused others before.
const std::string& checked(const std::string& name) {
  const auto is_safe = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("._->").find(c) != std::string_view::npos;
  };
  if (name.empty() || name.front() == '.' || !std::all_of(name.begin(), name.end(), is_safe)) {
    throw Error(Code::E503, fmt::format("'{}' cannot name a file of results", name),
                {.expected = "letters, digits, '.', '_' and '-', not '.' first"});
  }
  return name;
}

json metrics_of(const RunRecord& record) {
  json metrics = json::object();
  for (const auto& [name, value] : record.metrics) metrics[name] = value ? json(*value) : json();
  return metrics;
}

std::vector<fs::path> sorted_entries(const fs::path& folder) {
  std::error_code missing;
  std::vector<fs::path> entries;
  for (const auto& entry : fs::directory_iterator(folder, missing)) entries.push_back(entry.path());
  std::sort(entries.begin(), entries.end());
  return entries;
}

void sort_runs(std::vector<RunRecord>& runs, const std::vector<std::string>& rules) {
  const auto place = [&](const RunRecord& run) {
    return std::tuple(std::find(rules.begin(), rules.end(), run.rule) - rules.begin(),
                      std::string_view(run.rule), run.seed);
  };
  std::sort(runs.begin(), runs.end(),
            [&](const RunRecord& a, const RunRecord& b) { return place(a) < place(b); });
}

void refuse_results_in(const fs::path& path) {
  for (const char* name : {"experiment.json", "metrics.csv", "summary.json", "runs"}) {
    std::error_code unreadable;
    if (fs::exists(path / name, unreadable)) {
      throw Error(Code::E601, fmt::format("'{}' already has results", path.string()),
                  {.found = fmt::format("'{}'", (path / name).string()),
                   .hint = "another folder with --out, or --overwrite"});
    }
  }
}

// The state in a file; none without that file, or where it is damaged.
std::optional<std::string> state_in(const fs::path& file,
                                    const std::function<void(const Error&)>& on_damage) {
  std::error_code gone;
  if (!fs::exists(file, gone)) return std::nullopt;
  std::string bytes = read_file(file);
  const std::string hash = bytes.substr(0, k_hash);
  bytes.erase(0, k_hash);
  const std::string found = sha256_hex_of_bytes(bytes);
  if (found == hash) return bytes;
  if (on_damage) {
    on_damage(Error(Code::E605, fmt::format("'{}' is damaged", file.string()),
                    {.expected = fmt::format("bytes with the SHA-256 {}", hash), .found = found}));
  }
  return std::nullopt;
}

}  // namespace

ResultFolder ResultFolder::create(const fs::path& path) {
  refuse_results_in(path);
  make_folder(path);  // what makes it one of results is written whole: experiment.json
  ResultFolder folder(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  refuse_results_in(path);
  return folder;
}

ResultFolder ResultFolder::replace(const fs::path& path) {
  if (!fs::exists(path / "experiment.json")) return create(path);
  ResultFolder folder(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  // At once, so that a process that is killed here leaves no run with half of its files.
  std::error_code is_none;
  fs::remove_all(path / k_replaced, is_none);
  fs::rename(path / "runs", path / k_replaced, is_none);
  for (const char* name : {k_replaced, "report.html", "summary.json", "metrics.csv",
                           "provenance.json", "progress.jsonl", "experiment.json"}) {
    std::error_code refused;
    fs::remove_all(path / name, refused);
    if (refused) {
      throw Error(Code::E600, fmt::format("cannot remove '{}'", (path / name).string()),
                  {.found = refused.message(), .hint = "another folder with --out"});
    }
  }
  return folder;
}

ResultFolder ResultFolder::go_on(const fs::path& path) {
  ResultFolder folder = open(path);
  folder.lock_ = std::make_shared<FolderLock>(path);
  return folder;
}

ResultFolder ResultFolder::open(const fs::path& path) {
  ResultFolder folder(path);
  const json experiment = folder.experiment();
  if (const json version = experiment.value("deltaw", json(1)); version != 1) {
    throw Error(Code::E603, fmt::format("'{}' was written by a newer deltaw", path.string()),
                {.expected = "\"deltaw\": 1 in experiment.json",
                 .found = version.dump(),
                 .hint = "upgrade deltaw"});
  }
  return folder;
}

fs::path ResultFolder::run_folder(const std::string& rule, std::uint64_t seed) const {
  return path_ / "runs" / checked(rule) / fmt::format("seed-{}", seed);
}

void ResultFolder::write_json(const std::string& name, const json& document) const {
  deltaw::write_json(path_ / name, document);
}

void ResultFolder::write_experiment(const json& experiment) const {
  write_json("experiment.json", experiment);
}

void ResultFolder::write_provenance(const json& provenance) const {
  write_json("provenance.json", provenance);
}

void ResultFolder::write_summary(const json& summary) const { write_json("summary.json", summary); }

void ResultFolder::write_run(const RunRecord& record) const {
  const fs::path folder = run_folder(record.rule, record.seed);
  make_folder(folder);
  write_file(folder / "metrics.csv", metrics_csv({record}), Sync::later);
  if (!record.alignment.empty()) {
    write_run_json(record.rule, record.seed, "alignment.json", alignment_json(record.alignment));
  }
  json run = {{"rule", record.rule},
              {"seed", record.seed},
              {"status", record.status},
              {"metrics", metrics_of(record)}};
  if (!record.error.empty()) run["error"] = record.error;
  const std::string text = json_text(run);
  const bool has_ended = record.status != "interrupted";
  if (has_ended) write_file(folder / k_sums_file, sums_of(folder, text), Sync::later);
  write_file(folder / "run.json", text, Sync::later);
  if (!has_ended) return;
  remove_states(record.rule, record.seed);
}

void ResultFolder::remove_states(const std::string& rule, std::uint64_t seed) const {
  const fs::path folder = run_folder(rule, seed);
  std::error_code is_gone;
  for (const char* name : {k_state, k_state_before, k_half_a_state}) {
    fs::remove(folder / name, is_gone);
  }
}

void ResultFolder::withdraw(const std::string& rule, std::uint64_t seed) const {
  const fs::path folder = run_folder(rule, seed);
  for (const char* name : {"run.json", k_sums_file}) {
    if (std::error_code reason; !fs::remove(folder / name, reason) && reason) {
      refuse_to_write(folder / name, reason.value());
    }
  }
}

void ResultFolder::write_state(const std::string& rule, std::uint64_t seed,
                               const std::string& state) const {
  const fs::path folder = run_folder(rule, seed);
  make_folder(folder);
  std::error_code is_first;
  fs::rename(folder / k_state, folder / k_state_before, is_first);
  write_file(folder / k_state, sha256_hex_of_bytes(state) + state);
}

std::optional<std::string> ResultFolder::state(
    const std::string& rule, std::uint64_t seed,
    const std::function<void(const Error&)>& on_damage) const {
  const fs::path folder = run_folder(rule, seed);
  auto latest = state_in(folder / k_state, on_damage);
  return latest ? latest : state_in(folder / k_state_before, on_damage);
}

std::vector<Damage> ResultFolder::damage(const std::string& rule, std::uint64_t seed) const {
  const fs::path folder = run_folder(rule, seed);
  return fs::exists(folder / "run.json") ? damage_in(folder) : std::vector<Damage>();
}

bool ResultFolder::has_ended(const std::string& rule, std::uint64_t seed) const {
  const json run = read_run_json(rule, seed, "run.json");
  return run.is_object() && run.value("status", "") != "interrupted";
}

void ResultFolder::write_weights(const std::string& rule, std::uint64_t seed,
                                 const std::string& connection, const NpyMatrix& weights) const {
  write_array(rule, seed, "weights/" + checked(connection), weights);
}

void ResultFolder::write_confusion(const std::string& rule, std::uint64_t seed,
                                   const NpyMatrix& counts) const {
  write_array(rule, seed, "confusion", counts);
}

void ResultFolder::write_array(const std::string& rule, std::uint64_t seed, const std::string& name,
                               const NpyMatrix& values) const {
  const fs::path file = run_folder(rule, seed) / (name + ".npy");
  make_folder(file.parent_path());
  write_file(file, npy_bytes(values), Sync::later);
}

void ResultFolder::write_run_json(const std::string& rule, std::uint64_t seed,
                                  const std::string& name, const json& document) const {
  const fs::path folder = run_folder(rule, seed);
  make_folder(folder);
  write_file(folder / name, document.dump(-1, ' ', false, json::error_handler_t::replace) + '\n',
             Sync::later);
}

void ResultFolder::write_analysis(const std::string& rule, std::uint64_t seed,
                                  const json& analysis) const {
  write_run_json(rule, seed, "analysis.json", analysis);
}

void ResultFolder::write_features(const std::string& rule, std::uint64_t seed,
                                  const json& features) const {
  write_run_json(rule, seed, "features.json", features);
}

void ResultFolder::write_measurement(const std::string& rule, std::uint64_t seed,
                                     const json& measurement) const {
  write_run_json(rule, seed, "measurement.json", measurement);
}

void ResultFolder::write_metrics(const std::vector<std::string>& rules) const {
  std::vector<RunRecord> all = runs();
  sort_runs(all, rules);
  write_file(path_ / "metrics.csv", metrics_csv(all));
}

json ResultFolder::read_json(const fs::path& file) const {
  try {
    return json::parse(read_file(file));
  } catch (const json::parse_error& error) {
    throw Error(Code::E603, fmt::format("'{}' is damaged", file.string()),
                {.expected = "JSON", .found = error.what()});
  }
}

json ResultFolder::experiment() const { return read_json(path_ / "experiment.json"); }
json ResultFolder::provenance() const { return read_json(path_ / "provenance.json"); }
json ResultFolder::summary() const { return read_json(path_ / "summary.json"); }

std::vector<RunRecord> ResultFolder::runs() const {
  std::vector<RunRecord> all;
  for (const fs::path& rule : sorted_entries(path_ / "runs")) {
    for (const fs::path& folder : sorted_entries(rule)) {
      if (!fs::exists(folder / "run.json")) continue;
      const json run = read_json(folder / "run.json");
      const fs::path curve = folder / "metrics.csv";
      std::vector<RunRecord> curves = parse_metrics_csv(read_file(curve), curve.string());
      RunRecord record;
      if (!curves.empty()) record.curve = std::move(curves.front().curve);
      try {
        run.at("rule").get_to(record.rule);
        run.at("seed").get_to(record.seed);
        run.at("status").get_to(record.status);
        record.error = run.value("error", "");
        for (const auto& [name, value] : run.at("metrics").items()) {
          auto& metric = record.metrics[name];
          if (!value.is_null()) metric = value.get<double>();
        }
        record.alignment =
            parse_alignment(read_run_json(record.rule, record.seed, "alignment.json"));
      } catch (const json::exception& error) {
        throw Error(Code::E603, fmt::format("'{}' is damaged", (folder / "run.json").string()),
                    {.found = error.what()});
      }
      all.push_back(std::move(record));
    }
  }
  sort_runs(all, {});
  return all;
}

std::vector<std::string> ResultFolder::connections(const std::string& rule,
                                                   std::uint64_t seed) const {
  std::vector<std::string> names;
  for (const fs::path& file : sorted_entries(run_folder(rule, seed) / "weights")) {
    if (file.extension() == ".npy") names.push_back(file.stem().string());
  }
  return names;
}

NpyMatrix ResultFolder::weights(const std::string& rule, std::uint64_t seed,
                                const std::string& connection) const {
  return read_npy(run_folder(rule, seed) / "weights" / (checked(connection) + ".npy"));
}

std::optional<NpyMatrix> ResultFolder::confusion(const std::string& rule,
                                                 std::uint64_t seed) const {
  return array(rule, seed, "confusion");
}

std::optional<NpyMatrix> ResultFolder::array(const std::string& rule, std::uint64_t seed,
                                             const std::string& name) const {
  const fs::path file = run_folder(rule, seed) / (name + ".npy");
  if (!fs::exists(file)) return std::nullopt;
  return read_npy(file);
}

json ResultFolder::read_run_json(const std::string& rule, std::uint64_t seed,
                                 const std::string& name) const {
  const fs::path file = run_folder(rule, seed) / name;
  return fs::exists(file) ? read_json(file) : json();
}

json ResultFolder::analysis(const std::string& rule, std::uint64_t seed) const {
  return read_run_json(rule, seed, "analysis.json");
}

json ResultFolder::features(const std::string& rule, std::uint64_t seed) const {
  return read_run_json(rule, seed, "features.json");
}

json ResultFolder::measurement(const std::string& rule, std::uint64_t seed) const {
  return read_run_json(rule, seed, "measurement.json");
}

}  // namespace deltaw
