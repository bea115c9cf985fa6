// A spike arrives at 0 ms, the target spikes at 20 ms, another arrives at 50 ms: with tau+ = 20 and
// tau- = 30 ms the target's spike gives a_plus / e, the second arrival -a_minus / e.
#include "my-rule.cpp"

#include <cmath>
#include <cstdio>
#include <deltaw/testing.hpp>

int main() {
  deltaw::testing::Probe<MyRule, double> rule(
      {{"a_plus", 0.01}, {"a_minus", 0.02}, {"tau_plus", 20.0}, {"tau_minus", 30.0}}, 1, 1);
  rule.set(deltaw::weights, "0.5");
  double change = 0;
  for (const unsigned ms : {0U, 20U, 50U}) {
    using Units = std::vector<std::uint32_t>;
    rule.set_spikes(deltaw::spikes_pre, ms == 20 ? Units{} : Units{0});
    rule.set_spikes(deltaw::spikes_post, ms == 20 ? Units{0} : Units{});
    change += rule.set_time(ms, 1).update()[0];
  }
  const double expected = (0.01 - 0.02) / std::exp(1.0);
  if (std::abs(change - expected) < 1e-12) return 0;
  std::printf("expected %g, found %g\n", expected, change);
  return 1;
}
