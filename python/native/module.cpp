// SPDX-License-Identifier: Apache-2.0
// The module deltaw._deltaw: two functions, and the host's errors as the package's. Its types are
// those of Host in python/deltaw/native.py. Any thread that holds Python's lock.
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "core/error.hpp"
#include "training.hpp"

namespace py = pybind11;

namespace {

void raise(const deltaw::Error& error) {
  const py::object type = py::module_::import("deltaw.errors").attr("Error");
  PyErr_SetObject(type.ptr(), type(error.text(), deltaw::info(error.code()).exit_status).ptr());
}

}  // namespace

PYBIND11_MODULE(_deltaw, module) {
  module.doc() = "The host of deltaw in this process: deltaw.native says how it is used.";
  py::register_exception_translator([](std::exception_ptr thrown) {
    try {
      if (thrown) std::rethrow_exception(thrown);
    } catch (const deltaw::Error& error) {
      raise(error);
    }
  });
  module.def("train", &deltaw::python::train, py::arg("experiment"), py::arg("inputs"),
             py::arg("labels"), py::arg("classes"), py::arg("seed"), py::arg("plugins"),
             py::arg("program"));
  module.def("activity", &deltaw::python::activity, py::arg("experiment"), py::arg("weights"),
             py::arg("inputs"), py::arg("layer"));
}
