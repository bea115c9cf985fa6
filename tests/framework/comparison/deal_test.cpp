// SPDX-License-Identifier: Apache-2.0
#include "comparison/deal.hpp"

#include <doctest/doctest.h>

#include <deque>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "error_of.hpp"

using namespace deltaw;

namespace {

// Where ranks that are threads of one process leave letters.
struct Post {
  std::mutex mutex;
  std::map<int, std::deque<Ranks::Letter>> boxes;
};

class ThreadRank : public Ranks {
 public:
  ThreadRank(Post& post, int rank, int size) : post_(post), rank_(rank), size_(size) {}

  [[nodiscard]] int rank() const override { return rank_; }
  [[nodiscard]] int size() const override { return size_; }
  void send(int to, const std::string& bytes) override {
    const std::scoped_lock lock(post_.mutex);
    post_.boxes[to].push_back({rank_, bytes});
  }
  [[nodiscard]] std::optional<Letter> receive() override {
    const std::scoped_lock lock(post_.mutex);
    std::deque<Letter>& box = post_.boxes[rank_];
    if (box.empty()) return std::nullopt;
    Letter letter = box.front();
    box.pop_front();
    return letter;
  }

 private:
  Post& post_;
  int rank_, size_;
};

// Numbers below `count`, given out in order by rank 0 of `size`; what was heard, sorted.
struct Numbers {
  int size = 4, count = 20;
  std::vector<std::string> heard = {};
  std::vector<int> checked = {};

  void run(const WorkOnPiece& work, const std::stop_token& stop = {}, int refused = 0) {
    Post post;
    std::vector<std::jthread> others;
    for (int rank = 1; rank < size; ++rank) {
      others.emplace_back([&, rank] {
        ThreadRank own(post, rank, size);
        follow(own, "rank", work);
      });
    }
    ThreadRank first(post, 0, size);
    int next = 0;
    deal(first,
         {[&](int rank, const std::string& told) {
            CHECK(told == "rank");
            if (rank == refused) throw Error(Code::E607, "another");
            checked.push_back(rank);
          },
          [&](int) -> std::optional<std::string> {
            if (next == count) return std::nullopt;
            return std::to_string(next++);
          },
          [&] { return next == count; },
          [&](int, const std::string& message) { heard.push_back(message); },
          {}},
         stop);
    std::ranges::sort(heard);
  }
};

}  // namespace

TEST_CASE("every piece is worked on once, by whoever is ready, after all were checked") {
  Numbers numbers;
  numbers.run([](const std::string& piece, const Tell& tell, const std::stop_token&) {
    tell(piece + "a");
    tell(piece + "b");
  });
  CHECK(numbers.checked.size() == 3);
  REQUIRE(numbers.heard.size() == 40);
  CHECK(std::ranges::adjacent_find(numbers.heard) == numbers.heard.end());
}

TEST_CASE("a rank that differs ends all before anything is given out") {
  Numbers numbers;
  const Error error = error_of([&] {
    numbers.run(
        [](const std::string& piece, const Tell& tell, const std::stop_token&) { tell(piece); }, {},
        2);
  });
  CHECK(error.code() == Code::E607);
  CHECK(numbers.heard.empty());
}

TEST_CASE("errors in pieces of all ranks at once are told once, and nobody waits for ever") {
  for (int turn = 0; turn < 20; ++turn) {
    Numbers numbers;
    const Error error = error_of([&] {
      numbers.run([](const std::string&, const Tell&, const std::stop_token&) {
        throw Error(Code::E503, "no such layer");
      });
    });
    CHECK(error.code() == Code::E503);
    CHECK(error.headline().ends_with(": no such layer"));
    CHECK(error.headline().starts_with("rank "));
  }
}

TEST_CASE("to stop ends pieces under way, also one that fails then") {
  for (const bool fails : {false, true}) {
    Numbers numbers;
    std::stop_source stop;
    const auto run = [&] {
      numbers.run(
          [&](const std::string&, const Tell& tell, const std::stop_token& asked) {
            tell("begun");
            stop.request_stop();
            while (!asked.stop_requested()) std::this_thread::yield();
            if (fails) throw Error(Code::E003, "not enough memory");
            tell("stopped");
          },
          stop.get_token());
    };
    if (fails) {
      CHECK(error_of(run).code() == Code::E003);
    } else {
      run();
      CHECK(std::ranges::count(numbers.heard, "begun") ==
            std::ranges::count(numbers.heard, "stopped"));
    }
    CHECK(numbers.heard.size() < 10);
  }
}
