// SPDX-License-Identifier: Apache-2.0
// What learning from spike timing costs for one presentation of an image: 700 steps of 0.5 ms with
// 2,200 spikes of some 150 inputs and a few of the target, then 300 steps of silence. Through the
// ABI, weights in place, the steps with spikes only, as the host calls.
#include <benchmark/benchmark.h>

#include <array>
#include <cmath>
#include <deltaw/testing.hpp>
#include <memory>
#include <stdexcept>
#include <vector>

#include "../../plugins/stdp/diehl_cook.hpp"
#include "../../plugins/stdp/pair.hpp"

namespace {

using deltaw::testing::Draws;

constexpr std::uint32_t k_inputs = 784;
constexpr std::size_t k_images = 20, k_steps = 1000, k_shown = 700;

struct Step {
  std::uint64_t step;
  std::vector<std::uint32_t> pre, post;  // (unit, 0) of each
};

// A digit lights about 150 inputs near the middle; which units of the target answer changes from
// image to image.
std::vector<Step> spikes(std::uint32_t outputs, std::size_t target_spikes) {
  Draws draws(1, 2, 3);
  std::vector<Step> out;
  for (std::size_t image = 0; image < k_images; ++image) {
    std::vector<std::uint32_t> lit, winners;
    while (lit.size() < 150) lit.push_back(150 + static_cast<std::uint32_t>(draws.uniform() * 484));
    for (std::size_t k = 0; k < (target_spikes + 1) / 2; ++k) {
      winners.push_back(static_cast<std::uint32_t>(draws.uniform() * outputs));
    }
    for (std::size_t t = 0; t < k_shown; ++t) {
      Step step{image * k_steps + t, {}, {}};
      const auto add = [&](auto& list, const auto& units, double probability) {
        std::vector<bool> has_spiked(std::max(k_inputs, outputs));
        for (const std::uint32_t unit : units) {
          if (draws.uniform() > probability || has_spiked[unit]) continue;
          has_spiked[unit] = true;
          list.push_back(unit);
          list.push_back(0);
        }
      };
      add(step.pre, lit, 2200.0 / 150 / k_shown);
      add(step.post, winners, 2.0 / k_shown);
      if (!step.pre.empty() || !step.post.empty()) out.push_back(std::move(step));
    }
    out.push_back({image * k_steps + k_steps - 1, {}, {}});
  }
  return out;
}

// All images again and again, later and later.
template <template <class> class Rule>
class Presentation {
 public:
  Presentation(const std::vector<deltaw_param>& parameters, std::uint32_t outputs, bool has_delays)
      : weights_(outputs, k_inputs, arma::fill::value(0.1f)), delays_(outputs, k_inputs) {
    const deltaw_plugin& plugin = *deltaw::detail::Table<Rule>::table();
    check(plugin.create(nullptr, Rule<float>::id, parameters.data(), parameters.size(), &rule_,
                        &error_));
    const deltaw_connection_shape connection = {"input>excitatory", outputs, k_inputs};
    const deltaw_shape shape = {sizeof shape, DELTAW_F32, 1, 1, &connection};
    check(rule_.prepare(rule_.self, &shape, &error_));
    Draws draws(4, 5, 6);
    for (arma::u8& delay : delays_) delay = static_cast<arma::u8>(draws.uniform() * 21);
    w_ = deltaw::matrix_of(weights_);
    d_ = deltaw::matrix_of(delays_, DELTAW_READONLY);
    signals_[DELTAW_SPIKES_PRE] = &pre_;
    signals_[DELTAW_SPIKES_POST] = &post_;
    signals_[DELTAW_WEIGHTS] = &w_;
    if (has_delays) signals_[DELTAW_DELAYS] = &d_;
  }
  ~Presentation() { rule_.destroy(rule_.self); }
  Presentation(const Presentation&) = delete;
  Presentation& operator=(const Presentation&) = delete;

  void show(const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      pre_ = events(step.pre);
      post_ = events(step.post);
      const deltaw_block block = {sizeof block,
                                  DELTAW_SIGNAL_COUNT,
                                  0,
                                  start_ + step.step,
                                  1,
                                  0.5,
                                  signals_.data(),
                                  DELTAW_BLOCK_IN_PLACE,
                                  0,
                                  0,
                                  1,
                                  1};
      check(rule_.update(rule_.self, &block, &w_, 1, &error_));
    }
    start_ += k_images * k_steps;
  }

 private:
  void check(deltaw_status status) const {
    if (status != DELTAW_OK) throw std::runtime_error(error_.message);
  }
  static deltaw_matrix events(const std::vector<std::uint32_t>& list) {
    return {const_cast<std::uint32_t*>(list.data()),
            2,
            list.size() / 2,
            2,
            DELTAW_U32,
            DELTAW_READONLY};
  }

  arma::fmat weights_;
  arma::Mat<arma::u8> delays_;
  deltaw_error error_{sizeof(deltaw_error), 0, {}};
  deltaw_rule rule_{};
  deltaw_matrix w_{}, d_{}, pre_{}, post_{};
  std::array<const deltaw_matrix*, DELTAW_SIGNAL_COUNT> signals_{};
  std::uint64_t start_ = 0;
};

deltaw_param number(const char* name, double value) {
  deltaw_param out{name, DELTAW_PARAM_F64, 0, {}};
  out.value.f64 = value;
  return out;
}
deltaw_param text(const char* name, const char* value) {
  deltaw_param out{name, DELTAW_PARAM_STR, 0, {}};
  out.value.str = value;
  return out;
}

template <template <class> class Rule>
void present(benchmark::State& state, const std::vector<deltaw_param>& parameters) {
  const auto outputs = static_cast<std::uint32_t>(state.range(0));
  const auto steps = spikes(outputs, static_cast<std::size_t>(state.range(1)));
  Presentation<Rule> presentation(parameters, outputs, state.range(2) != 0);
  std::size_t arrivals = 0, leavings = 0;
  for (const Step& step : steps) {
    arrivals += step.pre.size() / 2;
    leavings += step.post.size() / 2;
  }
  for (auto _ : state) presentation.show(steps);
  const auto images = static_cast<double>(k_images);
  state.counters["s/image"] = benchmark::Counter(
      images, benchmark::Counter::kIsIterationInvariantRate | benchmark::Counter::kInvert);
  state.counters["pre"] = static_cast<double>(arrivals) / images;
  state.counters["post"] = static_cast<double>(leavings) / images;
}

void diehl_cook(benchmark::State& state) {
  present<DiehlCook>(
      state, {text("form", "triplet"), text("pairing", "nearest"), number("eta_pre", 1e-4),
              number("eta_post", 1e-2), number("tau_pre", 20), number("tau_post", 20),
              number("tau_post2", 40), number("x_tar", 0.4), number("mu", 0.2), number("beta", 1)});
}
void pairs(benchmark::State& state) {
  present<Stdp>(state, {text("pairing", "all-to-all"), text("window", "exponential"),
                        text("bounds", "additive"), number("a_plus", 1e-3), number("a_minus", 1e-3),
                        number("tau_plus", 20), number("tau_minus", 20), number("mu", 0),
                        number("reach", 100)});
}

void sizes(benchmark::internal::Benchmark* it) {
  it->ArgNames({"units", "post", "delays"})->Unit(benchmark::kMillisecond);
  for (const int delays : {0, 1}) {
    it->Args({400, 15, delays})->Args({6400, 25, delays})->Args({6400, 100, delays});
  }
}
BENCHMARK(diehl_cook)->Apply(sizes);
BENCHMARK(pairs)->Apply(sizes);

}  // namespace
