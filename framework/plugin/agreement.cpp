// SPDX-License-Identifier: Apache-2.0
// The table of a library against the ABI, then against its manifest.
#include "plugin/agreement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <string_view>

#include "core/error.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& file, const std::string& why) {
  throw Error(Code::E134,
              fmt::format("{}: entry returned an invalid table ({})", file.string(), why),
              {.hint = "rebuild the plugin with deltaw_add_rule()"});
}

[[noreturn]] void disagree(const Manifest& manifest, const std::string& what,
                           const std::string& in_manifest, const std::string& in_binary) {
  throw Error(Code::E137,
              fmt::format("{} and {} disagree on {}", manifest.file.string(),
                          manifest.library.filename().string(), what),
              {.expected = in_manifest + " as the manifest says",
               .found = in_binary + " in the binary",
               .hint = "mend the one that is wrong, and build the plugin again"});
}

std::string scope_text(std::uint32_t scope) {
  if (scope == DELTAW_SCOPE_LOCAL) return "local";
  return scope == DELTAW_SCOPE_NETWORK ? "network" : std::to_string(scope);
}

std::string grain_text(std::uint32_t grain) {
  if (grain < DELTAW_GRAIN_BATCH || grain > DELTAW_GRAIN_STEP) return std::to_string(grain);
  return std::string(name_of(static_cast<Grain>(grain - DELTAW_GRAIN_BATCH)));
}

std::string capability_text(std::uint64_t caps) {
  std::vector<std::string> names = dtype_names(caps);
  for (std::string& name : capability_names(caps)) names.push_back(std::move(name));
  const std::uint64_t unknown = caps & ~std::uint64_t{2 * DELTAW_CAP_IN_PLACE - 1};
  if (unknown != 0) names.push_back(fmt::format("{:#x}", unknown));
  return fmt::format("{{{}}}", fmt::join(names, ", "));
}

std::string signal_text(std::uint64_t mask) {
  std::string text = fmt::format("{}", fmt::join(signal_names(mask), ", "));
  const std::uint64_t unknown = mask >> DELTAW_SIGNAL_COUNT;
  if (unknown != 0) text += fmt::format(", {:#x}", unknown << DELTAW_SIGNAL_COUNT);
  return fmt::format("{{{}}}", text);
}

void check_rule(const deltaw_rule_info& info, const RuleSpec& rule, const Manifest& manifest) {
  const auto compare = [&](const char* what, const std::string& ours, const std::string& theirs) {
    if (ours != theirs) disagree(manifest, fmt::format("{} of '{}'", what, rule.id), ours, theirs);
  };
  compare("the version", rule.version, info.version);
  compare("the signals", signal_text(rule.signals), signal_text(info.signals));
  compare("the scope", std::string(name_of(rule.scope)), scope_text(info.scope));
  compare("the grain", std::string(name_of(rule.grain)), grain_text(info.grain));
  compare("the capabilities", capability_text(rule.capabilities), capability_text(info.caps));
}

std::string rule_list(const std::vector<std::string>& ids) {
  return fmt::format("{{{}}}", fmt::join(ids, ", "));
}

}  // namespace

void check_table(const deltaw_plugin* table, const fs::path& file) {
  constexpr std::uint32_t prefix = offsetof(deltaw_plugin, abi_minor_needed);
  if (table == nullptr) refuse(file, "null");
  if (table->struct_size < prefix) {
    refuse(file, fmt::format("size {}, need {}", table->struct_size, sizeof(deltaw_plugin)));
  }
  if (table->abi_major != DELTAW_ABI_MAJOR) check_abi(table->abi_major, 0, file.string());
  if (table->struct_size < sizeof(deltaw_plugin)) {
    refuse(file, fmt::format("size {}, need {}", table->struct_size, sizeof(deltaw_plugin)));
  }
  check_abi(table->abi_major, table->abi_minor_needed, file.string());
  if (table->rule_info == nullptr || table->create == nullptr) refuse(file, "a function is null");
  for (std::uint32_t i = 0; i < table->n_rules; ++i) {
    const deltaw_rule_info* info = table->rule_info(i);
    if (info == nullptr) refuse(file, fmt::format("rule_info({}) is null", i));
    if (info->struct_size < sizeof(deltaw_rule_info)) {
      refuse(file, fmt::format("size {} of rule_info({}), need {}", info->struct_size, i,
                               sizeof(deltaw_rule_info)));
    }
    if (info->id == nullptr || info->version == nullptr) {
      refuse(file, fmt::format("rule_info({}) has no id or version", i));
    }
  }
}

void check_agreement(const deltaw_plugin& table, const Manifest& manifest) {
  std::vector<std::string> in_manifest, in_binary;
  std::map<std::string, const deltaw_rule_info*> infos;
  for (const RuleSpec& rule : manifest.rules) in_manifest.push_back(rule.id);
  for (std::uint32_t i = 0; i < table.n_rules; ++i) {
    const deltaw_rule_info* info = table.rule_info(i);
    in_binary.emplace_back(info->id);
    infos[info->id] = info;
  }
  std::sort(in_manifest.begin(), in_manifest.end());
  std::sort(in_binary.begin(), in_binary.end());
  if (in_manifest != in_binary) {
    disagree(manifest, "the rules", rule_list(in_manifest), rule_list(in_binary));
  }
  for (const RuleSpec& rule : manifest.rules) check_rule(*infos.at(rule.id), rule, manifest);
  if (manifest.abi_minor != table.abi_minor_needed) {
    disagree(manifest, "the ABI", fmt::format("{}.{}", manifest.abi_major, manifest.abi_minor),
             fmt::format("{}.{}", table.abi_major, table.abi_minor_needed));
  }
}

}  // namespace deltaw
