// SPDX-License-Identifier: Apache-2.0
// The processes that mpirun started, where it started this one. One thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "comparison/deal.hpp"
#include "experiment_options.hpp"

namespace deltaw {

// What tells rank 0 which runs another would make.
[[nodiscard]] std::string identity_of(const Prepared& prepared);

// Of rank 0: sends the others home when it goes, unless they were led.
class Group {
 public:
  // None where this process is alone. Errors: E004 where this deltaw has no MPI, E002 for options
  // that go with one process only.
  [[nodiscard]] static std::unique_ptr<Group> join(const po::variables_map& values);
  ~Group();
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  [[nodiscard]] bool is_leader() const { return ranks_->rank() == 0; }
  [[nodiscard]] int size() const { return ranks_->size(); }

  // Rank 0: calls `work`, which sends all home. Error: E607 where another rank would make other
  // runs than `prepared`.
  void lead(const Prepared& prepared,
            const std::function<void(Ranks& ranks, const CheckRank& check)>& work);
  // Any other rank: calls `work`, and has rank 0 tell what it throws; the exit status.
  int follow(const std::function<void(Ranks& ranks)>& work);

 private:
  explicit Group(std::unique_ptr<Ranks> ranks) : ranks_(std::move(ranks)) {}

  std::unique_ptr<Ranks> ranks_;
  bool are_led_ = false;
};

}  // namespace deltaw
