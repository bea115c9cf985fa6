// SPDX-License-Identifier: Apache-2.0
// Spikes on their way to synapses with delays of their own. One instance, one thread.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <deltaw/trace.hpp>
#include <utility>
#include <vector>

namespace deltaw::detail {

inline constexpr arma::u8 k_no_synapse = 255;

// The departures of every input that may still matter somewhere, with the input's traces just
// before and after each. A synapse sees them shifted by its delay. Memory grows with the most
// departures that one input has within the longest delay.
template <class T>
class Departures {
 public:
  using Values = TraceValues<T>;
  struct Entry {
    std::int64_t step = k_never;
    Values before{}, after{};
  };

  // No delay is longer than `longest` steps.
  void begin(arma::uword inputs, std::int64_t longest) {
    longest_ = longest;
    if (newest_.size() == inputs) return;
    newest_.assign(inputs, 0);
    entries_.assign(inputs * depth_, {});
  }

  void add(std::uint32_t input, const Entry& departure) {
    // The oldest goes, unless some synapse may still have it as its last arrival.
    if (back(input, depth_ - 2).step > departure.step - longest_) grow();
    ++newest_[input];
    entries_[place(input, 0)] = departure;
  }

  // The k-th of an input, from the newest on; those that never were have step k_never.
  [[nodiscard]] const Entry& back(std::uint32_t input, std::uint32_t k) const {
    return entries_[place(input, k)];
  }
  // The last one at or before a step, which is not earlier than the longest delay ago.
  [[nodiscard]] const Entry& last(std::uint32_t input, std::int64_t step) const {
    std::uint32_t k = 0;
    while (back(input, k).step > step) ++k;
    return back(input, k);
  }

  template <class Archive>
  void state(Archive& archive) {
    std::uint64_t inputs = newest_.size();
    archive(inputs, depth_);
    newest_.resize(inputs);
    entries_.resize(inputs * depth_);
    for (std::uint32_t& count : newest_) archive(count);
    for (Entry& e : entries_) {
      archive(e.step, e.before[0], e.before[1], e.after[0], e.after[1]);
    }
  }

 private:
  [[nodiscard]] std::size_t place(std::uint32_t input, std::uint32_t k) const {
    return std::size_t{input} * depth_ + ((newest_[input] - k) & (depth_ - 1));
  }
  void grow() {
    Departures wider;
    wider.depth_ = 2 * depth_;
    wider.begin(newest_.size(), longest_);
    for (std::uint32_t input = 0; input < newest_.size(); ++input) {
      wider.newest_[input] = depth_ - 1;
      for (std::uint32_t k = 0; k < depth_; ++k) {
        wider.entries_[wider.place(input, k)] = back(input, k);
      }
    }
    *this = std::move(wider);
  }

  std::int64_t longest_ = 0;
  std::uint32_t depth_ = 4;  // a power of two
  std::vector<std::uint32_t> newest_;
  std::vector<Entry> entries_;  // depth_ of each input, as a ring
};

// Arrivals to come at synapses whose target's traces are alive, by their step. Memory grows with
// the most that are due in one step.
template <class T>
class Arrivals {
 public:
  struct Arrival {
    std::uint32_t target, input;
    TraceValues<T> before;  // the input's traces just before
  };

  void begin(std::int64_t longest) {
    if (due_.empty()) due_.resize(static_cast<std::size_t>(longest) + 1);
  }

  // For a step that is at most the longest delay and one after the last one worked off.
  void add(std::int64_t step, const Arrival& arrival) { at(step).push_back(arrival); }

  // f(step, arrival) for all after `done` up to `step`, in order of time.
  template <class F>
  void work_off(std::int64_t done, std::int64_t step, F f) {
    const auto slots = static_cast<std::int64_t>(due_.size());
    for (std::int64_t now = done + 1; now <= std::min(step, done + slots); ++now) {
      for (const Arrival& arrival : at(now)) f(now, arrival);
      at(now).clear();
    }
  }

  template <class Archive>
  void state(Archive& archive) {
    std::uint64_t slots = due_.size();
    archive(slots);
    due_.resize(slots);
    for (auto& list : due_) {
      std::uint64_t count = list.size();
      archive(count);
      list.resize(count);
      for (Arrival& a : list) archive(a.target, a.input, a.before[0], a.before[1]);
    }
  }

 private:
  std::vector<Arrival>& at(std::int64_t step) {
    return due_[static_cast<std::size_t>(step) % due_.size()];
  }

  std::vector<std::vector<Arrival>> due_;  // ring by step
};

}  // namespace deltaw::detail
