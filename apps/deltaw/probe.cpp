// SPDX-License-Identifier: Apache-2.0
#include "probe.hpp"

#include <fmt/format.h>

#include <csignal>

#include "core/child.hpp"
#include "core/error.hpp"
#include "core/sha256.hpp"
#include "plugin/library.hpp"
#include "plugin/quarantine.hpp"
#include "rehearsal.hpp"

namespace deltaw {
namespace {

constexpr unsigned k_seconds = 10;

Error quarantined(const Manifest& manifest, const Error& reason) {
  return {
      reason.code(),
      fmt::format("quarantined, as when it was tried: {}", reason.headline()),
      {.found = reason.detail().found,
       .hint = fmt::format("deltaw check {} to see more; another build, or deltaw rules --forget "
                           "{}, lifts the quarantine",
                           manifest.file.string(), manifest.rules.front().id)}};
}

// Whether somebody else ended it: the system for want of memory, or a user.
bool was_killed(const ChildError& error) {
  if (error.code() != Code::E140) return false;
  return error.signal() == SIGKILL || error.signal() == SIGTERM || error.signal() == SIGINT;
}

}  // namespace

void probe(const Manifest& manifest) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(manifest.library, ignored)) return;
  const std::string hash = sha256_hex(manifest.library);
  const Quarantine quarantine(Quarantine::usual_folder());
  if (const auto reason = quarantine.reason(hash)) throw quarantined(manifest, *reason);
  try {
    (void)in_child(
        manifest.library.filename().string(),
        [&](const Stage& stage) {
          stage("while it is loaded");
          const Library library(manifest);
          for (const RuleSpec& rule : manifest.rules) {
            stage(fmt::format("while rule '{}' is made", rule.id));
            rehearse(library, rule);
          }
          return std::string();
        },
        k_seconds);
  } catch (const ChildError& error) {
    if (was_killed(error)) throw;
    quarantine.keep_out(hash, error);
    throw quarantined(manifest, error);
  } catch (const Error&) {  // comes again where it is loaded for use, with all that belongs to it
  }
}

}  // namespace deltaw
