// SPDX-License-Identifier: Apache-2.0
// The search for data files.
#include "task/find_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <system_error>

#include "core/error.hpp"
#include "core/program.hpp"
#include "task/packing.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

// The name itself, then the plain file, then each packed one.
std::vector<std::string> forms_of(const std::string& name) {
  std::string plain = name;
  for (const Packing& packing : packings()) {
    if (name.ends_with(packing.extension)) {
      plain = name.substr(0, name.size() - packing.extension.size());
    }
  }
  std::vector<std::string> forms = {name, plain};
  for (const Packing& packing : packings()) forms.push_back(plain + std::string(packing.extension));
  return forms;
}

// Empty where it is not set, or set to nothing.
fs::path from_environment(const char* name) {
  const char* const set = std::getenv(name);
  return set != nullptr ? set : "";
}

// What `deltaw data fetch` knows lies in a folder of its name.
std::string hint_for(const fs::path& file) {
  const std::string name = file.parent_path().string();
  const std::string set = "--data FOLDER or DELTAW_DATA=FOLDER, where FOLDER holds ";
  if (name == "mnist" || name == "fashion-mnist" || name == "cifar-10" || name == "digits") {
    return fmt::format("deltaw data fetch {0}, or {1}{0}/", name, set);
  }
  return set + (name.empty() ? file.string() : name + "/");
}

}  // namespace

std::optional<fs::path> user_data_folder() {
  const fs::path data = from_environment("XDG_DATA_HOME");
  if (data.is_absolute()) return data / "deltaw" / "data";
  const fs::path home = from_environment("HOME");
  if (home.empty()) return std::nullopt;
  return home / ".local" / "share" / "deltaw" / "data";
}

DataFolders data_folders(const std::optional<fs::path>& given) {
  DataFolders folders;
  std::error_code ignored;
  if (given) {
    if (!fs::is_directory(*given, ignored)) {
      throw Error(Code::E400, fmt::format("data folder '{}' does not exist", given->string()));
    }
    folders.push_back(*given);
  }
  if (const fs::path set = from_environment("DELTAW_DATA"); !set.empty()) folders.push_back(set);
  if (const auto user = user_data_folder()) folders.push_back(*user);
  folders.emplace_back(DELTAW_SHIPPED_DATA);
  if (const fs::path prefix = program_prefix(); !prefix.empty()) {
    folders.push_back(prefix / "share" / "deltaw" / "data");
  }
  return folders;
}

fs::path data_home(const std::optional<fs::path>& given) {
  if (given) return *given;
  if (fs::path set = from_environment("DELTAW_DATA"); !set.empty()) return set;
  if (auto user = user_data_folder()) return *user;
  throw Error(Code::E002, "no folder for data: neither DELTAW_DATA nor HOME is set",
              {.hint = "--data FOLDER"});
}

std::optional<fs::path> seek_data(const std::string& name, const DataFolders& folders) {
  for (const fs::path& folder : folders) {
    for (const std::string& file : forms_of(name)) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / file, ignored)) return folder / file;
    }
  }
  return std::nullopt;
}

fs::path find_data(const std::string& name, const DataFolders& folders) {
  if (auto found = seek_data(name, folders)) return *found;
  std::vector<std::string> tried;
  for (const fs::path& folder : folders) tried.push_back(folder.string());
  throw Error(Code::E400, fmt::format("data file '{}' is missing", name),
              {.expected = fmt::format("it in one of: {}", fmt::join(tried, ", ")),
               .hint = hint_for(name)});
}

}  // namespace deltaw
