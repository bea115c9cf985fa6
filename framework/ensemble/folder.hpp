// SPDX-License-Identifier: Apache-2.0
// The folder of ensembles: ensemble.json, provenance.json, and probabilities/<ensemble>.npy, the
// class probabilities on the test part (classes x samples). One writer at a time.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>

#include "ensemble/findings.hpp"

namespace deltaw {

class EnsembleFolder {
 public:
  // Writes nothing yet. Error: E601 where there are results, but for ensembles to be replaced.
  EnsembleFolder(std::filesystem::path path, bool is_replaced);

  // ensemble.json last: it makes the folder one of ensembles. Errors: E600 and E602.
  void write(const Found& found, const nlohmann::json& provenance) const;

 private:
  std::filesystem::path path_;
};

}  // namespace deltaw
