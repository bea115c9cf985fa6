// SPDX-License-Identifier: Apache-2.0
// From JSON to Manifest. What the schema can say it says; here is the rest.
#include "plugin/manifest.hpp"

#include <deltaw/abi.h>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>
#include <set>

#include "core/error.hpp"
#include "core/json.hpp"
#include "embedded/rule_schema.hpp"
#include "plugin/parameters.hpp"
#include "plugin/search_range.hpp"

namespace deltaw {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr JsonCodes codes = {Code::E103, Code::E110, Code::E111, Code::E111};
constexpr std::int64_t known_schema = 1;

json without_closed_objects(json schema) {
  if (schema.is_object() && schema.value("additionalProperties", json()) == false) {
    schema.erase("additionalProperties");
  }
  if (schema.is_structured()) {
    for (json& part : schema) part = without_closed_objects(part);
  }
  return schema;
}

// Unknown keys may come from a newer minor version: they must not stop an older host.
const JsonSchema& open_schema() {
  static const JsonSchema schema(without_closed_objects(json::parse(embedded::rule_schema)));
  return schema;
}

template <class Enum>
Enum parse_enum(const std::string& name, int count) {
  for (int i = 0; i < count; ++i) {
    if (name_of(static_cast<Enum>(i)) == name) return static_cast<Enum>(i);
  }
  throw Error(Code::E001, fmt::format("the manifest's schema allows '{}', its reader not", name));
}

SearchRange parse_tune(const ParameterSpec& spec, const json& in, const std::string& origin) {
  const auto what = [&] { return fmt::format("{}: 'tune' of parameter '{}'", origin, spec.name); };
  if (in.is_object() && spec.type != ParameterSpec::Type::number) {
    throw Error(Code::E111, what(),
                {.expected = fmt::format("a list of values for type \"{}\"", name_of(spec.type)),
                 .found = "an interval"});
  }
  const SearchRange range = parse_range(in);
  if (const std::string fault = fault_of(range); !fault.empty()) {
    throw Error(Code::E111, fmt::format("{} {}", what(), fault), {.found = in.dump()});
  }
  for (const json& value : ends_of(in)) {
    try {
      static_cast<void>(parse_value(spec, value));
    } catch (const Error& error) {
      throw Error(Code::E111, what() + " leaves what the parameter allows", error.detail());
    }
  }
  return range;
}

ParameterSpec parse_parameter(const json& in, const std::string& origin) {
  ParameterSpec out;
  out.name = in.at("name");
  out.type = parse_enum<ParameterSpec::Type>(in.at("type"), 5);
  if (in.contains("minimum")) out.minimum = in["minimum"].get<double>();
  if (in.contains("maximum")) out.maximum = in["maximum"].get<double>();
  out.exclusive_minimum = in.value("exclusive_minimum", false);
  out.exclusive_maximum = in.value("exclusive_maximum", false);
  out.values = in.value("values", std::vector<std::string>());
  out.unit = in.value("unit", "");
  out.help = in.value("help", "");
  if ((out.type == ParameterSpec::Type::choice) == out.values.empty()) {
    throw Error(Code::E111, fmt::format("{}: parameter '{}'", origin, out.name),
                {.expected = "'values' for type \"enum\", and for no other"});
  }
  try {
    out.fallback = parse_value(out, in.at("default"));
  } catch (const Error& error) {
    throw Error(Code::E111,
                fmt::format("{}: default of parameter '{}' contradicts its own type or range",
                            origin, out.name),
                error.detail());
  }
  if (in.contains("tune")) out.tune = parse_tune(out, in["tune"], origin);
  return out;
}

// Into parameter `own` of all that are `declared`, from its {"form": ["triplet"]}.
void parse_when(const json& declared, std::size_t own, std::vector<ParameterSpec>& all,
                const std::string& origin) {
  const json& in = declared[own]["when"];
  const Condition when{in.begin().key(), in.begin().value()};
  const auto is_conditional = [&](const std::string& name) {
    return std::ranges::any_of(declared, [&](const json& parameter) {
      return parameter.at("name") == name && parameter.contains("when");
    });
  };
  const auto choice = std::ranges::find(all, when.choice, &ParameterSpec::name);
  const bool is_known = choice != all.end() && choice != all.begin() + static_cast<long>(own) &&
                        !is_conditional(when.choice) && !when.values.empty() &&
                        std::ranges::all_of(when.values, [&](const std::string& value) {
                          return std::ranges::count(choice->values, value) > 0;
                        });
  if (!is_known) {
    throw Error(Code::E111, fmt::format("{}: 'when' of parameter '{}'", origin, all[own].name),
                {.expected = "another parameter, of type \"enum\" and without 'when', and some of "
                             "its values",
                 .found = in.dump()});
  }
  all[own].when = when;
}

void check_id(const RuleSpec& rule, const std::string& origin) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
  };
  if (!std::all_of(rule.id.begin(), rule.id.end(), is_plain)) {
    throw Error(Code::E111, fmt::format("{}: rule id '{}'", origin, rule.id),
                {.expected = "letters, digits, '.', '-' and '_'"});
  }
}

