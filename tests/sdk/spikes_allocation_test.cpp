// SPDX-License-Identifier: Apache-2.0
// Rules of spikes allocate when they are made, in their first block, and later only where more is
// under way than ever before.
#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <deltaw/spikes.hpp>

#include "count_allocations.hpp"
#include "spike_trains.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
struct Pairs : SpikeRule<Pairs<T>, T> {
  static constexpr auto id = "pairs";
  static constexpr auto version = "1.0.0";
  explicit Pairs(const Setup& setup) : Pairs::SpikeRule(setup, {all_to_all(5)}, {all_to_all(8)}) {}
  T on_pre(const Synapse<T>& s) const { return -s.post[0]; }
  T on_post(const Synapse<T>& s) const { return s.pre[0]; }
};

// The train again and again, without a probe between.
template <class T>
class Player {
 public:
  explicit Player(const SpikeTrains& trains)
      : trains_(trains), setup_(setup(trains)), rule_(setup_), weights_(4, 5, arma::fill::zeros) {}

  void play() {
    deltaw_matrix w = matrix_of(weights_);
    const deltaw_matrix d = matrix_of(trains_.delays, DELTAW_READONLY);
    for (std::size_t t = 0; t < trains_.steps(); ++t) {
      const deltaw_matrix x = events(trains_.pre[t]), y = events(trains_.post[t], 40);
      std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals{};
      signals[DELTAW_SPIKES_PRE] = &x;
      signals[DELTAW_SPIKES_POST] = &y;
      signals[DELTAW_WEIGHTS] = &w;
      if (!trains_.delays.empty()) signals[DELTAW_DELAYS] = &d;
      const deltaw_block block = {
          sizeof block, DELTAW_SIGNAL_COUNT, 0, step_++, 1, 1, signals.data(), 0, 0, -1, 1, 1};
      rule_.update(Signals<T>(block), weights_);
    }
  }

 private:
  static Setup setup(const SpikeTrains& trains) {
    const deltaw_connection_shape connection = {"test", trains.outputs, trains.inputs};
    Setup out;
    out.set_shape({sizeof(deltaw_shape), dtype_of<T>(), 1, 1, &connection});
    return out;
  }
  deltaw_matrix events(const Units& units, std::size_t offset = 0) {
    for (std::size_t k = 0; k < units.size(); ++k) events_[offset + 2 * k] = units[k];
    return {&events_[offset], 2, units.size(), 2, DELTAW_U32, DELTAW_READONLY};
  }

  const SpikeTrains& trains_;
  Setup setup_;
  Pairs<T> rule_;
  arma::Mat<T> weights_;
  std::array<std::uint32_t, 80> events_{};
  std::uint64_t step_ = 0;
};

}  // namespace

TEST_CASE_TEMPLATE("a train that was seen before allocates nothing", T, float, double) {
  for (const int longest : {-1, 20}) {
    const SpikeTrains trains = random_trains(4, 5, 1050, 0.05, 3, longest);  // 50 laps of 21 slots
    Player<T> player(trains);
    player.play();
    CHECK(count_allocations([&] { player.play(); }) == 0);
  }
}
