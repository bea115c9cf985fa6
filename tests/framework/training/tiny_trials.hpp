// SPDX-License-Identifier: Apache-2.0
// For tests of training on trials: a task of 40 steps, a network of six units, a rule that keeps
// what it is shown, and the same network stepped in scalars. One thread.
#pragma once

#include <deltaw/abi.h>

#include <array>
#include <cmath>
#include <functional>
#include <vector>

#include "training/trial_trainer.hpp"

namespace deltaw::testing {

// Two kinds in turn: a pulse on channel 0 or 1, answered by 0.4 or -0.4 at steps 28 to 37.
class TinyTask : public TrialTask {
 public:
  explicit TinyTask(std::size_t steps = 40, std::size_t channels = 2)
      : TrialTask({.channels = channels,
                   .outputs = 1,
                   .steps = steps,
                   .dt = 2,
                   .is_cyclic = true,
                   .kind_names = {"left", "right"},
                   .factors = {},
                   .windows = {{"response", response}}}) {}

  static constexpr Window response{28, 38};

 private:
  [[nodiscard]] Trial make(std::uint32_t kind, std::size_t, Random& random) const override {
    Trial trial = empty_trial(kind, response);
    trial.inputs.row(kind).cols(3, 12).fill(0.5 + random.uniform());
    trial.target.fill(kind == 0 ? 0.4 : -0.4);
    return trial;
  }
};

constexpr double k_tau = 20, k_initial = 0.3;
constexpr std::size_t k_clamped = 1, k_selected = 4;
constexpr double k_clamp = 0.7;

// input (2) > recurrent (tanh) > recurrent > output, which copies unit 4. Unit 1 is clamped.
inline NetworkSpec tiny_network(std::size_t units = 6) {
  NetworkSpec spec;
  spec.layers = {{.name = "input", .units = 2},
                 {.name = "recurrent",
                  .units = units,
                  .activation = {.type = "tanh"},
                  .dynamics = {.type = "rate",
                               .tau = k_tau,
                               .initial = k_initial,
                               .clamped = {{k_clamped, k_clamp}}},
                  .bias = false},
                 {.name = "output", .units = 1, .bias = false}};
  spec.connections = {
      {.from = "input",
       .to = "recurrent",
       .init = {.type = "uniform", .low = -1, .high = 1},
       .plastic = false},
      {.from = "recurrent", .to = "recurrent", .init = {.type = "normal", .deviation = 0.6}},
      {.from = "recurrent",
       .to = "output",
       .init = {.type = "select", .units = {k_selected}},
       .plastic = false}};
  return spec;
}

inline TrainingSpec tiny_training() {
  TrainingSpec spec;
  spec.trials = 100;
  spec.loss.type = "absolute";
  spec.exploration = {.rate = 25, .amplitude = 4, .from = 7};
  return spec;
}

// What a rule was shown in one update, everything as double; empty where it was shown NULL.
struct Shown {
  std::array<arma::mat, DELTAW_SIGNAL_COUNT> signals;
  std::uint64_t index, step, columns;
  double dt;

