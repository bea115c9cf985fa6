// SPDX-License-Identifier: Apache-2.0
// The backward pass on a host that exists only here: one unit a layer, so that every product is one
// number, and a hidden layer that feeds itself.
#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <deltaw/error_transport.hpp>
#include <string>

namespace {

// input > hidden > output, hidden > hidden from the step before. Counts what it is asked.
struct FakeHost {
  struct Edge {
    const char* name;
    std::uint32_t source, target, flags;
  };
  static constexpr std::array<Edge, 3> edges = {
      {{"in", 0, 1, 0}, {"loop", 1, 1, DELTAW_CONNECTION_RECURRENT}, {"out", 1, 2, 0}}};
  std::array<std::int64_t, 3> delta_of{0, 1, 2};
  std::string asked;
  deltaw_network network{sizeof(deltaw_network),
                         3,
                         3,
                         0,
                         this,
                         layer,
                         connection,
                         nullptr,
                         loss_gradient,
                         layer_vjp,
                         connection_vjp,
                         connection_gradient};
  deltaw_host host{sizeof(deltaw_host), DELTAW_ABI_MINOR, this, nullptr, get_extension};

  static FakeHost& of(void* ctx) { return *static_cast<FakeHost*>(ctx); }
  static double* data(const deltaw_matrix* m) { return static_cast<double*>(m->data); }

  static const void* get_extension(void* ctx, const char* id) {
    return std::strcmp(id, "deltaw.network/1") == 0 ? &of(ctx).network : nullptr;
  }
  static deltaw_status layer(void*, std::uint32_t i, deltaw_layer_info* out) {
    static constexpr std::array<const char*, 3> names = {"input", "hidden", "output"};
    *out = {sizeof *out, i == 2 ? std::uint32_t{DELTAW_LAYER_OUTPUT} : 0u, names[i], 1, 1};
    return DELTAW_OK;
  }
  static deltaw_status connection(void* ctx, std::uint32_t i, deltaw_connection_info* out) {
    const Edge& e = edges[i];
    *out = {sizeof *out, e.flags, e.name, e.source, e.target, 1, 1, of(ctx).delta_of[i]};
    return DELTAW_OK;
  }
  static deltaw_status loss_gradient(void*, std::uint32_t, const deltaw_matrix* out) {
    for (std::uint64_t k = 0; k < out->cols; ++k) data(out)[k] = 1;
    return DELTAW_OK;
  }
  static deltaw_status layer_vjp(void* ctx, std::uint32_t i, const deltaw_matrix* in,
                                 const deltaw_matrix*, const deltaw_matrix* out) {
    of(ctx).asked += "layer " + std::to_string(i) + "; ";
    for (std::uint64_t k = 0; k < out->cols; ++k) data(out)[k] = 2 * data(in)[k];
    return DELTAW_OK;
  }
  static deltaw_status connection_vjp(void* ctx, std::uint32_t i, const deltaw_matrix* in,
                                      const deltaw_matrix*, double beta, const deltaw_matrix* out) {
    of(ctx).asked += std::string("down ") + edges[i].name + "; ";
    for (std::uint64_t k = 0; k < out->cols; ++k) {
      data(out)[k] = (beta == 0 ? 0 : beta * data(out)[k]) + 3 * data(in)[k];
    }
    return DELTAW_OK;
  }
  static deltaw_status connection_gradient(void*, std::uint32_t, const deltaw_matrix* in,
                                           double scale, const deltaw_matrix* delta) {
    for (std::uint64_t k = 0; k < in->cols; ++k) data(delta)[0] += scale * data(in)[k];
    return DELTAW_OK;
  }
};

// ΔW of the driven connections after one block of two columns.
std::array<double, 3> send(FakeHost& fake) {
  deltaw::Setup setup;
  setup.set_host(&fake.host);
  setup.set_shape({sizeof(deltaw_shape), DELTAW_F64, 2, 0, nullptr});
  deltaw::ErrorTransport<double> transport(setup);
  std::array<double, 3> values{};
  std::array<deltaw_matrix, 3> matrices{};
  for (std::size_t i = 0; i < 3; ++i) matrices[i] = {&values[i], 1, 1, 1, DELTAW_F64, 0};
  deltaw::Deltas<double> deltas;
  deltas.assign(matrices.data(), matrices.size());
  deltaw::Backward<double> exact;
  transport.send(2, deltas, exact);
  return values;
}

}  // namespace

TEST_CASE("a recurrent connection gets its gradient, and no error is sent down it a second time") {
  FakeHost fake;
  // Each column: 1 at the output, 3 below "out", 2 · 3 before the hidden activation; minus, twice.
  CHECK(send(fake) == std::array<double, 3>{-12, -12, -2});
  CHECK(fake.asked == "down out; layer 1; ");
}

TEST_CASE("a layer with nothing but a driven recurrent connection is reached too") {
  FakeHost fake;
  fake.delta_of = {-1, 1, -1};
  CHECK(send(fake) == std::array<double, 3>{0, -12, 0});
  FakeHost readout;
  readout.delta_of = {-1, -1, 2};
  CHECK(send(readout) == std::array<double, 3>{0, 0, -2});
  CHECK(readout.asked.empty());
}
