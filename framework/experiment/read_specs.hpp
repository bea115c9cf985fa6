// SPDX-License-Identifier: Apache-2.0
// From the parts of an experiment to plain specs. Internal to experiment/. Any thread.
// REQUIRES everywhere: the node satisfies the schema and its short forms are written out.
#pragma once

#include "experiment/experiment.hpp"
#include "experiment/node.hpp"

namespace deltaw::detail {

// Errors: E502 a key that the object's type does not have, E503 values that contradict each other.
[[nodiscard]] TaskSpec read_task(const Node& node);
[[nodiscard]] InitSpec read_init(const Node& node);
// Type, units, and what the type makes of them.
void read_layer_type(const Node& node, bool is_input, LayerSpec& layer);
// Of a constraint that has nothing but bounds.
[[nodiscard]] ConstraintSpec read_bounds(const Node& node);
[[nodiscard]] TrialTaskSpec read_trials(const Node& node);
// Also E403 for values that cannot be shown.
[[nodiscard]] ProtocolSpec read_protocol(const Node& node);
[[nodiscard]] OptimizerSpec read_optimizer(const Node& node);
[[nodiscard]] TrainingSpec read_training(const Node& node, bool is_in_trials);
// Of the network's plastic connections. Also E510 for an unknown connection.
[[nodiscard]] AlignmentSpec read_alignment(const Node& training, const NetworkSpec& network,
                                           bool is_in_trials);
[[nodiscard]] Precision read_precision(const Node& training);
// Also E510 where an arm lacks the layer.
[[nodiscard]] FeaturesSpec read_features(const Node& node, const std::vector<Arm>& arms,
                                         bool is_in_trials);

// `taken`: the seeds of the comparison, which are no seeds of a tuning (E503).
[[nodiscard]] TuneSpec read_tune(const Node& node, const std::vector<std::uint64_t>& taken);
[[nodiscard]] std::vector<RangeSpec> read_ranges(const Node& node);

// Whether any of these layers spikes; then all must.
[[nodiscard]] bool is_spiking(const Node& layers);
// Its presentation is that of read_presentation(). Also E510 for an unknown layer.
[[nodiscard]] SpikingSpec read_spiking(const Node& layers, const Node& connections);
[[nodiscard]] PresentationSpec read_presentation(const Node& training);
// Names, sizes and what is plastic: what drives and readouts need to know of a spiking network.
[[nodiscard]] NetworkSpec outline_of(const SpikingSpec& spiking);

// `layers` and `connections` apart, since an arm may inherit either. Names are not yet resolved:
// see check_network().
[[nodiscard]] NetworkSpec read_network(const Node& layers, const Node& connections);

[[nodiscard]] SettlingSpec read_settling(const Node& node);

// Throws E503 unless `node` is a name that may stand in a path: [A-Za-z0-9_-][A-Za-z0-9._-]*.
void check_file_name(const Node& node);

}  // namespace deltaw::detail
