// SPDX-License-Identifier: Apache-2.0
// `deltaw ensemble`: what finished runs answer together, and whether that is better than the best
// of them.
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>

#include "ensemble/findings.hpp"
#include "ensemble/finished_results.hpp"
#include "ensemble/folder.hpp"
#include "experiment_options.hpp"
#include "group_option.hpp"
#include "report/ensemble_table.hpp"
#include "report/page.hpp"
#include "say.hpp"

namespace deltaw {
namespace {

using AllResults = std::vector<std::unique_ptr<FinishedResults>>;

AllResults open_all(const po::variables_map& values) {
  if (values.count("results") == 0) {
    throw Error(Code::E002, "deltaw ensemble needs a folder of results",
                {.hint = "deltaw ensemble results/NAME"});
  }
  std::optional<std::filesystem::path> data;
  if (values.count("data") > 0) data = values["data"].as<std::string>();
  AllResults all;
  std::set<std::filesystem::path> seen;
  for (const std::string& path : values["results"].as<std::vector<std::string>>()) {
    if (!seen.insert(std::filesystem::weakly_canonical(path)).second) {
      throw Error(Code::E002, fmt::format("'{}' is named twice", path));
    }
    all.push_back(std::make_unique<FinishedResults>(path, data_folders(data)));
  }
  return all;
}

Selection selection_of(const po::variables_map& values, const AllResults& all) {
  std::vector<Source> sources;
  for (const auto& results : all) {
    const Experiment& experiment = results->experiment();
    Source source{results->path().string(), {}, experiment.seeds};
    for (const Arm& arm : experiment.arms) source.arms.push_back(arm.name);
    sources.push_back(std::move(source));
  }
  Wanted wanted;
  if (values.count("rules") > 0) wanted.arms = arm_names(values["rules"].as<std::string>());
  if (values.count("seeds") > 0) wanted.seeds = seeds_in(values["seeds"].as<std::string>());
  if (values.count("group") > 0) {
    for (const std::string& text : values["group"].as<std::vector<std::string>>()) {
      wanted.groups.push_back(parse_group(text));
    }
  }
  return select(sources, wanted);
}

Combining combining_of(const po::variables_map& values) {
  if (values.count("combine") == 0) return {};
  const auto text = values["combine"].as<std::string>();
  if (text == "average") return {.has_stacking = false};
  if (text == "stacking") return {.has_average = false, .needs_stacking = true};
  if (text == "both") return {.needs_stacking = true};
  throw Error(Code::E002, fmt::format("--combine {} is no way to combine members", text),
              {.expected = "average, stacking or both"});
}

std::vector<Member> members_of(const Selection& selection, const AllResults& all, bool is_quiet) {
  std::vector<Member> members;
  for (const Selection::Run& run : selection.runs) {
    members.push_back(all[run.source]->member(run.arm, run.seed));
    members.back().name = run.name;
    if (is_quiet) continue;
    const Member& member = members.back();
    const arma::vec right = right_answers(member.test, member.samples->test.labels);
    say(fmt::format("[{}/{}] {}: test accuracy {:.4f}\n", members.size(), selection.runs.size(),
                    member.name, arma::mean(right)));
  }
  return members;
}

nlohmann::json provenance_of(const Arguments& arguments, const std::string& started,
                             const AllResults& all, const nlohmann::json& found) {
  Provenance provenance;
  provenance.command = {"deltaw", "ensemble"};
  provenance.command.insert(provenance.command.end(), arguments.begin(), arguments.end());
  provenance.started = started;
  provenance.finished = utc_now();
  std::set<std::string> named;
  for (const auto& results : all) {
    for (const DataFile& file : results->files()) {
      if (named.insert(file.path.string()).second) {
        provenance.data.push_back({file.path.string(), file.sha256});
      }
    }
  }
  nlohmann::json document = to_json(provenance);
  for (const nlohmann::json& member : found.at("members")) {
    document["members"].push_back({{"member", member.at("member")},
                                   {"results", member.at("results")},
                                   {"weights", member.at("weights")}});
  }
  return document;
}

}  // namespace

CommandLine ensemble_line() {
  CommandLine line;
  line.usage =
      "deltaw ensemble RESULTS... [options]\n\n"
      "Combines the class probabilities of finished runs over the same test data: their mean, and\n"
      "stacking, which learns from validation data alone. Says whether an ensemble is better than\n"
      "its best member, and whether one group is better than another of the same size. Without\n"
      "--group all arms of a seed are an ensemble, or all seeds of a single arm.";
  auto add = line.shown.add_options();
  add("rules", po::value<std::string>()->value_name("ARM,..."), "only these arms");
  add("seeds", po::value<std::string>()->value_name("LIST"),
      "a count (10), a list (3,5,8) or a range (2-6)");
  add("group", po::value<std::vector<std::string>>()->value_name("NAME=ARM,...")->composing(),
      "these arms, an ensemble for each seed; or single runs, ARM@SEED or ARM@2-6; more than one "
      "--group are compared");
  add("combine", po::value<std::string>()->value_name("average|stacking|both"),
      "how (default: average, and stacking where members share validation data)");
  add("data", po::value<std::string>()->value_name("DIR"),
      "folder of the data (default: $DELTAW_DATA, what was fetched, what deltaw ships)");
  add("out,o", po::value<std::string>()->value_name("DIR"),
      "folder of what was found (default: results/NAME-ensemble)");
  add("overwrite", "replace the ensembles that are there");
  add("json", "print a summary for machines instead of tables");
  add("quiet,q", "no progress");
  line.hidden.add_options()("results", po::value<std::vector<std::string>>()->value_name("DIR"));
  line.positional.add("results", -1);
  return line;
}

int run_ensemble(const Arguments& arguments) {
  const auto values = parse(arguments, ensemble_line());
  if (!values) return 0;
  const std::string started = utc_now();
  const Combining combining = combining_of(*values);
  const AllResults all = open_all(*values);
  const Selection selection = selection_of(*values, all);
  const std::string& name = all.front()->experiment().name;
  const std::filesystem::path path = values->count("out") > 0
                                         ? std::filesystem::path((*values)["out"].as<std::string>())
                                         : std::filesystem::path("results") / (name + "-ensemble");
  const EnsembleFolder folder(path, values->count("overwrite") > 0);
  const std::vector<Member> members = members_of(selection, all, values->count("quiet") > 0);
  const Found found = findings(name, selection, members, combining);
  folder.write(found, provenance_of(arguments, started, all, found.document));
  write_ensemble_report(path);
  if (values->count("json") > 0) {
    fmt::print("{}\n", found.document.dump(2));
  } else {
    fmt::print("{}\n{}\nreport: {}\n", ensemble_table(found.document),
               ensemble_claim(found.document), (path / "report.html").string());
  }
  return 0;
}

}  // namespace deltaw
