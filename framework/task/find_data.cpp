// SPDX-License-Identifier: Apache-2.0
// The search for data files.
#include "task/find_data.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <system_error>

#include "core/error.hpp"
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

}  // namespace

DataFolders data_folders(const std::optional<fs::path>& given) {
  DataFolders folders;
  std::error_code ignored;
  if (given) {
    if (!fs::is_directory(*given, ignored)) {
      throw Error(Code::E400, fmt::format("data folder '{}' does not exist", given->string()));
    }
    folders.push_back(*given);
  }
  if (const char* set = std::getenv("DELTAW_DATA"); set != nullptr && *set != '\0') {
    folders.emplace_back(set);
  }
  folders.emplace_back(DELTAW_SHIPPED_DATA);
  const fs::path program = fs::read_symlink("/proc/self/exe", ignored);
  if (!program.empty()) {
    folders.push_back(program.parent_path().parent_path() / "share" / "deltaw" / "data");
  }
  return folders;
}

fs::path find_data(const std::string& name, const DataFolders& folders) {
  std::vector<std::string> tried;
  for (const fs::path& folder : folders) {
    for (const std::string& file : forms_of(name)) {
      std::error_code ignored;
      if (fs::is_regular_file(folder / file, ignored)) return folder / file;
    }
    tried.push_back(folder.string());
  }
  const fs::path parent = fs::path(name).parent_path();
  const std::string holds = parent.empty() ? name : parent.string() + "/";
  throw Error(
      Code::E400, fmt::format("data file '{}' is missing", name),
      {.expected = fmt::format("it in one of: {}", fmt::join(tried, ", ")),
       .hint = fmt::format("--data FOLDER or DELTAW_DATA=FOLDER, where FOLDER holds {}", holds)});
}

}  // namespace deltaw
