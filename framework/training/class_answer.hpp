// SPDX-License-Identifier: Apache-2.0
// The class that a layer of spiking units answers, where its units are assigned to classes
// beforehand: as many to each, in order. Any thread.
#pragma once

#include <armadillo>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace deltaw {

// The class whose units spiked most, all together; none where two did or nothing spiked.
// REQUIRES: a multiple of `classes` counts.
template <class T>
[[nodiscard]] std::optional<std::uint32_t> class_answer(const arma::Col<T>& counts,
                                                        std::size_t classes);

// The share of columns, a sample each, that answer their label.
template <class T>
[[nodiscard]] double share_right(const arma::Mat<T>& counts, std::size_t classes,
                                 const std::vector<std::uint32_t>& labels);

}  // namespace deltaw
