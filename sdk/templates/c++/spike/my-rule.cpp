// Pair-based spike-timing-dependent plasticity (Song, Miller and Abbott 2000, doi:10.1038/78829):
// with s ms between two spikes, A+ exp(-s / tau+) when the target spikes after an arrival and
// -A- exp(-s / tau-) when it spiked before.
#include <deltaw/spikes.hpp>

template <class T>
class MyRule : public deltaw::SpikeRule<MyRule<T>, T> {
 public:
  static constexpr auto id = "org.example.my-rule";
  static constexpr auto version = "0.1.0";

  explicit MyRule(const deltaw::Setup& setup)
      : MyRule::SpikeRule(setup, {deltaw::all_to_all(setup.number("tau_plus"))},
                          {deltaw::all_to_all(setup.number("tau_minus"))}),
        a_plus_(static_cast<T>(setup.number("a_plus"))),
        a_minus_(static_cast<T>(setup.number("a_minus"))) {}

  // Replace these two: the change of a synapse when a spike arrives, and when its target spikes.
  T on_pre(const deltaw::Synapse<T>& s) const { return -a_minus_ * s.post[0]; }
  T on_post(const deltaw::Synapse<T>& s) const { return a_plus_ * s.pre[0]; }

 private:
  T a_plus_, a_minus_;
};

DELTAW_PLUGIN(MyRule)
