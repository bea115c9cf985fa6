// SPDX-License-Identifier: Apache-2.0
// The cost of a trial of delayed nonmatch-to-sample against the number of units and steps, beside
// what the machine needs for its two large products alone, measured in the same turns: one
// matrix-vector product a step, one matrix product a trial. CPU time, medians. Usage: trials
// [TURNS]
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/blas.hpp"
#include "core/clock.hpp"
#include "core/vector_math.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/library.hpp"
#include "plugin/parameters.hpp"
#include "training/trial_trainer.hpp"

using namespace deltaw;

namespace {

NetworkSpec network_of(std::size_t units) {
  NetworkSpec spec;
  spec.layers = {{.name = "input", .units = 2},
                 {.name = "recurrent",
                  .units = units,
                  .activation = {.type = "tanh"},
                  .dynamics = {.type = "rate", .clamped = {{1, 1}, {10, 1}, {11, -1}}},
                  .bias = false},
                 {.name = "output", .units = 1, .bias = false}};
  const double deviation = 1.5 / std::sqrt(static_cast<double>(units));
  spec.connections = {
      {.from = "input",
       .to = "recurrent",
       .init = {.type = "uniform", .low = -1, .high = 1, .silent = {0}},
       .plastic = false},
      {.from = "recurrent", .to = "recurrent", .init = {.type = "normal", .deviation = deviation}},
      {.from = "recurrent",
       .to = "output",
       .init = {.type = "select", .units = {0}},
       .plastic = false}};
  return spec;
}

// The times of the task, stretched to so many steps of 1 ms.
TrialTaskSpec task_of(double steps) {
  TrialTaskSpec spec;
  const auto at = [&](double share) { return std::floor(share * steps); };
  spec.match.first = {1, at(0.2)};
  spec.match.second = {at(0.4), at(0.6)};
  spec.match.response = {at(0.8), steps};
  return spec;
}

class Rules {
 public:
  Rules() : catalogue_({place()}) {}

  DriveSpec drive(const std::string& name, const nlohmann::json& parameters) {
    const CatalogueEntry& entry = catalogue_.find(name);
    resolved_.push_back(std::make_unique<std::vector<ResolvedParameter>>(
        resolve_parameters(entry.rule, parameters)));
    DriveSpec spec;
    spec.plugin = &catalogue_.open(entry)->table();
    spec.rule = entry.rule;
    spec.parameters = abi_parameters(*resolved_.back());
    spec.connections = {"recurrent>recurrent"};
    spec.optimizer.rate = 1e-9;  // so that all trials cost the same
    return spec;
  }

 private:
  static SearchPlace place() {
    SearchPlace place;
    place.path = PLUGIN_FOLDER;
    return place;
  }

  Catalogue catalogue_;
  std::vector<std::unique_ptr<std::vector<ResolvedParameter>>> resolved_;
};

double median(std::vector<double> values) {
  std::nth_element(values.begin(), values.begin() + static_cast<long>(values.size() / 2),
                   values.end());
  return values[values.size() / 2];
}

// Milliseconds of CPU time.
template <class F>
double time_of(F f) {
  const double start = thread_seconds();
  f();
  return 1000 * (thread_seconds() - start);
}

// The products and the nonlinearity of a trial alone: what no rule and no host can leave out.
class Floor {
 public:
  Floor(std::size_t units, std::size_t steps)
      : J_(units, units), r_(units, steps + 1), x_(units, steps), trace_(units, units) {
    for (Buffer<float>* buffer : {&J_, &r_, &x_}) {
      arma::fmat all = buffer->all();
      all.fill(1e-3f);
    }
  }
  void simulate() {
    const std::size_t n = J_.rows();
    for (std::size_t t = 0; t < x_.columns(); ++t) {
      gemv<float>(Op::none, n, n, 1, J_.data(), r_.data() + t * n, 0, x_.data() + t * n);
      tanh_of(x_.data() + t * n, r_.data() + (t + 1) * n, n);
    }
  }
  void multiply() {
    const std::size_t n = J_.rows();
    gemm<float>(Op::none, Op::transpose, n, n, x_.columns(), 1, x_.data(), r_.data(), 0,
                trace_.data());
  }

 private:
  Buffer<float> J_, r_, x_, trace_;
};

}  // namespace

int main(int count, char** arguments) {
  use_single_threaded_blas();
  const int turns = count > 1 ? std::stoi(arguments[1]) : 31;
  Rules rules;
  fmt::print("{:>6} {:>6} {:>10} {:>10} {:>10} {:>10} {:>14} {:>14}\n", "units", "steps", "step's",
             "product", "miconi", "node-p.", "miconi/floor", "node-p./floor");
  constexpr std::pair<std::size_t, std::size_t> settings[] = {
      {100, 1000}, {200, 500}, {200, 1000}, {200, 2000}, {500, 1000}, {1000, 1000}, {2000, 1000}};
  for (const auto& [units, steps] : settings) {
    const auto task = make_trial_task(task_of(static_cast<double>(steps)));
    TrainingSpec training;
    training.loss.type = "absolute";
    training.exploration.rate = 3;
    training.exploration.amplitude = 16;
    training.exploration.from = 4;
    const nlohmann::json plain = {{"normalise", false}, {"scale_by_expected", true}};
    TrialTrainer<float> miconi(network_of(units), training, {rules.drive("miconi", nullptr)}, *task,
                               1);
    TrialTrainer<float> node(network_of(units), training, {rules.drive("node-perturbation", plain)},
                             *task, 1);
    Floor floor(units, steps);
    std::vector<double> of_steps, of_product, of_miconi, of_node, miconi_ratio, node_ratio;
    for (int turn = 0; turn < turns; ++turn) {
      of_steps.push_back(time_of([&] { floor.simulate(); }));
      of_product.push_back(time_of([&] { floor.multiply(); }));
      of_miconi.push_back(time_of([&] { (void)miconi.train_trial(); }));
      of_node.push_back(time_of([&] { (void)node.train_trial(); }));
      miconi_ratio.push_back(of_miconi.back() / (of_steps.back() + of_product.back()));
      node_ratio.push_back(of_node.back() / of_steps.back());
    }
    fmt::print("{:6} {:6} {:7.3f} ms {:7.3f} ms {:7.3f} ms {:7.3f} ms {:14.2f} {:14.2f}\n", units,
               steps, median(of_steps), median(of_product), median(of_miconi), median(of_node),
               median(miconi_ratio), median(node_ratio));
  }
}
