// One observation by hand: x = (1, 2), e = 3, W = (0.5, -1) and decay 2 give
// ΔW = e x - 2 W = (3, 6) - (1, -2) = (2, 8).
#include "my-rule.cpp"

#include <deltaw/testing.hpp>

int main() {
  deltaw::testing::Probe<MyRule, double> rule({{"decay", 2.0}}, 1, 2);
  rule.set(deltaw::pre, "1; 2").set(deltaw::error, "3").set(deltaw::weights, "0.5 -1");
  const arma::mat found = rule.update(), expected("2 8");
  if (arma::approx_equal(found, expected, "absdiff", 1e-12)) return 0;
  expected.print("expected:");
  found.print("found:");
  return 1;
}
