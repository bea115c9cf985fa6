// SPDX-License-Identifier: Apache-2.0
#include "core/vector_math.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <vector>

using namespace deltaw;

TEST_CASE_TEMPLATE("tanh over an array is that of the scalar function, within 4 units", T, float,
                   double) {
  std::vector<T> x, y;
  for (int i = -4000; i <= 4000; ++i) x.push_back(static_cast<T>(i) * T(0.005));
  for (const double tiny : {1e-3, -1e-6, 1e-20, 0.0}) x.push_back(static_cast<T>(tiny));
  y.resize(x.size());
  tanh_of(x.data(), y.data(), x.size());
  const double unit = std::numeric_limits<T>::epsilon();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::tanh(static_cast<double>(x[i]));
    CHECK(std::abs(static_cast<double>(y[i]) - exact) <= 4 * unit * std::abs(exact));
  }
}

TEST_CASE_TEMPLATE("a value has the same tanh wherever it stands, and in place", T, float, double) {
  std::vector<T> x;
  for (int i = 0; i < 100; ++i) x.push_back(static_cast<T>(std::sin(i)));
  std::vector<T> all(x.size());
  tanh_of(x.data(), all.data(), x.size());
  for (const std::size_t n : {1u, 15u, 16u, 17u, 33u}) {
    for (std::size_t from = 0; from + n <= x.size(); from += 7) {
      std::vector<T> part(x.begin() + static_cast<long>(from),
                          x.begin() + static_cast<long>(from + n));
      tanh_of(part.data(), part.data(), n);
      for (std::size_t i = 0; i < n; ++i) CHECK(part[i] == all[from + i]);
    }
  }
}

TEST_CASE("tanh of infinities is 1, of NaN is NaN") {
  const float infinity = std::numeric_limits<float>::infinity();
  const float x[3] = {infinity, -infinity, std::numeric_limits<float>::quiet_NaN()};
  float y[3];
  tanh_of(x, y, 3);
  CHECK(y[0] == 1.0f);
  CHECK(y[1] == -1.0f);
  CHECK(std::isnan(y[2]));
}

TEST_CASE_TEMPLATE("the sigmoid over an array is 1 / (1 + exp(-x)), within 4 units", T, float,
                   double) {
  std::vector<T> x, y;
  for (int i = -3999; i <= 3999; ++i) x.push_back(static_cast<T>(i) * T(0.02));
  y.resize(x.size());
  sigmoid_of(x.data(), y.data(), x.size());
  const double unit = std::numeric_limits<T>::epsilon();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = 1 / (1 + std::exp(-static_cast<double>(x[i])));
    CHECK(std::abs(static_cast<double>(y[i]) - exact) <= 4 * unit * exact);
  }
  const T ends[2] = {-std::numeric_limits<T>::infinity(), std::numeric_limits<T>::infinity()};
  T of_ends[2];
  sigmoid_of(ends, of_ends, 2);
  CHECK(of_ends[0] == 0);
  CHECK(of_ends[1] == 1);
}

TEST_CASE_TEMPLATE("exp over an array is that of the scalar function, within 4 units", T, float,
                   double) {
  std::vector<T> x, y;
  for (int i = -4000; i <= 4000; ++i) x.push_back(static_cast<T>(i) * T(0.01));
  y.resize(x.size());
  exp_of(x.data(), y.data(), x.size());
  const double unit = std::numeric_limits<T>::epsilon();
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double exact = std::exp(static_cast<double>(x[i]));
    CHECK(std::abs(static_cast<double>(y[i]) - exact) <= 4 * unit * exact);
  }
  const T ends[3] = {T(0), -std::numeric_limits<T>::infinity(), T(-1e4)};
  T of_ends[3];
  exp_of(ends, of_ends, 3);
  CHECK(of_ends[0] == 1);
  CHECK(of_ends[1] == 0);
  CHECK(of_ends[2] == 0);
}
