// SPDX-License-Identifier: Apache-2.0
// Loops of our own: oneDNN 2.6 takes ten times as long for images of six channels, pixel by pixel.
#include "network/max_pool.hpp"

#include <algorithm>

namespace deltaw {
namespace {

// One pixel of a square beside the largest so far of each channel, which lie `step` apart in the
// source. Written so that the compiler vectorises it where they are neighbours.
template <class T>
void compare(const T* __restrict source, std::uint32_t first, std::uint32_t step,
             std::uint32_t channels, T* __restrict best, std::uint32_t* __restrict largest) {
  for (std::uint32_t c = 0; c < channels; ++c) {
    const T x = source[c * step], old = best[c];
    const std::uint32_t mask = x > old ? ~std::uint32_t{0} : 0;
    best[c] = old < x ? x : old;
    largest[c] = (mask & (first + c * step)) | (~mask & largest[c]);
  }
}

}  // namespace

template <class T>
MaxPool<T>::MaxPool(const Patches& patches, std::size_t max_columns)
    : patches_(patches), largest_(patches.target.units() * max_columns) {}

template <class T>
void MaxPool<T>::pool(const T* image, T* target, std::uint32_t* largest) const {
  const auto& [height, width, channels] = patches_.source;
  const std::size_t pixel = patches_.is_planar ? 1 : channels;
  const std::size_t step = patches_.is_planar ? height * width : 1;
  const auto count = static_cast<std::uint32_t>(channels);
  for (std::size_t place = 0; place < patches_.positions(); ++place) {
    const std::size_t top = place / patches_.target.width * patches_.stride;
    const std::size_t left = place % patches_.target.width * patches_.stride;
    const std::size_t corner = (top * width + left) * pixel;
    for (std::size_t c = 0; c < channels; ++c) {
      target[c] = image[corner + c * step];
      largest[c] = static_cast<std::uint32_t>(corner + c * step);
    }
    for (std::size_t v = 0; v < patches_.side; ++v) {
      for (std::size_t u = v == 0 ? 1 : 0; u < patches_.side; ++u) {
        const std::size_t at = corner + (v * width + u) * pixel;
        const auto first = static_cast<std::uint32_t>(at);
        if (step == 1) {
          compare(image + at, first, 1, count, target, largest);
        } else {
          compare(image + at, first, static_cast<std::uint32_t>(step), count, target, largest);
        }
      }
    }
    target += channels;
    largest += channels;
  }
}

template <class T>
void MaxPool<T>::forward(std::size_t k, const T* source, T* target) {
  const std::size_t below = patches_.source.units(), above = patches_.target.units();
  for (std::size_t i = 0; i < k; ++i) {
    pool(source + i * below, target + i * above, largest_.data() + i * above);
  }
}

template <class T>
void MaxPool<T>::vjp(std::size_t k, const T* grad_target, T beta, T* grad_source) const {
  const std::size_t below = patches_.source.units(), above = patches_.target.units();
  if (beta == 0) {
    std::fill_n(grad_source, below * k, T(0));
  } else {
    for (std::size_t i = 0; i < below * k; ++i) grad_source[i] *= beta;
  }
  const std::uint32_t* largest = largest_.data();
  for (std::size_t i = 0; i < k; ++i, grad_source += below) {
    for (std::size_t unit = 0; unit < above; ++unit) grad_source[*largest++] += *grad_target++;
  }
}

template class MaxPool<float>;
template class MaxPool<double>;

}  // namespace deltaw
