// SPDX-License-Identifier: Apache-2.0
// Writes what small networks of images do, for torch_test.py, each into a folder of its own:
// images, labels, the weights that it starts from, its outputs, and the weights after one step of
// gradient descent and after one of Adadelta. Usage: image_probe FOLDER
#include <fmt/format.h>

#include <filesystem>
#include <fstream>

#include "comparison/outcome.hpp"
#include "exact_gradient.hpp"
#include "rule_on_network.hpp"
#include "training/optimizer.hpp"

using namespace deltaw;
using namespace deltaw::testing;

namespace {

constexpr std::size_t k_samples = 32;

LayerSpec of_type(std::string name, std::string type, std::size_t side, std::size_t filters = 0) {
  LayerSpec spec = layer(std::move(name), 0, filters > 0 ? "relu" : "linear");
  spec.type = std::move(type);
  spec.side = side;
  spec.filters = filters;
  if (filters == 0) spec.stride = side;
  return spec;
}

LayerSpec image() {
  LayerSpec input = layer("input", 0);
  input.image = {14, 15, 1};
  return input;
}

// 14 x 15 pixels - C3x8 - MP - C3x16 - MP - 12 - 10.
NetworkSpec convolutions() {
  NetworkSpec spec =
      chain({image(), of_type("conv1", "conv2d", 3, 8), of_type("pool1", "max-pool", 2),
             of_type("conv2", "conv2d", 3, 16), of_type("pool2", "max-pool", 2),
             layer("dense", 12, "relu"), layer("output", 10, "softmax")});
  for (ConnectionSpec& c : spec.connections) c.init.type = "he-normal";
  return spec;
}

// 14 x 15 pixels - GRU or LSTM of 9 by rows or columns - 12 - 10.
NetworkSpec gates(const std::string& type, const std::string& axis) {
  LayerSpec gated = layer("gates", 9);
  gated.type = type;
  gated.axis = axis;
  NetworkSpec spec =
      chain({image(), gated, layer("dense", 12, "relu"), layer("output", 10, "softmax")});
  spec.connections.push_back(connection("gates", "gates"));
  return spec;
}

void write(const std::filesystem::path& folder, const std::string& name, const arma::fmat& matrix) {
  std::ofstream(folder / (name + ".npy"), std::ios::binary) << npy_bytes(to_npy<float>(matrix));
}

// One step from the weights as they are, which it then brings back.
void write_step(const std::filesystem::path& folder, Bench<float>& bench, const char* type) {
  RuleOnNetwork<Exact, float> exact(bench);
  std::vector<arma::fmat> changes = exact.propose();
  for (std::size_t i = 0; i < changes.size(); ++i) {
    arma::fmat weights = bench.network.weights(exact.driven()[i]);
    const arma::fmat before(weights.memptr(), weights.n_rows, weights.n_cols);
    const auto optimizer =
        make_optimizer<float>(default_optimizer(type), weights.n_rows, weights.n_cols);
    optimizer->apply(weights, changes[i], default_optimizer(type).rate);
    const std::string& name = bench.network.graph().connections[exact.driven()[i]].name;
    write(folder, fmt::format("{}.{}", type, name), weights);
    weights = before;
  }
}

void write_network(const std::filesystem::path& folder, const NetworkSpec& spec) {
  std::filesystem::create_directory(folder);
  const arma::fmat images = gaussian<float>(14 * 15, k_samples, "x");
  const arma::fmat targets = one_hot<float>(10, k_samples);
  Bench<float> bench(spec, {.type = "cross-entropy"}, images, targets);
  write(folder, "images", images);
  write(folder, "targets", targets);
  write(folder, "outputs", bench.output());
  for (const auto& [name, weights] : weights_of(bench.network)) {
    std::ofstream(folder / ("start." + name + ".npy"), std::ios::binary) << npy_bytes(weights);
  }
  write_step(folder, bench, "sgd");
  write_step(folder, bench, "adadelta");
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  write_network(folder / "convolutions", convolutions());
  for (const char* type : {"gru", "lstm"}) {
    for (const char* axis : {"rows", "columns"}) {
      write_network(folder / fmt::format("{}-by-{}", type, axis), gates(type, axis));
    }
  }
  return 0;
}
