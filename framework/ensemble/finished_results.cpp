// SPDX-License-Identifier: Apache-2.0
// Weights are kept by every run, class probabilities by none: results of any age can be combined,
// and what was recorded of a run is checked on the way.
#include "ensemble/finished_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "ensemble/trained_network.hpp"
#include "experiment/load.hpp"
#include "readout/features.hpp"
#include "task/choose.hpp"

namespace deltaw {
namespace {

// Runs on another processor may round a few samples to another class.
constexpr double k_tolerance = 0.001;

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw Error(
      Code::E608, fmt::format("'{}': {}", path.string(), what),
      {.expected = "a data set of classes, a network without time, a softmax at its output"});
}

// Throws what keeps every run of the experiment from giving class probabilities.
Experiment checked(const std::filesystem::path& path, Experiment experiment) {
  if (experiment.task.trials) refuse(path, "a task in trials has no classes");
  if (experiment.task.protocol) refuse(path, "a protocol has no classes");
  if (experiment.task.sequence) {
    refuse(path, "classes that are learnt in contexts are not asked all together");
  }
  return experiment;
}

void check_arm(const std::filesystem::path& path, const Arm& arm) {
  if (arm.spiking) {
    refuse(path, fmt::format("arm '{}' counts spikes, which are no probabilities", arm.name));
  }
  if (arm.training.loss.is_none()) {
    refuse(path,
           fmt::format("arm '{}' learns without a loss, so its output names no class", arm.name));
  }
  const std::string& output = arm.network.layers.back().activation.type;
  if (output == "softmax") return;
  refuse(path, fmt::format("the output of arm '{}' is {}, and adds up to no 1", arm.name, output));
}

std::vector<std::string> hashes_of(const std::vector<DataFile>& files) {
  std::vector<std::string> hashes;
  for (const DataFile& file : files) hashes.push_back(file.sha256);
  return hashes;
}

// The data at hand must be those of the runs.
std::vector<DataFile> same_files(const ResultFolder& folder, std::vector<DataFile> files) {
  const nlohmann::json provenance = folder.provenance();
  std::vector<std::string> recorded;
  try {
    for (const nlohmann::json& file : provenance.at("data")) recorded.push_back(file.at("sha256"));
  } catch (const nlohmann::json::exception& error) {
    throw Error(Code::E603,
                fmt::format("'{}' does not tell which data its runs learnt",
                            (folder.path() / "provenance.json").string()),
                {.expected = "what deltaw wrote", .found = error.what()});
  }
  const std::vector<std::string> here = hashes_of(files);
  // Behind the data set's stand files that only networks which spike read.
  recorded.resize(std::min(recorded.size(), here.size()));
  if (recorded == here) return files;
  throw Error(
      Code::E607,
      fmt::format("'{}' has runs over other data than those at hand", folder.path().string()),
      {.expected = fmt::format("SHA-256 {}", fmt::join(recorded, ", ")),
       .found = fmt::format("{} in '{}'", fmt::join(here, ", "), files.front().path.string()),
       .hint = "--data DIR names the folder of the data that they learnt"});
}

template <class T>
arma::mat shown(const Network<T>& network, const Partition<T>& part) {
  if (part.size() == 0) return {};
  return arma::conv_to<arma::mat>::from(
      features_of<T>(network, network.graph().output, part.inputs));
}

}  // namespace

FinishedResults::FinishedResults(const std::filesystem::path& path, const DataFolders& folders)
    : folder_(ResultFolder::open(path)),
      experiment_(checked(path, load_experiment(path / "experiment.json"))),
      runs_(folder_.runs()),
      files_(same_files(folder_, data_files(experiment_.task.data, folders))),
      data_(load_dataset(experiment_.task.data, folders)),
      single_(data_, experiment_.task, true),
      dual_(data_, experiment_.task, true) {}

const RunRecord& FinishedResults::finished_run(const std::string& arm, std::uint64_t seed) const {
  const auto is_it = [&](const RunRecord& run) { return run.rule == arm && run.seed == seed; };
  const auto run = std::ranges::find_if(runs_, is_it);
  const bool is_there = run != runs_.end();
  if (is_there && run->status == "finished") return *run;
  throw Error(
      Code::E606,
      fmt::format("'{}' has no finished run of arm '{}' with seed {}", path().string(), arm, seed),
      {.found = is_there ? "one that " +
                               (run->status == "failed" ? std::string("failed") : "was interrupted")
                         : "none",
       .hint = fmt::format("deltaw compare --resume {} goes on with what was interrupted; "
                           "--rules and --seeds choose others",
                           path().string())});
}

void FinishedResults::draw(std::uint64_t seed) {
  if (samples_ && drawn_ == seed) return;
  const Choice choice = choose(data_, experiment_.task.split, seed);
  const auto labelled = [&](const std::vector<std::size_t>& places) {
    LabelledPart part{places, {}};
    for (const std::size_t place : places) part.labels.push_back(data_.labels[place]);
    return part;
  };
  if (choice.test.empty()) {
    throw Error(Code::E607, fmt::format("'{}' has no test data to judge by", path().string()),
                {.hint = "\"split\" with a \"test\" part in the task of the experiment"});
  }
  samples_ = std::make_shared<const Samples>(Samples{
      hashes_of(files_), data_.classes, labelled(choice.validation), labelled(choice.test)});
  drawn_ = seed;
}

template <class T>
Member FinishedResults::show(const Arm& arm, std::uint64_t seed, const Split<T>& split) const {
  const TrainedNetwork<T> trained = trained_network<T>(folder_, arm, seed);
  return {.name = {},
          .results = path(),
          .arm = arm.name,
          .seed = seed,
          .weights = trained.sha256,
          .samples = samples_,
          .validation = shown(trained.network, split.validation),
          .test = shown(trained.network, split.test)};
}

Member FinishedResults::member(const std::string& arm, std::uint64_t seed) {
  const Arm& chosen = *std::ranges::find(experiment_.arms, arm, &Arm::name);
  check_arm(path(), chosen);
  const RunRecord& run = finished_run(arm, seed);
  draw(seed);
  Member member = chosen.precision == Precision::float64
                      ? show<double>(chosen, seed, *dual_.of(seed))
                      : show<float>(chosen, seed, *single_.of(seed));
  const double found = arma::mean(arma::vec(right_answers(member.test, samples_->test.labels)));
  const std::optional<double> recorded = run.metrics.at("test_accuracy");
  const double one = 1 / static_cast<double>(samples_->test.labels.size());
  if (recorded && std::abs(*recorded - found) > k_tolerance + one) {
    throw Error(
        Code::E603,
        fmt::format("the weights of arm '{}', seed {}, in '{}' do not answer as its run did", arm,
                    seed, path().string()),
        {.expected = fmt::format("a test accuracy of {:.4f}", *recorded),
         .found = fmt::format("{:.4f}", found),
         .hint = "the deltaw that made the results"});
  }
  return member;
}

}  // namespace deltaw
