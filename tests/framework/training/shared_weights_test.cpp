// SPDX-License-Identifier: Apache-2.0
// Rules on weights that all places of an image share: what they are shown, what is counted, and
// that a training with them is the same whatever interrupts it.
#include <doctest/doctest.h>

#include <filesystem>
#include <map>

#include "core/error.hpp"
#include "exact_gradient.hpp"
#include "interrupted.hpp"
#include "plain_layers.hpp"
#include "rule_on_network.hpp"
#include "training/driver.hpp"
#include "training/static_trainer.hpp"

extern "C" void omp_set_num_threads(int);

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::size_t k_places = 3 * 4, k_filters = 5, k_size = 2 * 2 * 2;

// 4 x 5 pixels of 2 channels - C2x5 relu - MP - D.4 - 3 softmax.
NetworkSpec small() {
  LayerSpec input = layer("input", 0), conv = layer("conv", 0, "relu"), pool = layer("pool", 0),
            drop = layer("drop", 0);
  input.image = {4, 5, 2};
  conv.type = "conv2d";
  conv.side = 2;
  conv.filters = k_filters;
  pool.type = "max-pool";
  pool.side = pool.stride = 2;
  drop.type = "dropout";
  drop.share = 0.4;
  return chain({input, conv, pool, drop, layer("output", 3, "softmax")});
}

// Keeps a copy of all that it is shown, by signal.
template <class T>
struct Spy {
  static constexpr auto id = "spy";
  static constexpr auto version = "1.0.0";
  static constexpr std::uint64_t signals =
      deltaw::pre | deltaw::post | deltaw::potential | deltaw::derivative | deltaw::perturbation |
      deltaw::reward | deltaw::baseline | deltaw::learning_signal;
  static std::map<std::uint32_t, arma::Mat<T>> shown;
  static arma::uword columns, most;

  explicit Spy(const Setup& setup) { most = setup.max_columns(); }
  void update(const Signals<T>& s, arma::Mat<T>& delta) {
    columns = s.columns();
    for (std::uint32_t signal = 0; signal < s.block().n_signals; ++signal) {
      if (s.block().signals[signal] == nullptr) continue;
      const arma::Mat<T> seen = view<T>(*s.block().signals[signal]);
      shown[signal] = arma::Mat<T>(seen.memptr(), seen.n_rows, seen.n_cols);
    }
    delta += s.post() * s.pre().t();
  }
};
template <class T>
std::map<std::uint32_t, arma::Mat<T>> Spy<T>::shown;
template <class T>
arma::uword Spy<T>::columns = 0;
template <class T>
arma::uword Spy<T>::most = 0;

DriveSpec spying(std::vector<std::string> connections) {
  DriveSpec drive;
  drive.plugin = detail::Table<Spy>::table();
  drive.rule.id = "spy";
  drive.rule.signals = Spy<float>::signals;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F32;
  drive.connections = std::move(connections);
  return drive;
}

// Asks for plain weights where there are none.
template <class T>
struct Greedy {
  static constexpr auto id = "greedy";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;
  explicit Greedy(const Setup& setup) : network(setup) {}
  void update(const Signals<T>&, Deltas<T>&) {
    for (std::uint32_t c = 0; c < network.connections().size(); ++c) {
      static_cast<void>(network.signal(DELTAW_PRE, c));
    }
  }
  NetworkView<T> network;
};

template <template <class> class Rule>
DriveSpec of_network_scope(const std::string& id) {
  DriveSpec drive;
  drive.plugin = detail::Table<Rule>::table();
  drive.rule.id = id;
  drive.rule.version = "1.0.0";
  drive.rule.scope = Scope::network;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F32;
  drive.connections = {"conv.bias", "input>conv", "output.bias", "drop>output"};
  drive.optimizer.type = "adadelta";
  drive.optimizer.rate = 1;
  return drive;
}

Partition<float> noise(std::size_t samples) {
  Partition<float> data;
  data.inputs = gaussian<float>(40, samples, "x");
  data.targets = one_hot<float>(3, samples);
  for (arma::uword k = 0; k < samples; ++k) {
    data.labels.push_back(static_cast<std::uint32_t>(data.targets.col(k).index_max()));
  }
  return data;
}

// 21 samples in batches of 8, so that the last one is smaller.
struct Run {
  Run() : trainer(small(), training(), {of_network_scope<Exact>("exact")}, data, 3) {}
  static TrainingSpec training() {
    TrainingSpec spec;
    spec.batch = 8;
    return spec;
  }
  [[nodiscard]] std::vector<char> bytes() const {
    std::vector<char> out;
    for (std::size_t c = 0; c < trainer.network().graph().connections.size(); ++c) {
      const arma::fmat w = trainer.network().weights(c);
      const char* first = reinterpret_cast<const char*>(w.memptr());
      out.insert(out.end(), first, first + w.n_elem * sizeof(float));
    }
    return out;
  }
  Partition<float> data = noise(21);
  StaticTrainer<float> trainer;
};

