// SPDX-License-Identifier: Apache-2.0
// What happens while runs go on, and what is written when they end.
#include "conduct.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "comparison/compare_in_processes.hpp"
#include "comparison/compare_over_ranks.hpp"
#include "findings.hpp"
#include "interrupt.hpp"
#include "progress.hpp"
#include "result/file.hpp"
#include "result/progress_file.hpp"
#include "resume.hpp"
#include "say.hpp"

namespace deltaw {
namespace {

void keep(const ResultFolder& folder, const RunOutcome& outcome) {
  const RunRecord& record = outcome.record;
  for (const auto& [connection, weights] : outcome.weights) {
    folder.write_weights(record.rule, record.seed, connection, weights);
  }
  if (outcome.confusion.rows > 0) {
    folder.write_confusion(record.rule, record.seed, outcome.confusion);
  }
  for (const auto& [name, values] : outcome.arrays) {
    folder.write_array(record.rule, record.seed, name, values);
  }
  if (outcome.analysis) folder.write_analysis(record.rule, record.seed, *outcome.analysis);
  if (outcome.features) folder.write_features(record.rule, record.seed, *outcome.features);
  if (outcome.measurement) {
    folder.write_measurement(record.rule, record.seed, *outcome.measurement);
  }
  folder.write_run(record);
}

struct Amount {
  std::size_t runs = 0;
  double epochs = 0;  // or trials
};

Amount what_is_left(const Prepared& prepared, const Earlier& earlier) {
  Amount amount;
  for (const PreparedArm& arm : prepared.arms) {
    const TrainingSpec& training = arm.arm().training;
    auto epochs = static_cast<double>(prepared.task.trials ? training.trials : training.epochs);
    if (prepared.experiment.task.protocol) epochs = 1;
    if (const auto& sequence = prepared.experiment.task.sequence) {
      epochs *= static_cast<double>(sequence->contexts);
    }
    // Counting the spikes of a spiking network takes as long as training it.
    if (arm.arm().spiking && prepared.experiment.features) epochs += 1;
    for (const std::uint64_t seed : prepared.experiment.seeds) {
      if (earlier.has_ended && earlier.has_ended(arm.arm().name, seed)) continue;
      ++amount.runs;
      amount.epochs += epochs;
    }
  }
  return amount;
}

ProgressHead head_of(const Prepared& prepared, double steps, std::size_t ended) {
  return {prepared.experiment.name,
          prepared.task.trials ? "trial" : "epoch",
          prepared.experiment.criterion.metric,
          prepared.arm_names(),
          prepared.experiment.seeds,
          steps,
          ended};
}

}  // namespace

int Conducted::exit_status() const {
  if (is_interrupted) return 130;
  return has_failures ? 4 : 0;
}

Conducted conduct(const po::variables_map& values, Prepared& prepared,
                  const std::optional<ResultFolder>& folder,
                  const std::function<void(const RunEvent&)>& on_epoch, Group* group) {
  const Experiment& experiment = prepared.experiment;
  Conducted conducted;
  Earlier earlier;
  if (folder) {
    earlier = earlier_in(*folder, prepared.share());
    conducted.records = ended_runs(*folder, prepared.arms);
    for (const RunRecord& record : conducted.records) {
      conducted.has_failures |= record.status == "failed";
    }
  }
  const Amount left = what_is_left(prepared, earlier);
  if (values.count("resume") + values.count("quiet") == 0 && !prepared.provenance.earlier.empty()) {
    say(fmt::format(
        "note: going on with the results in '{}': {} of {} runs have ended; --overwrite "
        "begins anew\n",
        folder->path().string(), conducted.records.size(), conducted.records.size() + left.runs));
  }
  prepared.provenance.started = utc_now();
  if (folder) folder->write_provenance(to_json(prepared.provenance));

  const Interrupt interrupt;
  std::stop_source stop;
  {
    std::optional<ProgressFile> file;  // for those who look on
    if (folder) {
      file.emplace(folder->path(), head_of(prepared, left.epochs, conducted.records.size()));
    }
    const std::vector<std::string> readouts = prepared.facts().readouts;
    Progress progress(left.runs, left.epochs, prepared.task.trials != nullptr,
                      readouts.empty() ? "" : readouts.front(),
                      values.count("quiet") > 0 || on_epoch);
    Listener listener;
    listener.on_epoch = [&](const RunEvent& event) {
      progress.epoch(event);
      if (file) file->row(event.rule, event.seed, event.row);
      if (on_epoch) on_epoch(event);
    };
    listener.on_readout = [&](const ReadoutEvent& event) { progress.readout(event); };
    listener.on_shown = [&](const ShownEvent& event) {
      progress.shown(event);
      if (file) file->shown(event.rule, event.seed, event.shown.epochs, event.shown.accuracy);
    };
    listener.on_resumed = [&](const std::string& rule, std::uint64_t seed, double done) {
      progress.resumed(rule, seed, done);
      if (file) file->resumed(rule, seed, done);
    };
    if (folder) {
      listener.on_state = [&](const StateEvent& event) {
        folder->write_state(event.rule, event.seed, event.state);
      };
    }
    const bool is_isolated = values.count("isolate") > 0;
    const auto keep_run = [&](const RunOutcome& outcome) {
      if (folder) keep(*folder, outcome);
    };
    listener.on_run = [&](const RunOutcome& outcome) {
      if (!is_isolated) keep_run(outcome);
      conducted.records.push_back(outcome.record);
      conducted.has_failures |= outcome.record.status == "failed";
      progress.run(outcome);
      if (file) file->ended(outcome.record.rule, outcome.record.seed, outcome.record.status);
    };
    listener.on_wait = [&] {
      if (Interrupt::is_requested()) stop.request_stop();
      progress.redraw();
    };
    if (is_isolated) {
      compare_in_processes(experiment, prepared.arms, prepared.task, experiment.jobs,
                           stop.get_token(), listener, earlier, prepared.between_states,
                           {prepared.call_limit, keep_run});
    } else if (group != nullptr) {
      group->lead(prepared, [&](Ranks& ranks, const CheckRank& check) {
        compare_over_ranks(ranks, check, experiment, prepared.arms, stop.get_token(), listener,
                           earlier);
      });
    } else {
      compare(experiment, prepared.arms, prepared.task, experiment.jobs, stop.get_token(), listener,
              earlier, prepared.between_states);
    }
  }
  conducted.is_interrupted = stop.stop_requested();
  sort_by_arm(conducted.records, prepared.arms);
  prepared.provenance.finished = utc_now();
  if (folder) {
    bring_to_disk(folder->path());
    folder->write_metrics(prepared.arm_names());
    folder->write_provenance(to_json(prepared.provenance));
    if (conducted.is_interrupted && group != nullptr) {
      say("to go on: the same mpirun again\n");
    } else if (conducted.is_interrupted) {
      say(fmt::format("to go on: deltaw {} --resume {}\n", prepared.provenance.command[1],
                      shell_line({folder->path().string()})));
    }
  }
  return conducted;
}

}  // namespace deltaw
