/* Two steps by hand: x(1) = (1, 0), x(2) = (2, 1), ξ = (1, -1), R - Rb = 0.5 give
   ΔW = 0.5 ((1, 0) - (2, 1)) = (-0.5, -0.5). */
#include "my-rule.c"

int main(void) {
  double x[] = {1, 0, 2, 1}, xi[] = {1, -1}, r[] = {0.75}, b[] = {0.25}, found[] = {0, 0};
  const double expected[] = {-0.5, -0.5};
  const deltaw_matrix pre = {x, 2, 2, 2, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix noise = {xi, 1, 2, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix reward = {r, 1, 1, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix baseline = {b, 1, 1, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix delta = {found, 1, 2, 1, DELTAW_F64, 0};
  const deltaw_matrix *signals[DELTAW_SIGNAL_COUNT] = {[DELTAW_PRE] = &pre,
                                                       [DELTAW_PERTURBATION] = &noise,
                                                       [DELTAW_REWARD] = &reward,
                                                       [DELTAW_BASELINE] = &baseline};
  const deltaw_block block = {.struct_size = sizeof block,
                              .n_signals = DELTAW_SIGNAL_COUNT,
                              .columns = 2,
                              .dt = 1,
                              .signals = signals};
  const my_rule rule = {.gain = 1};
  change(&rule, &block, &delta);
  for (int j = 0; j < 2; ++j) {
    if (fabs(found[j] - expected[j]) < 1e-12) continue;
    printf("input %d: expected %g, found %g\n", j, expected[j], found[j]);
    return 1;
  }
  return 0;
}
