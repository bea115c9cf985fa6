// SPDX-License-Identifier: Apache-2.0
// The noise of networks with time: its statistics, where it enters, and what contradicts itself.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "core/random.hpp"
#include "error_of.hpp"
#include "network/initialise.hpp"
#include "tiny_trials.hpp"
#include "training/exploration.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::size_t k_recurrent = 2,
                      k_output = 3;  // of the layers: one, input, recurrent, output

Network<double> timed_network(std::size_t units, double dt) {
  NetworkSpec spec = tiny_network(units);
  spec.dt = dt;
  Network<double> network(make_graph(spec));
  initialise(network, 1, arma::mat());
  return network;
}

std::string refusal(const ExplorationSpec& spec, double dt = 1) {
  Network<double> network = timed_network(6, dt);
  return error_of([&] { Exploration<double>(network, spec, 10, 1); }).text();
}

// The noise of one pass of the recurrent layer: units x steps.
arma::mat noise_of(const ExplorationSpec& spec, double dt, std::size_t units, std::size_t steps,
                   std::uint64_t number = 0) {
  Network<double> network = timed_network(units, dt);
  Exploration<double> exploration(network, spec, steps, 1);
  exploration.perturb_units(k_recurrent);
  exploration.show_units(k_recurrent);
  exploration.draw(number, steps);
  return copy_of(exploration.on_units(k_recurrent));
}

}  // namespace

TEST_CASE("events come at the rate asked for, uniform in size, unit and time") {
  constexpr std::size_t units = 200, steps = 2000;
  const double dt = 0.5, rate = 12, amplitude = 16, share = rate * dt / 1000;
  const arma::mat noise = noise_of({.rate = rate, .amplitude = amplitude}, dt, units, steps);
  const arma::vec sizes = arma::nonzeros(noise);
  const double cells = units * steps, mean = cells * share;
  const auto n = static_cast<double>(sizes.n_elem);
  CHECK(std::abs(n - mean) < 5 * std::sqrt(cells * share * (1 - share)));
  CHECK(arma::abs(sizes).max() < amplitude);
  CHECK(arma::abs(sizes).max() > 0.99 * amplitude);
  // A uniform number has variance A^2 / 3, its square A^4 (1/5 - 1/9).
  CHECK(std::abs(arma::mean(sizes)) < 5 * amplitude / std::sqrt(3 * n));
  CHECK(std::abs(arma::mean(sizes % sizes) / (amplitude * amplitude) - 1.0 / 3) <
        5 * std::sqrt((1.0 / 5 - 1.0 / 9) / n));
  // Halves of units and of time get half of the events each.
  const arma::mat is_event = arma::conv_to<arma::mat>::from(noise != 0);
  const double half = 5 * std::sqrt(n) / 2;
  CHECK(std::abs(arma::accu(is_event.head_rows(units / 2)) - n / 2) < half);
  CHECK(std::abs(arma::accu(is_event.head_cols(steps / 2)) - n / 2) < half);
  // And events know nothing of the event a step before.
  const double together = arma::accu(is_event.head_cols(steps - 1) % is_event.tail_cols(steps - 1));
  CHECK(together < mean * share + 5 * std::sqrt(mean * share) + 1);
}

TEST_CASE("no event comes before its time, and the first can come there") {
  const arma::mat noise = noise_of({.rate = 500, .amplitude = 1, .from = 7}, 2, 100, 50);
  CHECK(arma::all(arma::vectorise(noise.head_cols(4)) == 0));  // 0, 2, 4 and 6 ms
  CHECK(arma::any(noise.col(4) != 0));
  CHECK(arma::any(noise.col(49) != 0));
}

TEST_CASE("at one event a step every unit is perturbed at every step") {
  CHECK(arma::all(arma::vectorise(noise_of({.rate = 500, .amplitude = 1}, 2, 7, 9)) != 0));
}

TEST_CASE("each pass has noise of its own, and the shown noise forgets the pass before") {
  Network<double> network = timed_network(30, 1);
  const ExplorationSpec spec{.rate = 50, .amplitude = 2};
  Exploration<double> exploration(network, spec, 100, 1);
  exploration.perturb_units(k_recurrent);
  exploration.show_units(k_recurrent);
  exploration.draw(0, 100);
  const arma::mat first = noise_of(spec, 1, 30, 100, 0);
  CHECK(arma::approx_equal(exploration.on_units(k_recurrent), first, "absdiff", 0));
  exploration.draw(1, 100);
  const arma::mat second = noise_of(spec, 1, 30, 100, 1);
  CHECK(arma::approx_equal(exploration.on_units(k_recurrent), second, "absdiff", 0));
  CHECK(arma::accu(first != second) > 100);
}

