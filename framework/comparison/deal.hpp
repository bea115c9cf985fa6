// SPDX-License-Identifier: Apache-2.0
// Work that rank 0 gives out, piece by piece, to the processes of a group: it keeps what comes and
// works on nothing; every other rank works on one piece at a time. One thread a rank, and one for
// the work.
#pragma once

#include <functional>
#include <optional>
#include <stop_token>
#include <string>

#include "comparison/ranks.hpp"
#include "core/error.hpp"

namespace deltaw {

// Asks whether what a rank tells of itself fits to rank 0; throws where it does not.
using CheckRank = std::function<void(int rank, const std::string& told)>;

// What rank 0 gives out, and what it makes of answers.
struct Dealing {
  CheckRank check;  // of every other rank, before anything is given out
  // The next piece for a rank that has none; none where there is none now.
  std::function<std::optional<std::string>(int rank)> next;
  std::function<bool()> is_over;  // whether there will be none any more
  std::function<void(int rank, const std::string& message)> hear;
  std::function<void()> wait;  // about ten times a second; may be none
};

// Rank 0: until all is over, or `stop` is requested, which stops pieces under way. Errors: what the
// functions of `dealing` throw, or any rank meets; all ranks are sent home before.
void deal(Ranks& ranks, const Dealing& dealing, const std::stop_token& stop);

// Rank 0, where it has nothing to give out: others would wait for ever.
void send_home(Ranks& ranks);

using Tell = std::function<void(const std::string& message)>;
using WorkOnPiece =
    std::function<void(const std::string& piece, const Tell& tell, const std::stop_token& stop)>;

// Any other rank: tells of itself, and calls `work` on a thread of its own with each piece, until
// it is sent home. What `work` throws is told to rank 0.
void follow(Ranks& ranks, const std::string& told, const WorkOnPiece& work);

// Any other rank: tells rank 0 what keeps it from following, and waits to be sent home.
void give_up(Ranks& ranks, const Error& error);

}  // namespace deltaw
