/* One observation by hand: x = (1, 2), e = 3, W = (0.5, -1) and decay 2 give
   ΔW = e x - 2 W = (3, 6) - (1, -2) = (2, 8). */
#include "my-rule.c"

int main(void) {
  double x[] = {1, 2}, e[] = {3}, w[] = {0.5, -1}, found[] = {0, 0};
  const double expected[] = {2, 8};
  const deltaw_matrix pre = {x, 2, 1, 2, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix error = {e, 1, 1, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix weights = {w, 1, 2, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix delta = {found, 1, 2, 1, DELTAW_F64, 0};
  const deltaw_matrix *signals[DELTAW_SIGNAL_COUNT] = {
      [DELTAW_PRE] = &pre, [DELTAW_ERROR] = &error, [DELTAW_WEIGHTS] = &weights};
  const deltaw_block block = {.struct_size = sizeof block,
                              .n_signals = DELTAW_SIGNAL_COUNT,
                              .columns = 1,
                              .signals = signals};
  const my_rule rule = {.decay = 2};
  change(&rule, &block, &delta);
  for (int j = 0; j < 2; ++j) {
    if (fabs(found[j] - expected[j]) < 1e-12) continue;
    printf("input %d: expected %g, found %g\n", j, expected[j], found[j]);
    return 1;
  }
  return 0;
}
