// SPDX-License-Identifier: Apache-2.0
// The reference is asked first, then each rule that watches, and all are compared at once.
#include "training/alignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "result/alignment_json.hpp"

namespace deltaw {
namespace {

void check_reference(const RuleSpec& rule) {
  if (!sees_exploration(rule)) return;
  throw Error(Code::E206,
              fmt::format("rule '{}' cannot be what others are compared with: it learns from noise "
                          "or reward, and its change is another in each draw",
                          rule.id),
              {.hint = "a rule that learns from an error; this one may be one of the \"shadows\""});
}

}  // namespace

template <class T>
Alignment<T>::Alignment(AlignmentPlan plan, SnapshotTimes times, const Run& run)
    : times_(times), network_(run.network) {
  if (plan.reference) {
    check_reference(plan.reference->rule);
    plan.reference->epochs = {};
    reference_ = std::make_unique<Driver<T>>(std::move(*plan.reference), run.network,
                                             run.presentation, run.seed);
  }
  compare_all(run.drivers);
  const bool explores = std::ranges::any_of(
      run.drivers, [](const Driver<T>* driver) { return driver->needs_exploration(); });
  if (reference_ != nullptr) add_watcher(nullptr, 1, explores);
  for (ShadowSpec& spec : plan.shadows) {
    auto shadow = std::make_unique<ShadowDriver<T>>(std::move(spec), run.network, run.presentation,
                                                    run.training, run.reward, run.seed);
    const bool is_drawn = shadow->explores();
    add_watcher(std::move(shadow), is_drawn ? plan.draws : 1, is_drawn);
  }
}

template <class T>
void Alignment<T>::compare_all(const std::vector<Driver<T>*>& drivers) {
  if (reference_ != nullptr) {
    compared_ = reference_->connections();
  } else {
    for (const Driver<T>* driver : drivers) {
      for (const std::size_t c : driver->connections()) {
        if (std::ranges::find(compared_, c) == compared_.end()) compared_.push_back(c);
      }
    }
  }
  for (const std::size_t c : compared_) {
    driven_.emplace_back(network_.outputs(c), network_.inputs(c));
    totals_.emplace_back(network_.outputs(c), network_.inputs(c));
  }
}

template <class T>
void Alignment<T>::add_watcher(std::unique_ptr<ShadowDriver<T>> shadow, std::size_t draws,
                               bool explores) {
  const std::vector<std::size_t>& own = shadow != nullptr ? shadow->connections() : compared_;
  std::vector<std::size_t> places, compared;
  std::vector<ComparedConnection> connections;
  for (std::size_t k = 0; k < compared_.size(); ++k) {
    const auto place = std::ranges::find(own, compared_[k]);
    if (place == own.end()) continue;
    places.push_back(static_cast<std::size_t>(place - own.begin()));
    compared.push_back(k);
    connections.push_back({network_.graph().connections[compared_[k]].name, driven_[k].size()});
  }
  Agreement<T> agreement(shadow != nullptr ? shadow->name() : "", std::move(connections), draws,
                         explores);
  watchers_.push_back(
      {std::move(shadow), std::move(places), std::move(compared), std::move(agreement)});
}

template <class T>
const T* Alignment<T>::reference_at(std::size_t compared) const {
  return reference_ != nullptr ? reference_->delta(compared).memptr() : driven_[compared].data();
}

template <class T>
void Alignment<T>::gather(std::span<Driver<T>* const> drivers, std::size_t draws) {
  for (Buffer<T>& sum : driven_) sum.zero();
  for (const Driver<T>* driver : drivers) {
    const T share = driver->needs_exploration() ? 1 / static_cast<T>(draws) : T(1);
    for (std::size_t i = 0; i < driver->connections().size(); ++i) {
      const auto place = std::ranges::find(compared_, driver->connections()[i]);
      if (place == compared_.end()) continue;
      driven_[static_cast<std::size_t>(place - compared_.begin())].all() +=
          share * driver->delta(i);
    }
  }
}

template <class T>
void Alignment<T>::ask(Watcher& watcher, std::uint64_t update) {
  Agreement<T>& agreement = watcher.agreement;
  for (std::size_t draw = 0; draw < agreement.draws(); ++draw) {
    if (watcher.shadow != nullptr) {
      watcher.shadow->propose(update, update * agreement.draws() + draw);
    }
    for (std::size_t i = 0; i < watcher.places.size(); ++i) {
      const std::size_t k = watcher.compared[i];
      const T* own = watcher.shadow != nullptr ? watcher.shadow->delta(watcher.places[i]).memptr()
                                               : driven_[k].data();
      agreement.add(i, own, reference_at(k));
    }
  }
  for (std::size_t i = 0; i < watcher.places.size(); ++i) {
    agreement.end_update(i, reference_at(watcher.compared[i]));
  }
}

template <class T>
void Alignment<T>::watch(std::uint64_t update, std::span<Driver<T>* const> drivers,
                         std::size_t draws, double epoch) {
  gather(drivers, draws);
  if (reference_ != nullptr) {
    reference_->clear();
    reference_->propose(update);
  }
  for (std::size_t k = 0; k < compared_.size(); ++k) {
    totals_[k].all() +=
        view(const_cast<T*>(reference_at(k)), totals_[k].rows(), totals_[k].columns());
  }
  for (Watcher& watcher : watchers_) ask(watcher, update);
  ++updates_;
  if (times_.is_last(update)) end_snapshot(epoch);
}

template <class T>
void Alignment<T>::end_snapshot(double epoch) {
  for (Watcher& watcher : watchers_) {
    std::vector<const T*> totals;
    for (const std::size_t k : watcher.compared) totals.push_back(totals_[k].data());
    watcher.agreement.end_snapshot(epoch, updates_, totals, rows_);
  }
  for (Buffer<T>& total : totals_) total.zero();
  updates_ = 0;
}

template <class T>
void Alignment<T>::save(StateWriter& writer) const {
  if (reference_ != nullptr) reference_->save(writer);
  for (const Watcher& watcher : watchers_) {
    if (watcher.shadow != nullptr) watcher.shadow->save(writer);
    watcher.agreement.save(writer);
  }
  for (const Buffer<T>& total : totals_) {
    writer.matrix("total", total.data(), total.rows(), total.columns());
  }
  writer.integer("watched", updates_);
  writer.text("rows", alignment_json(rows_).dump());
}

template <class T>
void Alignment<T>::load(StateReader& reader) {
  if (reference_ != nullptr) reference_->load(reader);
  for (Watcher& watcher : watchers_) {
    if (watcher.shadow != nullptr) watcher.shadow->load(reader);
    watcher.agreement.load(reader);
  }
  for (Buffer<T>& total : totals_) {
    reader.matrix("total", total.data(), total.rows(), total.columns());
  }
  updates_ = reader.integer("watched");
  rows_ = parse_alignment(nlohmann::json::parse(reader.text("rows")));
}

template class Alignment<float>;
template class Alignment<double>;

}  // namespace deltaw
