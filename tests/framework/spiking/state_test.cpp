// SPDX-License-Identifier: Apache-2.0
// Saved states of queues and rings that were not written by their like.
#include <doctest/doctest.h>

#include "core/error.hpp"
#include "spiking/delay_ring.hpp"
#include "spiking/leaky.hpp"
#include "spiking/spike_queue.hpp"

using namespace deltaw;

namespace {

template <class A, class B>
Code code_of(const A& written, B read) {
  StateWriter writer;
  written.save(writer);
  StateReader reader(writer.bytes());
  try {
    read.load(reader);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::E001;
}

}  // namespace

TEST_CASE("a place beyond the queue or ring is refused") {
  SpikeQueue queue(5);
  for (int k = 0; k < 5; ++k) queue.pass({});
  CHECK(code_of(queue, SpikeQueue(5)) == Code::E001);
  CHECK(code_of(queue, SpikeQueue(2)) == Code::E306);
  DelayRing<float> ring(3, 9);
  for (int k = 0; k < 9; ++k) {
    float input[3] = {};
    ring.deliver(input);
  }
  CHECK(code_of(ring, DelayRing<float>(3, 9)) == Code::E001);
  CHECK(code_of(ring, DelayRing<float>(3, 4)) == Code::E306);
}

TEST_CASE("a list of other bytes or another length is refused") {
  StateWriter writer;
  writer.integer("queue next", 0);
  writer.text("queue", "abcdefg");
  StateReader reader(writer.bytes());
  SpikeQueue queue(0);
  CHECK_THROWS_AS(queue.load(reader), Error);
  CHECK(code_of(LeakyLayer<float>({}, 3, 0.5), LeakyLayer<float>({}, 4, 0.5)) == Code::E306);
}
