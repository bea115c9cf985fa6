// SPDX-License-Identifier: Apache-2.0
// The squares of an image that the pixels of the next layer are computed from. Plain values: any
// thread.
#pragma once

#include <armadillo>
#include <cstddef>

#include "network/spec.hpp"

namespace deltaw {

// One square for each pixel of `target`; what does not fill a square at the right and lower edge is
// not looked at.
struct Patches {
  ImageSize source, target;
  std::size_t side = 1, stride = 1, padding = 0;
  bool is_planar = false;  // the source lies plane by plane

  [[nodiscard]] std::size_t size() const { return side * side * source.channels; }
  [[nodiscard]] std::size_t positions() const { return target.height * target.width; }
};

// Every square as a column: out (size() x positions() K) from the source's activity (units x K), in
// the order of the target's pixels, sample by sample. Row (v side + u) channels + c is channel c of
// the square's pixel in row v and column u, 0 outside the image. No allocation.
template <class T>
void gather_patches(const Patches& patches, const arma::Mat<T>& source, arma::Mat<T>& out);

extern template void gather_patches(const Patches&, const arma::Mat<float>&, arma::Mat<float>&);
extern template void gather_patches(const Patches&, const arma::Mat<double>&, arma::Mat<double>&);

}  // namespace deltaw
