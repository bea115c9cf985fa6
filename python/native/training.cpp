// SPDX-License-Identifier: Apache-2.0
// The host's own loop, with Python's lock released.
#include "training.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <optional>

#include "arrays.hpp"
#include "comparison/feature_study.hpp"
#include "core/error.hpp"
#include "readout/features.hpp"
#include "single_thread.hpp"
#include "subject.hpp"
#include "training/fit.hpp"
#include "training/static_trainer.hpp"

namespace py = pybind11;

namespace deltaw::python {
namespace {

using Clock = std::chrono::steady_clock;

// Asks Python now and then whether a signal has come. Called without its lock.
class Interrupt {
 public:
  void poll() {
    if (Clock::now() < next_) return;
    const py::gil_scoped_acquire locked;
    if (PyErr_CheckSignals() != 0) {
      raised_.emplace();  // takes it over
      source_.request_stop();
    }
    next_ = Clock::now() + std::chrono::milliseconds(50);
  }
  [[nodiscard]] std::stop_token token() const { return source_.get_token(); }
  // With the lock.
  void throw_if_raised() {
    if (raised_) throw py::error_already_set(std::move(*raised_));
  }

 private:
  Clock::time_point next_ = Clock::now();
  std::stop_source source_;
  std::optional<py::error_already_set> raised_;
};

void require_precision(const Arm& arm, const py::object& inputs) {
  if (arm.precision == precision_of(inputs, "inputs")) return;
  const bool is_double = arm.precision == Precision::float64;
  throw Error(Code::E402, "inputs and experiment differ in precision",
              {.expected = is_double ? "float64" : "float32",
               .found = is_double ? "float32" : "float64",
               .hint = "\"precision\" of the training as the array's type"});
}

template <class T>
arma::Mat<T> one_hot(const std::vector<std::uint32_t>& labels, std::size_t classes) {
  arma::Mat<T> targets(classes, labels.size(), arma::fill::zeros);
  for (std::size_t sample = 0; sample < labels.size(); ++sample) {
    targets(labels[sample], sample) = 1;
  }
  return targets;
}

template <class T>
Partition<T> partition_of(const py::object& inputs, const py::object& labels, std::size_t classes) {
  arma::Mat<T> samples = samples_of<T>(inputs);
  const std::size_t count = samples.n_cols;
  std::vector<std::uint32_t> numbers =
      labels.is_none() ? std::vector<std::uint32_t>(count) : labels_of(labels, count, classes);
  arma::Mat<T> targets = labels.is_none() ? arma::Mat<T>(0, count) : one_hot<T>(numbers, classes);
  return {view(samples.memptr(), samples.n_rows, count), std::move(numbers), std::move(targets)};
}

template <class T>
py::dict weights_in(const Network<T>& network) {
  py::dict all;
  const auto& connections = network.graph().connections;
  for (std::size_t c = 0; c < connections.size(); ++c) {
    if (network.outputs(c) == 0) continue;
    const arma::Mat<T> weights = network.weights(c);
    py::array_t<T, py::array::f_style> copy({weights.n_rows, weights.n_cols});
    std::copy(weights.begin(), weights.end(), copy.mutable_data());
    all[py::str(connections[c].name)] = std::move(copy);
  }
  return all;
}

// Rules that may not run beside themselves wait for one another.
std::unique_lock<std::mutex> turn_of(const PreparedArm& arm) {
  static std::mutex turn;
  return arm.is_concurrent() ? std::unique_lock<std::mutex>() : std::unique_lock(turn);
}

template <class T>
py::dict train_in(const Subject& subject, const py::object& inputs, const py::object& labels,
                  std::size_t classes, std::uint64_t seed) {
  const Arm& arm = subject.arm.arm();
  const Partition<T> data = partition_of<T>(inputs, labels, classes);
  std::optional<StaticTrainer<T>> trainer;
  Interrupt interrupt;
  {
    const py::gil_scoped_release released;
    const SingleThread alone;
    const auto turn = turn_of(subject.arm);
    trainer.emplace(arm.network, arm.training, subject.arm.drives(), data, seed);
    while (trainer->epoch() < arm.training.epochs) {
      if (!trainer->train_epoch(interrupt.token(), [&] { interrupt.poll(); })) break;
    }
  }
  interrupt.throw_if_raised();
  py::dict found;
  found["weights"] = weights_in(trainer->network());
  found["epochs"] = trainer->epoch();
  found["updates"] = trainer->updates();
  found["seconds"] = trainer->seconds();
  found["supervision"] = subject.arm.facts().supervision;
  return found;
}

template <class T>
void set_weights(Network<T>& network, const py::dict& given) {
  const auto& connections = network.graph().connections;
  for (std::size_t c = 0; c < connections.size(); ++c) {
    if (network.outputs(c) == 0) continue;
    const py::str name(connections[c].name);
    if (!given.contains(name)) {
      throw Error(Code::E603, fmt::format("the weights lack '{}'", connections[c].name));
    }
    const arma::Mat<T> kept =
        weights_of<T>(given[name], connections[c].name, network.outputs(c), network.inputs(c));
    std::copy(kept.begin(), kept.end(), network.weights(c).begin());
  }
}

template <class T>
py::object activity_in(const Arm& arm, const py::dict& weights, const py::object& inputs,
                       const std::string& name) {
  Network<T> network(make_graph(arm.network));
  const Graph& graph = network.graph();
  if (graph.has_time()) throw Error(Code::E204, "an array needs a static network");
  set_weights(network, weights);
  const arma::Mat<T> samples = samples_of<T>(inputs);
  require_units(graph.layers[graph.input], samples.n_rows, "feature", "the inputs");
  FeaturesSpec asked;
  asked.layer = name;
  const std::size_t layer = features_layer(asked, graph);
  const std::size_t units = graph.layers[layer].units;
  py::array_t<T> answers({static_cast<std::size_t>(samples.n_cols), units});
  T* out = answers.mutable_data();
  {
    const py::gil_scoped_release released;
    const SingleThread alone;
    present<T>(network, layer, samples, 1, [&](std::size_t first, const arma::Mat<T>& block) {
      std::copy(block.begin(), block.end(), out + first * units);
    });
  }
  return answers;
}

}  // namespace

py::dict train(const std::string& experiment, const py::object& inputs, const py::object& labels,
               std::size_t classes, std::uint64_t seed, const std::vector<std::string>& plugins,
               const std::string& program) {
  const Arm arm = arm_of(experiment);
  require_precision(arm, inputs);
  if (labels.is_none() && !arm.training.loss.is_none()) {
    throw Error(Code::E402, "there are no labels, and the training has a loss",
                {.expected = "one uint32 a sample", .hint = "\"loss\": \"none\""});
  }
  const Subject subject(arm, program, plugins);
  return arm.precision == Precision::float64
             ? train_in<double>(subject, inputs, labels, classes, seed)
             : train_in<float>(subject, inputs, labels, classes, seed);
}

py::object activity(const std::string& experiment, const py::dict& weights,
                    const py::object& inputs, const std::string& layer) {
  const Arm arm = arm_of(experiment);
  require_precision(arm, inputs);
  return arm.precision == Precision::float64 ? activity_in<double>(arm, weights, inputs, layer)
                                             : activity_in<float>(arm, weights, inputs, layer);
}

}  // namespace deltaw::python
