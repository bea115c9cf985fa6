// SPDX-License-Identifier: Apache-2.0
// W takes all steps at once, and so do both gradients; U takes them one by one, all samples
// together.
#include "network/gated.hpp"

#include <algorithm>

#include "network/gates.hpp"

namespace deltaw {
namespace {

template <class T>
Block<const T> whole(const T* data, std::size_t rows) {
  return {data, rows};
}

// Steps of one sample lie side by side, those of one step far apart: no processor foresees them.
template <class T>
void fetch(const T* next, std::size_t count) {
  constexpr std::size_t line = 64 / sizeof(T);
  for (std::size_t i = 0; i < count; i += line) __builtin_prefetch(next + i);
}

bool is_in_order(const std::vector<std::uint32_t>& order) { return std::ranges::is_sorted(order); }

}  // namespace

template <class T>
Gated<T>::Gated(const GatedShape& shape, std::size_t max_columns)
    : shape_(shape), order_(order_of(shape.sequence)) {
  const std::size_t columns = shape.sequence.steps() * max_columns;
  const bool is_lstm = shape.kind == GatedShape::Kind::lstm;
  if (is_in_order(order_)) order_.clear();
  if (!order_.empty()) steps_ = Buffer<T>(shape.sequence.inputs(), columns);
  before_ = Buffer<T>(shape.units, columns);
  if (is_lstm) cells_ = Buffer<T>(shape.units, columns);
  if (is_lstm) squashed_ = Buffer<T>(shape.units, columns);
  bias_ = Buffer<T>(shape.step_rows(), 1);
  carried_ = Buffer<T>(shape.units, max_columns);
  if (is_lstm) cell_carried_ = Buffer<T>(shape.units, max_columns);
}

template <class T>
std::size_t Gated<T>::first_recurrent_row() const {
  return shape_.step_rows() - shape_.weight_rows();
}

template <class T>
const T* Gated<T>::steps_of(std::size_t k, const T* source) const {
  if (order_.empty()) return source;
  T* out = steps_.data();
  for (std::size_t sample = 0; sample < k; ++sample, source += order_.size()) {
    for (const std::uint32_t unit : order_) *out++ = source[unit];
  }
  return steps_.data();
}

template <class T>
void Gated<T>::forward(std::size_t k, const T* source, const Weights& weights, T* potential,
                       T* post) {
  const std::size_t u = shape_.units, rows = shape_.step_rows(), steps = shape_.sequence.steps();
  const std::size_t inputs = shape_.sequence.inputs(), of_w = shape_.weight_rows();
  if (weights.bias != nullptr) std::copy_n(weights.bias, rows, bias_.data());
  multiply(Op::none, Op::none, of_w, steps * k, inputs, T(1), whole(weights.input, of_w),
           whole(steps_of(k, source), inputs), T(0), Block<T>{potential, rows});
  // What U adds to is there before: of a GRU its candidate's part has nothing but a bias.
  if (of_w < rows) {
    for (std::size_t column = 0; column < steps * k; ++column) {
      std::copy_n(bias_.data() + of_w, u, potential + column * rows + of_w);
    }
  }
  const std::size_t first = first_recurrent_row();
  for (std::size_t t = 0; t < steps; ++t) {
    T* const now = potential + t * rows;
    if (t > 0) {
      multiply(Op::none, Op::none, of_w, k, u, T(1), whole(weights.recurrent, of_w),
               Block<const T>{before_.data() + t * u, steps * u}, T(1),
               Block<T>{now + first, steps * rows});
    }
    step(t, k, now, post);
  }
}

template <class T>
void Gated<T>::step(std::size_t t, std::size_t k, T* potential, T* post) {
  const std::size_t u = shape_.units, steps = shape_.sequence.steps();
  const bool is_last = t + 1 == steps;
  for (std::size_t sample = 0; sample < k; ++sample) {
    const std::size_t at = (sample * steps + t) * u;
    T* const own = potential + sample * shape_.rows();
    T* const after = is_last ? post + sample * u : before_.data() + at + u;
    if (shape_.kind == GatedShape::Kind::gru) {
      gru_forward(u, own, bias_.data(), before_.data() + at, after);
    } else {
      // The last state of a cell is asked for by nobody.
      T* const cell = is_last ? cell_carried_.data() : cells_.data() + at + u;
      lstm_forward(u, own, bias_.data(), cells_.data() + at, cell, squashed_.data() + at, after);
    }
  }
}

template <class T>
void Gated<T>::vjp(std::size_t k, const T* potential, const T* grad_post, const T* recurrent,
                   T* grad_potential) {
  const std::size_t u = shape_.units, rows = shape_.step_rows(), steps = shape_.sequence.steps();
  const std::size_t of_u = shape_.weight_rows(), first = first_recurrent_row();
  const bool is_gru = shape_.kind == GatedShape::Kind::gru;
  std::copy_n(grad_post, u * k, carried_.data());
  cell_carried_.zero();
  for (std::size_t t = steps; t-- > 0;) {
    step_back(t, k, potential + t * rows, grad_potential + t * rows);
    if (t == 0) return;
    multiply(Op::transpose, Op::none, u, k, of_u, T(1), whole(recurrent, of_u),
             Block<const T>{grad_potential + t * rows + first, steps * rows}, T(is_gru ? 1 : 0),
             Block<T>{carried_.data(), u});
  }
}

template <class T>
void Gated<T>::step_back(std::size_t t, std::size_t k, const T* potential, T* grad_potential) {
  const std::size_t u = shape_.units, steps = shape_.sequence.steps();
  for (std::size_t sample = 0; sample < k; ++sample) {
    const std::size_t at = (sample * steps + t) * u, of_sample = sample * shape_.rows();
    T* const carried = carried_.data() + sample * u;
    if (sample + 1 < k) {
      fetch(potential + of_sample + shape_.rows(), shape_.step_rows());
      fetch(grad_potential + of_sample + shape_.rows(), shape_.step_rows());
    }
    if (shape_.kind == GatedShape::Kind::gru) {
      gru_backward(u, potential + of_sample, before_.data() + at, carried,
                   grad_potential + of_sample);
    } else {
      lstm_backward(u, potential + of_sample, cells_.data() + at, squashed_.data() + at, carried,
                    cell_carried_.data() + sample * u, grad_potential + of_sample);
    }
  }
}

template <class T>
void Gated<T>::source_vjp(std::size_t k, const T* grad_potential, const T* input, T beta,
                          T* grad_source) {
  const std::size_t inputs = shape_.sequence.inputs(), columns = shape_.sequence.steps() * k;
  const bool is_direct = order_.empty();
  multiply(Op::transpose, Op::none, inputs, columns, shape_.weight_rows(), T(1),
           whole(input, shape_.weight_rows()), Block<const T>{grad_potential, shape_.step_rows()},
           is_direct ? beta : T(0), Block<T>{is_direct ? grad_source : steps_.data(), inputs});
  if (is_direct) return;
  const T* given = steps_.data();
  for (std::size_t sample = 0; sample < k; ++sample, grad_source += order_.size()) {
    for (const std::uint32_t unit : order_) {
      T& out = grad_source[unit];
      out = beta == 0 ? *given++ : beta * out + *given++;
    }
  }
}

template <class T>
void Gated<T>::input_gradient(std::size_t k, const T* source, const T* grad_potential, T scale,
                              T* delta) {
  const std::size_t inputs = shape_.sequence.inputs(), rows = shape_.weight_rows();
  multiply(Op::none, Op::transpose, rows, inputs, shape_.sequence.steps() * k, scale,
           Block<const T>{grad_potential, shape_.step_rows()}, whole(steps_of(k, source), inputs),
           T(1), Block<T>{delta, rows});
}

template <class T>
void Gated<T>::recurrent_gradient(std::size_t k, const T* grad_potential, T scale, T* delta) const {
  const std::size_t rows = shape_.weight_rows();
  multiply(Op::none, Op::transpose, rows, shape_.units, shape_.sequence.steps() * k, scale,
           Block<const T>{grad_potential + first_recurrent_row(), shape_.step_rows()},
           whole<T>(before_.data(), shape_.units), T(1), Block<T>{delta, rows});
}

template class Gated<float>;
template class Gated<double>;

}  // namespace deltaw
