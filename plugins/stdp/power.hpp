// SPDX-License-Identifier: Apache-2.0
// A power that is quick where it is 0 or 1. Any thread.
#pragma once

#include <cmath>

// x^exponent for x >= 0; what lies below 0 counts as 0. x^0 is 1 everywhere.
template <class T>
class Power {
 public:
  explicit Power(double exponent) : exponent_(static_cast<T>(exponent)) {}

  T operator()(T x) const {
    if (exponent_ == 0) return 1;
    if (!(x > 0)) return 0;
    return exponent_ == 1 ? x : std::pow(x, exponent_);
  }

 private:
  T exponent_;
};
