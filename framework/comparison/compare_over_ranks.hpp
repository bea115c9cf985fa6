// SPDX-License-Identifier: Apache-2.0
// All runs of an experiment, given out one by one to the processes of a group: rank 0 leads, keeps
// what comes and trains nothing; every other rank trains one run at a time. One thread a rank.
#pragma once

#include <chrono>
#include <functional>
#include <string>

#include "comparison/compare.hpp"
#include "comparison/ranks.hpp"
#include "core/error.hpp"

namespace deltaw {

// Rank 0. First hears what each other rank tells of itself, and asks `check` about it; then as
// compare(), with the same bits: `listener` and `earlier` are called here, and outcomes are whole.
// Errors: what `check` or a listener throws, or any rank meets; all ranks are sent home before.
void lead(Ranks& ranks, const Experiment& experiment, const std::vector<PreparedArm>& arms,
          const std::function<void(int rank, const std::string& told)>& check,
          const std::stop_token& stop, const Listener& listener, const Earlier& earlier);

// Rank 0, where it has nothing to lead: sends all home, who would wait for ever.
void send_home(Ranks& ranks);

// Any other rank: tells of itself, and trains what rank 0 gives out, with as many threads as
// `experiment.jobs` says or one, until it is sent home.
void follow(Ranks& ranks, const std::string& told, const Experiment& experiment,
            const std::vector<PreparedArm>& arms, const Task& task,
            std::chrono::duration<double> between_states);

// Any other rank: tells rank 0 what keeps it from following, and waits to be sent home.
void give_up(Ranks& ranks, const Error& error);

}  // namespace deltaw
