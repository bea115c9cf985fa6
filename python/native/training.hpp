// SPDX-License-Identifier: Apache-2.0
// What Python asks of the host: to train on arrays, and to answer with what was trained. Python's
// lock is held on the way in and out, and released in between. Any thread.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <string>
#include <vector>

namespace deltaw::python {

// Trains on samples x features, and labels unless there is no loss, which None stands for. Returns
// {"weights": {connection: outputs x inputs}, "epochs", "updates", "seconds": CPU time of training,
// "supervision": what its rule was told}. Ctrl-C ends it with KeyboardInterrupt. Errors: those of
// arrays.hpp, subject.hpp and StaticTrainer.
[[nodiscard]] pybind11::dict train(const std::string& experiment, const pybind11::object& inputs,
                                   const pybind11::object& labels, std::size_t classes,
                                   std::uint64_t seed, const std::vector<std::string>& plugins,
                                   const std::string& program);

// The activity of a layer (the output where it has no name), samples x units, of the network with
// these weights. Errors: those of arrays.hpp and subject.hpp; E204 a network with time, E205 inputs
// of another width, E510 an unknown layer, E603 weights that are missing.
[[nodiscard]] pybind11::object activity(const std::string& experiment,
                                        const pybind11::dict& weights,
                                        const pybind11::object& inputs, const std::string& layer);

}  // namespace deltaw::python
