// SPDX-License-Identifier: Apache-2.0
#include "spiking/synapses.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "core/error.hpp"

using namespace deltaw;

namespace {

constexpr double k_infinite = std::numeric_limits<double>::infinity();

SpikingConnectionSpec spec_of(const std::string& pattern) {
  return {.from = "a",
          .to = "b",
          .pattern = pattern,
          .init = {.type = "uniform", .low = 0.5, .high = 1}};
}

template <class T>
Synapses<T> draw(const SpikingConnectionSpec& spec, std::size_t outputs, std::size_t inputs,
                 std::uint64_t seed = 1) {
  return draw_synapses<T>(spec, "a>b", outputs, inputs, 0.5, -k_infinite, k_infinite, seed);
}

template <class T>
arma::Mat<T> matrix_of(const SpikingConnectionSpec& spec, std::size_t outputs, std::size_t inputs) {
  return as_matrix(draw<T>(spec, outputs, inputs), outputs, inputs);
}

template <class T>
bool same(const arma::Mat<T>& a, const arma::Mat<T>& b) {
  return arma::approx_equal(a, b, "absdiff", 0);
}

template <class T>
arma::umat exists(const arma::Mat<T>& weights) {
  return weights != 0;
}

}  // namespace

TEST_CASE_TEMPLATE("each pattern has the synapses of its name", T, float, double) {
  CHECK(arma::accu(exists(matrix_of<T>(spec_of("all-to-all"), 6, 4))) == 24);
  const arma::umat own = arma::eye<arma::umat>(5, 5);
  CHECK(same<arma::uword>(exists(matrix_of<T>(spec_of("one-to-one"), 5, 5)), own));
  CHECK(same<arma::uword>(exists(matrix_of<T>(spec_of("all-but-self"), 5, 5)), 1 - own));
  SpikingConnectionSpec random = spec_of("random");
  random.density = 0.2;
  const double share =
      static_cast<double>(arma::accu(exists(matrix_of<T>(random, 300, 200)))) / 6e4;
  CHECK(std::abs(share - 0.2) < 4 * std::sqrt(0.16 / 6e4));
}

TEST_CASE_TEMPLATE("what is drawn does not depend on how it is stored", T, float, double) {
  for (const char* pattern : {"all-to-all", "one-to-one", "all-but-self", "random"}) {
    CAPTURE(pattern);
    SpikingConnectionSpec spec = spec_of(pattern);
    if (spec.pattern == "random") spec.density = 0.4;
    const arma::Mat<T> weights = matrix_of<T>(spec, 30, 30);
    spec.plastic = true;
    const Synapses<T> plastic = draw<T>(spec, 30, 30);
    REQUIRE(std::holds_alternative<DenseSynapses<T>>(plastic));
    CHECK(same(as_matrix(plastic, 30, 30), weights));
    const auto& dense = std::get<DenseSynapses<T>>(plastic);
    CHECK(same(dense.weights, weights));
    CHECK(dense.delays.empty() == (spec.pattern == "all-to-all"));
    for (arma::uword k = 0; k < dense.delays.n_elem; ++k) {
      CHECK(dense.delays[k] == (weights[k] == 0 ? 255 : 0));
    }
  }
}

TEST_CASE("patterns without plasticity are stored as little as they are") {
  CHECK(std::holds_alternative<PairSynapses<float>>(draw<float>(spec_of("one-to-one"), 9, 9)));
  SpikingConnectionSpec spec = spec_of("random");
  spec.density = 0.1;
  CHECK(std::holds_alternative<SparseSynapses<float>>(draw<float>(spec, 9, 7)));
  spec = spec_of("all-but-self");
  CHECK(std::holds_alternative<DenseSynapses<float>>(draw<float>(spec, 9, 9)));
  spec.init = {.type = "constant", .value = 17};
  const Synapses<float> uniform = draw<float>(spec, 9, 9);
  CHECK(std::holds_alternative<AllButSelfSynapses<float>>(uniform));
  const arma::fmat expected = 17 * (arma::ones<arma::fmat>(9, 9) - arma::eye<arma::fmat>(9, 9));
  CHECK(same(as_matrix(uniform, 9, 9), expected));
}

TEST_CASE("a unit that excites all but itself leaves its own input's bits") {
  SpikingConnectionSpec spec = spec_of("all-but-self");
  spec.init = {.type = "constant", .value = 17};
  std::vector<float> input(6, 0.1f);
  const std::uint32_t source = 2;
  add_weights(draw<float>(spec, 6, 6), {&source, 1}, input.data(), 6);
  for (std::size_t k = 0; k < 6; ++k) CHECK(input[k] == (k == 2 ? 0.1f : 0.1f + 17.0f));
}

