// SPDX-License-Identifier: Apache-2.0
// deltaw data fetch: a bar with rate and time left on a terminal, a line for each file in a pipe.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "data.hpp"
#include "data/fetch.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "say.hpp"
#include "task/find_data.hpp"

namespace deltaw {
namespace {

using Clock = std::chrono::steady_clock;

class Bar {
 public:
  explicit Bar(bool is_quiet) : is_quiet_(is_quiet), is_terminal_(isatty(STDERR_FILENO) != 0) {}

  void show(const std::string& name, std::uint64_t done, std::uint64_t total) {
    if (is_quiet_ || !is_terminal_) return;
    const auto now = Clock::now();
    if (name != name_) {
      name_ = name;
      start_ = now;
      first_ = done;
    } else if (now - drawn_ < std::chrono::milliseconds(100)) {
      return;
    }
    drawn_ = now;
    const double spent = std::chrono::duration<double>(now - start_).count();
    const double rate = spent > 0 ? static_cast<double>(done - std::min(first_, done)) / spent : 0;
    std::string line = fmt::format("{}  {} of {}", name, size_text(done), size_text(total));
    if (rate > 0) {
      line += fmt::format("  {}/s  {} left", size_text(static_cast<std::uint64_t>(rate)),
                          clock_text(static_cast<double>(total - done) / rate));
    }
    line.resize(std::min(line.size(), terminal_width() - 1));  // a line that wraps is not cleared
    say("\r\x1b[K" + line);
  }

  void file(const FetchedFile& file) const {
    if (is_quiet_) return;
    clear();
    say(file.source.empty()
            ? fmt::format("{}: is there\n", file.name)
            : fmt::format("{}: {} from {}\n", file.name, size_text(file.bytes), file.source));
  }

  void clear() const {
    if (!is_quiet_ && is_terminal_) say("\r\x1b[K");
  }

 private:
  bool is_quiet_, is_terminal_;
  std::string name_;
  std::uint64_t first_ = 0;
  Clock::time_point start_ = {}, drawn_ = {};
};

void print_json(const std::vector<FetchedFile>& files) {
  nlohmann::json list = nlohmann::json::array();
  for (const FetchedFile& file : files) {
    list.push_back(
        {{"name", file.name},
         {"path", file.path.string()},
         {"bytes", file.bytes},
         {"source", file.source.empty() ? nlohmann::json() : nlohmann::json(file.source)}});
  }
  fmt::print("{}\n", nlohmann::json{{"files", std::move(list)}}.dump(2));
}

// A line for each set.
void print_folders(const std::vector<FetchedFile>& files) {
  std::string last;
  for (const FetchedFile& file : files) {
    const std::string set = file.name.substr(0, file.name.find('/'));
    if (set != last) fmt::print("{}: {}\n", set, file.path.parent_path().string());
    last = set;
  }
}

}  // namespace

int fetch_data(const DataRequest& request) {
  const Interrupt interrupt;
  Bar bar(request.is_quiet);
  std::vector<FetchedFile> files;
  FetchOptions options = {.folder = data_home(request.folder),
                          .there = {},
                          .from = request.from,
                          .timeout = request.timeout,
                          .on_bytes = {},
                          .on_file = {}};
  options.on_bytes = [&bar](const std::string& name, std::uint64_t done, std::uint64_t total) {
    bar.show(name, done, total);
    return !Interrupt::is_requested();
  };
  options.on_file = [&](const FetchedFile& file) {
    bar.file(file);
    files.push_back(file);
  };
  if (!request.folder) options.there = data_folders();
  try {
    for (const PublishedSet* set : request.sets) fetch(*set, options);
  } catch (const Stopped&) {
    bar.clear();
    say("interrupted: what has come is kept, and the same command goes on with it\n");
    return 130;
  } catch (...) {
    bar.clear();
    throw;
  }
  request.wants_json ? print_json(files) : print_folders(files);
  return 0;
}

}  // namespace deltaw