// What the host has to know to show two phases, and who could not be shown them.
void check_phases(const RuleSpec& rule, const std::string& origin) {
  if (!rule.phases) return;
  const auto refuse = [&](const std::string& expected) {
    throw Error(Code::E111, fmt::format("{}: phases of rule '{}'", origin, rule.id),
                {.expected = expected});
  };
  if (rule.scope != Scope::local || rule.grain != Grain::batch) {
    refuse("scope \"local\" and grain \"batch\"");
  }
  const bool is_nudge = rule.phases->type == PhasesSpec::Type::nudge;
  const Dynamics needed = is_nudge ? Dynamics::settling : Dynamics::fixed;
  if (rule.dynamics != std::vector{needed}) {
    refuse(fmt::format("dynamics \"{}\" and no others", name_of(needed)));
  }
  const auto is_parameter = [&](const std::string& name, ParameterSpec::Type type) {
    return std::ranges::any_of(rule.parameters, [&](const ParameterSpec& parameter) {
      return parameter.name == name && parameter.type == type;
    });
  };
  const auto& [type, strength, symmetric] = *rule.phases;
  if (is_nudge != is_parameter(strength, ParameterSpec::Type::number)) {
    refuse("\"strength\": the name of a parameter of type number, with \"nudge\" alone");
  }
  if (symmetric.empty() || (is_nudge && is_parameter(symmetric, ParameterSpec::Type::boolean))) {
    return;
  }
  refuse("\"symmetric\": the name of a parameter of type boolean, with \"nudge\" alone");
}

// A local rule is told of the goal what its signals tell, the most telling of them; phases tell of
// it without a signal.
void check_supervision(const RuleSpec& rule, const std::string& origin) {
  if (rule.scope != Scope::local) return;
  const bool is_rewarded = rule.declares(DELTAW_REWARD) || rule.declares(DELTAW_BASELINE);
  const bool is_corrected = rule.declares(DELTAW_ERROR) || rule.declares(DELTAW_LEARNING_SIGNAL);
  const bool is_contrasted = rule.phases && rule.phases->type == PhasesSpec::Type::contrast;
  const bool is_nudged = rule.phases && !is_contrasted;
  const std::string told = rule.declares(DELTAW_TARGET) || is_contrasted ? "target"
                           : is_corrected || is_nudged                   ? "error"
                           : is_rewarded                                 ? "reward"
                                                                         : "none";
  if (rule.supervision == told) return;
  throw Error(Code::E111, fmt::format("{}: supervision of rule '{}'", origin, rule.id),
              {.expected = fmt::format("\"{}\", by its signals {{{}}}{}", told,
                                       fmt::join(signal_names(rule.signals), ", "),
                                       rule.phases ? " and phases" : ""),
               .found = fmt::format("\"{}\"", rule.supervision)});
}

