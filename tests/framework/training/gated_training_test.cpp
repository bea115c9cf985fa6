// SPDX-License-Identifier: Apache-2.0
// Rules on units with gates: which can drive them, what is counted, and that a training is the same
// whatever interrupts it.
#include <doctest/doctest.h>

#include "error_of.hpp"
#include "exact_gradient.hpp"
#include "interrupted.hpp"
#include "rule_on_network.hpp"
#include "training/driver.hpp"
#include "training/static_trainer.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::size_t k_steps = 5, k_inputs = 4, k_units = 6;

// 5 x 4 pixels - GRU or LSTM of 6 by rows - 3 softmax.
NetworkSpec small(const std::string& type = "gru") {
  LayerSpec input = layer("input", 0), gates = layer("gates", k_units);
  input.image = {k_steps, k_inputs, 1};
  gates.type = type;
  NetworkSpec spec = chain({input, gates, layer("output", 3, "softmax")});
  spec.connections.push_back(connection("gates", "gates"));
  return spec;
}

// Asks layers for what only units without gates have. Rules of one test program need names of their
// own: GCC 12 links what templates make of them across files, even if they have no linkage.
template <class T>
struct SlopeReader {
  static constexpr auto id = "slope-reader";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;
  explicit SlopeReader(const Setup& setup) : network(setup) {}
  void update(const Signals<T>& s, Deltas<T>&) {
    for (std::uint32_t i = 1; i < network.layers().size(); ++i) {
      if (network.layers()[i].incoming.empty()) continue;
      const arma::Mat<T> slope = network.signal(DELTAW_DERIVATIVE, i);
      CHECK(slope.n_cols == s.columns());
    }
  }
  NetworkView<T> network;
};

// What sign symmetry does: a product by the network, with matrices made from its weights.
template <class T>
struct SignReader : Backward<T> {
  static constexpr auto id = "sign-reader";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;
  explicit SignReader(const Setup& setup) : transport(setup) {}
  void update(const Signals<T>& s, Deltas<T>& deltas) {
    transport.send(s.columns(), deltas, *this);
  }
  void connection(const NetworkView<T>& network, std::uint32_t c, const arma::Mat<T>& grad,
                  double beta, arma::Mat<T>& grad_pre) {
    const arma::Mat<T> signs = arma::sign(network.signal(DELTAW_WEIGHTS, c));
    network.connection_vjp(c, grad, beta, grad_pre, &signs);
  }
  ErrorTransport<T> transport;
};

template <class T>
struct Blind {
  static constexpr auto id = "blind";
  static constexpr auto version = "1.0.0";
  static constexpr std::uint64_t signals = deltaw::weight_perturbation | deltaw::reward;
  explicit Blind(const Setup&) {}
  void update(const Signals<T>& s, arma::Mat<T>& delta) {
    CHECK(s.reward().n_cols == s.columns());
    delta += arma::accu(s.reward()) * s.weight_perturbation();
  }
};

template <template <class> class Rule>
DriveSpec drive_by(std::vector<std::string> connections, Scope scope = Scope::network) {
  DriveSpec drive;
  drive.plugin = detail::Table<Rule>::table();
  drive.rule.id = Rule<float>::id;
  drive.rule.version = "1.0.0";
  drive.rule.signals = Rule<float>::signals;
  drive.rule.scope = scope;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F32;
  drive.connections = std::move(connections);
  drive.optimizer.type = "adadelta";
  drive.optimizer.rate = 1;
  return drive;
}

const std::vector<std::string> k_all = {"input>gates", "gates>gates", "gates.bias", "gates>output",
                                        "output.bias"};

Partition<float> noise(std::size_t samples) {
  Partition<float> data;
  data.inputs = gaussian<float>(k_steps * k_inputs, samples, "x");
  data.targets = one_hot<float>(3, samples);
  for (arma::uword k = 0; k < samples; ++k) {
    data.labels.push_back(static_cast<std::uint32_t>(data.targets.col(k).index_max()));
  }
  return data;
}