TEST_CASE("a sum is kept whole, and a column without synapses adds nothing") {
  SpikingConnectionSpec spec = spec_of("random");
  spec.density = 0.02;
  spec.sum = 3;
  CHECK(std::holds_alternative<DenseSynapses<double>>(draw<double>(spec, 4, 50)));
  spec.sum = 0;
  const auto sparse = std::get<SparseSynapses<double>>(draw<double>(spec, 4, 50));
  REQUIRE(sparse.start.size() == 51);
  CHECK(sparse.start.back() == sparse.targets.size());
  CHECK(std::is_sorted(sparse.start.begin(), sparse.start.end()));
  CHECK(sparse.targets.size() < 50);
}

TEST_CASE("weights follow seed and name, and float32 is float64 rounded") {
  const SpikingConnectionSpec spec = spec_of("all-to-all");
  const arma::mat first = matrix_of<double>(spec, 20, 10);
  CHECK(same(arma::conv_to<arma::fmat>::from(first), matrix_of<float>(spec, 20, 10)));
  CHECK(!same(first, as_matrix(draw<double>(spec, 20, 10, 2), 20, 10)));
  const auto other = draw_synapses<double>(spec, "other", 20, 10, 0.5, 0, 1, 1);
  CHECK(!same(first, as_matrix(other, 20, 10)));
  CHECK(first.min() > 0.5);
  CHECK(first.max() < 1);
  CHECK(arma::mean(arma::vectorise(first)) == doctest::Approx(0.75).epsilon(0.05));
}

TEST_CASE("silent units start without input") {
  SpikingConnectionSpec spec = spec_of("all-to-all");
  const arma::mat all = matrix_of<double>(spec, 4, 10);
  spec.init.silent = {1, 3};
  const arma::mat some = matrix_of<double>(spec, 4, 10);
  CHECK(arma::accu(arma::abs(some.row(1))) == 0);
  CHECK(arma::accu(arma::abs(some.row(3))) == 0);
  CHECK(same<double>(some.row(2), all.row(2)));
}

TEST_CASE("fan in is the number of synapses to be expected") {
  SpikingConnectionSpec spec = spec_of("random");
  spec.density = 0.25;
  spec.init = {.type = "he-normal"};
  const arma::mat weights = matrix_of<double>(spec, 400, 400);
  const arma::vec drawn = weights.elem(arma::find(weights != 0));
  CHECK(arma::var(drawn) == doctest::Approx(2.0 / 100).epsilon(0.04));
}

TEST_CASE("delays of their own are uniform, in whole steps") {
  SpikingConnectionSpec spec = spec_of("all-to-all");
  spec.delay = {0, 10};
  const auto dense = std::get<DenseSynapses<float>>(draw<float>(spec, 300, 200));
  arma::vec counts(21, arma::fill::zeros);
  for (const arma::u8 delay : dense.delays) {
    REQUIRE(delay <= 20);
    ++counts[delay];
  }
  // Rounded to the nearest step: the first and the last have half a step.
  for (std::size_t d = 0; d <= 20; ++d) {
    const double p = d == 0 || d == 20 ? 0.025 : 0.05;
    CHECK(std::abs(counts[d] / 6e4 - p) < 4.5 * std::sqrt(p / 6e4));
  }
}

TEST_CASE("a weight outside its bounds is refused before the start") {
  SpikingConnectionSpec spec = spec_of("all-to-all");
  const auto code = [&](double lower, double upper) {
    try {
      (void)draw_synapses<float>(spec, "a>b", 3, 3, 0.5, lower, upper, 1);
    } catch (const Error& error) {
      CHECK(error.text().find("connection 'a>b'") != std::string::npos);
      return error.code();
    }
    return Code::E001;
  };
  CHECK(code(0, 0.9) == Code::E517);
  CHECK(code(0.6, 1) == Code::E517);
  CHECK(code(0.5, 1) == Code::E001);
  spec.init = {.type = "constant", .value = 0.3};  // in float32 above 0.3
  CHECK(code(0, 0.3) == Code::E001);
  spec.init = {.type = "constant", .value = std::nan("")};
  CHECK(code(-k_infinite, k_infinite) == Code::E517);
}
