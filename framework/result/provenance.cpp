// SPDX-License-Identifier: Apache-2.0
// Facts of the host from /proc, /etc/os-release, uname and OpenBLAS.
#include "result/provenance.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/utsname.h>

#include <chrono>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "core/one_dnn_version.hpp"
#include "core/sha256.hpp"

extern "C" char* openblas_get_config(void);

namespace deltaw {
namespace {

using nlohmann::json;

// The value after the first "<key><separator>" that opens a line of `file`; empty if none does.
std::string value_in(const char* file, const std::string& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const std::size_t at = line.find(separator);
    if (!line.starts_with(key) || at == std::string::npos) continue;
    const std::size_t first = line.find_first_not_of(" \t\"", at + 1);
    if (first == std::string::npos) return {};
    return line.substr(first, line.find_last_not_of(" \t\"") - first + 1);
  }
  return {};
}

std::string operating_system() {
  utsname kernel{};
  ::uname(&kernel);
  const std::string name = value_in("/etc/os-release", "PRETTY_NAME", '=');
  return fmt::format("{}{}{} {}", name, name.empty() ? "" : ", ", kernel.sysname, kernel.release);
}

std::string processor() {
  const std::string model = value_in("/proc/cpuinfo", "model name", ':');
  if (!model.empty()) return model;
  utsname kernel{};
  ::uname(&kernel);
  return kernel.machine;
}

constexpr const char* compiler =
#if defined(__clang__)
    "clang " __clang_version__;
#else
    "gcc " __VERSION__;
#endif

}  // namespace

std::string utc_now() {
  const auto now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  return fmt::format("{:%Y-%m-%dT%H:%M:%SZ}", fmt::gmtime(now));
}

std::string shell_line(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    if (!line.empty()) line += ' ';
    constexpr auto plain =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) {
      line += word;
      continue;
    }
    line += '\'';
    for (const char c : word) line += c == '\'' ? "'\\''" : std::string(1, c);
    line += '\'';
  }
  return line;
}

json to_json(const Provenance& provenance) {
  json plugins = json::array();
  for (const PluginFact& plugin : provenance.plugins) {
    plugins.push_back({{"rule", plugin.rule},
                       {"version", plugin.version},
                       {"library", plugin.library},
                       {"sha256", plugin.sha256}});
  }
  json data = json::array();
  for (const DataFact& fact : provenance.data) {
    data.push_back({{"file", fact.file}, {"sha256", fact.sha256}});
  }
  json earlier = json::array();
  for (const EarlierProcess& process : provenance.earlier) {
    earlier.push_back({{"command", process.command}, {"started", process.started}});
    if (process.seeds > 0) earlier.back()["seeds"] = process.seeds;
  }
  json document = {{"deltaw", DELTAW_VERSION},
                   {"program", sha256_hex("/proc/self/exe")},
                   {"command", shell_line(provenance.command)},
                   {"started", provenance.started},
                   {"finished", provenance.finished.empty() ? json() : json(provenance.finished)},
                   {"earlier", std::move(earlier)},
                   {"host",
                    {{"cpu", processor()},
                     {"cores", std::thread::hardware_concurrency()},
                     {"os", operating_system()}}},
                   {"compiler", compiler},
                   {"blas", fmt::format("{}; oneDNN {}", openblas_get_config(), one_dnn_version())},
                   {"plugins", std::move(plugins)},
                   {"data", std::move(data)}};
  if (!provenance.shard.is_whole()) document["shard"] = to_text(provenance.shard);
  return document;
}

}  // namespace deltaw
