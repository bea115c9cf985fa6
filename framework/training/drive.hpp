// SPDX-License-Identifier: Apache-2.0
// Which rule drives which connections, with what optimizer: plain values, resolved.
#pragma once

#include <deltaw/abi.h>

#include <string>
#include <vector>

#include "plugin/rule_spec.hpp"
#include "training/spec.hpp"

namespace deltaw {

// A rule of network scope gets one instance for all its connections, a local rule one for each.
struct DriveSpec {
  const deltaw_plugin* plugin = nullptr;  // an open library
  RuleSpec rule;
  std::vector<deltaw_param> parameters;  // complete; strings outlive the training
  std::vector<std::string> connections;  // by name
  OptimizerSpec optimizer;
  EpochRange epochs = {};  // of static networks: when it drives; its schedule runs over them
};

}  // namespace deltaw