void check_consistency(const RuleSpec& rule, const std::string& origin) {
  const auto refuse = [&](const char* what, Locality least) {
    throw Error(Code::E111, fmt::format("{}: rule '{}' has {}", origin, rule.id, what),
                {.expected = fmt::format("locality \"{}\"{}", name_of(least),
                                         least == Locality::network ? "" : " or wider"),
                 .found = fmt::format("\"{}\"", name_of(rule.locality))});
  };
  if (rule.scope == Scope::network && rule.locality != Locality::network) {
    refuse("scope \"network\"", Locality::network);
  }
  if (rule.scope == Scope::network && rule.signals != 0) {
    throw Error(Code::E111, fmt::format("{}: rule '{}' has scope \"network\"", origin, rule.id),
                {.expected = "no signals: it asks the host for those of any layer",
                 .found = fmt::format("{}", fmt::join(signal_names(rule.signals), ", "))});
  }
  for (const std::uint32_t signal : {DELTAW_REWARD, DELTAW_BASELINE}) {
    if (rule.declares(signal) && rule.locality < Locality::modulator) {
      refuse("a broadcast signal, reward or baseline,", Locality::modulator);
    }
  }
  check_supervision(rule, origin);
}

// The bits 0 .. count-1 whose names are in the list.
template <class NamesOf>
std::uint64_t parse_mask(const json& list, std::uint32_t count, const NamesOf& names_of) {
  std::uint64_t mask = 0;
  for (std::uint32_t bit = 0; bit < count; ++bit) {
    for (const std::string& name : names_of(std::uint64_t{1} << bit)) {
      if (std::find(list.begin(), list.end(), name) != list.end()) mask |= std::uint64_t{1} << bit;
    }
  }
  return mask;
}

RuleSpec parse_rule(const json& in, const std::string& origin) {
  RuleSpec out;
  out.id = in.at("id");
  out.version = in.at("version");
  out.name = in.value("name", out.id);
  out.summary = in.at("summary");
  out.equation = in.value("equation", "");
  out.references = in.value("references", std::vector<std::string>());
  out.signals = parse_mask(in.at("signals"), DELTAW_SIGNAL_COUNT, signal_names);
  out.capabilities = parse_mask(in.at("dtypes"), 64, dtype_names) |
                     parse_mask(in.value("capabilities", json::array()), 64, capability_names);
  out.scope = parse_enum<Scope>(in.value("scope", "local"), 2);
  out.grain = parse_enum<Grain>(in.at("grain"), 3);
  for (const auto& name : in.at("dynamics")) out.dynamics.push_back(parse_enum<Dynamics>(name, 4));
  out.locality = parse_enum<Locality>(in.at("locality"), 5);
  if (in.contains("measured")) {
    out.measured = parse_enum<Locality>(in["measured"].at("locality"), 5);
  }
  out.supervision = in.at("supervision");
  std::set<std::string> names;
  for (const auto& parameter : in.value("parameters", json::array())) {
    out.parameters.push_back(parse_parameter(parameter, origin));
    if (!names.insert(out.parameters.back().name).second) {
      throw Error(Code::E111, fmt::format("{}: parameter '{}' of rule '{}' is declared twice",
                                          origin, out.parameters.back().name, out.id));
    }
  }
  for (std::size_t i = 0; i < out.parameters.size(); ++i) {
    if (in["parameters"][i].contains("when")) {
      parse_when(in["parameters"], i, out.parameters, origin);
    }
  }
  if (in.contains("phases")) {
    const json& phases = in["phases"];
    out.phases = {parse_enum<PhasesSpec::Type>(phases.at("type"), 2), phases.value("strength", ""),
                  phases.value("symmetric", "")};
  }
  check_id(out, origin);
  check_phases(out, origin);
  check_consistency(out, origin);
  return out;
}

