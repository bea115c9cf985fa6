// SPDX-License-Identifier: Apache-2.0
// The processes that mpirun started, where it started this one. One thread.
#pragma once

#include <memory>

#include "comparison/ranks.hpp"
#include "experiment_options.hpp"

namespace deltaw {

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

  // What rank 0 does. As deltaw::lead(). Error: E607 where another rank would make other bits.
  void lead(const Prepared& prepared, const std::stop_token& stop, const Listener& listener,
            const Earlier& earlier);
  // What every other rank does, from its preparations on; its exit status.
  int follow(const po::variables_map& values, const Arguments& arguments);

 private:
  explicit Group(std::unique_ptr<Ranks> ranks) : ranks_(std::move(ranks)) {}

  std::unique_ptr<Ranks> ranks_;
  bool are_led_ = false;
};

}  // namespace deltaw
