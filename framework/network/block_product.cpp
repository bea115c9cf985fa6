// SPDX-License-Identifier: Apache-2.0
// oneDNN's matrices are row-major: it is given the transposed product.
#include "network/block_product.hpp"

#include <oneapi/dnnl/dnnl.h>

#include "core/error.hpp"
#include "network/one_dnn.hpp"

namespace deltaw {

void multiply(Op op_a, Op op_b, std::size_t m, std::size_t n, std::size_t k, float alpha,
              Block<const float> a, Block<const float> b, float beta, Block<float> c) {
  const auto flag = [](Op op) { return op == Op::none ? 'N' : 'T'; };
  const auto length = [](std::size_t x) { return static_cast<dnnl_dim_t>(x); };
  one_dnn::stay_on_this_thread();
  const dnnl_status_t status =
      dnnl_sgemm(flag(op_b), flag(op_a), length(n), length(m), length(k), alpha, b.data,
                 length(b.step), a.data, length(a.step), beta, c.data, length(c.step));
  if (status != dnnl_success) throw Error(Code::E001, "a product of oneDNN failed");
}

void multiply(Op op_a, Op op_b, std::size_t m, std::size_t n, std::size_t k, double alpha,
              Block<const double> a, Block<const double> b, double beta, Block<double> c) {
  const auto flag = [](Op op) { return op == Op::none ? CblasNoTrans : CblasTrans; };
  const auto length = [](std::size_t x) { return static_cast<blasint>(x); };
  cblas_dgemm(CblasColMajor, flag(op_a), flag(op_b), length(m), length(n), length(k), alpha, a.data,
              length(a.step), b.data, length(b.step), beta, c.data, length(c.step));
}

}  // namespace deltaw
