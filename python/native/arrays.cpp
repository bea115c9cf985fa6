// SPDX-License-Identifier: Apache-2.0
// What an array must be, and what is said of one that is not.
#include "arrays.hpp"

#include <fmt/format.h>

#include "core/error.hpp"

namespace py = pybind11;

namespace deltaw::python {
namespace {

enum class Order { c, fortran };

template <class T>
constexpr const char* name_of = sizeof(T) == 4 ? "float32" : "float64";
template <>
constexpr const char* name_of<std::uint32_t> = "uint32";

[[noreturn]] void refuse(const std::string& what, std::string expected, std::string found,
                         std::string hint) {
  throw Error(Code::E402, what + " is no array that the host can use as it lies",
              {std::move(expected), std::move(found), std::move(hint)});
}

std::string type_of(const py::object& object) {
  return py::cast<std::string>(py::str(py::type::of(object).attr("__name__")));
}

py::array array_of(const py::object& object, const std::string& what) {
  if (py::isinstance<py::array>(object)) return py::reinterpret_borrow<py::array>(object);
  refuse(what, "a NumPy array", type_of(object), "numpy.ascontiguousarray()");
}

std::string shape_of(const py::array& array) {
  return py::cast<std::string>(py::str(array.attr("shape")));
}

// In which order its values lie, and whether there are gaps.
std::string layout_of(const py::array& array) {
  if ((array.flags() & py::array::c_style) != 0) return "C's order";
  if ((array.flags() & py::array::f_style) != 0) return "Fortran's order";
  return "values with gaps between them, as of a slice";
}

template <class T>
py::array checked(const py::object& object, const std::string& what, py::ssize_t dimensions,
                  Order order) {
  const py::array array = array_of(object, what);
  if (!array.dtype().equal(py::dtype::of<T>())) {
    refuse(what, name_of<T>, py::cast<std::string>(py::str(array.dtype())),
           fmt::format("numpy.ascontiguousarray(x, numpy.{})", name_of<T>));
  }
  if (array.ndim() != dimensions) {
    refuse(what, fmt::format("{} dimensions", dimensions), "shape " + shape_of(array),
           "reshape() it");
  }
  const bool is_c = order == Order::c;
  if ((array.flags() & (is_c ? py::array::c_style : py::array::f_style)) == 0) {
    refuse(what, is_c ? "C's order" : "Fortran's order", layout_of(array),
           is_c ? "numpy.ascontiguousarray()" : "numpy.asfortranarray()");
  }
  if ((array.flags() & py::detail::npy_api::NPY_ARRAY_ALIGNED_) == 0) {
    refuse(what, "aligned values", "values between two places of their size", "copy() it");
  }
  return array;
}

// The host takes what it may only read as a plain view, and only reads it.
template <class T>
T* data_of(const py::array& array) {
  return const_cast<T*>(static_cast<const T*>(array.data()));
}

}  // namespace

Precision precision_of(const py::object& object, const std::string& what) {
  const py::array array = array_of(object, what);
  if (array.dtype().equal(py::dtype::of<float>())) return Precision::float32;
  if (array.dtype().equal(py::dtype::of<double>())) return Precision::float64;
  refuse(what, "float32 or float64", py::cast<std::string>(py::str(array.dtype())),
         "numpy.ascontiguousarray(x, numpy.float32)");
}

template <class T>
arma::Mat<T> samples_of(const py::object& object) {
  const py::array array = checked<T>(object, "inputs", 2, Order::c);
  const auto samples = static_cast<std::size_t>(array.shape(0));
  const auto features = static_cast<std::size_t>(array.shape(1));
  if (samples == 0 || features == 0) {
    throw Error(Code::E404, "inputs hold nothing to learn or to answer",
                {.expected = "samples x features", .found = "shape " + shape_of(array)});
  }
  for (std::size_t sample = 0; sample < samples; ++sample) {
    if (view(data_of<T>(array) + sample * features, features, 1).is_finite()) continue;
    throw Error(Code::E403, fmt::format("row {} of inputs is not finite", sample),
                {.hint = "leave out or fill what is missing"});
  }
  return view(data_of<T>(array), features, samples);
}

template <class T>
arma::Mat<T> weights_of(const py::object& object, const std::string& what, std::size_t outputs,
                        std::size_t inputs) {
  const py::array array = checked<T>(object, what, 2, Order::fortran);
  if (static_cast<std::size_t>(array.shape(0)) != outputs ||
      static_cast<std::size_t>(array.shape(1)) != inputs) {
    throw Error(Code::E205, what + " does not fit the network",
                {.expected = fmt::format("({}, {}): outputs x inputs", outputs, inputs),
                 .found = shape_of(array)});
  }
  return view(data_of<T>(array), outputs, inputs);
}

std::vector<std::uint32_t> labels_of(const py::object& object, std::size_t samples,
                                     std::size_t classes) {
  const py::array array = checked<std::uint32_t>(object, "labels", 1, Order::c);
  if (static_cast<std::size_t>(array.shape(0)) != samples) {
    throw Error(Code::E205, "labels do not fit inputs",
                {.expected = fmt::format("{} labels, one a sample", samples),
                 .found = fmt::format("{}", array.shape(0))});
  }
  const auto* first = static_cast<const std::uint32_t*>(array.data());
  std::vector<std::uint32_t> labels(first, first + samples);
  for (const std::uint32_t label : labels) {
    if (label < classes) continue;
    throw Error(
        Code::E403, "a label names no class",
        {.expected = fmt::format("0 to {}", classes - 1), .found = fmt::format("{}", label)});
  }
  return labels;
}

template arma::Mat<float> samples_of(const py::object&);
template arma::Mat<double> samples_of(const py::object&);
template arma::Mat<float> weights_of(const py::object&, const std::string&, std::size_t,
                                     std::size_t);
template arma::Mat<double> weights_of(const py::object&, const std::string&, std::size_t,
                                      std::size_t);

}  // namespace deltaw::python
