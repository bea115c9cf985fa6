// SPDX-License-Identifier: Apache-2.0
#include "readout/linear.hpp"

#include <doctest/doctest.h>

#include <cmath>

#include "core/random.hpp"
#include "error_of.hpp"

using namespace deltaw;
using doctest::Approx;

namespace {

OptimizerSpec optimizer(const char* type, double rate) {
  OptimizerSpec spec;
  spec.type = type;
  spec.rate = rate;
  return spec;
}
OptimizerSpec sgd(double rate) { return optimizer("sgd", rate); }

// Three clouds in four dimensions, the last of which says nothing.
struct Clouds {
  arma::mat activity = arma::mat(4, 300);
  std::vector<std::uint32_t> labels;

  explicit Clouds(double offset = 0) {
    Random random(1, "clouds");
    for (arma::uword k = 0; k < activity.n_cols; ++k) {
      labels.push_back(static_cast<std::uint32_t>(k % 3));
      for (arma::uword i = 0; i < 4; ++i) activity(i, k) = offset + 0.2 * random.normal();
      activity(k % 3, k) += 3;
    }
  }
};

template <class T>
LinearReadout<T> learnt(const ReadoutSpec& spec, const arma::Mat<T>& activity,
                        const std::vector<std::uint32_t>& labels, std::size_t classes,
                        std::uint64_t seed = 1) {
  LinearReadout<T> readout(spec, activity.n_rows, classes);
  REQUIRE(readout.learn(activity, labels, seed, {}, {}));
  return readout;
}

arma::mat parameter(const LinearReadout<double>& readout, const std::string& name) {
  for (const auto& [other, values] : readout.parameters()) {
    if (other == name) return values;
  }
  FAIL("no parameter ", name);
  return {};
}

}  // namespace

TEST_CASE("the first step from zero is the mean of features under the error of even odds") {
  const arma::mat activity = {{1, 2, -1}, {0, 5, 4}};
  const std::vector<std::uint32_t> labels = {0, 1, 1};
  const auto readout =
      learnt<double>({.epochs = 1, .batch = 3, .optimizer = sgd(0.3)}, activity, labels, 2);
  const arma::vec own = activity * arma::vec{0.5, -0.5, -0.5} * 0.1;
  CHECK(arma::approx_equal(parameter(readout, "").row(0).t(), own, "absdiff", 1e-12));
  CHECK(arma::approx_equal(parameter(readout, "").row(1).t(), -own, "absdiff", 1e-12));
  CHECK(parameter(readout, ".bias")[0] == Approx(-0.05));
  CHECK(parameter(readout, ".bias")[1] == Approx(0.05));
}

TEST_CASE("without activity a softmax learns the odds of the classes") {
  const arma::mat activity(2, 4, arma::fill::zeros);
  const auto readout =
      learnt<double>({.epochs = 500, .batch = 4, .optimizer = sgd(1)}, activity, {1, 1, 0, 1}, 2);
  const arma::mat bias = parameter(readout, ".bias");
  CHECK(bias[1] - bias[0] == Approx(std::log(3)));
  CHECK(readout.course().size() == 500);
  CHECK(readout.course().front() == Approx(std::log(2)));
  CHECK(readout.course().back() == Approx(-0.75 * std::log(0.75) - 0.25 * std::log(0.25)));
}

TEST_CASE("a power readout ends where its loss is least") {
  // One unit, normalised to 1: 3 (1 - c)^5 = (1 + c)^5 for the class of three samples of four.
  const arma::mat activity = {{0.2, 7, 1, 3}};
  const ReadoutSpec spec{.type = "power",
                         .exponent = 4.5,
                         .normalise = "sum",
                         .beta = 2,
                         .m = 6,
                         .epochs = 1000,
                         .batch = 4,
                         .optimizer = sgd(0.003)};
  const auto readout = learnt<double>(spec, activity, {0, 0, 1, 0}, 2);
  const double ratio = std::pow(3, 0.2), c = (ratio - 1) / (ratio + 1);
  CHECK(parameter(readout, "")(0, 0) == Approx(std::atanh(c) / 2).epsilon(1e-6));
  CHECK(parameter(readout, "")(1, 0) == Approx(-std::atanh(c) / 2).epsilon(1e-6));
  CHECK(readout.parameters().size() == 1);
}

