// SPDX-License-Identifier: Apache-2.0
// "deltaw.network/1": what a rule of network scope may ask of a network. One service an
// instance; it reads the network and writes only the caller's matrices. The instance's thread.
#pragma once

#include <deltaw/abi.h>

#include <cstdint>
#include <string>
#include <vector>

#include "core/window.hpp"
#include "network/loss.hpp"
#include "network/network.hpp"

namespace deltaw {

template <class T>
class NetworkService {
 public:
  // `counted` are the observations on which the loss is taken; `driven` lists the connections that
  // the instance drives, in the order of its deltas. All references must outlive the service.
  NetworkService(const Network<T>& network, const Activity<T>& activity, const Loss<T>& loss,
                 const Buffer<T>& target, const Window& counted,
                 const std::vector<std::size_t>& driven);
  NetworkService(const NetworkService&) = delete;
  NetworkService& operator=(const NetworkService&) = delete;

  [[nodiscard]] const deltaw_network* table() const { return &table_; }
  // Asked for so far: one a weight and observation, or step.
  [[nodiscard]] std::uint64_t multiply_adds() const { return multiply_adds_; }
  // The connection of which the rule last wanted what only plain weights have, or that may be
  // taken for such, "" if none since forget_refused().
  [[nodiscard]] const std::string& refused() const { return refused_; }
  void forget_refused() { refused_.clear(); }

 private:
  struct Calls;  // the C functions of the table

  const Network<T>& network_;
  const Activity<T>& activity_;
  const Loss<T>& loss_;
  const Buffer<T>& target_;
  const Window& counted_;
  std::vector<std::int64_t> delta_of_;  // by connection, -1 where another instance drives it
  std::vector<Buffer<T>> derivatives_, errors_;  // by layer, made when first asked for
  std::uint64_t multiply_adds_ = 0;
  std::string refused_;
  deltaw_network table_{};
};

extern template class NetworkService<float>;
extern template class NetworkService<double>;

}  // namespace deltaw
