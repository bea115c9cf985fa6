// SPDX-License-Identifier: Apache-2.0
// What layers that oneDNN computes need of it: an engine, and primitives with the memory that they
// read and write. Internal to network/. A Pass belongs to one thread at a time.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <oneapi/dnnl/dnnl.hpp>
#include <optional>
#include <unordered_map>
#include <utility>
#include <vector>

#include "network/patches.hpp"

namespace deltaw::one_dnn {

using Tag = dnnl::memory::format_tag;

// Keeps oneDNN on the calling thread: runs are parallel, each with one, and the bits of a run may
// not depend on how many there are.
void stay_on_this_thread();

[[nodiscard]] const dnnl::engine& engine();

// The primitive descriptor of oneDNN 2 (a descriptor first) or 3.
template <class Primitive, class... Arguments>
[[nodiscard]] typename Primitive::primitive_desc describe(const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine(), arguments...);
#else
  return typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine());
#endif
}
// The same of a backward pass, which takes its hints from the forward one.
template <class Primitive, class Forward, class... Arguments>
[[nodiscard]] typename Primitive::primitive_desc describe_backward(const Forward& forward,
                                                                   const Arguments&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return typename Primitive::primitive_desc(engine(), arguments..., forward);
#else
  return
      typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine(), forward);
#endif
}

// `count` images, pixel by pixel or plane by plane.
[[nodiscard]] dnnl::memory::desc images(const ImageSize& size, std::size_t count,
                                        bool is_planar = false);
// The same in whatever order the primitive likes best.
[[nodiscard]] dnnl::memory::desc any_order(const dnnl::memory::desc& of);

// A primitive and its operands. Where it wants one in another order than ours, it is copied.
class Pass {
 public:
  explicit Pass(dnnl::primitive primitive) : primitive_(std::move(primitive)) {}

  // `ours` is how the memory given to run() lies, `theirs` what the primitive wants.
  void reads(int argument, const dnnl::memory::desc& ours, const dnnl::memory::desc& theirs);
  void writes(int argument, const dnnl::memory::desc& ours, const dnnl::memory::desc& theirs);
  // With the memory of each operand, in the order in which they were named.
  void run(std::initializer_list<void*> operands);

 private:
  struct Operand {
    dnnl::memory ours;
    std::optional<dnnl::memory> copy;
    std::optional<dnnl::reorder> reorder;
    std::size_t place;  // of the copy, in bytes
    bool is_read;
  };
  void add(int argument, const dnnl::memory::desc& ours, const dnnl::memory::desc& theirs,
           bool is_read);

  dnnl::primitive primitive_;
  std::vector<Operand> operands_;
  std::size_t copied_ = 0;  // bytes of all copies
  std::unordered_map<int, dnnl::memory> arguments_;
};

[[nodiscard]] inline void* pointer(const void* data) { return const_cast<void*>(data); }

}  // namespace deltaw::one_dnn
