// SPDX-License-Identifier: Apache-2.0
// What a driver passes on of its rule's memory.
#include "training/driver.hpp"

#include <doctest/doctest.h>

#include <deltaw/rule.hpp>

#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

// Shows the sum of all that it saw of pre.
template <class T>
struct Sums {
  static constexpr auto id = "sums";
  static constexpr auto version = "1.0.0";
  static constexpr auto signals = deltaw::pre;
  explicit Sums(const Setup& setup) : sum(setup.inputs(), arma::fill::zeros) {}
  void update(const Signals<T>& s, arma::Mat<T>&) { sum += arma::sum(s.pre(), 1); }
  void monitor(Monitor& monitor) const { monitor.show("sum", sum); }
  arma::Col<T> sum;
};

}  // namespace

TEST_CASE_TEMPLATE("what each instance shows comes with the name of its connection", T, float,
                   double) {
  Network<T> network(make_graph(chain({layer("a", 2), layer("b", 3), layer("c", 2)})));
  TrainingSpec training;
  training.loss.type = "mse";
  Presentation<T> presentation(network, training, 4, 1);
  DriveSpec drive;
  drive.plugin = detail::Table<Sums>::table();
  drive.rule.id = "sums";
  drive.rule.signals = deltaw::pre;
  drive.rule.dynamics = {Dynamics::fixed};
  drive.rule.capabilities = DELTAW_CAP_F32 | DELTAW_CAP_F64;
  drive.connections = {"b>c", "a>b"};
  drive.optimizer.type = "sgd";
  Driver<T> driver(drive, network, presentation, 1);
  CHECK(driver.monitored().at(0).values.is_zero());

  presentation.set_columns(2);
  presentation.inputs() = arma::Mat<T>{{1, 2}, {-3, 5}};
  presentation.run();
  driver.propose(0);
  driver.propose(0);
  const std::vector<Monitored> shown = driver.monitored();
  REQUIRE(shown.size() == 2);
  CHECK(shown[0].connection == "b>c");
  CHECK(shown[0].values.n_rows == 3);
  CHECK(shown[1].connection == "a>b");
  CHECK(shown[1].name == "sum");
  CHECK(arma::approx_equal(shown[1].values, arma::mat(arma::vec{6, 4}), "absdiff", 1e-6));
}
