// SPDX-License-Identifier: Apache-2.0
// From the JSON of a check to text.
#include "check_text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>

#include "aligned.hpp"
#include "conformance/verdict.hpp"
#include "result/provenance.hpp"

namespace deltaw {
namespace {

using nlohmann::json;

std::string count(const json& entries) {
  const auto n = entries.get<std::size_t>();
  return n == 0 ? "-" : fmt::format("{}", n);
}

std::string evidence_text(const json& checked) {
  if (checked.at("evidence").empty()) return "nothing that it is shown could be changed\n";
  std::vector<Row> rows = {
      {"changed", "times", "ΔW of its own", "of its target", "elsewhere", "needs"}};
  for (const json& e : checked.at("evidence")) {
    rows.push_back({e.at("changed"), count(e.at("times")), count(e.at("own")), count(e.at("row")),
                    count(e.at("elsewhere")), e.at("needs")});
  }
  return aligned(rows, "  ");
}

std::string findings_text(const json& checked) {
  std::vector<Row> rows;
  for (const json& finding : checked.at("findings")) {
    rows.push_back(
        {finding.at("holds") == true ? "ok" : "BROKEN", finding.at("name"), finding.at("detail")});
  }
  return aligned(rows, "  ");
}

std::string names(const json& list) {
  return fmt::format("{}", fmt::join(list.get<std::vector<std::string>>(), ", "));
}

std::string locality_text(const json& checked) {
  const json& measured = checked.at("measured");
  const auto verdict = checked.at("verdict").get<std::string>();
  const auto declared = checked.at("declared").get<std::string>();
  std::string text = fmt::format("{} {}: locality {}", checked.at("rule").get<std::string>(),
                                 checked.at("version").get<std::string>(),
                                 measured.is_null() ? declared : measured.get<std::string>());
  if (verdict == "as declared") text += ", as declared\n";
  if (verdict == "not measured") text += " as declared, which could not be measured\n";
  if (verdict == "stricter") text += fmt::format(", though {} is declared\n", declared);
  if (verdict == "violated") text += fmt::format(", but {} is declared: VIOLATED\n", declared);
  const bool keeps_to_views = std::ranges::all_of(
      checked.at("findings"), [](const json& finding) { return finding.at("holds") == true; });
  if (!keeps_to_views) text += "by what it is shown; but it BREAKS THE CONTRACT, see below\n";
  text += fmt::format("told {}, changes W after each {}; {} settings of its parameters, asked in\n",
                      checked.at("supervision").get<std::string>(),
                      checked.at("timing").get<std::string>(), checked.at("variants").size());
  for (const json& scene : checked.at("scenes")) {
    text += fmt::format("  {}\n", scene.get<std::string>());
  }
  text += fmt::format("\n{}", evidence_text(checked));
  if (!checked.at("unseen").empty()) {
    text += fmt::format("not shown (NULL): {}\n", names(checked.at("unseen")));
  }
  text += fmt::format("\n{}", findings_text(checked));
  for (const json& skipped : checked.at("skipped")) {
    text += fmt::format("  left out: {}\n", skipped.get<std::string>());
  }
  return text;
}

// As a regular expression that means itself.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (std::string_view(R"(\^$.|?*+()[]{})").find(c) != std::string_view::npos) out += '\\';
    out += c;
  }
  return out;
}

std::string tests_text(const json& checked) {
  std::vector<Row> rows;
  std::map<std::string_view, std::size_t> counts;
  std::string bad;
  for (const json& test : checked.at("tests")) {
    const auto& verdict = test.at("verdict").get_ref<const std::string&>();
    rows.push_back({verdict, test.at("name"), test.at("detail")});
    ++counts[verdict];
    const bool is_bad = verdict == name_of(Verdict::failed) || verdict == name_of(Verdict::crashed);
    if (is_bad && bad.empty()) bad = test.at("name").get<std::string>();
  }
  std::string text = fmt::format("{}\n{} tests", aligned(rows, "  "), rows.size());
  for (const Verdict verdict :
       {Verdict::pass, Verdict::warning, Verdict::skipped, Verdict::failed, Verdict::crashed}) {
    const std::size_t count = counts[name_of(verdict)];
    if (count > 0) text += fmt::format(", {} {}", count, name_of(verdict));
  }
  text += "\n";
  if (bad.empty()) return text;
  std::vector<std::string> words = {"deltaw", "check"};
  for (const json& word : checked.at("asked")) words.push_back(word);
  words.insert(words.end(),
               {"--only", fmt::format("^{}$", escaped(bad)), "--seed",
                std::to_string(checked.at("seed").get<std::uint64_t>()), "--in-process"});
  for (const json& file : checked.value("cases", json::array())) {
    words.insert(words.end(), {"--cases", file});
  }
  return text + "again: " + shell_line(words) + "\n";
}

}  // namespace

std::string check_text(const json& checked) {
  std::string text;
  if (checked.contains("measured")) text = locality_text(checked);
  if (checked.contains("locality_error")) {
    text = fmt::format("{} {}: locality not measured: {}\n", checked.at("rule").get<std::string>(),
                       checked.at("version").get<std::string>(),
                       checked.at("locality_error").get<std::string>());
  }
  if (!checked.contains("tests")) return text;
  return text + (text.empty() ? "" : "\n") + tests_text(checked);
}

}  // namespace deltaw
