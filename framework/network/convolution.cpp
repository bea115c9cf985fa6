// SPDX-License-Identifier: Apache-2.0
// Descriptors of three passes, and where their operands lie.
#include "network/convolution.hpp"

#include <map>
#include <type_traits>

#include "core/error.hpp"
#include "core/matrix.hpp"
#include "network/one_dnn.hpp"

namespace deltaw {
namespace {

using dnnl::memory;
using one_dnn::Pass;
using one_dnn::pointer;
using Forward = dnnl::convolution_forward;
using BackwardData = dnnl::convolution_backward_data;
using BackwardWeights = dnnl::convolution_backward_weights;

constexpr auto k_direct = dnnl::algorithm::convolution_direct;

// oneDNN's own order has blocks of channels and pays where they are full; with few channels its
// kernels for ours are faster.
memory::desc order_of(const memory::desc& images, const Patches& patches,
                      const memory::desc& by_pixel) {
  constexpr std::size_t block = 8;
  const bool is_full = patches.source.channels % block == 0 && patches.target.channels % block == 0;
  return is_full ? one_dnn::any_order(images) : by_pixel;
}

// How all operands lie, for so many images.
struct Layout {
  Layout(const Patches& patches, std::size_t k)
      : source(one_dnn::images(patches.source, k, patches.is_planar)),
        target(one_dnn::images(patches.target, k)),
        // Ours is column-major: filters side by side, then channels, then the kernel's pixels.
        weights({length(patches.target.channels), length(patches.source.channels),
                 length(patches.side), length(patches.side)},
                memory::data_type::f32, one_dnn::Tag::hwio),
        bias({length(patches.target.channels)}, memory::data_type::f32, one_dnn::Tag::a),
        stride{length(patches.stride), length(patches.stride)},
        padding{length(patches.padding), length(patches.padding)} {}

  static memory::dim length(std::size_t n) { return static_cast<memory::dim>(n); }

  memory::desc source, target, weights, bias;
  memory::dims stride, padding;
};

}  // namespace

template <class T>
struct Convolution<T>::Passes {
  Passes(const Patches& patches, std::size_t k)
      : at(patches, k),
        free{order_of(at.source, patches, one_dnn::images(patches.source, k)),
             order_of(at.target, patches, at.target), one_dnn::any_order(at.weights)},
        description(one_dnn::describe<Forward>(dnnl::prop_kind::forward_training, k_direct,
                                               free.source, free.weights, at.bias, free.target,
                                               at.stride, at.padding, at.padding)),
        forward(Forward(description)) {
    forward.reads(DNNL_ARG_SRC, at.source, description.src_desc());
    forward.reads(DNNL_ARG_WEIGHTS, at.weights, description.weights_desc());
    forward.reads(DNNL_ARG_BIAS, at.bias, at.bias);
    forward.writes(DNNL_ARG_DST, at.target, description.dst_desc());
  }

  // The first layer needs none.
  Pass& backward_data() {
    if (data) return *data;
    const auto d =
        one_dnn::describe_backward<BackwardData>(description, k_direct, free.source, free.weights,
                                                 free.target, at.stride, at.padding, at.padding);
    data.emplace(BackwardData(d));
    data->reads(DNNL_ARG_DIFF_DST, at.target, d.diff_dst_desc());
    data->reads(DNNL_ARG_WEIGHTS, at.weights, d.weights_desc());
    data->writes(DNNL_ARG_DIFF_SRC, at.source, d.diff_src_desc());
    return *data;
  }
  // A forward pass alone needs none.
  Pass& backward_weights() {
    if (weights) return *weights;
    const auto d = one_dnn::describe_backward<BackwardWeights>(description, k_direct, free.source,
                                                               free.weights, free.target, at.stride,
                                                               at.padding, at.padding);
    weights.emplace(BackwardWeights(d));
    weights->reads(DNNL_ARG_SRC, at.source, d.src_desc());
    weights->reads(DNNL_ARG_DIFF_DST, at.target, d.diff_dst_desc());
    weights->writes(DNNL_ARG_DIFF_WEIGHTS, at.weights, d.diff_weights_desc());
    return *weights;
  }

  Layout at;
  struct {
    memory::desc source, target, weights;
  } free;
  Forward::primitive_desc description;
  Pass forward;
  std::optional<Pass> data, weights;
};

template <class T>
struct Convolution<T>::Cache {
  // By width of the block, made when it first comes: all batches but the last of an epoch have one.
  std::map<std::size_t, Passes> passes;
  Buffer<T> no_bias, grad_weights, grad_source;

  Passes& at(std::size_t k, const Patches& patches) {
    const auto found = passes.find(k);
    if (found != passes.end()) return found->second;
    one_dnn::stay_on_this_thread();
    return passes.try_emplace(k, patches, k).first->second;
  }
};

template <class T>
Convolution<T>::Convolution(const Patches& patches)
    : patches_(patches), cache_(std::make_unique<Cache>()) {
  if (!std::is_same_v<T, float>) {
    throw Error(Code::E519, "convolution is not there in double precision",
                {.expected = "\"precision\": \"float32\"",
                 .found = "float64",
                 .hint = "float32, or dense layers"});
  }
  cache_->no_bias = Buffer<T>(patches.target.channels, 1);
  cache_->grad_weights = Buffer<T>(patches.target.channels, patches.size());
}

template <class T>
Convolution<T>::Convolution(Convolution&&) noexcept = default;
template <class T>
Convolution<T>& Convolution<T>::operator=(Convolution&&) noexcept = default;
template <class T>
Convolution<T>::~Convolution() = default;

template <class T>
void Convolution<T>::forward(std::size_t k, const T* source, const T* weights, const T* bias,
                             T* potential) {
  const T* shift = bias != nullptr ? bias : cache_->no_bias.data();
  cache_->at(k, patches_)
      .forward.run({pointer(source), pointer(weights), pointer(shift), potential});
}

template <class T>
void Convolution<T>::vjp(std::size_t k, const T* grad_potential, const T* weights, T beta,
                         T* grad_source) {
  Pass& pass = cache_->at(k, patches_).backward_data();
  if (beta == 0) return pass.run({pointer(grad_potential), pointer(weights), grad_source});
  const std::size_t n = patches_.source.units() * k;
  Buffer<T>& fresh = cache_->grad_source;
  if (fresh.size() < n) fresh = Buffer<T>(n, 1);
  pass.run({pointer(grad_potential), pointer(weights), fresh.data()});
  const T* added = fresh.data();
  for (std::size_t i = 0; i < n; ++i) grad_source[i] = beta * grad_source[i] + added[i];
}

template <class T>
void Convolution<T>::gradient(std::size_t k, const T* source, const T* grad_potential, T scale,
                              T* delta) {
  Buffer<T>& fresh = cache_->grad_weights;
  Pass& pass = cache_->at(k, patches_).backward_weights();
  pass.run({pointer(source), pointer(grad_potential), fresh.data()});
  const T* gradient = fresh.data();
  for (std::size_t i = 0; i < fresh.size(); ++i) delta[i] += scale * gradient[i];
}

template class Convolution<float>;
template class Convolution<double>;

}  // namespace deltaw
