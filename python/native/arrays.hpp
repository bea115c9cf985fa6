// SPDX-License-Identifier: Apache-2.0
// NumPy arrays as the host sees them: the same memory, never a copy. A row of an array in C's order
// is a column of the host's matrix. With Python's lock held.
#pragma once

#include <pybind11/numpy.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/matrix.hpp"
#include "network/spec.hpp"

namespace deltaw::python {

// Throws E402 unless it is a NumPy array of float32 or float64. `what` ("inputs") names it.
[[nodiscard]] Precision precision_of(const pybind11::object& object, const std::string& what);

// samples x features, in C's order, as features x samples; valid as long as the array. Errors: E402
// for another type, order or number of dimensions; E404 without samples; E403 for what is not
// finite.
template <class T>
[[nodiscard]] arma::Mat<T> samples_of(const pybind11::object& object);

// outputs x inputs, in Fortran's order; valid as long as the array. Errors: E402; E205 for another
// shape.
template <class T>
[[nodiscard]] arma::Mat<T> weights_of(const pybind11::object& object, const std::string& what,
                                      std::size_t outputs, std::size_t inputs);

// One uint32 a sample, each below `classes`. Errors: E402, E205, E403.
[[nodiscard]] std::vector<std::uint32_t> labels_of(const pybind11::object& object,
                                                   std::size_t samples, std::size_t classes);

}  // namespace deltaw::python
