// SPDX-License-Identifier: Apache-2.0
// Units with gates that read an image step by step, and answer with their last state. One instance
// an Activity; one thread at a time.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/matrix.hpp"
#include "network/block_product.hpp"
#include "network/sequence.hpp"

namespace deltaw {

// Of u units, with x the inputs of a step, h' and c' their state after the step before, 0 before
// the first, and * unit by unit:
//   gru   r = sigmoid(W_r x + U_r h' + b_r)     Cho et al. 2014, arXiv:1406.1078, with the reset
//         z = sigmoid(W_z x + U_z h' + b_z)     gate behind the product, as in Keras 2 with
//         m = U_m h' + b_m                      reset_after (its default since TensorFlow 2),
//         n = tanh(W_n x + b_n + r * m)         PyTorch and oneDNN (lbr_gru). Keras of 2018, and
//         h = (1 - z) * n + z * h'              the paper, have U_n (r * h') in place of r * m.
//         W is n, r, z (3 u x inputs), U is r, z, m (3 u x u), b is n, r, z, m (4 u x 1).
//   lstm  i, f, o = sigmoid(W x + U h' + b)     Hochreiter and Schmidhuber 1997,
//         g = tanh(W x + U h' + b)              doi:10.1162/neco.1997.9.8.1735, with forget gates
//         c = f * c' + i * g, h = o * tanh(c)   (Gers et al. 2000, doi:10.1162/089976600300015015)
//         W, U and b are i, f, g, o (4 u x ...), as in Keras and PyTorch.
// b_r, b_z and those of the LSTM are there once; PyTorch has each twice, one with W and one with U,
// of which only the sum counts, as does Keras with reset_after.
struct GatedShape {
  enum class Kind { gru, lstm };

  Kind kind = Kind::gru;
  std::size_t units = 0;
  Sequence sequence = {};

  [[nodiscard]] bool exists() const { return units > 0; }
  // Of the potential of one step: what the biases and both products bring.
  [[nodiscard]] std::size_t step_rows() const { return 4 * units; }
  [[nodiscard]] std::size_t rows() const { return step_rows() * sequence.steps(); }
  // Rows of W, the first of a step's potential, and of U, the last.
  [[nodiscard]] std::size_t weight_rows() const { return (kind == Kind::gru ? 3 : 4) * units; }
};

template <class T>
class Gated {
 public:
  // Memory for `max_columns`.
  Gated(const GatedShape& shape, std::size_t max_columns);

  // W, U and b; b may be null.
  struct Weights {
    const T *input, *recurrent, *bias;
  };
  // From the source (units of the image x k) to the last state (u x k), by the potential (rows() x
  // k, a sample's steps one after the other), which is left as the way back needs it.
  void forward(std::size_t k, const T* source, const Weights& weights, T* potential, T* post);
  // dL/d potential from dL/d post, back through time along U or what is given in its place.
  // REQUIRES, as all below: the latest forward() had the same k.
  void vjp(std::size_t k, const T* potential, const T* grad_post, const T* recurrent,
           T* grad_potential);
  // grad_source = beta grad_source + the transposed product of grad_potential by W.
  void source_vjp(std::size_t k, const T* grad_potential, const T* input, T beta, T* grad_source);
  // delta += scale dL/dW and dL/dU.
  void input_gradient(std::size_t k, const T* source, const T* grad_potential, T scale, T* delta);
  void recurrent_gradient(std::size_t k, const T* grad_potential, T scale, T* delta) const;

 private:
  // The source as inputs x (steps k).
  [[nodiscard]] const T* steps_of(std::size_t k, const T* source) const;
  void step(std::size_t t, std::size_t k, T* potential, T* post);
  void step_back(std::size_t t, std::size_t k, const T* potential, T* grad_potential);
  // Of U within the potential of a step.
  [[nodiscard]] std::size_t first_recurrent_row() const;

  GatedShape shape_;
  std::vector<std::uint32_t> order_;  // empty where the source lies in the order of the steps
  Buffer<T> steps_;                   // the source in that order
  Buffer<T> before_;                  // h before each step: u x (steps k)
  Buffer<T> cells_, squashed_;        // of an lstm: c before each step, and tanh c after it
  Buffer<T> bias_;
  Buffer<T> carried_, cell_carried_;  // on the way back: u x k
};

extern template class Gated<float>;
extern template class Gated<double>;

}  // namespace deltaw
