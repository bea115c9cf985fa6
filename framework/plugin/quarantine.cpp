// SPDX-License-Identifier: Apache-2.0
#include "plugin/quarantine.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <fstream>
#include <sstream>

#include "core/error_bytes.hpp"

namespace deltaw {

namespace fs = std::filesystem;

fs::path Quarantine::usual_folder() {
  const char* state = std::getenv("XDG_STATE_HOME");
  if (state != nullptr && fs::path(state).is_absolute()) {
    return fs::path(state) / "deltaw/quarantine";
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || *home == '\0') return {};
  return fs::path(home) / ".local/state/deltaw/quarantine";
}

fs::path Quarantine::file(const std::string& sha256) const {
  return folder_ / fmt::format("{}-{}.json", sha256, DELTAW_VERSION);
}

std::optional<Error> Quarantine::reason(const std::string& sha256) const {
  if (folder_.empty()) return std::nullopt;
  std::ifstream in(file(sha256));
  std::stringstream text;
  text << in.rdbuf();
  if (!in) return std::nullopt;
  try {
    return error_of(text.str());
  } catch (const std::exception&) {  // no reason can be read: it is tried again
    return std::nullopt;
  }
}

void Quarantine::keep_out(const std::string& sha256, const Error& reason) const {
  if (folder_.empty()) return;
  std::error_code ignored;
  fs::create_directories(folder_, ignored);
  const fs::path part = folder_ / fmt::format("{}.{}", sha256, getpid());
  std::ofstream(part) << bytes_of(reason);
  fs::rename(part, file(sha256), ignored);
  if (ignored) fs::remove(part, ignored);
}

bool Quarantine::forget(const std::string& sha256) const {
  std::error_code ignored;
  return !folder_.empty() && fs::remove(file(sha256), ignored);
}

}  // namespace deltaw
