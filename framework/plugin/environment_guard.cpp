// SPDX-License-Identifier: Apache-2.0
// Saved on construction, compared and put back by restore().
#include "plugin/environment_guard.hpp"

#include <fmt/format.h>

#include <clocale>

namespace deltaw {
namespace {

namespace fs = std::filesystem;

// The bits that steer arithmetic; flags of past exceptions are left out.
std::uint64_t control(const std::fenv_t& environment) {
#if defined(__x86_64__)
  constexpr std::uint32_t flags = 0x3f;
  return std::uint64_t{environment.__control_word} << 32 | (environment.__mxcsr & ~flags);
#elif defined(__aarch64__)
  return environment.__fpcr;
#else
  (void)environment;
  return static_cast<std::uint64_t>(std::fegetround());
#endif
}

bool flushes_to_zero(const std::fenv_t& environment) {
#if defined(__x86_64__)
  return (environment.__mxcsr & 0x8040u) != 0;
#elif defined(__aarch64__)
  return (environment.__fpcr & (1u << 24)) != 0;
#else
  (void)environment;
  return false;
#endif
}

bool is_same(const struct sigaction& a, const struct sigaction& b) {
  return a.sa_handler == b.sa_handler && a.sa_flags == b.sa_flags;
}

}  // namespace

EnvironmentGuard::EnvironmentGuard() : locale_(std::setlocale(LC_ALL, nullptr)), handlers_{} {
  std::fegetenv(&floating_);
  std::error_code ignored;
  folder_ = fs::current_path(ignored);
  for (int signal = 1; signal < 32; ++signal) {
    sigaction(signal, nullptr, &handlers_[static_cast<std::size_t>(signal)]);
  }
}

std::vector<Error> EnvironmentGuard::restore(const fs::path& plugin) const {
  std::vector<Error> warnings;
  std::fenv_t floating;
  std::fegetenv(&floating);
  if (control(floating) != control(floating_)) {
    std::fesetenv(&floating_);
    const bool is_fast = flushes_to_zero(floating) && !flushes_to_zero(floating_);
    warnings.emplace_back(
        Code::W401,
        fmt::format("loading {} {}; restored", plugin.string(),
                    is_fast ? "turned on flush-to-zero" : "changed the rounding of arithmetic"),
        Detail{.hint = is_fast ? "link it without -ffast-math" : ""});
  }
  std::vector<std::string> changed;
  if (locale_ != std::setlocale(LC_ALL, nullptr)) {
    std::setlocale(LC_ALL, locale_.c_str());
    changed.emplace_back("the locale");
  }
  std::error_code ignored;
  if (!folder_.empty() && fs::current_path(ignored) != folder_) {
    fs::current_path(folder_, ignored);
    changed.emplace_back("the working directory");
  }
  for (int signal = 1; signal < 32; ++signal) {
    const struct sigaction& before = handlers_[static_cast<std::size_t>(signal)];
    struct sigaction now {};
    if (sigaction(signal, nullptr, &now) != 0 || is_same(before, now)) continue;
    sigaction(signal, &before, nullptr);
    changed.push_back(fmt::format("the handler of signal {}", signal));
  }
  if (!changed.empty()) {
    warnings.emplace_back(Code::W402, fmt::format("loading {} changed {}; restored",
                                                  plugin.string(), fmt::join(changed, ", ")));
  }
  return warnings;
}

}  // namespace deltaw
