// SPDX-License-Identifier: Apache-2.0
// Oracles: two steps of one weight worked by hand; the published update equations, in the form with
// gradients, as scalars in double; a quadratic whose minimum is known.
#include "training/optimizer.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>
#include <map>

#include "core/error.hpp"
#include "core/random.hpp"

using namespace deltaw;

namespace {

template <class T>
constexpr double tolerance = std::is_same_v<T, float> ? 2e-6 : 1e-13;

// The weight after steps along each of `deltas`, from `start`.
template <class T>
double after(const OptimizerSpec& spec, double start, std::initializer_list<double> deltas) {
  const auto optimizer = make_optimizer<T>(spec, 1, 1);
  arma::Mat<T> weight(1, 1), delta(1, 1);
  weight(0) = static_cast<T>(start);
  for (const double d : deltas) {
    delta(0) = static_cast<T>(d);
    optimizer->apply(weight, delta, spec.rate);
  }
  return static_cast<double>(weight(0));
}

OptimizerSpec of(std::string_view type, double rate) {
  OptimizerSpec spec = default_optimizer(type);
  spec.rate = rate;
  return spec;
}

OptimizerSpec without_epsilon(std::string_view type, double rate) {
  OptimizerSpec spec = of(type, rate);
  spec.epsilon = 0;
  return spec;
}

// The textbook equations with the gradient g = -delta and W <- W - step.
struct Scalar {
  OptimizerSpec spec;
  double w, a = 0, b = 0;
  int t = 0;

  void step(double g) {
    ++t;
    const double eta = spec.rate, eps = spec.epsilon;
    if (spec.clip > 0) g = std::max(-spec.clip, std::min(spec.clip, g));
    w -= eta * spec.weight_decay * w;
    if (spec.type == "sgd") w -= eta * g;
    if (spec.type == "momentum" || spec.type == "nesterov") {
      a = spec.momentum * a + g;
      w -= eta * (spec.type == "momentum" ? a : g + spec.momentum * a);
    }
    if (spec.type == "rmsprop") {
      a = spec.decay * a + (1 - spec.decay) * g * g;
      w -= eta * g / (std::sqrt(a) + eps);
    }
    if (spec.type == "adam") {
      a = spec.beta1 * a + (1 - spec.beta1) * g;
      b = spec.beta2 * b + (1 - spec.beta2) * g * g;
      const double m = a / (1 - std::pow(spec.beta1, t)), v = b / (1 - std::pow(spec.beta2, t));
      w -= eta * m / (std::sqrt(v) + eps);
    }
    if (spec.type == "adadelta") {
      a = spec.decay * a + (1 - spec.decay) * g * g;
      const double change = -std::sqrt(b + eps) / std::sqrt(a + eps) * g;
      b = spec.decay * b + (1 - spec.decay) * change * change;
      w += eta * change;
    }
    if (spec.type == "exponentiated-gradient") {
      w = w > 0 ? w * std::exp(-eta * g) : w * std::exp(eta * g);
    }
  }
};

}  // namespace

