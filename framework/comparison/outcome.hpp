// SPDX-License-Identifier: Apache-2.0
// What a run leaves behind, whatever its task. Plain values: any thread.
#pragma once

#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/error.hpp"
#include "network/network.hpp"
#include "result/npy.hpp"
#include "result/record.hpp"

namespace deltaw {

// The bits of everything but seconds depend on experiment, data, seed and build alone.
struct RunOutcome {
  RunRecord record;
  std::vector<std::pair<std::string, NpyMatrix>> weights;  // by connection; biases among them
  NpyMatrix confusion;                                     // on the test part; 0 x 0 without one
  // Of tasks in trials: "errors" (1 x trials) and "initial/<connection>" of plastic connections; of
  // others those of study_features().
  std::vector<std::pair<std::string, NpyMatrix>> arrays;
  std::shared_ptr<const nlohmann::json> analysis;  // analysis.json; null where none was asked for
  std::shared_ptr<const nlohmann::json> features;  // features.json; likewise
  std::shared_ptr<const nlohmann::json> measurement = {};  // measurement.json, of protocols
};

using OnEpoch = std::function<void(const EpochRow&)>;
// A readout has learnt for an epoch: its name, which one from 1, of how many.
using OnReadout = std::function<void(const std::string&, std::size_t, std::size_t)>;

// How far a run of a spiking network is.
struct Shown {
  std::string doing;               // "training", or the part whose spikes are counted
  std::size_t done, of;            // samples
  double epochs;                   // the same, counting as one more for all that is counted
  std::optional<double> accuracy;  // the running one, if known
};
using OnShown = std::function<void(const Shown&)>;

template <class T, class U = T>
[[nodiscard]] NpyMatrix to_npy(const arma::Mat<T>& matrix) {
  return {matrix.n_rows, matrix.n_cols, std::vector<U>(matrix.begin(), matrix.end())};
}

template <class T>
[[nodiscard]] std::vector<std::pair<std::string, NpyMatrix>> weights_of(const Network<T>& network) {
  std::vector<std::pair<std::string, NpyMatrix>> weights;
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    if (network.outputs(c) == 0) continue;
    weights.emplace_back(network.graph().connections[c].name, to_npy<T>(network.weights(c)));
  }
  return weights;
}

// Keeps what was seen since the row before; the row has the latest of the rules that drive.
inline void keep_alignment(std::vector<AlignmentRow> seen, EpochRow& row, RunRecord& record) {
  for (AlignmentRow& entry : seen) {
    if (entry.rule.empty() && entry.connection.empty()) row.alignment = entry.sum_cosine;
    record.alignment.push_back(std::move(entry));
  }
}

// Whether an error is the rule's, and so a failed run; others are errors in what was asked for.
[[nodiscard]] inline bool is_failure_of_a_rule(Code code) { return info(code).exit_status == 4; }

}  // namespace deltaw
