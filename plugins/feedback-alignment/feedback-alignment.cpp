// SPDX-License-Identifier: Apache-2.0
// Feedback alignment: the error comes down through fixed random matrices B. "random": one for each
// connection, in place of its weights (Lillicrap et al. 2016, doi:10.1038/ncomms13276). "direct":
// one for each hidden layer that weights read, straight from the output (Nøkland 2016,
// arXiv:1609.01596); through what has no weights, as pooling, the error comes back exactly.
#include <algorithm>
#include <cmath>
#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>

template <class T>
class FeedbackAlignment : public deltaw::Backward<T> {
 public:
  static constexpr auto id = "feedback-alignment";
  static constexpr auto version = "1.1.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit FeedbackAlignment(const deltaw::Setup& setup)
      : transport_(setup), is_direct_(setup.text("mode") == "direct") {
    const auto& layers = transport_.network().layers();
    while (!layers[output_].is_output) ++output_;
    if (is_direct_) {
      for (std::uint32_t i = 0; i < layers.size(); ++i) {
        const bool is_hidden = !layers[i].incoming.empty() && !layers[i].is_output;
        const bool gets_error = is_hidden && is_read_by_weights(i);
        draw(setup, layers[i].name, gets_error ? layers[output_].potentials : 0, layers[i].units);
      }
    } else {
      for (const deltaw::Connection& c : transport_.network().connections()) {
        draw(setup, c.name, c.is_bias ? 0 : c.outputs, c.inputs);
      }
    }
  }

  void update(const deltaw::Signals<T>& s, deltaw::Deltas<T>& deltas) {
    transport_.send(s.columns(), deltas, *this);
  }

  // What differs from the exact backward pass.
  void connection(const deltaw::NetworkView<T>& network, std::uint32_t c,
                  const arma::Mat<T>& grad_potential, double beta, arma::Mat<T>& grad_pre) {
    if (!is_direct_) {
      network.connection_vjp(c, grad_potential, beta, grad_pre, &b_[c]);
    } else if (!has_weights(c)) {
      network.connection_vjp(c, grad_potential, beta, grad_pre);
    } else if (beta == 0) {
      grad_pre.zeros();
    }
  }
  void layer(const deltaw::NetworkView<T>& network, std::uint32_t i, arma::Mat<T>& grad_post,
             arma::Mat<T>& grad_potential) {
    if (is_direct_ && !b_[i].empty()) {
      grad_post += b_[i].t() * transport_.grad_potential(output_, grad_post.n_cols);
    }
    network.layer_vjp(i, grad_post, grad_potential);
  }

 private:
  [[nodiscard]] bool has_weights(std::uint32_t c) const {
    return transport_.network().connections()[c].outputs > 0;
  }
  [[nodiscard]] bool is_read_by_weights(std::uint32_t layer) const {
    return std::ranges::any_of(transport_.network().layers()[layer].outgoing,
                               [this](std::uint32_t c) { return has_weights(c); });
  }
  // B (outputs x inputs), as weights would be drawn: N(0, (scale / sqrt(inputs))²). Keyed by the
  // name of what it serves, so that other parts of the network shift none of its numbers.
  void draw(const deltaw::Setup& setup, const std::string& name, arma::uword outputs,
            arma::uword inputs) {
    arma::Mat<T>& b = b_.emplace_back(outputs, inputs);
    setup.random().normal(b, deltaw::stream_of(name));
    b *= static_cast<T>(setup.number("scale") / std::sqrt(static_cast<double>(inputs)));
  }

  deltaw::ErrorTransport<T> transport_;
  bool is_direct_;
  std::uint32_t output_ = 0;
  std::vector<arma::Mat<T>> b_;  // by connection, or by layer when direct
};

DELTAW_PLUGIN(FeedbackAlignment)