TEST_CASE_TEMPLATE("two steps of each optimizer, by hand", T, float, double) {
  const auto near = [](double value) { return doctest::Approx(value).epsilon(tolerance<T>); };
  CHECK(after<T>(of("sgd", 0.5), 1, {2, -1}) == near(1 + 0.5 * 2 - 0.5 * 1));
  // v = 2, then 0.9 * 2 - 1 = 0.8
  CHECK(after<T>(of("momentum", 0.5), 1, {2, -1}) == near(1 + 0.5 * 2 + 0.5 * 0.8));
  // d + mu v = 2 + 0.9 * 2 = 3.8, then -1 + 0.9 * 0.8 = -0.28
  CHECK(after<T>(of("nesterov", 0.5), 1, {2, -1}) == near(1 + 0.5 * 3.8 - 0.5 * 0.28));
  // s = 0.1 * 4 = 0.4, then 0.9 * 0.4 + 0.1 * 1 = 0.46
  CHECK(after<T>(without_epsilon("rmsprop", 0.01), 1, {2, -1}) ==
        near(1 + 0.01 * 2 / std::sqrt(0.4) - 0.01 / std::sqrt(0.46)));
  // The first step of Adam is the rate itself; then m = 0.9 * 0.2 - 0.1 = 0.08, m' = 0.08 / 0.19,
  // s = 0.999 * 0.004 + 0.001 = 0.004996, s' = 0.004996 / 0.001999
  CHECK(after<T>(without_epsilon("adam", 0.01), 1, {2}) == near(1.01));
  CHECK(after<T>(without_epsilon("adam", 0.01), 1, {2, -1}) ==
        near(1.01 + 0.01 * (0.08 / 0.19) / std::sqrt(0.004996 / 0.001999)));
  // s = 0.05 * 4 = 0.2, u = 2 sqrt(1e-7 / 0.2000001)
  CHECK(after<T>(of("adadelta", 1), 1, {2}) == near(1 + 2 * std::sqrt(1e-7 / 0.2000001)));
  // r = 0.05 u^2 = 1e-7 * 0.2 / 0.2000001; s = 0.95 * 0.2 + 0.05 = 0.24
  CHECK(after<T>(of("adadelta", 1), 1, {2, -1}) ==
        near(1 + 2 * std::sqrt(1e-7 / 0.2000001) -
             std::sqrt(1e-7 * (1 + 0.2 / 0.2000001) / 0.2400001)));
  CHECK(after<T>(of("exponentiated-gradient", 0.5), 3, {2, -1}) == near(3 * std::exp(0.5)));
  CHECK(after<T>(of("exponentiated-gradient", 0.5), -3, {2, -1}) == near(-3 * std::exp(-0.5)));
  CHECK(after<T>(of("exponentiated-gradient", 0.5), 0, {2, -1}) == 0);
}

TEST_CASE_TEMPLATE("every optimizer follows its published equations", T, float, double) {
  constexpr std::size_t rows = 5, cols = 7;
  for (const std::string& type : optimizer_types()) {
    for (const bool shaped : {false, true}) {
      CAPTURE(type);
      CAPTURE(shaped);
      OptimizerSpec spec = default_optimizer(type);
      if (shaped) spec.weight_decay = 0.1, spec.clip = 0.5;
      const auto optimizer = make_optimizer<T>(spec, rows, cols);
      Random random(3, type);
      arma::Mat<T> weights(rows, cols), delta(rows, cols);
      weights.imbue([&] { return static_cast<T>(random.normal()); });
      std::vector<Scalar> reference;
      for (const T w : weights) reference.push_back({spec, static_cast<double>(w)});
      for (int t = 0; t < 20; ++t) {
        delta.imbue([&] { return static_cast<T>(random.normal()); });
        for (arma::uword i = 0; i < delta.n_elem; ++i) {
          reference[i].step(-static_cast<double>(delta(i)));
        }
        optimizer->apply(weights, delta, spec.rate);
        CHECK(delta.is_zero());
      }
      for (arma::uword i = 0; i < weights.n_elem; ++i) {
        CHECK(static_cast<double>(weights(i)) ==
              doctest::Approx(reference[i].w).epsilon(50 * tolerance<T>));
      }
    }
  }
}

TEST_CASE_TEMPLATE("every optimizer reaches the minimum of a quadratic", T, float, double) {
  const arma::Mat<T> curvature = {{T(1), T(3)}, {T(0.5), T(2)}};
  const arma::Mat<T> minimum = {{T(1), T(2)}, {T(-1), T(0.5)}};
  for (const std::string& type : optimizer_types()) {
    CAPTURE(type);
    OptimizerSpec spec = default_optimizer(type);
    const auto optimizer = make_optimizer<T>(spec, 2, 2);
    arma::Mat<T> weights = {{T(0.5), T(0.5)}, {T(-0.5), T(2)}};
    constexpr int steps = 20000;
    for (int t = 0; t < steps; ++t) {
      arma::Mat<T> delta = curvature % (minimum - weights);
      optimizer->apply(weights, delta, spec.rate * (1 - t / double(steps)));
    }
    CHECK(arma::abs(weights - minimum).max() < T(1e-3));
  }
}

TEST_CASE("weight decay is decoupled: it does not pass through the moments") {
  OptimizerSpec spec = of("adam", 0.1);
  spec.weight_decay = 0.5;
  CHECK(after<double>(spec, 2, {0}) == doctest::Approx(2 * (1 - 0.1 * 0.5)));
}