TEST_CASE_TEMPLATE("separable clouds are told apart, by either type", T, float, double) {
  const Clouds clouds;
  const auto activity = arma::conv_to<arma::Mat<T>>::from(clouds.activity);
  for (const char* type : {"softmax", "power"}) {
    const ReadoutSpec spec{.type = type,
                           .exponent = 3,
                           .normalise = "sum",
                           .beta = 1,
                           .m = 2,
                           .epochs = 50,
                           .batch = 32,
                           .optimizer = optimizer("adam", 0.01)};
    const auto readout = learnt<T>(spec, activity, clouds.labels, 3);
    CHECK(accuracy_of(readout.predict(activity), clouds.labels) == 1);
    CHECK(readout.course().back() < 0.5 * readout.course().front());
  }
}

TEST_CASE("weights apply to activity as it is, though it was standardised to learn") {
  const Clouds clouds(50);
  const ReadoutSpec spec{
      .normalise = "standardise", .epochs = 20, .batch = 50, .optimizer = sgd(0.5)};
  const auto readout = learnt<double>(spec, clouds.activity, clouds.labels, 3);
  arma::mat scores = parameter(readout, "") * clouds.activity;
  scores.each_col() += parameter(readout, ".bias").col(0);
  const auto predicted = readout.predict(clouds.activity);
  CHECK(accuracy_of(predicted, clouds.labels) == 1);
  for (arma::uword k = 0; k < scores.n_cols; ++k) {
    REQUIRE(predicted[k] == scores.col(k).index_max());
  }
}

TEST_CASE("seeds order the samples: the same gives the same bits") {
  const Clouds clouds;
  const ReadoutSpec spec{.epochs = 2, .batch = 7, .optimizer = sgd(0.5)};
  const auto weights = [&](std::uint64_t seed) {
    return parameter(learnt<double>(spec, clouds.activity, clouds.labels, 3, seed), "");
  };
  CHECK(arma::approx_equal(weights(1), weights(1), "absdiff", 0));
  CHECK_FALSE(arma::approx_equal(weights(1), weights(2), "absdiff", 0));
}

TEST_CASE("the learning rate follows its schedule over the epochs of the readout") {
  ReadoutSpec spec{
      .type = "power", .beta = 1, .m = 1, .epochs = 2, .batch = 2, .optimizer = sgd(1e-6)};
  spec.optimizer.schedule = {.type = "step", .factor = 0.5};
  // m = 1, c near 0: the slope is beta for the class and minus it for the other, mean 0 over both
  // samples; with one class more often it is a third.
  const arma::mat three = {{1, 1, 1}};
  const auto readout = learnt<double>(spec, three, {0, 0, 1}, 2);
  CHECK(parameter(readout, "")(0, 0) == Approx(1.5e-6 / 3).epsilon(1e-4));
}

TEST_CASE("a class without samples is named") {
  LinearReadout<double> readout({}, 2, 4);
  const arma::mat activity(2, 3, arma::fill::ones);
  const std::vector<std::uint32_t> labels = {0, 1, 3};
  const Error error =
      error_of([&] { static_cast<void>(readout.learn(activity, labels, 1, {}, {})); });
  CHECK(error.code() == Code::E404);
  CHECK(error.headline().find("class 2") != std::string::npos);
  CHECK(error.detail().found == "3 of them");
}

TEST_CASE("a readout that is stopped, or whose loss diverges, has not learnt") {
  const Clouds clouds;
  std::stop_source stop;
  LinearReadout<double> readout({.epochs = 9, .optimizer = sgd(0.1)}, 4, 3);
  std::size_t epochs = 0;
  CHECK_FALSE(readout.learn(clouds.activity, clouds.labels, 1, stop.get_token(),
                            [&](std::size_t epoch, std::size_t of) {
                              CHECK(of == 9);
                              CHECK(epoch == ++epochs);
                              if (epoch == 3) stop.request_stop();
                            }));
  CHECK(epochs == 3);
  LinearReadout<float> wild({.epochs = 50, .optimizer = sgd(1e300)}, 4, 3);
  const auto activity = arma::conv_to<arma::fmat>::from(clouds.activity);
  CHECK_FALSE(wild.learn(activity, clouds.labels, 1, {}, {}));
  CHECK(wild.course().size() < 50);
}
