// SPDX-License-Identifier: Apache-2.0
// Sign symmetry: the error comes down through matrices that share with the weights nothing but
// their signs (Liao, Leibo and Poggio 2016, arXiv:1510.05067).
#include <cmath>
#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>
#include <vector>

template <class T>
class SignSymmetry : public deltaw::Backward<T> {
 public:
  static constexpr auto id = "sign-symmetry";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit SignSymmetry(const deltaw::Setup& setup) : transport_(setup) {
    const bool is_random = setup.text("magnitude") == "random";
    for (const deltaw::Connection& c : transport_.network().connections()) {
      const arma::uword outputs = c.is_bias ? 0 : c.outputs;
      arma::Mat<T>& magnitude = magnitudes_.emplace_back(outputs, c.inputs, arma::fill::ones);
      if (is_random) {
        setup.random().normal(magnitude, deltaw::stream_of(c.name));
        magnitude = arma::abs(magnitude);
      }
      magnitude *= static_cast<T>(setup.number("scale") / std::sqrt(static_cast<double>(c.inputs)));
      feedback_.emplace_back(outputs, c.inputs);
    }
  }

  void update(const deltaw::Signals<T>& s, deltaw::Deltas<T>& deltas) {
    transport_.send(s.columns(), deltas, *this);
  }

  // What differs from the exact backward pass: sign(W) M in place of W, where there are weights: a
  // pooling has none.
  void connection(const deltaw::NetworkView<T>& network, std::uint32_t c,
                  const arma::Mat<T>& grad_potential, double beta, arma::Mat<T>& grad_pre) {
    if (!magnitudes_[c].empty()) {
      feedback_[c] = arma::sign(network.signal(DELTAW_WEIGHTS, c)) % magnitudes_[c];
    }
    network.connection_vjp(c, grad_potential, beta, grad_pre, &feedback_[c]);
  }

 private:
  deltaw::ErrorTransport<T> transport_;
  std::vector<arma::Mat<T>> magnitudes_, feedback_;  // by connection
};

DELTAW_PLUGIN(SignSymmetry)