TEST_CASE("clipping acts on each element before the optimizer") {
  OptimizerSpec spec = of("sgd", 1);
  spec.clip = 0.25;
  CHECK(after<double>(spec, 0, {10}) == 0.25);
  CHECK(after<double>(spec, 0, {-10}) == -0.25);
  CHECK(after<double>(spec, 0, {0.125}) == 0.125);
  CHECK(std::isnan(after<double>(spec, 0, {std::numeric_limits<double>::quiet_NaN()})));
}

TEST_CASE_TEMPLATE("a restored optimizer goes on with the same bits", T, float, double) {
  for (const std::string& type : optimizer_types()) {
    CAPTURE(type);
    const OptimizerSpec spec = default_optimizer(type);
    const auto whole = make_optimizer<T>(spec, 3, 2), resumed = make_optimizer<T>(spec, 3, 2);
    Random random(5, type);
    arma::Mat<T> weights(3, 2, arma::fill::ones), delta(3, 2);
    const auto step = [&](Optimizer<T>& optimizer, arma::Mat<T>& w) {
      arma::Mat<T> d = delta;
      optimizer.apply(w, d, spec.rate);
    };
    delta.imbue([&] { return static_cast<T>(random.normal()); });
    step(*whole, weights);
    StateWriter writer;
    whole->save(writer);
    StateReader reader(writer.bytes());
    resumed->load(reader);
    reader.finish();
    arma::Mat<T> again = weights;
    delta.imbue([&] { return static_cast<T>(random.normal()); });
    step(*whole, weights);
    step(*resumed, again);
    CHECK(arma::approx_equal(weights, again, "absdiff", T(0)));

    resumed->reset();
    const auto fresh = make_optimizer<T>(spec, 3, 2);
    arma::Mat<T> one(3, 2, arma::fill::ones), other = one;
    step(*resumed, one);
    step(*fresh, other);
    CHECK(arma::approx_equal(one, other, "absdiff", T(0)));
  }
}

#ifdef __SSE__
TEST_CASE(
    "moments that are fed no more come to zero, and denormal numbers are nobody else's loss") {
  for (const auto& [type, moments] : std::map<std::string, int>{
           {"momentum", 1}, {"nesterov", 1}, {"rmsprop", 1}, {"adam", 2}, {"adadelta", 2}}) {
    CAPTURE(type);
    const OptimizerSpec spec = default_optimizer(type);
    const auto optimizer = make_optimizer<float>(spec, 1, 1);
    arma::fmat weight(1, 1), delta(1, 1, arma::fill::ones);
    for (int step = 0; step < 120'000; ++step) optimizer->apply(weight, delta, spec.rate);
    StateWriter writer;
    optimizer->save(writer);
    StateReader reader(writer.bytes());
    reader.expect("optimizer", type);
    static_cast<void>(reader.integer("step"));
    for (int i = 0; i < moments; ++i) {
      float moment = 1;
      reader.matrix("moment", &moment, 1, 1);
      CHECK(std::fpclassify(moment) == FP_ZERO);
    }
    volatile float least = std::numeric_limits<float>::min();
    CHECK(std::fpclassify(least / 2) == FP_SUBNORMAL);
  }
}
#endif

TEST_CASE("the state of another optimizer is refused") {
  StateWriter writer;
  make_optimizer<float>(default_optimizer("adam"), 2, 2)->save(writer);
  StateReader reader(writer.bytes());
  try {
    make_optimizer<float>(default_optimizer("rmsprop"), 2, 2)->load(reader);
    FAIL("no error");
  } catch (const Error& error) {
    CHECK(error.code() == Code::E306);
    CHECK(error.text().find("expected 'rmsprop', found 'adam'") != std::string::npos);
  }
}

TEST_CASE("an unknown optimizer is an error with the nearest name") {
  for (const auto make : {+[] {
                            OptimizerSpec spec;
                            spec.type = "adamm";
                            (void)make_optimizer<float>(spec, 1, 1);
                          },
                          +[] { (void)default_optimizer("adamm"); }}) {
    try {
      make();
      FAIL("no error");
    } catch (const Error& error) {
      CHECK(error.code() == Code::E503);
      CHECK(error.text().find("did you mean 'adam'?") != std::string::npos);
    }
  }
}
