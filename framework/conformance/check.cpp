// SPDX-License-Identifier: Apache-2.0
// Three children, and what they say compared.
#include "conformance/check.hpp"

#include <deltaw/abi.h>
#include <fmt/format.h>
#include <sys/mman.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "conformance/clock.hpp"
#include "conformance/examine.hpp"
#include "core/child.hpp"
#include "plugin/library.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

constexpr std::int64_t k_second = 1'000'000'000;
constexpr MadeUpClock k_clock = {1'600'000'000 * k_second, 1000};
// A year, a month, a day, an hour and a second later, and faster.
constexpr MadeUpClock k_other_clock = {(1'600'000'000 + (365 + 31 + 1) * 86'400 + 3'601) * k_second,
                                       k_second + 1};

// Another process has other addresses and another environment.
void move_elsewhere() {
  constexpr std::size_t k_bytes = std::size_t{37} * 4096;
  (void)mmap(nullptr, k_bytes, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  static void* kept = std::malloc(k_bytes / 2 + 16);
  (void)kept;
  setenv("DELTAW_CHECK", "another process", 1);
}

json examined(const Manifest& manifest, const RuleSpec& rule, const MadeUpClock& clock,
              bool is_elsewhere, Examining how) {
  const ChildWork child = in_child(rule.id, [&](const Stage& stage) {
    if (is_elsewhere) move_elsewhere();
    make_up_clock(clock);
    stage("loading the library");
    const Library library(manifest);
    how.on_stage = stage;
    return examine(library.table(), rule, how).dump();
  });
  return json::parse(child.result);
}

// The first question to which the answers differ; empty where there is none.
std::string difference(const json& answers, const json& others) {
  for (const auto& [question, answer] : answers.items()) {
    if (others.value(question, json()) != answer) return question;
  }
  return "";
}

json finding(const char* name, const std::string& differs, const char* how) {
  return {{"name", name},
          {"holds", differs.empty()},
          {"detail", differs.empty() ? how : "ΔW differs: " + differs}};
}

std::string verdict(const json& measured, Locality declared) {
  if (measured.is_null()) return "not measured";
  Locality found = Locality::synapse;
  while (name_of(found) != measured) found = static_cast<Locality>(static_cast<int>(found) + 1);
  if (found == declared) return "as declared";
  return found < declared ? "stricter" : "violated";
}

}  // namespace

json check_rule(const Manifest& manifest, const RuleSpec& rule) {
  json checked = examined(manifest, rule, k_clock, false, {});
  const Examining answers_alone = {.has_interventions = false};
  const json elsewhere = examined(manifest, rule, k_clock, true, answers_alone);
  const json later = examined(manifest, rule, k_other_clock, true, answers_alone);
  json& findings = checked["findings"];
  findings.push_back(finding("another process",
                             difference(checked["answers"], elsewhere["answers"]),
                             "other addresses and environment: same bits"));
  findings.push_back(finding("the clock", difference(elsewhere["answers"], later["answers"]),
                             "another date, and time passing faster: same bits"));
  checked.erase("answers");
  checked["rule"] = rule.id;
  checked["version"] = rule.version;
  checked["library"] = manifest.library.string();
  checked["declared"] = name_of(rule.locality);
  checked["supervision"] = rule.supervision;
  checked["timing"] = name_of(rule.grain);
  checked["unseen"] = signal_names(~rule.signals & (DELTAW_SIGNAL_BIT(DELTAW_SIGNAL_COUNT) - 1));
  checked["verdict"] = verdict(checked["measured"], rule.locality);
  return checked;
}

std::optional<Error> refusal(const json& checked) {
  const auto rule = checked.at("rule").get<std::string>();
  for (const json& finding : checked.at("findings")) {
    const auto name = finding.at("name").get<std::string>();
    // Bits of a rule that claims no determinism prove nothing.
    const bool is_proof = !checked.at("measured").is_null() || name == "writing";
    if (finding.at("holds") == true || !is_proof) continue;
    return Error(Code::E139,
                 fmt::format("{}: {}: {}", rule, name, finding.at("detail").get<std::string>()),
                 {.expected = "ΔW from the signals of the manifest alone, in memory of its own"});
  }
  if (checked.at("verdict") != "violated") return {};
  const json* widest = nullptr;
  for (const json& evidence : checked.at("evidence")) {
    if (evidence.at("needs") == checked.at("measured")) widest = &evidence;
  }
  return Error(
      Code::E138, fmt::format("{}: less local than its manifest says", rule),
      {.expected = fmt::format("locality {}", checked.at("declared").get<std::string>()),
       .found = fmt::format("{}: ΔW changes with {} beyond that ({})",
                            checked.at("measured").get<std::string>(),
                            widest == nullptr ? "what" : widest->at("changed").get<std::string>(),
                            widest == nullptr ? "" : widest->at("first").get<std::string>()),
       .hint = "declare what the rule uses, or use less; deltaw check --locality shows all"});
}

}  // namespace deltaw
