// SPDX-License-Identifier: Apache-2.0
// The same events to all, and their sums compared sample by sample.
#include "training/spiking_alignment.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "result/alignment_json.hpp"

namespace deltaw {
namespace {

template <class T>
std::vector<std::unique_ptr<SpikingDriver<T>>> rules_of(const std::vector<DriveSpec>& drives,
                                                        SpikingNetwork<T>& network,
                                                        std::uint64_t seed, bool are_rewards) {
  std::vector<std::unique_ptr<SpikingDriver<T>>> rules;
  for (const DriveSpec& drive : drives) {
    for (const std::string& connection : drive.connections) {
      rules.push_back(std::make_unique<SpikingDriver<T>>(drive, connection, network, seed,
                                                         Role::watches, are_rewards));
    }
  }
  return rules;
}

// A rule that watches has no step to take, so no optimizer to object to.
DriveSpec as_watcher(DriveSpec drive) {
  drive.optimizer = {};
  return drive;
}

}  // namespace

template <class T>
SpikingAlignment<T>::SpikingAlignment(AlignmentPlan plan, SnapshotTimes times,
                                      const std::vector<DriveSpec>& drives,
                                      SpikingNetwork<T>& network, std::uint64_t seed,
                                      bool are_rewards)
    : times_(times) {
  reference_ = rules_of(plan.reference ? std::vector{as_watcher(*plan.reference)} : drives, network,
                        seed, are_rewards);
  for (const auto& rule : reference_) {
    totals_.emplace_back(arma::size(rule->delta()), arma::fill::zeros);
  }
  if (plan.reference) add_watcher("", drives, network, seed, are_rewards);
  for (const ShadowSpec& shadow : plan.shadows) {
    add_watcher(shadow.name, {as_watcher(shadow.drive)}, network, seed, are_rewards);
  }
}

template <class T>
void SpikingAlignment<T>::add_watcher(const std::string& name, const std::vector<DriveSpec>& drives,
                                      SpikingNetwork<T>& network, std::uint64_t seed,
                                      bool are_rewards) {
  Rules rules = rules_of(drives, network, seed, are_rewards), kept;
  std::vector<std::size_t> compared;
  std::vector<ComparedConnection> connections;
  for (auto& rule : rules) {
    const auto place = std::ranges::find(reference_, rule->connection(),
                                         [](const auto& other) { return other->connection(); });
    if (place == reference_.end()) continue;
    compared.push_back(static_cast<std::size_t>(place - reference_.begin()));
    connections.push_back({network.connections()[rule->connection()].name, rule->delta().n_elem});
    kept.push_back(std::move(rule));
  }
  watchers_.push_back(
      {std::move(kept), std::move(compared), Agreement<T>(name, std::move(connections), 1, false)});
}

template <class T>
template <class Each>
void SpikingAlignment<T>::each_rule(Each each) {
  for (auto& rule : reference_) each(*rule);
  for (Watcher& watcher : watchers_) {
    for (auto& rule : watcher.rules) each(*rule);
  }
}

template <class T>
void SpikingAlignment<T>::learn() {
  each_rule([](SpikingDriver<T>& rule) { rule.learn(); });
}

template <class T>
void SpikingAlignment<T>::settle(std::optional<T> reward) {
  each_rule([&](SpikingDriver<T>& rule) { rule.settle(reward); });
}

template <class T>
void SpikingAlignment<T>::end_sample(std::uint64_t sample, double epoch) {
  for (Watcher& watcher : watchers_) {
    for (std::size_t i = 0; i < watcher.rules.size(); ++i) {
      watcher.agreement.add(i, watcher.rules[i]->delta().memptr(),
                            reference_[watcher.compared[i]]->delta().memptr());
    }
  }
  for (std::size_t k = 0; k < reference_.size(); ++k) totals_[k] += reference_[k]->delta();
  each_rule([](SpikingDriver<T>& rule) { rule.clear_delta(); });
  ++updates_;
  if (!times_.is_last(sample)) return;
  for (Watcher& watcher : watchers_) {
    std::vector<const T*> totals;
    for (const std::size_t k : watcher.compared) totals.push_back(totals_[k].memptr());
    watcher.agreement.end_snapshot(epoch, updates_, totals, rows_);
  }
  for (arma::Mat<T>& total : totals_) total.zeros();
  updates_ = 0;
}

template <class T>
void SpikingAlignment<T>::save(StateWriter& writer) const {
  for (const auto& rule : reference_) rule->save(writer);
  for (const Watcher& watcher : watchers_) {
    for (const auto& rule : watcher.rules) rule->save(writer);
    watcher.agreement.save(writer);
  }
  for (const arma::Mat<T>& total : totals_) {
    writer.matrix("total", total.memptr(), total.n_rows, total.n_cols);
  }
  writer.integer("watched", updates_);
  writer.text("rows", alignment_json(rows_).dump());
}

template <class T>
void SpikingAlignment<T>::load(StateReader& reader) {
  for (auto& rule : reference_) rule->load(reader);
  for (Watcher& watcher : watchers_) {
    for (auto& rule : watcher.rules) rule->load(reader);
    watcher.agreement.load(reader);
  }
  for (arma::Mat<T>& total : totals_) {
    reader.matrix("total", total.memptr(), total.n_rows, total.n_cols);
  }
  updates_ = reader.integer("watched");
  rows_ = parse_alignment(nlohmann::json::parse(reader.text("rows")));
}

template class SpikingAlignment<float>;
template class SpikingAlignment<double>;

}  // namespace deltaw
