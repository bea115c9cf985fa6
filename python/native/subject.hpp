// SPDX-License-Identifier: Apache-2.0
// What an experiment without a task says of the one network that it has. The latest document and
// the latest search for rules are kept, as an estimator asks again and again. Any thread.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "comparison/prepared_arm.hpp"
#include "experiment/experiment.hpp"

namespace deltaw::python {

// The one arm of a document, whose data are arrays. Errors: as load_experiment(); E502 for a task,
// E503 for several arms or a network that spikes.
[[nodiscard]] Arm arm_of(const std::string& document);

// An arm with its rules, and the catalogue that keeps their libraries open.
struct Subject {
  std::shared_ptr<Catalogue> catalogue;
  PreparedArm arm;

  // Rules are searched for as by the program of that path, `plugins` first; anew whenever a file in
  // those places has changed. Errors: those of Catalogue and PreparedArm.
  Subject(const Arm& asked, const std::filesystem::path& program,
          const std::vector<std::string>& plugins);
};

}  // namespace deltaw::python
