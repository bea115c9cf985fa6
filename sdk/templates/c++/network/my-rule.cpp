// ΔW = -dL/dW, with the error carried down by each connection's own transpose (Rumelhart, Hinton
// and Williams 1986, doi:10.1038/323533a0).
#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>

template <class T>
class MyRule : public deltaw::Backward<T> {
 public:
  static constexpr auto id = "org.example.my-rule";
  static constexpr auto version = "0.1.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit MyRule(const deltaw::Setup& setup) : transport_(setup) {}

  void update(const deltaw::Signals<T>& s, deltaw::Deltas<T>& deltas) {
    transport_.send(s.columns(), deltas, *this);
  }

  // Replace this: what comes down connection c, grad_pre = beta grad_pre + Wᵀ grad_potential.
  void connection(const deltaw::NetworkView<T>& network, std::uint32_t c,
                  const arma::Mat<T>& grad_potential, double beta, arma::Mat<T>& grad_pre) {
    network.connection_vjp(c, grad_potential, beta, grad_pre);
  }

 private:
  deltaw::ErrorTransport<T> transport_;
};

DELTAW_PLUGIN(MyRule)
