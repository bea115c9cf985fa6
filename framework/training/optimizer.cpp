// SPDX-License-Identifier: Apache-2.0
// Every optimizer is one pass over weights, delta and its own moments, written so that the compiler
// vectorises it (this file is compiled without errno for sqrt). The pass clears delta too: to write
// what has just been read is cheaper than a pass of its own. x - x is 0, or NaN where x is not
// finite.
#include "training/optimizer.hpp"

#include <fmt/format.h>

#include <array>
#include <cassert>
#include <cmath>
#include <limits>

#include "core/error.hpp"
#include "core/flush_denormals.hpp"
#include "core/nearest.hpp"

namespace deltaw {
namespace {

// What precedes every rule of descent: clipping of delta and decay of the weights.
template <class T>
struct Shaping {
  T clip, keep;
};

// w = keep w + step(clipped d, moments...), d = 0, or NaN where it is not finite. NaN passes the
// comparisons of the clipping.
template <class T, class Step, class... Moment>
void sweep(std::size_t n, T* __restrict w, T* __restrict d, const Shaping<T> shaping,
           const Step step, Moment* __restrict... moments) {
  const T clip = shaping.clip, keep = shaping.keep;
  for (std::size_t i = 0; i < n; ++i) {
    const T low = d[i] < -clip ? -clip : d[i];
    const T x = clip < low ? clip : low;
    d[i] = x - x;
    w[i] = keep * w[i] + step(x, moments[i]...);
  }
}

// N matrices of moments, shaped as the weights, that start at zero.
template <class T, std::size_t N>
class WithMoments : public Optimizer<T> {
 public:
  WithMoments(const OptimizerSpec& spec, std::size_t rows, std::size_t cols)
      : spec_(spec), rows_(rows), cols_(cols) {
    for (auto& moment : moments_) moment.zeros(rows, cols);
  }

  void apply(arma::Mat<T>& weights, arma::Mat<T>& delta, double rate) final {
    assert(weights.n_rows == rows_ && weights.n_cols == cols_);
    assert(delta.n_rows == rows_ && delta.n_cols == cols_);
    ++step_;
    const double clip = spec_.clip > 0 ? spec_.clip : std::numeric_limits<double>::infinity();
    const double keep = 1 - rate * spec_.weight_decay;
    const Shaping<T> shaping{static_cast<T>(clip), static_cast<T>(keep)};
    if constexpr (N > 0) {
      const FlushDenormals flush;
      move(weights.n_elem, weights.memptr(), delta.memptr(), rate, shaping);
    } else {
      move(weights.n_elem, weights.memptr(), delta.memptr(), rate, shaping);
    }
  }

  void reset() final {
    step_ = 0;
    for (auto& moment : moments_) moment.zeros();
  }

  void save(StateWriter& writer) const final {
    writer.text("optimizer", spec_.type);
    writer.integer("step", step_);
    for (const auto& moment : moments_) writer.matrix("moment", moment.memptr(), rows_, cols_);
  }

  void load(StateReader& reader) final {
    reader.expect("optimizer", spec_.type);
    step_ = reader.integer("step");
    for (auto& moment : moments_) reader.matrix("moment", moment.memptr(), rows_, cols_);
  }

 protected:
  virtual void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) = 0;
  T* moment(std::size_t index) { return moments_[index].memptr(); }

  OptimizerSpec spec_;
  std::uint64_t step_ = 0;  // updates so far, the present one included

 private:
  std::size_t rows_, cols_;
  std::array<arma::Mat<T>, N> moments_;
};

template <class T>
class Sgd final : public WithMoments<T, 0> {
  using WithMoments<T, 0>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate);
    sweep(n, w, d, shaping, [eta](T x) { return eta * x; });
  }
};

template <class T>
class Momentum final : public WithMoments<T, 1> {
  using WithMoments<T, 1>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate), mu = static_cast<T>(this->spec_.momentum);
    const auto step = [eta, mu](T x, T& v) {
      v = mu * v + x;
      return eta * v;
    };
    sweep(n, w, d, shaping, step, this->moment(0));
  }
};

template <class T>
class Nesterov final : public WithMoments<T, 1> {
  using WithMoments<T, 1>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate), mu = static_cast<T>(this->spec_.momentum);
    const auto step = [eta, mu](T x, T& v) {
      v = mu * v + x;
      return eta * (x + mu * v);
    };
    sweep(n, w, d, shaping, step, this->moment(0));
  }
};

template <class T>
class RmsProp final : public WithMoments<T, 1> {
  using WithMoments<T, 1>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate), eps = static_cast<T>(this->spec_.epsilon);
    const T rho = static_cast<T>(this->spec_.decay);
    const T fresh = static_cast<T>(1 - this->spec_.decay);
    const auto step = [=](T x, T& s) {
      s = rho * s + fresh * x * x;
      return eta * x / (std::sqrt(s) + eps);
    };
    sweep(n, w, d, shaping, step, this->moment(0));
  }
};