// 21 samples in batches of 8, so that the last one is smaller.
struct Run {
  explicit Run(const std::string& type = "gru")
      : trainer(small(type), training(), {drive_by<Exact>(k_all)}, data, 3) {}
  static TrainingSpec training() {
    TrainingSpec spec;
    spec.batch = 8;
    return spec;
  }
  [[nodiscard]] arma::fvec weights() const {
    arma::fvec all;
    for (std::size_t c = 0; c < trainer.network().graph().connections.size(); ++c) {
      all = arma::join_cols(all, arma::vectorise(trainer.network().weights(c)));
    }
    return all;
  }
  Partition<float> data = noise(21);
  StaticTrainer<float> trainer;
};

bool same(const arma::fvec& a, const arma::fvec& b) {
  return a.n_elem == b.n_elem && arma::all(a == b);
}

}  // namespace

TEST_CASE("work is counted at every step") {
  for (const std::string type : {"gru", "lstm"}) {
    Run run(type);
    REQUIRE(run.trainer.train_epoch());
    const std::uint64_t gates = type == "gru" ? 3 : 4;
    const std::uint64_t own = gates * k_units * k_units, plain = 3 * k_units + 3;
    const std::uint64_t parameters = gates * k_units * k_inputs + own + 4 * k_units + plain;
    const std::uint64_t forward = (parameters - plain) * k_steps + plain;
    // Forward; the gradient of all weights; the error back through the last layer, and through
    // time.
    CHECK(run.trainer.work().multiply_adds == 21 * (2 * forward + 3 * k_units + own * k_steps));
    CHECK(run.trainer.work().synaptic_updates == 3 * parameters);
  }
}

TEST_CASE("a run that was interrupted within an epoch ends in the same bits") {
  for (const std::string type : {"gru", "lstm"}) {
    Run whole(type), first(type), second(type);
    for (int epoch = 0; epoch < 3; ++epoch) REQUIRE(whole.trainer.train_epoch());
    test::interrupt(first.trainer, second.trainer, 3);
    CHECK(same(second.weights(), whole.weights()));
    CHECK_FALSE(same(first.weights(), whole.weights()));
  }
}

TEST_CASE(
    "a rule that reads the signs of weights, and leaves products to the network, drives gates") {
  const Partition<float> data = noise(8);
  StaticTrainer<float> trainer(small(), {}, {drive_by<SignReader>(k_all)}, data, 1);
  REQUIRE(trainer.train_epoch());
}

TEST_CASE("a rule that wants the slope of units with gates is told why it cannot drive them") {
  const Partition<float> data = noise(8);
  StaticTrainer<float> trainer(small(), {}, {drive_by<SlopeReader>(k_all)}, data, 1);
  const Error error = error_of([&] { static_cast<void>(trainer.train_epoch()); });
  CHECK(error.code() == Code::E207);
  for (const char* part :
       {"'slope-reader'", "'gates>gates'", "GRU or LSTM", "a rule of network scope"}) {
    CHECK(error.text().find(part) != std::string::npos);
  }
}

TEST_CASE("of local rules only those that see no units drive gates, others are told why") {
  const Partition<float> data = noise(8);
  TrainingSpec training;
  training.exploration.weight_deviation = 0.01;
  for (const std::string& connection : k_all) {
    DriveSpec seeing = drive_by<Blind>({connection}, Scope::local);
    seeing.rule.signals |= deltaw::pre | deltaw::post;
    const auto start = [&] { StaticTrainer<float>(small(), training, {seeing}, data, 1); };
    if (connection.find("output") != std::string::npos) continue;
    CAPTURE(connection);
    const Error error = error_of(start);
    CHECK(error.code() == Code::E206);
    CHECK(error.text().find("needs pre, post") != std::string::npos);
    CHECK(error.text().find("its units have gates") != std::string::npos);
    CHECK(error.text().find("a rule of network scope") != std::string::npos);
  }
  StaticTrainer<float> trainer(small(), training, {drive_by<Blind>(k_all, Scope::local)}, data, 1);
  REQUIRE(trainer.train_epoch());
}
