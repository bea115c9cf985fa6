// SPDX-License-Identifier: Apache-2.0
// What is read out of a layer's frozen activity, as the experiment describes it: plain values.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "training/spec.hpp"

namespace deltaw {

// How a class is told from the activity y of a layer (units x 1). A readout learns from the
// training part alone.
struct ReadoutSpec {
  std::string name = {};  // unique, [A-Za-z0-9._-]+
  // "softmax": softmax(S f + b), cross-entropy. "power": c = tanh(beta S f), sum |c - t|^m with t 1
  // for the class and -1 for the others (Krotov & Hopfield 2019, doi:10.1073/pnas.1820458116).
  // "labels": each unit stands for one class, and the most active ones vote; "population": and the
  // class whose units are most active in their mean wins (Diehl & Cook 2015,
  // doi:10.3389/fncom.2015.00099).
  std::string type = "softmax";
  double exponent = 1;  // f = y where it is 1, else max(0, y)^exponent
  // "none", "sum" (each sample's |f| add up to 1), or "standardise" (each f minus its mean, over
  // its deviation, both of the training part; constant ones become 0).
  std::string normalise = "none";
  double beta = 300, m = 6;  // power
  std::size_t vote = 1;      // labels: how many units
  std::size_t epochs = 30, batch = 100;
  OptimizerSpec optimizer = {};

  // How many units vote; empty where all that stand for a class do, in their mean.
  [[nodiscard]] std::optional<std::size_t> voters() const {
    return type == "population" ? std::nullopt : std::optional(vote);
  }
  [[nodiscard]] bool is_linear() const { return type != "labels" && type != "population"; }
};

struct FeaturesSpec {
  std::string layer;  // empty: the last
  bool selectivity = true;
  std::vector<ReadoutSpec> readouts;
};

}  // namespace deltaw
