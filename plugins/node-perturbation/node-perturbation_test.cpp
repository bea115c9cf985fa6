// SPDX-License-Identifier: Apache-2.0
#include "node-perturbation.cpp"

#include <cmath>
#include <deltaw/error_transport.hpp>
#include <deltaw/testing.hpp>

#include "count_update_allocations.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

template <class T>
using Rule = Probe<NodePerturbation, T>;

std::vector<Parameter> parameters(bool has_baseline = true) {
  return {{"baseline", has_baseline}, {"normalise", true}, {"scale_by_expected", false}};
}

// A network of D = 8 + 4 perturbed units, and one rule for each of its four connections.
struct Perturbed {
  Perturbed(const arma::mat& x, const arma::mat& y)
      : bench(chain({layer("input", 5), layer("hidden", 8, "tanh"), layer("output", 4, "softmax")}),
              {.type = "mse"}, x, y),
        gradient(bench),
        noise(bench.network.graph().layers.size()) {
    for (const std::size_t i : {2u, 3u}) {
      noise.everywhere[i] = Buffer<double>(bench.network.graph().layers[i].units, x.n_cols);
    }
    for (const std::size_t c : gradient.driven()) {
      rules.push_back(std::make_unique<Rule<double>>(parameters(), bench.network.outputs(c),
                                                     bench.network.inputs(c), x.n_cols));
    }
  }

  // -dL/dW of all connections, one after the other.
  arma::vec descent() {
    bench.forward();
    arma::vec out;
    for (const arma::mat& change : gradient.propose()) {
      out = arma::join_cols(out, arma::vectorise(change));
    }
    return out;
  }

  // What the rules propose when all units are perturbed at once, in the same order.
  arma::vec propose(Random& random, double amplitude) {
    bench.forward();
    const arma::mat baseline = -bench.losses();
    for (const Buffer<double>& buffer : noise.everywhere) {
      arma::mat view = buffer.all();
      for (double& x : view) x = amplitude * random.normal();
    }
    bench.network.forward(bench.activity, &noise);
    arma::vec out;
    for (std::size_t i = 0; i < rules.size(); ++i) {
      const Graph::Connection& c = bench.network.graph().connections[gradient.driven()[i]];
      rules[i]->set(deltaw::pre, bench.activity.post(c.source));
      rules[i]->set(deltaw::perturbation, noise.everywhere[c.target].all());
      rules[i]->set(deltaw::reward, -bench.losses()).set(deltaw::baseline, baseline);
      out = arma::join_cols(out, arma::vectorise(rules[i]->update()));
    }
    return out;
  }

  Bench<double> bench;
  RuleOnNetwork<Exact, double> gradient;
  std::vector<std::unique_ptr<Rule<double>>> rules;
  Noise<double> noise;
};

}  // namespace

TEST_CASE_TEMPLATE("ΔW is the mean of (R - Rb) ξ preᵀ / σ², worked by hand", T, float, double) {
  // Nine observations with ξ = ±2, so that σ² = 4; only the last two are rewarded.
  arma::Mat<T> pre(2, 9, arma::fill::ones), xi(1, 9, arma::fill::value(T(2)));
  arma::Mat<T> reward(1, 9, arma::fill::zeros), baseline(1, 9, arma::fill::zeros);
  xi[8] = -2;
  pre(0, 7) = 3;
  pre(1, 8) = 5;
  reward[7] = 6;
  baseline[7] = 2;  // advantage 4: 4 * 2 / 4 * (3, 1) = (6, 2)
  reward[8] = 1;
  baseline[8] = 2;  // advantage -1: -1 * -2 / 4 * (1, 5) = (0.5, 2.5)
  Rule<T> rule(parameters(), 1, 2), raw(parameters(false), 1, 2);
  for (Rule<T>* r : {&rule, &raw}) {
    r->set(deltaw::pre, pre).set(deltaw::perturbation, xi);
    r->set(deltaw::reward, reward).set(deltaw::baseline, baseline);
  }
  const double tolerance = std::is_same_v<T, float> ? 1e-6 : 1e-14;
  const arma::Mat<T> change = rule.update() * T(9);
  CHECK(std::abs(change[0] - 6.5) < 9 * tolerance);
  CHECK(std::abs(change[1] - 4.5) < 9 * tolerance);
  // Without the baseline: 6 * 2 / 4 * (3, 1) + 1 * -2 / 4 * (1, 5) = (8.5, 0.5)
  const arma::Mat<T> raw_change = raw.update() * T(9);
  CHECK(std::abs(raw_change[0] - 8.5) < 9 * tolerance);
  CHECK(std::abs(raw_change[1] - 0.5) < 9 * tolerance);
}

TEST_CASE("the mean of many draws is minus the gradient, in direction and length") {
  const arma::uword draws = 40000;
  const arma::mat x = arma::repmat(gaussian<double>(5, 4, "x"), 1, draws / 4);
  const arma::mat y = arma::repmat(one_hot<double>(4, 4), 1, draws / 4);
  Perturbed net(x, y);
  Random random(1, "noise");
  const arma::vec descent = net.descent(), proposed = net.propose(random, 1e-4);
  CHECK(cosine<double>(proposed, descent) > 0.99);
  CHECK(arma::norm(proposed) / arma::norm(descent) == doctest::Approx(1).epsilon(0.03));
}

