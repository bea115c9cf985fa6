// SPDX-License-Identifier: Apache-2.0
#include "spiking/input.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <functional>

#include "core/error.hpp"

using namespace deltaw;

namespace {

constexpr double k_dt = 0.5;

template <class T>
std::vector<std::vector<std::size_t>> steps_of_units(const Encoder<T>& encoder, std::size_t units) {
  std::vector<std::vector<std::size_t>> found(units);
  for (std::size_t step = 0; step < encoder.steps(); ++step) {
    const auto spikes = encoder.at(step);
    for (std::size_t k = 0; k < spikes.size(); ++k) {
      if (k > 0) CHECK(spikes[k - 1] < spikes[k]);
      found[spikes[k]].push_back(step);
    }
  }
  return found;
}

Encoder<double> source(const std::string& type, std::size_t units, double rate = 100) {
  return {{.type = type, .rate = rate}, units, k_dt};
}

Code failure(const std::function<void()>& f) {
  try {
    f();
  } catch (const Error& error) {
    return error.code();
  }
  return Code::E001;
}

}  // namespace

TEST_CASE("Poisson spikes have the counts and gaps of independent steps") {
  // p = 0.6 x 100 Hz x 0.5 ms = 0.03 a step; 400 steps.
  Encoder<double> encoder = source("poisson", 3);
  const std::vector<double> values = {0.6, 0, 1};
  const double n = 400, p = 0.03;
  double mean = 0, square = 0, first = 0, repeats = 0, product = 0, other = 0;
  const int presentations = 4000;
  for (int k = 0; k < presentations; ++k) {
    encoder.encode(values, 1, 200, 5, "poisson", static_cast<std::uint64_t>(k));
    REQUIRE(encoder.steps() == 400);
    const auto found = steps_of_units(encoder, 3);
    CHECK(found[1].empty());
    const auto count = static_cast<double>(found[0].size());
    mean += count / presentations;
    square += count * count / presentations;
    product += count * static_cast<double>(found[2].size()) / presentations;
    other += static_cast<double>(found[2].size()) / presentations;
    first += !found[0].empty() && found[0][0] == 0 ? 1.0 / presentations : 0;
    for (std::size_t s = 1; s < found[0].size(); ++s) {
      repeats += found[0][s] == found[0][s - 1] + 1 ? 1.0 / presentations : 0;
    }
  }
  // Four standard errors.
  CHECK(std::abs(mean - n * p) < 4 * std::sqrt(n * p * (1 - p) / presentations));
  CHECK(square - mean * mean == doctest::Approx(n * p * (1 - p)).epsilon(4 * std::sqrt(2. / 4000)));
  CHECK(std::abs(first - p) < 4 * std::sqrt(p * (1 - p) / presentations));
  CHECK(std::abs(repeats - (n - 1) * p * p) < 4 * std::sqrt(n * p * p / presentations));
  CHECK(other == doctest::Approx(20).epsilon(0.02));
  CHECK(std::abs(product - mean * other) <
        4 * std::sqrt(n * p * (1 - p) * n * 0.05 * 0.95 / presentations));
}

TEST_CASE("a unit's Poisson spikes depend on seed, purpose, number and its own value alone") {
  const auto spikes = [](std::vector<double> values, double show, std::uint64_t seed,
                         const char* purpose, std::uint64_t number) {
    Encoder<double> encoder = source("poisson", values.size());
    encoder.encode(values, 1, show, seed, purpose, number);
    return steps_of_units(encoder, values.size())[1];
  };
  const auto base = spikes({0.2, 0.5, 0.9}, 400, 1, "poisson", 3);
  CHECK(base.size() > 5);
  CHECK(spikes({0.7, 0.5}, 400, 1, "poisson", 3) == base);
  auto longer = spikes({0.7, 0.5}, 900, 1, "poisson", 3);
  CHECK(longer.size() > base.size());
  longer.resize(base.size());
  CHECK(longer == base);
  CHECK(spikes({0.2, 0.5, 0.9}, 400, 2, "poisson", 3) != base);
  CHECK(spikes({0.2, 0.5, 0.9}, 400, 1, "test", 3) != base);
  CHECK(spikes({0.2, 0.5, 0.9}, 400, 1, "poisson", 4) != base);
}

TEST_CASE("gain raises the rate, and a spike in every step is the end") {
  Encoder<double> encoder = source("poisson", 1, 500);
  const std::vector<double> values = {1};
  encoder.encode(values, 4, 100, 1, "poisson", 0);
  CHECK(steps_of_units(encoder, 1)[0].size() == 200);
  CHECK(failure([&] { encoder.encode(values, 4.01, 100, 1, "poisson", 0); }) == Code::E515);
}

TEST_CASE("regular spikes are evenly spaced, from a phase of each unit's own") {
  Encoder<double> encoder = source("regular", 3);
  const std::vector<double> values = {1, 0.5, 1};
  encoder.encode(values, 1, 500, 1, "regular", 0);
  const auto found = steps_of_units(encoder, 3);
  REQUIRE(found[0].size() == 50);
  CHECK(found[1].size() == 25);
  for (std::size_t k = 1; k < 50; ++k) CHECK(found[0][k] - found[0][k - 1] == 20);
  for (std::size_t k = 1; k < 25; ++k) CHECK(found[1][k] - found[1][k - 1] == 40);
  CHECK(found[0][0] != found[2][0]);
  encoder.encode(values, 1.25, 500, 1, "regular", 0);
  const auto faster = steps_of_units(encoder, 3);
  CHECK(faster[0].size() >= 62);
  CHECK(faster[0].size() <= 63);
}

TEST_CASE("latency tells a value by the time of one spike") {
  Encoder<double> encoder({.type = "latency", .window = 100}, 5, k_dt);
  encoder.encode(std::vector<double>{1, 0.5, 0.25, 0, 0.999}, 1, 60, 1, "latency", 0);
  const auto found = steps_of_units(encoder, 5);
  CHECK(found[0] == std::vector<std::size_t>{0});
  CHECK(found[1] == std::vector<std::size_t>{100});
  CHECK(found[2].empty());  // due at 75 ms, after the end
  CHECK(found[3].empty());
  CHECK(found[4] == std::vector<std::size_t>{0});
}

TEST_CASE_TEMPLATE("values that spikes cannot tell are refused", T, float, double) {
  Encoder<T> encoder({}, 2, k_dt);
  const auto code = [&](std::vector<T> values) {
    return failure([&] { encoder.encode(values, 1, 100, 1, "poisson", 0); });
  };
  CHECK(code({T(0.5), T(1.5)}) == Code::E403);
  CHECK(code({T(-0.5), T(0)}) == Code::E403);
  CHECK(code({T(std::nan("")), T(0)}) == Code::E403);
  CHECK(code({T(1)}) == Code::E205);
}
