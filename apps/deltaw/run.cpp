// SPDX-License-Identifier: Apache-2.0
// `deltaw run`: one rule, one seed unless told otherwise, with its learning curve on the screen.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "conduct.hpp"
#include "report/page.hpp"
#include "report/table.hpp"

namespace deltaw {
namespace {

std::string cell(const std::optional<double>& value) {
  return value ? fmt::format("{:10.4f}", *value) : fmt::format("{:>10}", "-");
}

void print_header(bool is_in_trials) {
  const char *step = "epoch", *train = "train loss", *test = "test loss", *share = "accuracy";
  if (is_in_trials) step = "trial", train = "error", test = "test error", share = "right";
  fmt::print("{:<20} {:>5} {:>6} {:>9} {:>9} {:>10} {:>10} {:>10} {:>10}\n", "rule", "seed", step,
             "updates", "seconds", train, share, test, share);
}

void print_epoch(const RunEvent& event) {
  const EpochRow& row = event.row;
  fmt::print("{:<20} {:>5} {:>6} {:>9} {:>9.2f} {} {} {} {}\n", event.rule, event.seed, row.epoch,
             row.updates, row.seconds, cell(row.train_loss), cell(row.train_accuracy),
             cell(row.test_loss), cell(row.test_accuracy));
  std::fflush(stdout);
}

// What the activity of the network told after training.
void print_features(const RunRecord& record, const std::vector<std::string>& readouts) {
  const auto value = [&](const std::string& metric) {
    const auto found = record.metrics.find(metric);
    return cell(found == record.metrics.end() ? std::nullopt : found->second);
  };
  for (const std::string& readout : readouts) {
    fmt::print("{:<20} {:>5} {:<22} train {} test {}\n", record.rule, record.seed,
               "readout " + readout, value(readout + "_train_accuracy"),
               value(readout + "_test_accuracy"));
  }
  if (!record.metrics.contains("selectivity")) return;
  fmt::print("{:<20} {:>5} selectivity {} overlap {} selected {} dead units {}\n", record.rule,
             record.seed, value("selectivity"), value("overlap"), value("selected"),
             value("dead_units"));
}

nlohmann::json to_json(const RunRecord& record) {
  nlohmann::json metrics = nlohmann::json::object();
  for (const auto& [name, value] : record.metrics) {
    metrics[name] = value ? nlohmann::json(*value) : nlohmann::json();
  }
  return {{"rule", record.rule},
          {"seed", record.seed},
          {"status", record.status},
          {"error", record.error},
          {"metrics", metrics}};
}

}  // namespace

CommandLine run_line() {
  CommandLine line;
  line.usage =
      "deltaw run EXPERIMENT [options]\n"
      "deltaw run --resume DIR [options]\n\n"
      "Trains the reference rule of the experiment, or --rules, with its first seed, or --seeds,\n"
      "and prints each evaluated epoch or trial, or what a protocol measured. Writes results only\n"
      "with --out.";
  add_experiment_options(line);
  add_run_options(line);
  return line;
}

int run_run(const Arguments& arguments) {
  const auto values = parse(arguments, run_line());
  if (!values) return 0;
  Prepared prepared = prepare(*values, "run", arguments);
  const bool is_named = values->count("experiment") > 0;  // else results say what goes on
  if (is_named && values->count("rules") == 0) {
    const std::string& reference = prepared.experiment.reference;
    std::erase_if(prepared.arms,
                  [&](const PreparedArm& arm) { return arm.arm().name != reference; });
  }
  if (is_named && values->count("seeds") == 0) prepared.experiment.seeds.resize(1);
  std::optional<ResultFolder> folder;
  if (values->count("out") > 0 || values->count("resume") > 0) {
    folder = open_results(*values, prepared);
  }
  const bool is_json = values->count("json") > 0;
  const bool is_protocol = prepared.experiment.task.protocol.has_value();
  if (!is_json && !is_protocol) {
    print_header(prepared.task.trials != nullptr);
  }
  const auto on_epoch = is_json ? std::function<void(const RunEvent&)>() : print_epoch;
  const Conducted conducted = conduct(*values, prepared, folder, on_epoch);
  if (folder) {
    folder->write_summary(summarise(prepared.facts(), conducted.records));
    write_report(folder->path());
  }
  if (!is_json && is_protocol) {
    fmt::print("{}", summary_table(summarise(prepared.facts(), conducted.records)));
  } else if (!is_json) {
    for (const RunRecord& record : conducted.records) {
      print_features(record, prepared.facts().readouts);
    }
  } else {
    nlohmann::json runs = nlohmann::json::array();
    for (const RunRecord& record : conducted.records) runs.push_back(to_json(record));
    fmt::print("{}\n", runs.dump(2));
  }
  return conducted.exit_status();
}

}  // namespace deltaw
