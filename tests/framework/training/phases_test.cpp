// SPDX-License-Identifier: Apache-2.0
// What a rule with phases is shown, by a rule that writes it down.
#include "training/phases.hpp"

#include <doctest/doctest.h>

#include <deltaw/rule.hpp>

#include "error_of.hpp"
#include "rule_on_network.hpp"
#include "training/driver.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// Both phases of the latest update: pre and post of its connection.
template <class T>
struct Witness {
  static constexpr auto id = "witness";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre | deltaw::post;
  explicit Witness(const Setup&) {}
  void observe(const Signals<T>& s) { first_pre = s.pre(), first_post = s.post(); }
  void update(const Signals<T>& s, arma::Mat<T>&) { second_pre = s.pre(), second_post = s.post(); }
  static inline arma::Mat<T> first_pre, first_post, second_pre, second_post;
};

template <class T>
struct Hasty {
  static constexpr auto id = "hasty";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre;
  explicit Hasty(const Setup&) {}
  void update(const Signals<T>&, arma::Mat<T>&) {}
};

template <template <class> class Rule>
DriveSpec drive(PhasesSpec phases) {
  DriveSpec out;
  out.plugin = detail::Table<Rule>::table();
  out.rule.id = Rule<double>::id;
  out.rule.signals = Rule<double>::signals;
  out.rule.phases = std::move(phases);
  const bool is_nudge = out.rule.phases->type == PhasesSpec::Type::nudge;
  out.rule.dynamics = {is_nudge ? Dynamics::settling : Dynamics::fixed};
  out.rule.capabilities = DELTAW_CAP_F64;
  out.connections = {"input>hidden"};
  return out;
}

TrainingSpec training(const std::string& loss = "mse", bool has_label_inputs = true) {
  TrainingSpec spec;
  spec.loss.type = loss;
  spec.has_label_inputs = has_label_inputs;
  return spec;
}

NetworkSpec layers(bool settles, const std::string& output = "linear") {
  NetworkSpec spec =
      chain({layer("input", 5), layer("hidden", 4, "tanh"), layer("output", 3, output)});
  if (settles) {
    spec.settling = {.free_steps = 50, .nudged_steps = 20, .step = 0.5};
    spec.connections[1].init.deviation = 0.2;  // linear units would push each other beyond bounds
  }
  return spec;
}

constexpr std::size_t k_columns = 300;

struct Stage {
  explicit Stage(const NetworkSpec& spec, const TrainingSpec& training = ::training())
      : network(make_graph(spec)), presentation(network, training, k_columns, 7) {
    initialise(network, 7, x);
    presentation.set_columns(k_columns);
    presentation.inputs() = x;
    if (presentation.loss.exists()) presentation.target.first(k_columns) = target;
    presentation.run();
  }

  const arma::mat x = gaussian<double>(5, k_columns, "x"), target = one_hot<double>(3, k_columns);
  Network<double> network;
  Presentation<double> presentation;
};

std::string refusal(const NetworkSpec& spec, const TrainingSpec& training, DriveSpec drive) {
  Stage stage(spec, training);
  return error_of([&] { Driver<double>(std::move(drive), stage.network, stage.presentation, 1); })
      .text();
}

const PhasesSpec k_contrast{PhasesSpec::Type::contrast};
const PhasesSpec k_nudge{PhasesSpec::Type::nudge, "beta", "symmetric"};

DriveSpec nudged(double beta, bool is_symmetric) {
  DriveSpec out = drive<Witness>(k_nudge);
  out.parameters = {parameter("beta", beta), parameter("symmetric", is_symmetric)};
  return out;
}

}  // namespace

