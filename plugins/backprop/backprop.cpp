// SPDX-License-Identifier: Apache-2.0
// Backpropagation: ΔW = -dL/dW, the error carried down by each connection's own transpose
// (Rumelhart, Hinton, Williams 1986, doi:10.1038/323533a0).
#include <deltaw/error_transport.hpp>
#include <deltaw/rule.hpp>

template <class T>
class Backprop {
 public:
  static constexpr auto id = "backprop";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::no_signals;

  explicit Backprop(const deltaw::Setup& setup) : transport_(setup) {}

  void update(const deltaw::Signals<T>& block, deltaw::Deltas<T>& deltas) {
    deltaw::Backward<T> exact;
    transport_.send(block.columns(), deltas, exact);
  }

 private:
  deltaw::ErrorTransport<T> transport_;
};

DELTAW_PLUGIN(Backprop)
