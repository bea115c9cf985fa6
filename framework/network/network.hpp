// SPDX-License-Identifier: Apache-2.0
// A network: weights, and how activity and gradients pass through its graph. In a network with time
// the columns of a block are the steps of one trial.
// Weights belong to the network, activity to its caller. One writer at a time.
#pragma once

#include <armadillo>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "core/matrix.hpp"
#include "core/window.hpp"
#include "network/activation.hpp"
#include "network/convolution.hpp"
#include "network/dropout.hpp"
#include "network/gated.hpp"
#include "network/graph.hpp"
#include "network/lateral.hpp"
#include "network/max_pool.hpp"
#include "network/normalise.hpp"
#include "network/rate.hpp"

namespace deltaw {

template <class T>
class Loss;

// What each layer does in one block: potentials and posts, units x K, which are one where no
// weights lead into the layer. Of units with gates the potential has more rows
// (GatedShape::rows()). Memory for `max_columns`.
template <class T>
class Activity {
 public:
  // What a connection works with that is not plain weights; the others of these are empty.
  struct Workshop {
    std::optional<Convolution<T>> convolution;
    std::optional<MaxPool<T>> max_pool;
    std::optional<Dropout<T>> dropout;
    std::optional<Normalise<T>> normalise;
    std::optional<Gated<T>> gated;  // at the connection that is no bias and comes from elsewhere
  };

  // Error: E519 for convolution in float64.
  Activity(const Graph& graph, std::size_t max_columns);

  void set_columns(std::size_t k) { columns_ = k; }
  [[nodiscard]] std::size_t columns() const { return columns_; }
  [[nodiscard]] std::size_t max_columns() const { return posts_.front().columns(); }
  [[nodiscard]] arma::Mat<T> potential(std::size_t layer) const {
    return is_weightless_[layer] ? post(layer) : potentials_[layer].first(columns_);
  }
  // Of a layer with time: after each step.
  [[nodiscard]] arma::Mat<T> post(std::size_t layer) const {
    const Buffer<T>& memory = posts_[layer];
    return view(memory.data() + earlier_[layer] * memory.rows(), memory.rows(), columns_);
  }
  // Of a layer with time: before each step; what its connection to itself sees.
  [[nodiscard]] arma::Mat<T> before(std::size_t layer) const {
    return posts_[layer].first(columns_);
  }
  // before() and the last column of post(): units x (K + 1).
  [[nodiscard]] arma::Mat<T> course(std::size_t layer) const {
    return posts_[layer].first(columns_ + earlier_[layer]);
  }
  // Of a layer with time: its potential before the first step, units x 1.
  [[nodiscard]] arma::Mat<T> start(std::size_t layer) const { return starts_[layer].all(); }

  // Of a network that settles: what comes from sources that do not move, and all that comes.
  [[nodiscard]] arma::Mat<T> arriving(std::size_t layer) const {
    return arriving_[layer].first(columns_);
  }
  [[nodiscard]] arma::Mat<T> drive(std::size_t layer) const {
    return drives_[layer].first(columns_);
  }

  // Whether any unit can be silenced; from draw_dropout() on some are, by (seed, number).
  [[nodiscard]] bool has_dropout() const;
  void draw_dropout(std::uint64_t seed, std::uint64_t number);

  [[nodiscard]] Workshop& workshop(std::size_t connection) const {
    return (*workshops_)[connection];
  }

 private:
  std::vector<Buffer<T>> potentials_, posts_, starts_;
  std::vector<Buffer<T>> arriving_, drives_;  // by layer, of a network that settles
  std::vector<std::size_t> earlier_;          // by layer: columns of posts_ before the first post
  std::vector<bool> is_weightless_;           // by layer
  std::unique_ptr<std::vector<Workshop>> workshops_;  // by connection
  std::size_t columns_ = 0;
};

// What is added to the drive of a layer, which is its potential where it has neither time nor
// lateral connections.
template <class T>
struct Noise {
  explicit Noise(std::size_t layers) : everywhere(layers), in_places(layers) {}

  struct Place {
    std::size_t unit, column;
    T value;
  };
  void add_to(std::size_t layer, const Window& part, arma::Mat<T>& drive) const;

  std::vector<Buffer<T>> everywhere;          // by layer: units x max columns; may be empty
  std::vector<std::vector<Place>> in_places;  // by layer
};

// A push on the output of a network that settles: `strength` times minus dL/d post of each
// observation's own loss L is added to its drive.
template <class T>
struct Nudge {
  const Loss<T>& loss;         // not cross-entropy
  const arma::Mat<T>& target;  // output units x K
  T strength;
};

template <class T>
class Network {
 public:
  explicit Network(Graph graph);

