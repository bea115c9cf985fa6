// SPDX-License-Identifier: Apache-2.0
// Saving and restoring what a rule carries between updates. A rule with memory declares
//   template <class Archive> void state(Archive& archive) { archive(trace_, count_); }
#pragma once

#include <deltaw/abi.h>

#include <armadillo>
#include <deltaw/guard.hpp>
#include <stdexcept>
#include <type_traits>

namespace deltaw {

class StateSaver {
 public:
  using Write = deltaw_status (*)(void*, const void*, std::uint64_t);
  StateSaver(Write write, void* ctx) : write_(write), ctx_(ctx) {}

  template <class... Values>
  void operator()(const Values&... values) {
    (put(values), ...);
  }

 private:
  template <class T>
  void put(const arma::Mat<T>& m) {
    put(std::uint64_t{m.n_rows});
    put(std::uint64_t{m.n_cols});
    bytes(m.memptr(), m.n_elem * sizeof(T));
  }
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  void put(const T& value) {
    bytes(&value, sizeof value);
  }
  void bytes(const void* data, std::uint64_t n) {
    detail::require(write_(ctx_, data, n), "state.write");
  }

  Write write_;
  void* ctx_;
};

class StateLoader {
 public:
  using Read = deltaw_status (*)(void*, void*, std::uint64_t);
  StateLoader(Read read, void* ctx) : read_(read), ctx_(ctx) {}

  template <class... Values>
  void operator()(Values&... values) {
    (take(values), ...);
  }

 private:
  template <class T>
  void take(arma::Mat<T>& m) {
    std::uint64_t rows = 0, cols = 0;
    take(rows);
    take(cols);
    if (rows != m.n_rows || cols != m.n_cols) {
      throw std::invalid_argument("saved state has another shape than this instance");
    }
    bytes(m.memptr(), m.n_elem * sizeof(T));
  }
  template <class T, std::enable_if_t<std::is_arithmetic_v<T>, int> = 0>
  void take(T& value) {
    bytes(&value, sizeof value);
  }
  void bytes(void* data, std::uint64_t n) { detail::require(read_(ctx_, data, n), "state.read"); }

  Read read_;
  void* ctx_;
};

}  // namespace deltaw
