// SPDX-License-Identifier: Apache-2.0
// Predictive coding with fixed predictions: before weights change, every hidden unit's prediction
// error ε settles between what lies below and above it,
//   ε <- ε + rate (Jᵀ ε_above - ε)
// and each weight then follows the error of its target (Whittington and Bogacz 2017,
// doi:10.1162/NECO_a_00949; fixed predictions: Millidge, Tschantz and Buckley 2020,
// arXiv:2006.04182).
#include <deltaw/network.hpp>
#include <deltaw/rule.hpp>
#include <vector>

template <class T>
class PredictiveCoding {
 public:
  static constexpr auto id = "predictive-coding";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit PredictiveCoding(const deltaw::Setup& setup)
      : network_(setup),
        steps_(setup.integer("steps")),
        rate_(static_cast<T>(setup.number("rate"))) {
    for (const deltaw::Layer& layer : network_.layers()) {
      const bool is_hidden = !layer.incoming.empty() && !layer.is_output;
      const arma::uword units = is_hidden ? layer.units : 0;
      error_.emplace_back(units, setup.max_columns());
      above_.emplace_back(units, setup.max_columns());
      potential_.emplace_back(layer.incoming.empty() ? 0 : layer.potentials, setup.max_columns());
    }
  }

  // ΔW = -ε f' preᵀ, the mean over observations; of the output -dL/dW.
  void update(const deltaw::Signals<T>& s, deltaw::Deltas<T>& deltas) {
    const arma::uword columns = s.columns();
    for (arma::Mat<T>& error : error_) error.zeros();
    carry_down(columns);
    for (std::int64_t step = 0; step < steps_; ++step) {
      relax(columns);
      carry_down(columns);
    }
    for (std::uint32_t c = 0; c < network_.connections().size(); ++c) {
      const deltaw::Connection& connection = network_.connections()[c];
      if (connection.delta < 0) continue;
      network_.connection_gradient(c, deltaw::first_columns(potential_[connection.target], columns),
                                   -1, deltas[connection.delta]);
    }
  }

 private:
  // From each layer's error to that of its potential: with the loss's own at the output.
  void carry_down(arma::uword columns) {
    const auto& layers = network_.layers();
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      if (layers[i].incoming.empty()) continue;
      arma::Mat<T> potential = deltaw::first_columns(potential_[i], columns);
      if (layers[i].is_output) {
        network_.loss_gradient(i, potential);
      } else {
        network_.layer_vjp(i, deltaw::first_columns(error_[i], columns), potential);
      }
    }
  }

  // One step of every hidden layer, all at once: each sees the errors above as they were.
  void relax(arma::uword columns) {
    const auto& layers = network_.layers();
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      if (error_[i].empty()) continue;
      arma::Mat<T> error = deltaw::first_columns(error_[i], columns);
      arma::Mat<T> above = deltaw::first_columns(above_[i], columns);
      double beta = 0;
      for (const std::uint32_t c : layers[i].outgoing) {
        const std::uint32_t target = network_.connections()[c].target;
        network_.connection_vjp(c, deltaw::first_columns(potential_[target], columns), beta, above);
        beta = 1;
      }
      error += rate_ * (above - error);
    }
  }

  deltaw::NetworkView<T> network_;
  std::int64_t steps_;
  T rate_;
  std::vector<arma::Mat<T>> error_, above_, potential_;  // by layer: ε, Jᵀ ε_above, f' ε
};

DELTAW_PLUGIN(PredictiveCoding)