TEST_CASE(
    "noise on the potential moves x by exactly its amount, noise on the drive by dt / tau of it") {
  // J = 0 and no input: x decays, and differs from the clean pass by the one event just made.
  for (const char* integrator : {"euler", "implicit", "exponential"}) {
    for (const bool is_on_potential : {true, false}) {
      CAPTURE(integrator);
      CAPTURE(is_on_potential);
      NetworkSpec spec = tiny_network(20);
      spec.dt = 2;
      spec.layers[1].dynamics.integrator = integrator;
      Network<double> network(make_graph(spec));
      Exploration<double> exploration(
          network, {.rate = 20, .amplitude = 3, .on_potential = is_on_potential}, 30, 1);
      exploration.perturb_units(k_recurrent);
      exploration.draw(0, 30);
      Activity<double> clean(network.graph(), 30), noisy(network.graph(), 30);
      clean.set_columns(30);
      noisy.set_columns(30);
      network.forward(clean);
      network.forward(noisy, &exploration.noise());
      const double a = 2 / k_tau;
      const double take = integrator == std::string("euler")      ? a
                          : integrator == std::string("implicit") ? a / (1 + a)
                                                                  : 1 - std::exp(-a);
      const arma::mat jump = noisy.potential(k_recurrent) - clean.potential(k_recurrent);
      double largest = 0;
      const auto& places = exploration.noise().in_places[k_recurrent];
      REQUIRE(places.size() > 5);
      for (const auto& place : places) {
        if (place.unit == k_clamped) continue;
        const double before = place.column == 0 ? 0 : jump(place.unit, place.column - 1);
        const double moved = jump(place.unit, place.column) - (1 - take) * before;
        CHECK(moved == doctest::Approx(take * place.value));
        largest = std::max(largest, std::abs(moved));
      }
      // Uniform below 3 in x, or below 3 in the drive.
      CHECK(largest < 3 * (is_on_potential ? 1 : take));
      CHECK(largest > 2 * (is_on_potential ? 1 : take));
    }
  }
}

TEST_CASE("Gaussian noise reaches drive or potential with the deviation asked for") {
  for (const bool is_on_potential : {false, true}) {
    const arma::mat noise =
        noise_of({.deviation = 0.5, .on_potential = is_on_potential}, 2, 50, 400);
    const double expected = is_on_potential ? 0.5 / (2 / k_tau) : 0.5;
    // 20000 samples: the deviation is known to 1 / sqrt(2 n) = 0.5 %.
    CHECK(arma::stddev(arma::vectorise(noise)) == doctest::Approx(expected).epsilon(0.025));
    CHECK(std::abs(arma::mean(arma::vectorise(noise))) < 5 * expected / std::sqrt(20000.0));
  }
}

TEST_CASE("a layer without time gets the noise as it is, wherever the others get it") {
  Network<double> network = timed_network(6, 2);
  Exploration<double> exploration(network, {.rate = 500, .amplitude = 3, .on_potential = true},
                                  4000, 1);
  exploration.perturb_units(k_output);
  exploration.draw(0, 4000);
  double largest = 0;
  for (const auto& place : exploration.noise().in_places[k_output]) {
    largest = std::max(largest, std::abs(place.value));
  }
  CHECK(largest < 3);
  CHECK(largest > 2.9);
}

TEST_CASE("noise on weights is in them during the pass alone, and out again to the bit") {
  Network<float> network = [] {
    NetworkSpec spec = tiny_network(40);
    spec.connections[1].density = 0.3;
    Network<float> made(make_graph(spec));
    initialise(made, 1, arma::fmat());
    return made;
  }();
  const arma::fmat before = copy_of(network.weights(1));
  Exploration<float> exploration(network, {.weight_deviation = 0.37}, 10, 1);
  exploration.perturb_weights(1);
  exploration.draw(0, 10);
  const arma::fmat noise = copy_of(exploration.on_weights(1));
  exploration.shift_weights();
  CHECK(
      arma::approx_equal(arma::fmat(network.weights(1)), arma::fmat(before + noise), "absdiff", 0));
  exploration.restore_weights();
  CHECK(arma::approx_equal(arma::fmat(network.weights(1)), before, "absdiff", 0));
  const arma::fvec drawn = arma::nonzeros(noise);
  CHECK(arma::stddev(drawn) ==
        doctest::Approx(0.37).epsilon(0.15));                  // 480 of them: 3 % a deviation
  CHECK(arma::all(noise.elem(arma::find(before == 0)) == 0));  // absent synapses stay absent
  CHECK(drawn.n_elem == arma::fvec(arma::nonzeros(before)).n_elem);
}

TEST_CASE("noise that contradicts the network or itself is refused") {
  CHECK(refusal({.rate = 600, .amplitude = 1}, 2) ==
        "error[E503] the rate of exploration does not fit the time step\n  expected above 0, at "
        "most 500 Hz, found 600 Hz");
  CHECK(refusal({.amplitude = 1}).find("found 0 Hz") != std::string::npos);
  CHECK(refusal({.deviation = 1, .rate = 3, .amplitude = 1})
            .find("has both a deviation and an amplitude") != std::string::npos);
  CHECK(refusal({.rate = 3}).find("exploration has \"rate\", but no amplitude") !=
        std::string::npos);
  CHECK(refusal({.deviation = 1, .from = 3}).find("exploration has \"from\", but no amplitude") !=
        std::string::npos);
  NetworkSpec still = tiny_network();
  still.layers[1].dynamics = {};
  still.connections.erase(still.connections.begin() + 1);
  Network<double> network(make_graph(still));
  const Error error =
      error_of([&] { Exploration<double>(network, {.rate = 3, .amplitude = 1}, 10, 1); });
  CHECK(
      error.text().starts_with("error[E503] noise with a rate needs a network with time\n  found "
                               "a static network"));
}
