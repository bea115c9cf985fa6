// SPDX-License-Identifier: Apache-2.0
// MPI comes from a library beside the program, opened only where a launcher is at work.
#define BOOST_DLL_USE_STD_FS
#include "ranks.hpp"

#include <fmt/format.h>

#include <boost/dll/shared_library.hpp>
#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "core/error.hpp"
#include "core/program.hpp"
#include "core/thrown.hpp"
#include "result/origin.hpp"
#include "say.hpp"

namespace deltaw {
namespace {

namespace dll = boost::dll;
using nlohmann::json;

// How many processes the launcher says it started: Open MPI, MPICH or Slurm by PMI-2, Slurm by PMIx.
int launched() {
  for (const char* name : {"OMPI_COMM_WORLD_SIZE", "PMI_SIZE"}) {
    if (const char* text = std::getenv(name)) return std::atoi(text);
  }
  const char* tasks = std::getenv("SLURM_STEP_NUM_TASKS");
  return std::getenv("PMIX_RANK") != nullptr && tasks != nullptr ? std::atoi(tasks) : 1;
}

std::unique_ptr<Ranks> join_mpi() {
  const std::filesystem::path library = program_prefix() / "lib/deltaw/mpi.so";
  static dll::shared_library mpi;
  try {
    mpi.load(library, dll::load_mode::rtld_global);  // MPI's own parts look for its symbols
  } catch (const std::exception& error) {
    throw Error(Code::E004, "mpirun started this deltaw, which has no MPI",
                {.expected = library.string(),
                 .found = error.what(),
                 .hint = "build it where Boost.MPI is (libboost-mpi-dev), or use --shard I/N"});
  }
  return std::unique_ptr<Ranks>(mpi.get<Ranks*()>("deltaw_join_ranks")());
}

json to_json(const Prepared& prepared) {
  return {{"experiment", prepared.document()}, {"provenance", to_json(prepared.provenance)}};
}

// Whether that rank would make the same runs.
void require_same(int rank, const json& own, const json& told) {
  auto other = difference_of_experiments(own["experiment"], told["experiment"]);
  if (!other) other = difference_of_origins(own["provenance"], told["provenance"], false);
  if (!other) return;
  throw Error(Code::E607,
              fmt::format("rank {} has another '{}' than rank 0", rank, other->place.substr(1)),
              {.expected = other->before,
               .found = other->here,
               .hint = "the same deltaw, rules, experiment and data on every machine"});
}

}  // namespace

std::string identity_of(const Prepared& prepared) { return to_json(prepared).dump(); }

std::unique_ptr<Group> Group::join(const po::variables_map& values) {
  if (launched() <= 1) return nullptr;
  std::unique_ptr<Group> group(new Group(join_mpi()));
  if (group->size() == 1) {
    group->are_led_ = true;
    throw Error(Code::E004, "this deltaw was built with another MPI than that of the launcher",
                {.expected = fmt::format("{} ranks", launched()), .found = "1"});
  }
  for (const char* option : {"isolate", "shard"}) {
    if (values.count(option) == 0) continue;
    if (!group->is_leader()) break;
    throw Error(Code::E002, fmt::format("--{} under mpirun", option),
                {.hint = "one or the other: mpirun gives out runs by itself"});
  }
  return group;
}

Group::~Group() {
  if (is_leader() && !are_led_) send_home(*ranks_);
}

void Group::lead(const Prepared& prepared,
                 const std::function<void(Ranks& ranks, const CheckRank& check)>& work) {
  const json own = to_json(prepared);
  are_led_ = true;
  work(*ranks_,
       [&](int rank, const std::string& told) { require_same(rank, own, json::parse(told)); });
}

int Group::follow(const std::function<void(Ranks& ranks)>& work) {
  for (const int signal : {SIGINT, SIGTERM}) std::signal(signal, SIG_IGN);  // rank 0 decides
  say_nothing();
  try {
    work(*ranks_);
  } catch (...) {
    give_up(*ranks_, thrown_error());
  }
  return 0;
}

}  // namespace deltaw
