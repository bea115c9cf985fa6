// SPDX-License-Identifier: Apache-2.0
// A network as the experiment describes it: plain values, names not yet resolved.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <utility>
#include <vector>

namespace deltaw {

enum class Precision { float32, float64 };

struct ActivationSpec {
  // "linear", "relu", "sigmoid", "tanh", "softmax"; "threshold": silent below `threshold`, above
  // it `passes` "drive" (z itself), "excess" (z - threshold) or "one"; or "clipped-linear":
  // z + offset within 0 and maximum.
  std::string type = "linear";
  double threshold = 0;
  std::string passes = "drive";
  double offset = 0, maximum = 1;
};

struct InitSpec {
  // "glorot-uniform", "glorot-normal", "he-normal", "he-uniform", "normal", "uniform",
  // "abs-normal", "zeros", "constant"; "orthogonal": columns (or rows, where these are fewer) of
  // length 1 at right angles; "forget-gates": 0, and 1 for the forget gates of an LSTM; "select":
  // target unit k copies source unit units[k]; "excitatory-inhibitory": each target unit gets
  // each[0] weights values[0] from the first `excitatory` sources and each[1] weights values[1]
  // from the others, drawn without repetition; or "balance": set from data so that the mean
  // potential of each target unit is 0 at the start.
  std::string type = "glorot-uniform";
  double mean = 0;
  double deviation = 0;                  // of normal, abs-normal; 0 means 1 / sqrt(fan in)
  double low = 0, high = 0;              // of uniform
  double value = 0;                      // of constant
  std::vector<std::size_t> units = {};   // of select
  std::vector<std::size_t> silent = {};  // target units whose incoming weights are 0 at the start
  std::size_t excitatory = 0;
  std::array<std::size_t, 2> each = {};
  std::array<double, 2> values = {};
  std::string others = "zero";  // the weights not drawn: "zero" at the start, or "absent" for good
};

struct ConstraintSpec {
  // "none", "nonnegative", "nonpositive", or "dale": weights from the first `excitatory` source
  // units are >= 0, from the others <= 0.
  std::string sign = "none";
  std::string by = "reflection";  // or "projection"
  std::size_t excitatory = 0;
  bool has_bounds = false;
  double low = 0, high = 0;  // bounds of every weight
  double norm = 0;           // each unit's incoming weights scaled to this L2 norm; 0: off
  double column_sum = 0;     // each source's outgoing |W| scaled to this sum; 0: off
};

// How the units of a layer move in time.
struct DynamicsSpec {
  // "static": post = f(potential) at once. "rate": tau dx/dt = -x + drive, post = f(x), one
  // observation a time step; such a layer may have a connection to itself, which sees the step
  // before.
  std::string type = "static";
  double tau = 30;  // ms
  // With s the drive of step t:
  //   "euler"        x(t) = x(t-1) + dt/tau (-x(t-1) + s)        stable for dt < 2 tau
  //   "implicit"     x(t) = (x(t-1) + dt/tau s) / (1 + dt/tau)   implicit in the leak
  //   "exponential"  x(t) = s + (x(t-1) - s) exp(-dt/tau)        exact for a constant drive
  std::string integrator = "euler";
  double initial = 0.1;  // x before a trial is uniform in (-initial, initial)
  std::vector<std::pair<std::size_t, double>> clamped = {};  // (unit, its x at every step)
};

// How the units of a static layer act on each other, at the fixed point of
// potential = drive + L potential.
struct LateralSpec {
  double strength = 0;                            // L_ij for i != j, with L_ii = 0
  std::vector<std::vector<double>> weights = {};  // or any L, by row: units x units

  [[nodiscard]] bool exists() const { return strength != 0 || !weights.empty(); }
};

// Pixels of a layer that is an image, each with so many channels. Its units lie pixel by pixel, row
// by row: unit (y width + x) channels + c; those of the input plane by plane, as data have them.
struct ImageSize {
  std::size_t height = 0, width = 0, channels = 1;

  [[nodiscard]] bool exists() const { return height > 0; }
  [[nodiscard]] std::size_t units() const { return height * width * channels; }
};

struct LayerSpec {
  std::string name = {};
  std::size_t units = 0;
  ActivationSpec activation = {};
  DynamicsSpec dynamics = {};
  LateralSpec lateral = {};
  bool bias = true;  // makes a connection "<name>.bias" (units x 1) from a constant 1
  InitSpec bias_init{.type = "zeros"};
  ConstraintSpec bias_constraint = {};
  bool bias_plastic = true;
  double bias_rate = 1;  // multiplies the learning rate of the bias

  // "dense", or what has one source and fills in `units` and `image` from it (network/shapes.hpp):
  //   "conv2d"    the same weights at every place of an image (a cross-correlation)
  //   "max-pool"  the largest of each square of an image, channel by channel
  //   "flatten"   its source, as a plain list of units
  //   "dropout"   its source; in training each unit is silent with probability `share` in each
  //               observation, and the others are divided by 1 - share
  //   "normalise" its source, divided by the root of the mean square over its units
  // or units with gates that read an image step by step (network/gated.hpp), "gru" and "lstm": each
  // has one source, and a connection to itself.
  std::string type = "dense";
  ImageSize image = {};     // given of an input
  std::size_t filters = 0;  // of conv2d
  std::size_t side = 0;     // of a kernel or of the squares that are pooled, in pixels
  std::size_t stride = 1;
  std::size_t padding = 0;    // of conv2d: zeros around the image
  double share = 0;           // of dropout
  std::string axis = "rows";  // of gru and lstm: what the steps are, "rows" or "columns"
  std::size_t steps = 0;      // of gru and lstm: how many; follows from the source
};

struct ConnectionSpec {
  std::string from, to;
  std::string name = {};  // default "<from>><to>"
  InitSpec init = {};
  ConstraintSpec constraint = {};
  bool plastic = true;
  double rate = 1;     // multiplies the learning rate of this connection
  double density = 1;  // share of the synapses that exist; the others are and stay 0
};

// A static network whose units act on each other both ways, along W and its transpose, until they
// rest (network/settle.cpp).
struct SettlingSpec {
  std::size_t free_steps = 0;     // from rest; 0: the network does not settle
  std::size_t nudged_steps = 10;  // from there, with the output pushed
  double step = 0.5;              // share of the way to its drive that a unit goes in a step

  [[nodiscard]] bool exists() const { return free_steps > 0; }
};

// The first layer without incoming connections is the input, the last one in the list the output.
struct NetworkSpec {
  std::vector<LayerSpec> layers;
  std::vector<ConnectionSpec> connections;
  double dt = 1;  // ms, where layers have dynamics
  SettlingSpec settling = {};
};

}  // namespace deltaw
