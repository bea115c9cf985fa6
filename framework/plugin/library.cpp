// SPDX-License-Identifier: Apache-2.0
// Opening a library: all that can be known without running it first, then dlopen, then its table.
#define BOOST_DLL_USE_STD_FS
#include "plugin/library.hpp"

#include <dlfcn.h>
#include <fmt/format.h>
#include <unistd.h>

#include <boost/dll/library_info.hpp>
#include <boost/dll/shared_library.hpp>
#include <mutex>

#include "core/sha256.hpp"
#include "plugin/agreement.hpp"
#include "plugin/elf.hpp"
#include "plugin/environment_guard.hpp"
#include "plugin/trust.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
namespace dll = boost::dll;

constexpr const char* entry_name = "deltaw_plugin_entry";

void check_file(const Manifest& manifest) {
  const fs::path& file = manifest.library;
  check_present(manifest);
  check_trust(file, geteuid());
  check_trust(fs::canonical(file).parent_path(), geteuid());
  check_elf(file);
  if (!manifest.sha256) return;
  const std::string found = sha256_hex(file);
  if (found != *manifest.sha256) {
    throw Error(Code::E123,
                fmt::format("{}: changed after its manifest was written", file.string()),
                {.expected = "sha256 " + *manifest.sha256,
                 .found = found,
                 .hint = "build the plugin again, which renews the manifest"});
  }
}

// Boost wraps the loader's text: "... (dlerror system message: TEXT): noise of errno".
std::string loader_text(const std::string& what) {
  constexpr std::string_view opening = "(dlerror system message: ";
  const std::size_t begin = what.find(opening);
  if (begin == std::string::npos) return what;
  const std::size_t end = what.rfind("): ");
  return what.substr(begin + opening.size(), end - begin - opening.size());
}

// Kept open for ever: code of the plugin may be on any stack, and destructors of its thread-local
// objects may run after the last call.
dll::shared_library open_for_ever(const fs::path& file) {
  const auto mode = dll::load_mode::rtld_now | dll::load_mode::rtld_local |
                    static_cast<dll::load_mode::type>(RTLD_NODELETE);
  try {
    return dll::shared_library(file, mode);
  } catch (const std::system_error& error) {
    throw loader_error(file, loader_text(error.what()));
  }
}

std::string exported(const fs::path& file) {
  std::vector<std::string> names;
  try {
    names = dll::library_info(file).symbols();
  } catch (const std::exception&) {
    return "a file whose symbols cannot be read";
  }
  std::erase_if(names, [](const std::string& name) { return name.empty() || name[0] == '_'; });
  if (names.empty()) return "no symbols";
  const std::size_t shown = std::min<std::size_t>(names.size(), 5);
  names.resize(shown);
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

void check_present(const Manifest& manifest) {
  std::error_code ignored;
  if (fs::is_regular_file(manifest.library, ignored)) return;
  throw Error(Code::E120,
              fmt::format("{} named by {} not found beside it",
                          manifest.library.filename().string(), manifest.file.string()),
              {.hint = "install or build the plugin again"});
}

Error loader_error(const fs::path& file, const std::string& message) {
  const auto after = [&](std::string_view mark) {
    return message.substr(message.find(mark) + mark.size());
  };
  const auto contains = [&](std::string_view part) {
    return message.find(part) != std::string::npos;
  };
  const std::string found = "loader: " + message;
  if (contains("version `")) {
    const std::string rest = after("version `");
    return {Code::E132,
            fmt::format("{}: needs {}, which this system does not have", file.string(),
                        rest.substr(0, rest.find('\''))),
            {.found = found, .hint = "rebuild the plugin on this or an older system"}};
  }
  if (contains("undefined symbol: ")) {
    const std::string symbol = after("undefined symbol: ");
    return {Code::E131,
            fmt::format("{}: undefined symbol {}", file.string(),
                        symbol.substr(0, symbol.find_first_of(", )"))),
            {.found = found, .hint = "link the plugin with -Wl,-z,defs to see it at build time"}};
  }
  if (contains(": cannot open shared object file")) {
    const std::string needed = message.substr(0, message.find(": cannot open"));
    return {Code::E130,
            fmt::format("{}: needs {}, not found by the loader", file.string(), needed),
            {.found = found, .hint = fmt::format("install the package that has {}", needed)}};
  }
  return {Code::E121, fmt::format("{}: refused by the loader", file.string()), {.found = found}};
}

Library::Library(const Manifest& manifest) {
  check_file(manifest);
  file_ = fs::canonical(manifest.library);

  static std::mutex one_at_a_time;
  const std::lock_guard lock(one_at_a_time);
  const EnvironmentGuard environment;
  const dll::shared_library library = open_for_ever(file_);
  if (!library.has(entry_name)) {
    (void)environment.restore(file_);
    throw Error(Code::E133,
                fmt::format("{}: does not export {}. Is this a rule?", file_.string(), entry_name),
                {.expected = entry_name, .found = exported(file_)});
  }
  table_ = library.get<const deltaw_plugin*()>(entry_name)();
  warnings_ = environment.restore(file_);
  check_table(table_, file_);
  check_agreement(*table_, manifest);
}

}  // namespace deltaw
