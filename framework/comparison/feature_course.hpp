// SPDX-License-Identifier: Apache-2.0
// What a layer's activity shows while the network learns: one row for each evaluated epoch, of what
// is cheap to measure. One thread a run.
#pragma once

#include <armadillo>
#include <nlohmann/json.hpp>
#include <vector>

#include "core/state.hpp"
#include "network/network.hpp"
#include "readout/spec.hpp"
#include "rule/instance.hpp"
#include "task/split.hpp"

namespace deltaw {

template <class T>
class FeatureCourse {
 public:
  // All must outlive the course.
  FeatureCourse(const FeaturesSpec& spec, const Network<T>& network, std::size_t layer,
                const Split<T>& data)
      : spec_(spec), network_(network), layer_(layer), data_(data) {}

  // {epoch, selectivity, overlap, dead, <label readout>: accuracy, ..., change, monitored?:
  // {<layer>/<name>: {min, q1, median, q3, max}}}: on the validation
  // part, or the test part, or the training part, the first that there is; labels are given by the
  // training part; both thinned out to at most 10,000 samples. "change" is |W - W'| / |W'| (L2)
  // over all plastic connections, with W' those of the row before; null in the first row.
  // "monitored" are the finite values of what rules show of their memory (deltaw.monitor/1).
  void add(std::size_t epoch, const std::vector<Monitored>& monitored);

  [[nodiscard]] const nlohmann::json& rows() const { return rows_; }

  void save(StateWriter& writer) const;
  void load(StateReader& reader);

 private:
  void add_activity(nlohmann::json& row) const;
  [[nodiscard]] nlohmann::json change();
  [[nodiscard]] nlohmann::json what_rules_show(const std::vector<Monitored>& monitored) const;

  const FeaturesSpec& spec_;
  const Network<T>& network_;
  std::size_t layer_;
  const Split<T>& data_;
  std::vector<arma::Mat<T>> before_;  // plastic weights at the row before
  nlohmann::json rows_ = nlohmann::json::array();
};

extern template class FeatureCourse<float>;
extern template class FeatureCourse<double>;

}  // namespace deltaw
