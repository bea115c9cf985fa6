// SPDX-License-Identifier: Apache-2.0
// Which samples, which features, which outputs.
#include "task/sequence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <string>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "core/random.hpp"

namespace deltaw {

std::size_t outputs_of(const SequenceSpec& spec, std::size_t classes) {
  if (spec.type != "split" && spec.type != "permuted") {
    throw Error(Code::E503, fmt::format("unknown sequence '{}'", spec.type),
                {.hint = suggest(spec.type, {"split", "permuted"})});
  }
  const bool is_domain = spec.scenario == "domain";
  if (!is_domain && spec.scenario != "class" && spec.scenario != "task") {
    throw Error(Code::E503, fmt::format("unknown scenario '{}'", spec.scenario),
                {.hint = suggest(spec.scenario, {"class", "domain", "task"})});
  }
  if (spec.type == "permuted") return is_domain ? classes : classes * spec.contexts;
  if (classes % spec.contexts != 0 || classes / spec.contexts < 2) {
    throw Error(
        Code::E404, "the contexts do not divide the classes",
        {.expected = fmt::format("equal parts of the {} classes, at least 2 in each", classes),
         .found = fmt::format("{} contexts", spec.contexts),
         .hint = "another number of \"contexts\", or \"type\": \"permuted\""});
  }
  return is_domain ? classes / spec.contexts : classes;
}

template <class T>
Contexts<T>::Contexts(const Split<T>& data, const TaskSpec& task, std::uint64_t seed)
    : data_(data),
      spec_(task.sequence.value()),
      others_(task.targets == "signed" ? T(-1) : T(0)),
      classes_(data.train.targets.n_rows),
      outputs_(outputs_of(spec_, classes_)),
      permutations_(spec_.contexts),
      places_(classes_) {
  std::iota(places_.begin(), places_.end(), 0);
  if (spec_.is_order_drawn) places_ = Random(seed, "classes", 0).permutation(classes_);
  if (spec_.type == "permuted") {
    for (std::size_t context = 1; context < spec_.contexts; ++context) {
      Random random(seed, "context", context);
      permutations_[context] = random.permutation(data.train.inputs.n_rows);
    }
  }
  check_parts();
}

template <class T>
void Contexts<T>::check_parts() const {
  for (std::size_t context = 0; context < spec_.contexts; ++context) {
    const auto is_empty = [&](const Partition<T>& whole) {
      return std::ranges::none_of(whole.labels, [&](auto label) { return holds(context, label); });
    };
    const bool lacks_training = is_empty(data_.train);
    if (!lacks_training && !is_empty(data_.test)) continue;
    throw Error(Code::E404,
                fmt::format("context {} has no {} samples", context + 1,
                            lacks_training ? "training" : "test"),
                {.expected = "both: accuracies of a sequence are those of its test part",
                 .hint = "a \"split\" with a test part, or larger limits"});
  }
}

template <class T>
Window Contexts<T>::outputs(std::size_t context) const {
  if (spec_.scenario != "task") return {0, outputs_};
  const std::size_t each = outputs_ / spec_.contexts;
  return {context * each, (context + 1) * each};
}

template <class T>
bool Contexts<T>::holds(std::size_t context, std::uint32_t label) const {
  return spec_.type == "permuted" || places_[label] / (classes_ / spec_.contexts) == context;
}

template <class T>
std::uint32_t Contexts<T>::output_of(std::size_t context, std::uint32_t label) const {
  const auto place = static_cast<std::uint32_t>(places_[label]);
  if (spec_.scenario == "domain") return place % static_cast<std::uint32_t>(outputs_);
  if (spec_.type == "split") return place;
  return place + static_cast<std::uint32_t>(context * classes_);
}

template <class T>
Partition<T> Contexts<T>::part(const Partition<T>& whole, std::size_t context) const {
  std::vector<std::size_t> samples;
  for (std::size_t k = 0; k < whole.size(); ++k) {
    if (holds(context, whole.labels[k])) samples.push_back(k);
  }
  const Window answering = outputs(context);
  const std::vector<std::size_t>& from = permutations_[context];
  Partition<T> part;
  part.inputs.set_size(whole.inputs.n_rows, samples.size());
  part.targets.zeros(outputs_, samples.size());
  part.labels.reserve(samples.size());
  for (const std::size_t sample : samples) {
    const T* in = whole.inputs.colptr(sample);
    T* out = part.inputs.colptr(part.size());
    for (std::size_t f = 0; f < whole.inputs.n_rows; ++f) out[f] = in[from.empty() ? f : from[f]];
    T* target = part.targets.colptr(part.size());
    std::fill(target + answering.first, target + answering.last, others_);
    part.labels.push_back(output_of(context, whole.labels[sample]));
    target[part.labels.back()] = 1;
  }
  return part;
}

template <class T>
Partition<T> joined(const Partition<T>& first, const Partition<T>& second) {
  Partition<T> both = {.inputs = arma::join_rows(first.inputs, second.inputs),
                       .labels = first.labels,
                       .targets = arma::join_rows(first.targets, second.targets)};
  both.labels.insert(both.labels.end(), second.labels.begin(), second.labels.end());
  return both;
}

template class Contexts<float>;
template class Contexts<double>;
template Partition<float> joined(const Partition<float>&, const Partition<float>&);
template Partition<double> joined(const Partition<double>&, const Partition<double>&);

}  // namespace deltaw