// Before the schema is asked: a newer one may differ in everything but this.
void check_versions(const json& document, const std::string& origin) {
  if (!document.is_object()) return;
  const json schema = document.value("schema", json());
  if (schema.is_number_integer() && schema.get<std::int64_t>() > known_schema) {
    throw Error(Code::E112,
                fmt::format("{}: schema {}, this deltaw reads up to {}", origin,
                            schema.get<std::int64_t>(), known_schema),
                {.hint = "upgrade deltaw"});
  }
  const json abi = document.value("abi", json());
  if (!abi.is_string()) return;
  const auto version = parse_abi(abi.get<std::string>());
  if (!version) {
    throw Error(Code::E111, fmt::format("{}: /abi has the wrong form", origin),
                {.expected = "\"major.minor\"", .found = abi.dump()});
  }
  check_abi(version->first, version->second, origin);
}

fs::path library_beside(const fs::path& file, const std::string& name) {
  const bool is_bare = !name.empty() && name != "." && name != ".." &&
                       name.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos;
  if (!is_bare) {
    throw Error(
        Code::E113, fmt::format("{}: 'library' names a place of its own", file.string()),
        {.expected = "the name of a file beside the manifest", .found = fmt::format("'{}'", name)});
  }
  return file.parent_path() / name;
}

}  // namespace

std::optional<std::pair<std::uint32_t, std::uint32_t>> parse_abi(std::string_view text) {
  std::pair<std::uint32_t, std::uint32_t> version;
  const char* const end = text.data() + text.size();
  const auto major = std::from_chars(text.data(), end, version.first);
  if (major.ec != std::errc() || major.ptr == end || *major.ptr != '.') return {};
  const auto minor = std::from_chars(major.ptr + 1, end, version.second);
  if (minor.ec != std::errc() || minor.ptr != end) return {};
  return version;
}

void check_abi(std::uint32_t major, std::uint32_t minor, std::string_view origin) {
  if (major != DELTAW_ABI_MAJOR) {
    throw Error(
        Code::E135,
        fmt::format("{}: needs ABI {}, this deltaw has {}", origin, major, DELTAW_ABI_MAJOR),
        {.hint = fmt::format("rebuild against SDK {}.x or {} deltaw", DELTAW_ABI_MAJOR,
                             major > DELTAW_ABI_MAJOR ? "upgrade" : "use an older")});
  }
  if (minor > DELTAW_ABI_MINOR) {
    throw Error(Code::E136,
                fmt::format("{}: needs ABI {}.{}, this deltaw has {}.{}", origin, major, minor,
                            DELTAW_ABI_MAJOR, DELTAW_ABI_MINOR),
                {.hint = "upgrade deltaw"});
  }
}

void check_strictly(const json& document, std::string_view origin) {
  validate(document, json::parse(embedded::rule_schema), origin, codes);
}

Manifest parse_manifest(const json& document, const fs::path& file) {
  const std::string origin = file.string();
  check_versions(document, origin);
  open_schema().check(document, origin, codes);

  Manifest manifest;
  manifest.file = file;
  manifest.library = library_beside(file, document.at("library"));
  if (document.contains("sha256")) manifest.sha256 = document["sha256"];
  std::tie(manifest.abi_major, manifest.abi_minor) =
      parse_abi(document.at("abi").get<std::string>()).value();
  manifest.platform = document.value("platform", "");
  manifest.license = document.value("license", "");
  std::set<std::string> ids;
  for (const json& rule : document.at("rules")) {
    manifest.rules.push_back(parse_rule(rule, origin));
    if (!ids.insert(manifest.rules.back().id).second) {
      throw Error(Code::E111,
                  fmt::format("{}: rule '{}' is declared twice", origin, manifest.rules.back().id));
    }
  }
  return manifest;
}

Manifest read_manifest(const fs::path& file) {
  const json document = read_json(file, codes);
  return parse_manifest(document, fs::canonical(file));
}

}  // namespace deltaw