  const arma::mat& operator[](std::uint32_t signal) const { return signals[signal]; }
};

// A rule in C: keeps what it is shown, proposes what a test asks for.
struct Watcher {
  std::vector<Shown> shown = {};
  std::function<arma::mat(const Shown&)> proposal = {};  // outputs x inputs; none: nothing
  bool observes = false;                                 // has the function for pieces
};
inline Watcher watcher;

namespace detail {

inline double element(const deltaw_matrix& m, std::size_t i) {
  if (m.dtype == DELTAW_U32) return static_cast<const std::uint32_t*>(m.data)[i];
  if (m.dtype == DELTAW_F32) return static_cast<double>(static_cast<const float*>(m.data)[i]);
  return static_cast<const double*>(m.data)[i];
}

inline deltaw_status watch(void*, const deltaw_block* block, const deltaw_matrix* deltas,
                           std::uint64_t, deltaw_error*) {
  Shown shown{{}, block->index, block->step, block->columns, block->dt};
  for (std::uint32_t s = 0; s < block->n_signals; ++s) {
    if (block->signals[s] == nullptr) continue;
    const deltaw_matrix& m = *block->signals[s];
    shown.signals[s].set_size(m.rows, m.cols);
    for (std::size_t i = 0; i < shown.signals[s].n_elem; ++i) shown.signals[s][i] = element(m, i);
  }
  if (watcher.proposal && deltas != nullptr) {
    const arma::mat change = watcher.proposal(shown);
    for (std::size_t i = 0; i < change.n_elem; ++i) {
      if (deltas->dtype == DELTAW_F32) {
        static_cast<float*>(deltas->data)[i] += static_cast<float>(change[i]);
      } else {
        static_cast<double*>(deltas->data)[i] += change[i];
      }
    }
  }
  watcher.shown.push_back(std::move(shown));
  return DELTAW_OK;
}

inline deltaw_status observe(void* self, const deltaw_block* block, deltaw_error* error) {
  return watch(self, block, nullptr, 0, error);
}
inline deltaw_status prepare(void*, const deltaw_shape*, deltaw_error*) { return DELTAW_OK; }
inline void ignore(void*) {}
inline deltaw_status create(const deltaw_host*, const char*, const deltaw_param*, std::uint64_t,
                            deltaw_rule* out, deltaw_error*) {
  *out = {};
  out->struct_size = sizeof *out;
  out->prepare = &prepare;
  out->update = &watch;
  if (watcher.observes) out->observe = &observe;
  out->reset = out->destroy = &ignore;
  return DELTAW_OK;
}

}  // namespace detail

constexpr std::uint64_t bits(std::initializer_list<int> signals) {
  std::uint64_t mask = 0;
  for (const int signal : signals) mask |= DELTAW_SIGNAL_BIT(signal);
  return mask;
}

constexpr std::uint64_t k_activity = bits({DELTAW_PRE, DELTAW_POST, DELTAW_POTENTIAL,
                                           DELTAW_DERIVATIVE, DELTAW_WEIGHTS, DELTAW_TRIAL_KIND});
constexpr std::uint64_t k_reward = bits({DELTAW_REWARD, DELTAW_BASELINE});
constexpr std::uint64_t k_noise = bits({DELTAW_PERTURBATION});

// The watcher on the recurrent connection, forgetting what it saw before.
inline DriveSpec watch(std::uint64_t signals,
                       std::function<arma::mat(const Shown&)> proposal = {}) {
  static const deltaw_plugin plugin = [] {
    deltaw_plugin table{};
    table.create = &detail::create;
    return table;
  }();
  watcher = {.proposal = std::move(proposal)};
  DriveSpec drive;
  drive.plugin = &plugin;
  drive.rule.id = "watcher";
  drive.rule.scope = Scope::local;
  drive.rule.grain = Grain::trial;
  drive.rule.dynamics = {Dynamics::rate};
  drive.rule.capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64;
  drive.rule.signals = signals;
  drive.connections = {"recurrent>recurrent"};
  return drive;
}

// Memory of its own, where `shared` may be a view.
template <class T>
arma::Mat<T> copy_of(const arma::Mat<T>& shared) {
  return arma::Mat<T>(shared.memptr(), shared.n_rows, shared.n_cols);
}

// Copies of the weights, by connection.
template <class T>
std::vector<arma::mat> weights_of(const Network<T>& network) {
  std::vector<arma::mat> all;
  for (std::size_t c = 0; c < network.graph().connections.size(); ++c) {
    all.push_back(arma::conv_to<arma::mat>::from(network.weights(c)));
  }
  return all;
}

struct Course {
  arma::mat x, r;  // units x steps, after each step
};

// tau dx/dt = -x + J r + B u + noise by explicit Euler, one number at a time; x0 before step 0.
inline Course simulate(const arma::mat& J, const arma::mat& B, const arma::mat& u, arma::vec x,
                       const arma::mat& noise, double dt) {
  Course course{arma::mat(x.n_elem, u.n_cols), arma::mat(x.n_elem, u.n_cols)};
  x[k_clamped] = k_clamp;
  for (std::size_t t = 0; t < u.n_cols; ++t) {
    const arma::vec before = x;
    for (std::size_t i = 0; i < x.n_elem; ++i) {
      double drive = noise.empty() ? 0 : noise(i, t);
      for (std::size_t j = 0; j < before.n_elem; ++j) drive += J(i, j) * std::tanh(before[j]);
      for (std::size_t j = 0; j < u.n_rows; ++j) drive += B(i, j) * u(j, t);
      x[i] = before[i] + dt / k_tau * (drive - before[i]);
      if (i == k_clamped) x[i] = k_clamp;
      course.x(i, t) = x[i];
      course.r(i, t) = std::tanh(x[i]);
    }
  }
  return course;
}

// The potentials before a trial, as the rule saw them through the activity.
inline arma::vec start_of(const Shown& shown) {
  arma::vec x = shown[DELTAW_PRE].col(0);
  for (double& value : x) value = std::atanh(value);
  return x;
}

// The mean of |output - target| at steps first .. last - 1.
inline double error_between(const Course& course, const Trial& trial, std::size_t first,
                            std::size_t last) {
  double sum = 0;
  for (std::size_t t = first; t < last; ++t) {
    sum += std::abs(course.r(k_selected, t) - trial.target(0, t));
  }
  return sum / static_cast<double>(last - first);
}

inline double error_of(const Course& course, const Trial& trial) {
  return error_between(course, trial, TinyTask::response.first, TinyTask::response.last);
}

}  // namespace deltaw::testing
