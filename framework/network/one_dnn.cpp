// SPDX-License-Identifier: Apache-2.0
// Debian's oneDNN runs on GNU's OpenMP.
#include "network/one_dnn.hpp"

#include "core/matrix.hpp"

extern "C" void omp_set_num_threads(int);

namespace deltaw::one_dnn {
namespace {

using dnnl::memory;

constexpr std::size_t k_line = 64;  // bytes of a cache line: a copy begins with one

// A stream does its work before execute() returns; each thread has its own.
dnnl::stream& stream() {
  thread_local dnnl::stream the_stream(engine());
  return the_stream;
}

}  // namespace

void stay_on_this_thread() { omp_set_num_threads(1); }

const dnnl::engine& engine() {
  static const dnnl::engine the_engine(dnnl::engine::kind::cpu, 0);
  return the_engine;
}

memory::desc images(const ImageSize& size, std::size_t count, bool is_planar) {
  const auto length = [](std::size_t n) { return static_cast<memory::dim>(n); };
  return {{length(count), length(size.channels), length(size.height), length(size.width)},
          memory::data_type::f32,
          is_planar ? Tag::nchw : Tag::nhwc};
}

memory::desc any_order(const memory::desc& of) {
#if DNNL_VERSION_MAJOR >= 3
  return {of.get_dims(), of.get_data_type(), Tag::any};
#else
  return {of.dims(), of.data_type(), Tag::any};
#endif
}

void Pass::add(int argument, const memory::desc& ours, const memory::desc& theirs, bool is_read) {
  Operand operand{memory(ours, engine(), nullptr), {}, {}, 0, is_read};
  if (ours != theirs) {
    operand.copy.emplace(theirs, engine(), nullptr);
    operand.place = copied_;
    copied_ += (theirs.get_size() + k_line - 1) / k_line * k_line;
    operand.reorder.emplace(is_read ? dnnl::reorder(operand.ours, *operand.copy)
                                    : dnnl::reorder(*operand.copy, operand.ours));
  }
  arguments_[argument] = operand.copy ? *operand.copy : operand.ours;
  operands_.push_back(std::move(operand));
}

void Pass::reads(int argument, const memory::desc& ours, const memory::desc& theirs) {
  add(argument, ours, theirs, true);
}

void Pass::writes(int argument, const memory::desc& ours, const memory::desc& theirs) {
  add(argument, ours, theirs, false);
}

void Pass::run(std::initializer_list<void*> operands) {
  stay_on_this_thread();
  // Copies last no longer than this, so that all passes of a thread have one place for theirs.
  thread_local Buffer<char> copies;
  if (copies.size() < copied_) copies = Buffer<char>(copied_, 1);
  for (std::size_t i = 0; i < operands_.size(); ++i) {
    Operand& operand = operands_[i];
    operand.ours.set_data_handle(operands.begin()[i]);
    if (operand.copy) operand.copy->set_data_handle(copies.data() + operand.place);
    if (operand.reorder && operand.is_read) {
      operand.reorder->execute(stream(), operand.ours, *operand.copy);
    }
  }
  primitive_.execute(stream(), arguments_);
  for (Operand& operand : operands_) {
    if (operand.reorder && !operand.is_read) {
      operand.reorder->execute(stream(), *operand.copy, operand.ours);
    }
  }
  stream().wait();
}

}  // namespace deltaw::one_dnn
