// SPDX-License-Identifier: Apache-2.0
// A rule of the project, found and opened as the program does. One thread.
#pragma once

#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "places.hpp"
#include "plugin/catalogue.hpp"
#include "plugin/parameters.hpp"
#include "training/drive.hpp"

namespace deltaw::test {

// Outlives the trainers that use it.
class RealRule {
 public:
  explicit RealRule(const std::string& id, const nlohmann::json& given = nlohmann::json::object())
      : entry_(catalogue_.find(id)),
        library_(catalogue_.open(entry_)),
        parameters_(resolve_parameters(entry_.rule, given)) {}

  // Drives these connections, by plain gradient descent at that rate.
  [[nodiscard]] DriveSpec drive(std::vector<std::string> connections, double rate = 1) const {
    DriveSpec drive{&library_->table(),     entry_.rule, abi_parameters(parameters_),
                    std::move(connections), {},          {}};
    drive.optimizer.rate = rate;
    return drive;
  }

 private:
  Catalogue catalogue_{{{std::filesystem::path(k_build_folder) / "lib/deltaw/plugins/1",
                         SearchPlace::Kind::folder, "test", 0, ""}}};
  const CatalogueEntry& entry_;
  std::shared_ptr<const Library> library_;
  std::vector<ResolvedParameter> parameters_;
};

}  // namespace deltaw::test