TEST_CASE("of a contrast the first block has the right labels among the inputs, the second wrong") {
  Stage stage(layers(false));
  Driver<double> driver(drive<Witness>(k_contrast), stage.network, stage.presentation, 1);
  driver.propose(3);
  const arma::mat right = Witness<double>::first_pre, wrong = Witness<double>::second_pre;
  CHECK(arma::approx_equal(right.head_rows(3), stage.target, "absdiff", 0));
  CHECK(arma::approx_equal(right.tail_rows(2), stage.x.tail_rows(2), "absdiff", 0));
  CHECK(arma::approx_equal(wrong.tail_rows(2), stage.x.tail_rows(2), "absdiff", 0));
  CHECK(arma::accu(wrong.head_rows(3) % stage.target) == 0);
  CHECK(arma::all(arma::vectorise(arma::sum(wrong.head_rows(3), 0)) == 1));
  // Each wrong label of each class about as often.
  const arma::mat pairs = wrong.head_rows(3) * stage.target.t();
  CHECK(arma::accu(pairs > 30) == 6);

  // The network is run on each, and the pass without phases is what it was.
  const auto hidden = [&](const arma::mat& inputs) {
    arma::mat z = stage.network.weights(2) * inputs;
    z.each_col() += arma::vec(stage.network.weights(0));
    return arma::mat(arma::tanh(z));
  };
  CHECK(arma::approx_equal(Witness<double>::first_post, hidden(right), "absdiff", 1e-14));
  CHECK(arma::approx_equal(Witness<double>::second_post, hidden(wrong), "absdiff", 1e-14));
  CHECK(arma::approx_equal(stage.presentation.inputs(), stage.x, "absdiff", 0));
  CHECK(driver.work().multiply_adds == k_columns * (2 * 24 + 2 * 20));
}

TEST_CASE("wrong labels depend on seed and update alone") {
  Stage stage(layers(false));
  Driver<double> driver(drive<Witness>(k_contrast), stage.network, stage.presentation, 1);
  const auto labels = [&](std::uint64_t update) {
    driver.propose(update);
    return arma::mat(Witness<double>::second_pre.head_rows(3));
  };
  const arma::mat first = labels(1), other = labels(2);
  CHECK(arma::approx_equal(labels(1), first, "absdiff", 0));
  CHECK_FALSE(arma::approx_equal(first, other, "absdiff", 0));
}

TEST_CASE("of a nudge the first block is the free state or nudged away, the second nudged") {
  Stage stage(layers(true));
  const auto shown = [&](double beta, bool is_symmetric) {
    Driver<double> driver(nudged(beta, is_symmetric), stage.network, stage.presentation, 1);
    driver.propose(0);
    return std::pair(Witness<double>::first_post, Witness<double>::second_post);
  };
  const arma::mat hidden = stage.presentation.clean.post(2);
  const arma::mat free(hidden.memptr(), hidden.n_rows, hidden.n_cols);
  const auto [first, second] = shown(0.2, false);
  const auto [away, towards] = shown(0.2, true);
  CHECK(arma::approx_equal(first, free, "absdiff", 0));
  CHECK(arma::approx_equal(towards, second, "absdiff", 0));
  CHECK(arma::approx_equal(away, shown(-0.2, false).second, "absdiff", 0));
  // On either side of the free state.
  CHECK(arma::norm_dot(towards - free, away - free) < -0.9);
  CHECK(arma::approx_equal(stage.presentation.clean.post(2), free, "absdiff", 0));
}

TEST_CASE("a rule with phases is refused where there are none, with what is missing") {
  CHECK(refusal(layers(false), training(), nudged(0.1, false)).find("\"settling\"") !=
        std::string::npos);
  CHECK(refusal(layers(true, "sigmoid"), training("cross-entropy"), nudged(0.1, false))
            .find("\"loss\": \"mse\"") != std::string::npos);
  const DriveSpec contrast = drive<Witness>(k_contrast);
  CHECK(refusal(layers(true), training(), contrast).starts_with("error[E204]"));
  CHECK(refusal(layers(false), training("none"), contrast).find("has no loss") !=
        std::string::npos);
  CHECK(refusal(layers(false), training("mse", false), contrast).find("\"label_inputs\": true") !=
        std::string::npos);
  CHECK(refusal(layers(false), training(), drive<Hasty>(k_contrast)).starts_with("error[E137]"));
}
