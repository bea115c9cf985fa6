// SPDX-License-Identifier: Apache-2.0
#include "group_option.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/error.hpp"
#include "experiment_options.hpp"
#include "options.hpp"

namespace deltaw {
namespace {

[[noreturn]] void refuse(const std::string& text, const std::string& found) {
  throw Error(Code::E002, fmt::format("--group {} is no group", text),
              {.expected = "NAME=ARM,ARM,... or NAME=ARM@SEED,ARM@2-6,...",
               .found = found,
               .hint = "names have letters, digits, '.', '_' and '-'"});
}

bool is_file_name(const std::string& name) {
  constexpr auto k_letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.front() != '.' &&
         name.find_first_not_of(k_letters) == std::string::npos;
}

}  // namespace

std::vector<std::uint64_t> seeds_in(const std::string& text) {
  const nlohmann::json seeds = nlohmann::json::parse(seeds_as_json(text));
  if (seeds.is_array()) return seeds.get<std::vector<std::uint64_t>>();
  std::vector<std::uint64_t> counted(seeds.get<std::size_t>());
  std::iota(counted.begin(), counted.end(), std::uint64_t{1});
  return counted;
}

std::vector<std::string> arm_names(const std::string& text) {
  std::vector<std::string> names = parts_of(text);
  if (std::ranges::count(names, "") == 0) return names;
  throw Error(Code::E002, fmt::format("'{}' has an empty name", text),
              {.expected = "names of arms with commas between them"});
}

EnsembleGroup parse_group(const std::string& text) {
  const std::size_t equals = text.find('=');
  if (equals == std::string::npos) refuse(text, "no '='");
  EnsembleGroup group{text.substr(0, equals), {}};
  if (!is_file_name(group.name)) refuse(text, fmt::format("the name '{}'", group.name));
  for (const std::string& member : arm_names(text.substr(equals + 1))) {
    const std::size_t at = member.rfind('@');
    const std::string arm = member.substr(0, at);
    if (at == std::string::npos) {
      group.members.push_back({arm});
      continue;
    }
    const std::string seeds = member.substr(at + 1);
    if (const auto seed = number_in<std::uint64_t>(seeds)) {
      group.members.push_back({arm, *seed});
    } else if (seeds.find('-') != std::string::npos) {
      for (const std::uint64_t one : seeds_in(seeds)) group.members.push_back({arm, one});
    } else {
      refuse(text, fmt::format("the seed '{}'", seeds));
    }
  }
  return group;
}

}  // namespace deltaw
