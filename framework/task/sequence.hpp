// SPDX-License-Identifier: Apache-2.0
// A data set taken apart into contexts that are learnt one after another: what each holds, and
// which outputs answer for it. Pure functions; Contexts is immutable once made: any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "core/window.hpp"
#include "task/spec.hpp"
#include "task/split.hpp"

namespace deltaw {

// How many outputs a network needs for the sequence. Errors: E503 unknown type or scenario; E404
// where the contexts do not divide the classes.
[[nodiscard]] std::size_t outputs_of(const SequenceSpec& spec, std::size_t classes);

// The contexts of a split. Each takes of every part of the split, in their order, the samples of
// its classes (split; in their order, or in one drawn by the seed), or all with their features
// permuted (permuted: context 0 as they are, each other by a permutation drawn by (seed, context)).
// Samples, labels and targets are copied when asked for, so that a long sequence takes no more
// memory than one context.
template <class T>
class Contexts {
 public:
  // `data` must outlive this. Errors: those of outputs_of(); E404 for a context without training or
  // test samples.
  Contexts(const Split<T>& data, const TaskSpec& task, std::uint64_t seed);

  [[nodiscard]] std::size_t size() const { return spec_.contexts; }
  // The outputs that answer for a context: its own head in the scenario "task", else all.
  [[nodiscard]] Window outputs(std::size_t context) const;
  // Targets are outputs x samples, 0 for outputs that do not answer; labels are the right outputs.
  [[nodiscard]] Partition<T> train(std::size_t context) const { return part(data_.train, context); }
  [[nodiscard]] Partition<T> validation(std::size_t context) const {
    return part(data_.validation, context);
  }
  [[nodiscard]] Partition<T> test(std::size_t context) const { return part(data_.test, context); }
  // Feature f of a context's sample shows feature permutation(context)[f] of the data; empty where
  // they are as they are.
  [[nodiscard]] const std::vector<std::size_t>& permutation(std::size_t context) const {
    return permutations_[context];
  }

 private:
  [[nodiscard]] Partition<T> part(const Partition<T>& whole, std::size_t context) const;
  [[nodiscard]] bool holds(std::size_t context, std::uint32_t label) const;
  [[nodiscard]] std::uint32_t output_of(std::size_t context, std::uint32_t label) const;
  void check_parts() const;

  const Split<T>& data_;
  SequenceSpec spec_;
  T others_;  // the target of outputs that answer, but are not right
  std::size_t classes_, outputs_;
  std::vector<std::vector<std::size_t>> permutations_;
  std::vector<std::size_t> places_;  // of each class in the order in which they are dealt
};

// Both, one after the other. REQUIRES: equal features and outputs.
template <class T>
[[nodiscard]] Partition<T> joined(const Partition<T>& first, const Partition<T>& second);

extern template class Contexts<float>;
extern template class Contexts<double>;
extern template Partition<float> joined(const Partition<float>&, const Partition<float>&);
extern template Partition<double> joined(const Partition<double>&, const Partition<double>&);

}  // namespace deltaw