  [[nodiscard]] const Graph& graph() const { return graph_; }
  [[nodiscard]] const Activation<T>& activation(std::size_t layer) const {
    return activations_[layer];
  }
  // What a connection sees of its source: units x K, that is inputs x K of plain weights.
  [[nodiscard]] arma::Mat<T> pre(std::size_t connection, const Activity<T>& activity) const {
    const Graph::Connection& c = graph_.connections[connection];
    return c.is_recurrent ? activity.before(c.source) : activity.post(c.source);
  }
  // A view, outputs x inputs: writing through it changes the network. Of a convolution filters x
  // patches.size(); 0 x 0 where there are none.
  [[nodiscard]] arma::Mat<T> weights(std::size_t connection) const {
    return weights_[connection].all();
  }
  // Which synapses exist, 1 or 0; outputs x inputs, or 0 x 0 where all do. Set by initialise().
  [[nodiscard]] const arma::Mat<T>& mask(std::size_t connection) const {
    return masks_[connection];
  }
  void set_mask(std::size_t connection, arma::Mat<T> mask) { masks_[connection] = std::move(mask); }
  // From now on only these units of the output layer answer: they make up its whole activation, and
  // the posts of the others are 0. REQUIRES: an output layer without time.
  void answer_with(const Window& units);
  // Those units, where not all answer.
  [[nodiscard]] const std::optional<Window>& answering() const { return answering_; }
  // How much of the drive of one step enters the potential in that step. REQUIRES: a layer with
  // time.
  [[nodiscard]] double gain(std::size_t layer) const { return dynamics_[layer]->gain(); }
  [[nodiscard]] std::size_t outputs(std::size_t connection) const {
    return weights_[connection].rows();
  }
  [[nodiscard]] std::size_t inputs(std::size_t connection) const {
    return weights_[connection].columns();
  }

  // Of the connections into these layers (one flag each), once for every place of an image or step;
  // in a network that settles as often as forward() multiplies by them.
  [[nodiscard]] std::uint64_t synapses_into(const std::vector<bool>& layers) const;

  // From the posts of the input layer and the starts of layers with time, which the caller has
  // filled, to all others. Error: E304 when the activity of a layer with time diverges.
  void forward(Activity<T>& activity, const Noise<T>* noise = nullptr) const {
    forward(activity, noise, {0, activity.columns()});
  }
  // The same for these columns alone; in a network with time, those before them are done.
  void forward(Activity<T>& activity, const Noise<T>* noise, const Window& part) const;
  // Without noise, to the wanted layers alone (one flag each); others stay as they are. REQUIRES:
  // wanted holds all that they are computed from.
  void forward(Activity<T>& activity, const std::vector<bool>& wanted) const;
  // Goes on from the state that `activity` has, for graph().settling.nudged_steps. REQUIRES: a
  // network that settles.
  void settle(Activity<T>& activity, const Nudge<T>& nudge) const;
  // dL/d drive from dL/d post, both units x K; without time or lateral connections dL/d potential
  // (with gates of as many rows).
  // Of a layer with time or gates: back through time along its connection to itself, or along
  // `feedback` (of the shape of its weights) in its place if not null.
  void layer_vjp(std::size_t layer, const Activity<T>& activity, const arma::Mat<T>& grad_post,
                 const T* feedback, arma::Mat<T>& grad_potential) const;
  // From dL/d potential to dL/d drive, in place: through the lateral connections, where there are
  // any. REQUIRES: a layer without time.
  void to_drive(std::size_t layer, arma::Mat<T>& grad_potential) const;
  // grad_pre (units of the source x K) = beta grad_pre + W^T grad_potential (units of the target x
  // K), with `weights` in place of W if not null; or what stands for W^T where there are none.
  void connection_vjp(std::size_t connection, const Activity<T>& activity,
                      const arma::Mat<T>& grad_potential, const T* weights, T beta,
                      arma::Mat<T>& grad_pre) const;
  // delta (outputs x inputs) += scale grad_potential pre^T, summed over places or steps.
  void connection_gradient(std::size_t connection, const Activity<T>& activity,
                           const arma::Mat<T>& grad_potential, T scale, arma::Mat<T>& delta) const;

 private:
  void drive(std::size_t layer, const Activity<T>& activity, const Window& part,
             arma::Mat<T>& out) const;
  // Where the latest forward() of a layer with gates left its states.
  [[nodiscard]] Gated<T>& gated(std::size_t layer, const Activity<T>& activity) const {
    return *activity.workshop(graph_.layers[layer].incoming.back()).gated;
  }
  // The same into a layer with one source that is not plain weights.
  void carry(const Graph::Layer& layer, const Activity<T>& activity, arma::Mat<T>& out) const;
  // From the source to a layer with gates.
  void read_steps(std::size_t layer, Activity<T>& activity) const;
  void forward(std::size_t layer, Activity<T>& activity, const Noise<T>* noise,
               const Window& part) const;
  void activate(std::size_t layer, const arma::Mat<T>& potential, arma::Mat<T>& post) const;
  void settle(Activity<T>& activity, const Noise<T>* noise, const Window& part) const;
  void settle(Activity<T>& activity, const Window& part, std::size_t steps,
              const Nudge<T>* nudge) const;
  void gather_arriving(Activity<T>& activity, const Noise<T>* noise, const Window& part) const;
  void gather_drive(std::size_t layer, const Activity<T>& activity, const Window& part,
                    arma::Mat<T>& drive) const;

  Graph graph_;
  std::vector<Activation<T>> activations_;
  std::vector<std::optional<Lateral<T>>> laterals_;       // by layer, where it has any
  std::vector<std::optional<RateDynamics<T>>> dynamics_;  // by layer, where it has time
  std::vector<Buffer<T>> weights_;
  std::vector<arma::Mat<T>> masks_;
  std::optional<Window> answering_;
};

extern template class Activity<float>;
extern template class Activity<double>;
extern template class Network<float>;
extern template class Network<double>;

}  // namespace deltaw
