// SPDX-License-Identifier: Apache-2.0
// A copy of each pixel, where there is one.
#include "network/patches.hpp"

#include <algorithm>

namespace deltaw {
namespace {

// All channels of one pixel, which lie `step` apart.
template <class T>
void copy_pixel(const T* from, std::size_t step, std::size_t channels, T* to) {
  if (step == 1) {
    std::copy_n(from, channels, to);
  } else {
    for (std::size_t c = 0; c < channels; ++c) to[c] = from[c * step];
  }
}

}  // namespace

template <class T>
void gather_patches(const Patches& patches, const arma::Mat<T>& source, arma::Mat<T>& out) {
  const auto& [height, width, channels] = patches.source;
  const std::size_t pixel = patches.is_planar ? 1 : channels;
  const std::size_t plane = patches.is_planar ? height * width : 1;
  arma::uword column = 0;
  for (arma::uword k = 0; k < source.n_cols; ++k) {
    const T* image = source.colptr(k);
    for (std::size_t place = 0; place < patches.positions(); ++place) {
      const std::size_t top = place / patches.target.width * patches.stride;
      const std::size_t left = place % patches.target.width * patches.stride;
      T* to = out.colptr(column++);
      for (std::size_t v = 0; v < patches.side; ++v) {
        for (std::size_t u = 0; u < patches.side; ++u, to += channels) {
          // Before the image these wrap around to numbers beyond it.
          const std::size_t y = top + v - patches.padding, x = left + u - patches.padding;
          if (y >= height || x >= width) {
            std::fill_n(to, channels, T(0));
          } else {
            copy_pixel(image + (y * width + x) * pixel, plane, channels, to);
          }
        }
      }
    }
  }
}

template void gather_patches(const Patches&, const arma::Mat<float>&, arma::Mat<float>&);
template void gather_patches(const Patches&, const arma::Mat<double>&, arma::Mat<double>&);

}  // namespace deltaw