std::size_t threads_of_this_process() {
  std::size_t count = 0;
  for (const auto& unused : std::filesystem::directory_iterator("/proc/self/task")) {
    static_cast<void>(unused);
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("a rule of local scope sees each place of each sample as an observation") {
  Network<float> network(make_graph(small()));
  initialise(network, 1, arma::fmat());
  TrainingSpec training;
  training.exploration.deviation = 0.1;
  Presentation<float> p(network, training, 4, 1);
  Driver<float> driver(spying({"input>conv"}), network, p, 1);
  CHECK(Spy<float>::most == 4 * k_places);
  p.set_columns(3);
  const arma::fmat x = gaussian<float>(40, 3, "x");
  p.inputs() = x;
  p.target.first(3) = one_hot<float>(3, 3);
  p.draw_dropout(1);
  p.run();
  p.price(p.clean, p.baseline);
  const Window whole{0, 3};
  p.explore(0, {&whole, 1}, [](const Window&) {});
  p.price(p.perturbed, p.reward);
  driver.propose(0);

  const auto& shown = Spy<float>::shown;
  CHECK(Spy<float>::columns == 3 * k_places);
  CHECK(shown.at(DELTAW_PRE).n_rows == k_size);
  const arma::fmat post = p.perturbed.post(2);
  for (const int signal : {DELTAW_POST, DELTAW_POTENTIAL, DELTAW_DERIVATIVE, DELTAW_PERTURBATION,
                           DELTAW_LEARNING_SIGNAL}) {
    CAPTURE(signal);
    CHECK(shown.at(static_cast<std::uint32_t>(signal)).n_rows == k_filters);
    CHECK(shown.at(static_cast<std::uint32_t>(signal)).n_cols == 3 * k_places);
  }
  // Filter 4 at row 1, column 2 of sample 2.
  const arma::uword place = 1 * 4 + 2, unit = place * k_filters + 4, column = 2 * k_places + place;
  CHECK(shown.at(DELTAW_POST)(4, column) == post(unit, 2));
  CHECK(shown.at(DELTAW_PERTURBATION)(4, column) == p.exploration.on_units(2)(unit, 2));
  CHECK(shown.at(DELTAW_REWARD).n_cols == 3 * k_places);
  CHECK(shown.at(DELTAW_REWARD)[column] == p.reward.first(3)[2]);
  CHECK(shown.at(DELTAW_BASELINE)[column] == p.baseline.first(3)[2]);
  CHECK(shown.at(DELTAW_REWARD)[0] != shown.at(DELTAW_REWARD)[column]);

  const Patches& patches = network.graph().connections[driver.connections()[0]].patches;
  const arma::mat exact = plain_convolution_gradient(patches, arma::conv_to<arma::mat>::from(x),
                                                     arma::conv_to<arma::mat>::from(post));
  CHECK(relative_error(arma::conv_to<arma::mat>::from(driver.delta(0)), exact) < 1e-6);
  CHECK(driver.work().multiply_adds == k_filters * k_size * k_places * 3);
}

TEST_CASE("the bias of a convolution sees a 1 at every place") {
  Network<float> network(make_graph(small()));
  TrainingSpec training;
  training.exploration.deviation = 0.1;
  Presentation<float> p(network, training, 4, 1);
  Driver<float> driver(spying({"conv.bias"}), network, p, 1);
  p.set_columns(2);
  p.explore(0, {}, [](const Window&) {});
  driver.propose(0);
  CHECK(Spy<float>::shown.at(DELTAW_PRE).n_rows == 1);
  CHECK(arma::accu(Spy<float>::shown.at(DELTAW_PRE)) == 2 * k_places);
}

TEST_CASE("a rule that wants the plain weights of a convolution is told why it cannot drive it") {
  const Partition<float> data = noise(8);
  StaticTrainer<float> trainer(small(), {}, {of_network_scope<Greedy>("greedy")}, data, 1);
  try {
    static_cast<void>(trainer.train_epoch());
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E207);
    CHECK(error.text().find("'greedy'") != std::string::npos);
    CHECK(error.text().find("'input>conv'") != std::string::npos);
    CHECK(error.text().find("a rule of local scope") != std::string::npos);
  }
}

TEST_CASE("work is counted at every place, and nothing where there are no weights") {
  Run run;
  REQUIRE(run.trainer.train_epoch());
  const std::uint64_t conv = k_filters * k_size * k_places, dense = 3 * 1 * 2 * k_filters;
  const std::uint64_t biases = k_filters * k_places + 3;
  // Forward; the gradient of all weights; and the error back through the last layer.
  CHECK(run.trainer.work().multiply_adds == 21 * (2 * (conv + dense + biases) + dense));
  CHECK(run.trainer.work().synaptic_updates == 3 * (k_filters * (k_size + 1) + dense + 3));
}

TEST_CASE("a run that was interrupted within an epoch ends in the same bits, dropout and all") {
  Run whole, first, second;
  for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(whole.trainer.train_epoch());
  test::interrupt(first.trainer, second.trainer, 3);
  CHECK(second.bytes() == whole.bytes());
  CHECK(first.bytes() != whole.bytes());
}

TEST_CASE("however many threads OpenMP may have, a run has one and the same bits") {
  Run one, four;
  omp_set_num_threads(1);
  REQUIRE(one.trainer.train_epoch());
  const std::size_t before = threads_of_this_process();
  omp_set_num_threads(4);
  REQUIRE(four.trainer.train_epoch());
  CHECK(threads_of_this_process() == before);
  CHECK(one.bytes() == four.bytes());
}

TEST_CASE("in a test nothing is dropped: the same score twice, and another than in training") {
  Run run;
  const double first = run.trainer.evaluator().score(run.data).loss;
  CHECK(run.trainer.evaluator().score(run.data).loss == first);
  REQUIRE(run.trainer.train_epoch());
  const double second = run.trainer.evaluator().score(run.data).loss;
  CHECK(run.trainer.evaluator().score(run.data).loss == second);
  CHECK(second != first);
}
