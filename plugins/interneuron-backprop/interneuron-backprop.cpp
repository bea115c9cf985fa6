// SPDX-License-Identifier: Apache-2.0
// Backpropagation for a network with one inhibitory interneuron (Oliveira, Almeida, Vilela Neto):
// own learning rates into and out of it, a surrogate slope for its threshold, and the correction of
// inhibitory updates of Cornford et al. 2021 (ICLR, openreview eU776ZYxEpz).
#include <cmath>
#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>

template <class T>
class InterneuronBackprop : public deltaw::Backward<T> {
 public:
  static constexpr auto id = "interneuron-backprop";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit InterneuronBackprop(const deltaw::Setup& setup)
      : transport_(setup),
        slope_(static_cast<T>(setup.number("surrogate_slope"))),
        threshold_(static_cast<T>(setup.number("threshold"))),
        interneuron_(find(setup.text("interneuron"))) {
    const auto& layers = transport_.network().layers();
    double excitatory = setup.number("rate_excitatory");
    double inhibitory = setup.number("rate_inhibitory");
    if (setup.boolean("correction")) {
      arma::uword inhibited = 0, inputs = 0;
      for (const deltaw::Connection& c : transport_.network().connections()) {
        if (c.source == interneuron_) inhibited += c.outputs;
        if (c.target == interneuron_ && !c.is_bias) inputs += c.inputs;
      }
      excitatory /= std::sqrt(static_cast<double>(inhibited));
      inhibitory /= static_cast<double>(inputs);
    }
    for (const deltaw::Connection& c : transport_.network().connections()) {
      rates_.push_back(c.target == interneuron_   ? excitatory
                       : c.source == interneuron_ ? inhibitory
                                                  : setup.number("rate_ordinary"));
    }
    if (layers[interneuron_].incoming.empty() || layers[interneuron_].is_output) {
      throw std::invalid_argument("'" + layers[interneuron_].name +
                                  "' is the input or the output, not an interneuron");
    }
  }

  void update(const deltaw::Signals<T>& s, deltaw::Deltas<T>& deltas) {
    transport_.send(s.columns(), deltas, *this);
  }

  // What differs from the exact backward pass.
  double rate(std::uint32_t c) { return rates_[c]; }
  void layer(const deltaw::NetworkView<T>& network, std::uint32_t i, const arma::Mat<T>& grad_post,
             arma::Mat<T>& grad_potential) {
    if (i != interneuron_ || slope_ == 0) return network.layer_vjp(i, grad_post, grad_potential);
    // The derivative of z g, with the logistic g = 1 / (1 + exp(-slope (z - threshold))).
    const arma::Mat<T> potential = network.signal(DELTAW_POTENTIAL, i);
    const arma::Mat<T> post = network.signal(DELTAW_POST, i);
    for (arma::uword k = 0; k < potential.n_elem; ++k) {
      const T z = potential[k];
      if (post[k] != (z < threshold_ ? T(0) : z)) {
        throw std::invalid_argument(
            "a surrogate slope needs an interneuron that passes its drive above the threshold "
            "given to the rule, and nothing below");
      }
      const T gate = 1 / (1 + std::exp(-slope_ * (z - threshold_)));
      grad_potential[k] = grad_post[k] * gate * (1 + z * slope_ * (1 - gate));
    }
  }

 private:
  std::uint32_t find(const std::string& name) const {
    const auto& layers = transport_.network().layers();
    std::string known;
    for (std::uint32_t i = 0; i < layers.size(); ++i) {
      if (layers[i].name == name) return i;
      known += (known.empty() ? "" : ", ") + layers[i].name;
    }
    throw std::invalid_argument("no layer '" + name + "' to be the interneuron; layers: " + known);
  }

  deltaw::ErrorTransport<T> transport_;
  T slope_, threshold_;
  std::uint32_t interneuron_;
  std::vector<double> rates_;  // by connection
};

DELTAW_PLUGIN(InterneuronBackprop)
