// SPDX-License-Identifier: Apache-2.0
// Rows, and times to criterion counted from the start of each context.
#include "comparison/context_course.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "comparison/forgetting.hpp"
#include "comparison/measure.hpp"

namespace deltaw {

bool ContextCourse::is_end(std::uint64_t trials) const {
  return contexts() > 0 && trials % task_.trials_of_context() == 0;
}

void ContextCourse::add(const std::vector<double>& accuracies, std::uint64_t trials) {
  if (contexts() == 0) return;
  if (is_end(trials)) ends_.push_back(course_.n_rows);
  course_.insert_rows(course_.n_rows, arma::rowvec(accuracies));
}

std::map<std::string, std::optional<double>> ContextCourse::metrics(
    const std::vector<float>& errors, const Criterion& criterion) const {
  if (contexts() == 0) return {};
  const std::vector<std::string>& asked = task_.contexts();
  const std::size_t each = task_.trials_of_context();
  std::map<std::string, std::optional<double>> found = measure_forgetting(matrix(), {});
  found["trials_of_context"] = static_cast<double>(each);
  std::vector<std::optional<double>> times;
  for (std::size_t k = 0; k < contexts(); ++k) {
    times.push_back(trials_to(std::span(errors).subspan(k * each, each), criterion));
    const std::string whose = k == 0 ? "" : fmt::format("context_{}_", k + 1);
    found[whose + "trials_to_criterion"] = times.back();
  }
  const auto first =
      static_cast<std::size_t>(std::ranges::find(asked, asked.back()) - asked.begin());
  if (first + 1 == contexts()) return found;
  std::optional<double>& savings = found["savings"];
  if (times[first] && times.back()) savings = (*times[first] - *times.back()) / *times[first];
  return found;
}

void ContextCourse::save(StateWriter& writer) const {
  if (contexts() == 0) return;
  writer.integer("rows", course_.n_rows);
  writer.matrix("context accuracy", course_.memptr(), course_.n_rows, course_.n_cols);
  writer.integer("ends", ends_.size());
  for (const arma::uword end : ends_) writer.integer("end", end);
}

void ContextCourse::load(StateReader& reader) {
  if (contexts() == 0) return;
  course_.set_size(reader.count("rows"), contexts());
  reader.matrix("context accuracy", course_.memptr(), course_.n_rows, course_.n_cols);
  ends_.resize(reader.count("ends"));
  for (arma::uword& end : ends_) end = reader.integer("end");
}

}  // namespace deltaw
