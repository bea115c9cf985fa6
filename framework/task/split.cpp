// SPDX-License-Identifier: Apache-2.0
// Each part is written once, straight from the data set's own storage.
#include "task/split.hpp"

#include <fmt/format.h>

#include "core/error.hpp"
#include "core/nearest.hpp"
#include "task/choose.hpp"
#include "task/scaling.hpp"

namespace deltaw {
namespace {

double target_of_others(const std::string& targets) {
  if (targets == "one-hot") return 0;
  if (targets == "signed") return -1;
  throw Error(Code::E503, fmt::format("unknown targets '{}'", targets),
              {.hint = suggest(targets, {"one-hot", "signed"})});
}

template <class T>
arma::Mat<T> scaled_inputs(const Dataset& data, const std::vector<std::size_t>& chosen,
                           const Scaling& scaling) {
  arma::Mat<T> inputs(data.features, chosen.size(), arma::fill::none);
  std::visit(
      [&](const auto& values) {
        T* out = inputs.memptr();
        for (const std::size_t sample : chosen) {
          const auto* column = values.data() + sample * data.features;
          for (std::size_t f = 0; f < data.features; ++f) {
            const double shifted = static_cast<double>(column[f]) - scaling.shift[f];
            *out++ = static_cast<T>(shifted / scaling.divisor[f]);
          }
        }
      },
      data.values);
  return inputs;
}

// How many of the inputs tell the label.
std::size_t label_inputs_of(const Dataset& data, const TaskSpec& spec) {
  if (!spec.has_label_inputs) return 0;
  if (data.classes <= data.features) return data.classes;
  throw Error(Code::E503, "more classes than features cannot be told by the inputs",
              {.expected = fmt::format("at most {} classes", data.features),
               .found = fmt::format("{}", data.classes),
               .hint = "leave out \"label_inputs\""});
}

template <class T>
Partition<T> make_part(const Dataset& data, const std::vector<std::size_t>& chosen,
                       const Scaling& scaling, double others, std::size_t labels) {
  Partition<T> part;
  part.inputs = scaled_inputs<T>(data, chosen, scaling);
  if (labels > 0) part.inputs.head_rows(labels).fill(1 / static_cast<T>(labels));
  part.targets.set_size(data.classes, chosen.size());
  part.targets.fill(static_cast<T>(others));
  part.labels.reserve(chosen.size());
  for (const std::size_t sample : chosen) {
    const std::uint32_t label = data.labels[sample];
    part.targets(label, part.labels.size()) = 1;
    part.labels.push_back(label);
  }
  return part;
}

}  // namespace

template <class T>
Split<T> make_split(const Dataset& data, const TaskSpec& spec, std::uint64_t seed) {
  const double others = target_of_others(spec.targets);
  const std::size_t labels = label_inputs_of(data, spec);
  const Choice choice = choose(data, spec.split, seed);
  const Scaling scaling = learn_scaling(data, choice.train, spec.scale);
  return {.train = make_part<T>(data, choice.train, scaling, others, labels),
          .validation = make_part<T>(data, choice.validation, scaling, others, labels),
          .test = make_part<T>(data, choice.test, scaling, others, labels)};
}

template Split<float> make_split(const Dataset&, const TaskSpec&, std::uint64_t);
template Split<double> make_split(const Dataset&, const TaskSpec&, std::uint64_t);

}  // namespace deltaw
