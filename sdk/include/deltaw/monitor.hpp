// SPDX-License-Identifier: Apache-2.0
// What reports may show of a rule's memory. A rule that has something to show declares
//   void monitor(deltaw::Monitor& monitor) const { monitor.show("theta", theta_); }
// with the same names in the same order each time. Used by the instance's thread.
#pragma once

#include <deltaw/abi.h>

#include <cstdint>
#include <deltaw/view.hpp>

namespace deltaw {

// Counts what is shown, and keeps the wanted one of it.
class Monitor {
 public:
  static constexpr std::uint32_t k_none = UINT32_MAX;
  explicit Monitor(std::uint32_t wanted = k_none) : wanted_(wanted) {}

  // `name` must live as long as the rule, `values` (float, double or uint32) be a member of it.
  template <class T>
  void show(const char* name, const arma::Mat<T>& values) {
    if (count_++ != wanted_) return;
    name_ = name;
    values_ = matrix_of(values, DELTAW_READONLY);
  }

  [[nodiscard]] std::uint32_t count() const { return count_; }
  [[nodiscard]] const char* name() const { return name_; }  // null when there is no such
  [[nodiscard]] const deltaw_matrix& values() const { return values_; }

 private:
  std::uint32_t wanted_, count_ = 0;
  const char* name_ = nullptr;
  deltaw_matrix values_{};
};

}  // namespace deltaw