TEST_CASE("M draws over D units have the cosine sqrt(M / (M + D + 1)) to the gradient") {
  // In the space of perturbed units: of the change of the biases, whose pre is 1.
  const double units = 12;
  for (const arma::uword draws : {12u, 48u}) {
    const arma::mat x = arma::repmat(gaussian<double>(5, 1, "x"), 1, draws);
    const arma::mat y = arma::repmat(one_hot<double>(4, 1), 1, draws);
    Perturbed net(x, y);
    const auto biases = [&](const arma::vec& all) {
      arma::vec out;
      arma::uword at = 0;
      for (const std::size_t c : net.gradient.driven()) {
        const arma::uword size = net.bench.network.weights(c).n_elem;
        if (net.bench.network.graph().connections[c].is_bias) {
          out = arma::join_cols(out, all.subvec(at, at + size - 1));
        }
        at += size;
      }
      return out;
    };
    const arma::vec descent = biases(net.descent());
    REQUIRE(static_cast<double>(descent.n_elem) == units);
    Random random(1, "noise");
    const int repeats = 400;
    for (int i = 0; i < 20; ++i) net.propose(random, 1e-4);  // the rule measures σ²
    double dot = 0, square = 0;
    for (int i = 0; i < repeats; ++i) {
      const arma::vec proposed = biases(net.propose(random, 1e-4));
      dot += arma::dot(proposed, descent) / arma::norm(descent);
      square += arma::dot(proposed, proposed);
    }
    const double m = static_cast<double>(draws);
    const double found = dot / repeats / std::sqrt(square / repeats);
    CHECK(found == doctest::Approx(std::sqrt(m / (m + units + 1))).epsilon(0.03));
  }
}

TEST_CASE("a unit's change depends on no other unit's noise") {
  const arma::mat pre = normal<double>(3, 20, 1), reward = normal<double>(1, 20, 3);
  arma::mat xi = normal<double>(4, 20, 2);
  const auto change = [&] {
    Rule<double> rule(parameters(), 4, 3);
    rule.set(deltaw::pre, pre).set(deltaw::perturbation, xi);
    rule.set(deltaw::reward, reward).set(deltaw::baseline, arma::mat(1, 20, arma::fill::zeros));
    return rule.update();
  };
  const arma::mat before = change();
  xi.row(2) *= -3;
  const arma::mat after = change();
  for (const arma::uword i : {0u, 1u, 3u}) {
    CHECK(arma::approx_equal(before.row(i), after.row(i), "absdiff", 0.0));
  }
  CHECK(arma::abs(before.row(2) - after.row(2)).max() > 1e-3);
}

TEST_CASE("the first observations only measure the noise, and what was measured is saved") {
  const auto show = [](Rule<double>& rule, std::uint64_t seed) {
    rule.set(deltaw::pre, normal<double>(3, 5, seed));
    rule.set(deltaw::perturbation, normal<double>(2, 5, seed + 100));
    rule.set(deltaw::reward, normal<double>(1, 5, seed + 200));
    rule.set(deltaw::baseline, arma::mat(1, 5, arma::fill::zeros));
    return rule.update();
  };
  Rule<double> whole(parameters(), 2, 3), resumed(parameters(), 2, 3);
  CHECK(arma::norm(show(whole, 1)) == 0);
  CHECK(arma::norm(show(whole, 2)) > 0);
  resumed.load(whole.save());
  CHECK(arma::approx_equal(show(whole, 3), show(resumed, 3), "absdiff", 0.0));
}

TEST_CASE("a reward for the whole block, and noise that is missing, are named") {
  const auto failure = [](arma::uword rewards, float amplitude) -> std::string {
    Rule<float> rule(parameters(), 2, 3);
    rule.set(deltaw::pre, arma::fmat(3, 8, arma::fill::ones));
    rule.set(deltaw::perturbation, amplitude * arma::ones<arma::fmat>(2, 8));
    rule.set(deltaw::reward, arma::fmat(1, rewards, arma::fill::ones));
    rule.set(deltaw::baseline, arma::fmat(1, rewards, arma::fill::ones));
    try {
      rule.update();
    } catch (const Failure& f) {
      return f.what();
    }
    return "";
  };
  CHECK(failure(8, 1).empty());
  CHECK(failure(1, 1).find("a reward for each observation") != std::string::npos);
  CHECK(failure(8, 0).find("needs an amplitude above 0") != std::string::npos);
}

TEST_CASE_TEMPLATE("an update allocates nothing after the first", T, float, double) {
  const std::vector<deltaw_param> all = {parameter("baseline", true), parameter("normalise", false),
                                         parameter("scale_by_expected", true)};
  CHECK(count_update_allocations<NodePerturbation, T>(all) == 0);
  CHECK(count_update_allocations<NodePerturbation, T>(all, {Rewards::one, 1, true}) == 0);
}
