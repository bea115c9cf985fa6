/* A spike arrives at 0 ms, the target spikes at 20 ms, another arrives at 50 ms: with tau+ = 20 and
   tau- = 30 ms the target's spike gives a_plus / e, the second arrival -a_minus / e. */
#include "my-rule.c"

int main(void) {
  uint32_t spike[] = {0, 0};
  double w[] = {0.5}, found[] = {0};
  const deltaw_matrix one = {spike, 2, 1, 2, DELTAW_U32, DELTAW_READONLY};
  const deltaw_matrix none = {spike, 2, 0, 2, DELTAW_U32, DELTAW_READONLY};
  const deltaw_matrix weights = {w, 1, 1, 1, DELTAW_F64, DELTAW_READONLY};
  const deltaw_matrix delta = {found, 1, 1, 1, DELTAW_F64, 0};
  const deltaw_connection_shape connection = {"one synapse", 1, 1};
  const deltaw_shape shape = {sizeof shape, DELTAW_F64, 1, 1, &connection};
  my_rule rule = {.a_plus = 0.01, .a_minus = 0.02, .spikes = {.tau_pre = 20, .tau_post = 30}};
  prepare(&rule, &shape, NULL);
  const uint64_t steps[] = {0, 20, 50};
  for (int n = 0; n < 3; ++n) {
    const deltaw_matrix *signals[DELTAW_SIGNAL_COUNT] = {
        [DELTAW_SPIKES_PRE] = n == 1 ? &none : &one,
        [DELTAW_SPIKES_POST] = n == 1 ? &one : &none,
        [DELTAW_WEIGHTS] = &weights};
    const deltaw_block block = {.struct_size = sizeof block,
                                .n_signals = DELTAW_SIGNAL_COUNT,
                                .step = steps[n],
                                .columns = 1,
                                .dt = 1,
                                .signals = signals,
                                .lower = -INFINITY,
                                .upper = INFINITY,
                                .scale = 1};
    update(&rule, &block, &delta, 1, NULL);
  }
  free(rule.spikes.memory);
  const double expected = (0.01 - 0.02) / exp(1);
  if (fabs(found[0] - expected) < 1e-12) return 0;
  printf("expected %g, found %g\n", expected, found[0]);
  return 1;
}
