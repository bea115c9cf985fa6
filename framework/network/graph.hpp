// SPDX-License-Identifier: Apache-2.0
// The directed graph of a network: names resolved, biases made connections, layers in order.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "network/gated.hpp"
#include "network/patches.hpp"
#include "network/spec.hpp"

namespace deltaw {

// The constant source of every bias: one unit of activity 1.
inline constexpr std::string_view k_one = "one";

struct Graph {
  // How activity passes along a connection: weighted, and added to what others bring; or into a
  // layer that has this one source, see LayerSpec::type. `gated` is every connection into units
  // with gates, their biases and the one to themselves too: of every step.
  enum class Way { plain, convolution, max_pool, flatten, dropout, normalise, gated };

  struct Layer {
    std::string name;
    std::size_t units;
    ActivationSpec activation;
    DynamicsSpec dynamics;
    LateralSpec lateral;
    bool is_input, is_output;
    std::vector<std::size_t> incoming;     // connections from other layers; a bias first
    std::optional<std::size_t> recurrent;  // the connection from the layer to itself
    ImageSize image = {};                  // where its units have places
    bool is_weightless = false;            // activity passes into it without weights
    GatedShape gated = {};                 // of units with gates

    [[nodiscard]] bool has_time() const { return dynamics.type != "static"; }
    // Rows of the potential.
    [[nodiscard]] std::size_t potentials() const { return gated.exists() ? gated.rows() : units; }
  };
  struct Connection {
    std::string name;
    std::size_t source, target;
    bool is_bias, is_recurrent, is_plastic;
    double rate;
    InitSpec init;
    ConstraintSpec constraint;
    double density = 1;
    Way way = Way::plain;
    std::size_t outputs = 0, inputs = 0;  // of W; 0 x 0 without weights
    std::size_t positions = 1;            // places of an image, or steps, that share the weights
    Patches patches = {};                 // of convolution and max_pool
    double share = 0;                     // of dropout

    // For one observation.
    [[nodiscard]] std::size_t multiply_adds() const { return outputs * inputs * positions; }
  };
  std::vector<Layer> layers;  // topological order: sources before targets, otherwise as listed
  std::vector<Connection> connections;
  std::size_t input = 0, output = 0;
  double dt = 1;  // ms
  SettlingSpec settling = {};

  // Adds all that these layers (one flag each) are computed from.
  void add_sources(std::vector<bool>& wanted) const;
  // Whether any layer moves in time, so that columns are the steps of a trial.
  [[nodiscard]] bool has_time() const;
  // How many samples at a time stay in the cache where they are only shown.
  [[nodiscard]] std::size_t block() const;
};

// Throws E503 for two layers or connections of one name, unknown dynamics, or lateral connections
// of the input or of a layer with time; E510 for an unknown
// layer, E511 for a cycle (naming it) other than that of a layer with time or gates to itself, E503
// for gates without one, or a network that settles and has more than plain connections; E512 for a
// layer that cannot be reached from the input or leads not to the output; and those of
// derive_shapes().
[[nodiscard]] Graph make_graph(const NetworkSpec& spec);

}  // namespace deltaw
