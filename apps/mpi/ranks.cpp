// SPDX-License-Identifier: Apache-2.0
// Ranks by MPI. A library of its own, which deltaw opens where mpirun started it: the program
// itself needs no MPI.
#include "comparison/ranks.hpp"

#include <boost/mpi/communicator.hpp>
#include <boost/mpi/environment.hpp>
#include <boost/serialization/string.hpp>

namespace {

class MpiRanks final : public deltaw::Ranks {
 public:
  [[nodiscard]] int rank() const override { return world_.rank(); }
  [[nodiscard]] int size() const override { return world_.size(); }
  void send(int to, const std::string& bytes) override { world_.send(to, k_tag, bytes); }
  [[nodiscard]] std::optional<Letter> receive() override {
    const auto there = world_.iprobe(boost::mpi::any_source, k_tag);
    if (!there) return std::nullopt;
    Letter letter{there->source(), ""};
    world_.recv(letter.from, k_tag, letter.bytes);
    return letter;
  }

 private:
  static constexpr int k_tag = 0;
  boost::mpi::environment environment_{boost::mpi::threading::funneled,
                                       false};  // an error ends a rank as it ends one process
  boost::mpi::communicator world_;
};

}  // namespace

extern "C" __attribute__((visibility("default"))) deltaw::Ranks* deltaw_join_ranks() {
  return new MpiRanks;
}