template <class T>
class Adam final : public WithMoments<T, 2> {
  using WithMoments<T, 2>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const OptimizerSpec& spec = this->spec_;
    const double t = static_cast<double>(this->step_);
    const T b1 = static_cast<T>(spec.beta1), fresh1 = static_cast<T>(1 - spec.beta1);
    const T b2 = static_cast<T>(spec.beta2), fresh2 = static_cast<T>(1 - spec.beta2);
    const T eta = static_cast<T>(rate / (1 - std::pow(spec.beta1, t)));
    const T unbias = static_cast<T>(1 / (1 - std::pow(spec.beta2, t)));
    const T eps = static_cast<T>(spec.epsilon);
    const auto step = [=](T x, T& m, T& s) {
      m = b1 * m + fresh1 * x;
      s = b2 * s + fresh2 * x * x;
      return eta * m / (std::sqrt(unbias * s) + eps);
    };
    sweep(n, w, d, shaping, step, this->moment(0), this->moment(1));
  }
};

template <class T>
class Adadelta final : public WithMoments<T, 2> {
  using WithMoments<T, 2>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate), eps = static_cast<T>(this->spec_.epsilon);
    const T rho = static_cast<T>(this->spec_.decay);
    const T fresh = static_cast<T>(1 - this->spec_.decay);
    const auto step = [=](T x, T& s, T& r) {
      s = rho * s + fresh * x * x;
      const T u = x * std::sqrt((r + eps) / (s + eps));
      r = rho * r + fresh * u * u;
      return eta * u;
    };
    sweep(n, w, d, shaping, step, this->moment(0), this->moment(1));
  }
};

template <class T>
class ExponentiatedGradient final : public WithMoments<T, 0> {
  using WithMoments<T, 0>::WithMoments;
  void move(std::size_t n, T* w, T* d, double rate, Shaping<T> shaping) override {
    const T eta = static_cast<T>(rate), clip = shaping.clip;
    for (std::size_t i = 0; i < n; ++i) {
      const T low = d[i] < -clip ? -clip : d[i];
      const T x = clip < low ? clip : low;
      d[i] = 0;
      w[i] *= shaping.keep * std::exp(std::copysign(eta, w[i]) * x);
    }
  }
};

[[noreturn]] void unknown(std::string_view type) {
  throw Error(Code::E503, fmt::format("unknown optimizer '{}'", type),
              {.hint = suggest(type, optimizer_types())});
}

}  // namespace

template <class T>
std::unique_ptr<Optimizer<T>> make_optimizer(const OptimizerSpec& spec, std::size_t rows,
                                             std::size_t cols) {
  if (spec.type == "sgd") return std::make_unique<Sgd<T>>(spec, rows, cols);
  if (spec.type == "momentum") return std::make_unique<Momentum<T>>(spec, rows, cols);
  if (spec.type == "nesterov") return std::make_unique<Nesterov<T>>(spec, rows, cols);
  if (spec.type == "rmsprop") return std::make_unique<RmsProp<T>>(spec, rows, cols);
  if (spec.type == "adam") return std::make_unique<Adam<T>>(spec, rows, cols);
  if (spec.type == "adadelta") return std::make_unique<Adadelta<T>>(spec, rows, cols);
  if (spec.type == "exponentiated-gradient") {
    return std::make_unique<ExponentiatedGradient<T>>(spec, rows, cols);
  }
  unknown(spec.type);
}

template std::unique_ptr<Optimizer<float>> make_optimizer(const OptimizerSpec&, std::size_t,
                                                          std::size_t);
template std::unique_ptr<Optimizer<double>> make_optimizer(const OptimizerSpec&, std::size_t,
                                                           std::size_t);

OptimizerSpec default_optimizer(std::string_view type) {
  OptimizerSpec spec;
  spec.type = type;
  if (type == "sgd" || type == "exponentiated-gradient") {
    spec.rate = 0.1;
  } else if (type == "momentum" || type == "nesterov") {
    spec.rate = 0.01;
  } else if (type == "rmsprop" || type == "adam") {
    spec.rate = 0.001;
  } else if (type == "adadelta") {
    spec.rate = 1;
    spec.decay = 0.95;
    spec.epsilon = 1e-7;
  } else {
    unknown(type);
  }
  return spec;
}

const std::vector<std::string>& optimizer_types() {
  static const std::vector<std::string> types = {
      "sgd", "momentum", "nesterov", "rmsprop", "adam", "adadelta", "exponentiated-gradient"};
  return types;
}

}  // namespace deltaw
