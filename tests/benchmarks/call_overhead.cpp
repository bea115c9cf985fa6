// SPDX-License-Identifier: Apache-2.0
// What one update() through the ABI costs when the rule does nothing. Budget: under 50 ns.
#include <benchmark/benchmark.h>
#include <deltaw/abi.h>
#include <dlfcn.h>

#include <array>
#include <cmath>
#include <stdexcept>

namespace {

const deltaw_plugin& plugin() {
  static const deltaw_plugin* const table = [] {
    void* library = dlopen(EMPTY_RULE, RTLD_NOW | RTLD_LOCAL);
    void* symbol = library == nullptr ? nullptr : dlsym(library, "deltaw_plugin_entry");
    if (symbol == nullptr) throw std::runtime_error(dlerror());
    return reinterpret_cast<decltype(&deltaw_plugin_entry)>(symbol)();
  }();
  return *table;
}

// A 4 x 3 connection with a batch of 2.
void update(benchmark::State& state, const char* id) {
  std::array<float, 12> delta{};
  std::array<float, 6> pre{};
  std::array<float, 8> post{};
  const deltaw_matrix pre_view{pre.data(), 3, 2, 3, DELTAW_F32, DELTAW_READONLY};
  const deltaw_matrix post_view{post.data(), 4, 2, 4, DELTAW_F32, DELTAW_READONLY};
  const deltaw_matrix delta_view{delta.data(), 4, 3, 4, DELTAW_F32, 0};
  std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals{};
  signals[DELTAW_PRE] = &pre_view;
  signals[DELTAW_POST] = &post_view;
  const deltaw_block block{
      sizeof block, DELTAW_SIGNAL_COUNT, 0, 0, 2, 0, signals.data(), 0, 0, -INFINITY, INFINITY, 1};
  const deltaw_connection_shape connection{"in>out", 4, 3};
  const deltaw_shape shape{sizeof shape, DELTAW_F32, 2, 1, &connection};

  deltaw_error error{};
  error.struct_size = sizeof error;
  deltaw_rule rule{};
  if (plugin().create(nullptr, id, nullptr, 0, &rule, &error) != DELTAW_OK ||
      rule.prepare(rule.self, &shape, &error) != DELTAW_OK) {
    state.SkipWithError(error.message);
    return;
  }
  for (auto _ : state) {
    benchmark::DoNotOptimize(rule.update(rule.self, &block, &delta_view, 1, &error));
  }
  rule.destroy(rule.self);
}

BENCHMARK_CAPTURE(update, empty, "empty");
BENCHMARK_CAPTURE(update, pre_and_post, "looking");

}  // namespace
