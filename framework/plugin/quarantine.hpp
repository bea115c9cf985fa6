// SPDX-License-Identifier: Apache-2.0
// Libraries that crashed, hung or ended the process when they were first tried, and why. A file for
// each, named by its hash and the program's version: a new build of either is tried anew. Processes
// may share a folder: files are written whole.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/error.hpp"

namespace deltaw {

class Quarantine {
 public:
  // An empty path: nothing is kept. Made when it is needed.
  explicit Quarantine(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // $XDG_STATE_HOME or ~/.local/state, then deltaw/quarantine; empty when neither is known.
  [[nodiscard]] static std::filesystem::path usual_folder();

  // Why a library of this hash is kept out.
  [[nodiscard]] std::optional<Error> reason(const std::string& sha256) const;
  // What cannot be written is tried again next time.
  void keep_out(const std::string& sha256, const Error& reason) const;
  // Whether it was there.
  bool forget(const std::string& sha256) const;

 private:
  [[nodiscard]] std::filesystem::path file(const std::string& sha256) const;

  std::filesystem::path folder_;
};

}  // namespace deltaw
