// SPDX-License-Identifier: Apache-2.0
// A training that is stopped in the middle of an epoch, and another that goes on with what it
// saved.
#pragma once

#include <doctest/doctest.h>

#include <stop_token>

#include "core/state.hpp"

namespace deltaw::test {

// `first` trains an epoch and a batch; `second`, made alike, ends `epochs` from its state.
template <class Trainer>
void interrupt(Trainer& first, Trainer& second, std::size_t epochs) {
  REQUIRE(first.train_epoch());
  std::stop_source stop;
  REQUIRE_FALSE(first.train_epoch(stop.get_token(), [&] { stop.request_stop(); }));
  StateWriter writer;
  first.save(writer);
  StateReader reader(writer.bytes());
  second.load(reader);
  reader.finish();
  while (second.epoch() < epochs) REQUIRE(second.train_epoch());
}

}  // namespace deltaw::test
