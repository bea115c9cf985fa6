// SPDX-License-Identifier: Apache-2.0
#include "result/sums.hpp"

#include <fmt/format.h>

#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "core/error.hpp"
#include "core/sha256.hpp"
#include "result/file.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t k_hash = 64;  // digits, and two spaces before the name
constexpr std::size_t k_name = k_hash + 2;

std::string named(const std::string& hash) { return "SHA-256 " + hash; }

std::string hash_now(const fs::path& file) {
  if (std::error_code gone; !fs::exists(file, gone)) return "nothing";
  try {
    return named(sha256_hex(file));
  } catch (const std::runtime_error&) {
    return "a file that cannot be read";
  }
}

std::vector<Damage> damage_without_sums(const fs::path& folder) {
  if (!json_in(folder / "run.json").is_object()) return {{"run.json", "JSON", "none"}};
  std::error_code gone;
  if (!fs::exists(folder / "metrics.csv", gone)) return {{"metrics.csv", "a curve", "nothing"}};
  return {};
}

}  // namespace

bool is_passing(const fs::path& file) {
  const std::string name = file.filename();
  return name.ends_with(".part") || (name.starts_with("state") && name.ends_with(".bin"));
}

std::string sums_of(const fs::path& folder, std::string_view record) {
  std::map<std::string, std::string> hashes = {{"run.json", sha256_hex_of_bytes(record)}};
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    const std::string name = entry.path().lexically_relative(folder);
    if (!entry.is_regular_file() || is_passing(entry.path()) || name == k_sums_file) continue;
    if (!hashes.contains(name)) hashes[name] = sha256_hex(entry.path());
  }
  std::string text;
  for (const auto& [name, hash] : hashes) text += fmt::format("{}  {}\n", hash, name);
  return text;
}

std::vector<std::pair<std::string, std::string>> recorded_sums(const fs::path& folder) {
  std::vector<std::pair<std::string, std::string>> recorded;
  std::ifstream sums(folder / k_sums_file);
  for (std::string line; std::getline(sums, line);) {
    if (line.size() <= k_name) return {};
    recorded.emplace_back(line.substr(k_name), line.substr(0, k_hash));
  }
  return recorded;
}

std::vector<Damage> damage_in(const fs::path& folder) {
  std::error_code gone;
  if (!fs::exists(folder / k_sums_file, gone)) return damage_without_sums(folder);
  std::vector<Damage> damages;
  bool has_record = false;
  for (const auto& [name, sum] : recorded_sums(folder)) {
    has_record |= name == "run.json";
    if (const std::string now = hash_now(folder / name); now != named(sum)) {
      damages.push_back({name, named(sum), now});
    }
  }
  if (!has_record) damages.push_back({k_sums_file, "the hash of run.json", "none"});
  return damages;
}

}  // namespace deltaw
