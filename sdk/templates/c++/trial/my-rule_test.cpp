// Two steps by hand: x(1) = (1, 0), x(2) = (2, 1), ξ = (1, -1), R - Rb = 0.5 give
// ΔW = 0.5 ((1, 0) - (2, 1)) = (-0.5, -0.5).
#include "my-rule.cpp"

#include <deltaw/testing.hpp>

int main() {
  deltaw::testing::Probe<MyRule, double> rule({{"gain", 1.0}}, 1, 2);
  rule.set(deltaw::pre, "1 2; 0 1").set(deltaw::perturbation, "1 -1");
  rule.set(deltaw::reward, "0.75").set(deltaw::baseline, "0.25").set_time(0, 1);
  const arma::mat found = rule.update(), expected("-0.5 -0.5");
  if (arma::approx_equal(found, expected, "absdiff", 1e-12)) return 0;
  expected.print("expected:");
  found.print("found:");
  return 1;
}
