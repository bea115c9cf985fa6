// SPDX-License-Identifier: Apache-2.0
// Elementwise loops that the compiler vectorises, and softmax by column.
#include "network/activation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "core/vector_math.hpp"

namespace deltaw {
namespace {

// out[i] = f(a[i]) and out[i] = f(a[i], b[i]) over whole matrices.
template <class T, class F>
void map(const arma::Mat<T>& a, arma::Mat<T>& out, F f) {
  const T* x = a.memptr();
  T* y = out.memptr();
  for (arma::uword i = 0; i < a.n_elem; ++i) y[i] = f(x[i]);
}
template <class T, class F>
void map(const arma::Mat<T>& a, const arma::Mat<T>& b, arma::Mat<T>& out, F f) {
  const T *x = a.memptr(), *z = b.memptr();
  T* y = out.memptr();
  for (arma::uword i = 0; i < a.n_elem; ++i) y[i] = f(x[i], z[i]);
}

template <class T>
void softmax(const arma::Mat<T>& potential, arma::Mat<T>& post) {
  for (arma::uword k = 0; k < potential.n_cols; ++k) {
    const T* z = potential.colptr(k);
    T* p = post.colptr(k);
    const T top = *std::max_element(z, z + potential.n_rows);
    T sum = 0;
    for (arma::uword i = 0; i < potential.n_rows; ++i) sum += p[i] = std::exp(z[i] - top);
    const T scale = 1 / sum;
    for (arma::uword i = 0; i < potential.n_rows; ++i) p[i] *= scale;
  }
}

template <class T>
void softmax_vjp(const arma::Mat<T>& post, const arma::Mat<T>& grad_post, arma::Mat<T>& out) {
  for (arma::uword k = 0; k < post.n_cols; ++k) {
    const T *p = post.colptr(k), *g = grad_post.colptr(k);
    T dot = 0;
    for (arma::uword i = 0; i < post.n_rows; ++i) dot += p[i] * g[i];
    T* y = out.colptr(k);
    for (arma::uword i = 0; i < post.n_rows; ++i) y[i] = p[i] * (g[i] - dot);
  }
}

}  // namespace

const std::vector<std::string>& activation_names() {
  static const std::vector<std::string> names = {"linear",  "relu",      "sigmoid",       "tanh",
                                                 "softmax", "threshold", "clipped-linear"};
  return names;
}

template <class T>
Activation<T>::Activation(const ActivationSpec& spec)
    : threshold_(static_cast<T>(spec.threshold)),
      offset_(static_cast<T>(spec.offset)),
      maximum_(static_cast<T>(spec.maximum)) {
  const auto& names = activation_names();
  const auto found = std::find(names.begin(), names.end(), spec.type);
  if (found == names.end()) {
    throw Error(Code::E503, fmt::format("no activation '{}'", spec.type),
                {.hint = suggest(spec.type, names)});
  }
  kind_ = static_cast<Kind>(found - names.begin());
  const std::vector<std::string> passes = {"drive", "excess", "one"};
  const auto passed = std::find(passes.begin(), passes.end(), spec.passes);
  if (passed == passes.end()) {
    throw Error(Code::E503, fmt::format("a threshold unit cannot pass '{}'", spec.passes),
                {.hint = suggest(spec.passes, passes)});
  }
  passes_ = static_cast<Passes>(passed - passes.begin());
  if (kind_ == Kind::clipped_linear && !(spec.maximum > 0)) {
    throw Error(Code::E503, "a clipped-linear unit has no room",
                {.expected = "maximum > 0", .found = fmt::format("{}", spec.maximum)});
  }
}

template <class T>
void Activation<T>::apply(const arma::Mat<T>& potential, arma::Mat<T>& post) const {
  const T theta = threshold_;
  switch (kind_) {
    case Kind::linear:
      return map(potential, post, [](T z) { return z; });
    // Written so that a NaN passes through and is noticed.
    case Kind::relu:
      return map(potential, post, [](T z) { return z < 0 ? T(0) : z; });
    case Kind::sigmoid:
      return map(potential, post, [](T z) { return 1 / (1 + std::exp(-z)); });
    case Kind::tanh:
      return tanh_of(potential.memptr(), post.memptr(), potential.n_elem);
    case Kind::softmax:
      return softmax(potential, post);
    case Kind::threshold:
      switch (passes_) {
        case Passes::drive:
          return map(potential, post, [theta](T z) { return z < theta ? T(0) : z; });
        case Passes::excess:
          return map(potential, post, [theta](T z) { return z < theta ? T(0) : z - theta; });
        case Passes::one:
          return map(potential, post, [theta](T z) { return z < theta ? T(0) : z - z + 1; });
      }
      break;
    case Kind::clipped_linear:
      return map(potential, post, [offset = offset_, top = maximum_](T z) {
        const T r = z + offset;
        return r < 0 ? T(0) : top < r ? top : r;
      });
  }
}

template <class T>
void Activation<T>::derivative(const arma::Mat<T>& potential, const arma::Mat<T>& post,
                               arma::Mat<T>& out) const {
  const T theta = threshold_;
  switch (kind_) {
    case Kind::linear:
      return map(potential, out, [](T) { return T(1); });
    case Kind::relu:
      return map(potential, out, [](T z) { return z > 0 ? T(1) : T(0); });
    case Kind::sigmoid:
    case Kind::softmax:
      return map(post, out, [](T p) { return p * (1 - p); });
    case Kind::tanh:
      return map(post, out, [](T p) { return 1 - p * p; });
    case Kind::threshold: {
      const T slope = passes_ == Passes::one ? 0 : 1;
      return map(potential, out, [theta, slope](T z) { return z < theta ? T(0) : slope; });
    }
    case Kind::clipped_linear:
      return map(post, out, [top = maximum_](T r) { return r > 0 && r < top ? T(1) : T(0); });
  }
}

template <class T>
void Activation<T>::vjp(const arma::Mat<T>& potential, const arma::Mat<T>& post,
                        const arma::Mat<T>& grad_post, arma::Mat<T>& grad_potential) const {
  const T theta = threshold_;
  switch (kind_) {
    case Kind::linear:
      return map(grad_post, grad_potential, [](T g) { return g; });
    case Kind::relu:
      return map(potential, grad_post, grad_potential, [](T z, T g) { return z > 0 ? g : T(0); });
    case Kind::sigmoid:
      return map(post, grad_post, grad_potential, [](T p, T g) { return g * p * (1 - p); });
    case Kind::tanh:
      return map(post, grad_post, grad_potential, [](T p, T g) { return g * (1 - p * p); });
    case Kind::softmax:
      return softmax_vjp(post, grad_post, grad_potential);
    case Kind::threshold: {
      const T slope = passes_ == Passes::one ? 0 : 1;
      return map(potential, grad_post, grad_potential,
                 [theta, slope](T z, T g) { return z < theta ? T(0) : slope * g; });
    }
    case Kind::clipped_linear:
      return map(post, grad_post, grad_potential,
                 [top = maximum_](T r, T g) { return r > 0 && r < top ? g : T(0); });
  }
}

template class Activation<float>;
template class Activation<double>;

}  // namespace deltaw
