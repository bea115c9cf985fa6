// SPDX-License-Identifier: Apache-2.0
// Through the same probes as every other check; draws come from the case.
#include "conformance/case_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "conformance/rule_probe.hpp"
#include "core/error.hpp"

namespace deltaw {
namespace {

// "deltaw.random/1" that knows the draws of a case and no others.
class GivenDraws {
 public:
  explicit GivenDraws(const Case& given) : given_(given) {
    table_ = {sizeof table_, 0, this, &normal, &uniform};
  }
  [[nodiscard]] const deltaw_random* table() const { return &table_; }
  [[nodiscard]] const std::string& missing() const { return missing_; }

 private:
  deltaw_status fill(bool is_normal, std::uint64_t stream, std::uint64_t counter,
                     const deltaw_matrix& out) {
    if (out.rows * out.cols == 0) return DELTAW_OK;
    for (const CaseDraw& draw : given_.draws) {
      if (draw.is_normal != is_normal || draw.stream != stream || draw.counter != counter ||
          draw.values.n_rows != out.rows || draw.values.n_cols != out.cols) {
        continue;
      }
      for (std::uint64_t j = 0; j < out.cols; ++j) {
        for (std::uint64_t i = 0; i < out.rows; ++i) {
          const std::uint64_t at = i + j * out.ld;
          if (out.dtype == DELTAW_F64) {
            static_cast<double*>(out.data)[at] = draw.values(i, j);
          } else {
            static_cast<float*>(out.data)[at] = static_cast<float>(draw.values(i, j));
          }
        }
      }
      return DELTAW_OK;
    }
    missing_ = fmt::format("{} {} x {}, stream {}, counter {}", is_normal ? "normal" : "uniform",
                           out.rows, out.cols, stream, counter);
    return DELTAW_E_INVALID_ARGUMENT;
  }
  static deltaw_status normal(void* ctx, std::uint64_t stream, std::uint64_t counter,
                              const deltaw_matrix* out) {
    return static_cast<GivenDraws*>(ctx)->fill(true, stream, counter, *out);
  }
  static deltaw_status uniform(void* ctx, std::uint64_t stream, std::uint64_t counter,
                               const deltaw_matrix* out) {
    return static_cast<GivenDraws*>(ctx)->fill(false, stream, counter, *out);
  }

  const Case& given_;
  std::string missing_;
  deltaw_random table_{};
};

CaseOutcome compared(const Case& given, const Response& response, std::uint32_t dtype) {
  const double tolerance = dtype == DELTAW_F64 ? given.tolerance_f64 : given.tolerance_f32;
  const char* precision = dtype == DELTAW_F64 ? "float64" : "float32";
  double largest = 0;
  for (const arma::vec& expected : given.expected) {
    if (!expected.empty()) largest = std::max(largest, arma::abs(expected).max());
  }
  CaseOutcome out;
  std::string where;
  for (std::size_t update = 0; update < given.expected.size(); ++update) {
    for (std::size_t entry = 0; entry < given.expected[update].n_elem; ++entry) {
      const double expected = given.expected[update][entry];
      const double found = value_of(response[update][entry], dtype);
      const double difference = std::abs(found - expected);
      const double error = difference == 0 ? 0 : difference / largest;
      if (!std::isnan(error) && error <= out.error) continue;
      out.error = std::isnan(error) ? HUGE_VAL : error;
      where = fmt::format("update {}, entry {}: expected {:.9g}, found {:.9g}", update, entry,
                          expected, found);
    }
  }
  out.holds = out.error <= tolerance;
  out.text = out.holds ? fmt::format("{}: within {:.1e} of the largest", precision, out.error)
                       : fmt::format("{}: {}; {:.1e} of the largest, allowed {:.1e}", precision,
                                     where, out.error, tolerance);
  return out;
}

}  // namespace

CaseOutcome run_case(const deltaw_plugin& plugin, const RuleSpec& rule, const Case& given,
                     std::uint32_t dtype) {
  Scene scene = given.scene;
  scene.dtype = dtype;
  GivenDraws draws(given);
  const ProbedRule probed{&plugin, &rule, given.parameters,
                          given.draws.empty() ? nullptr : draws.table()};
  const auto probe = make_probe(probed, scene);
  try {
    return compared(given, answer(*probe, given.stimulus), dtype);
  } catch (const Error&) {
    if (draws.missing().empty()) throw;
    throw Error(Code::E701, fmt::format("case '{}' lacks a draw: {}", given.name, draws.missing()));
  }
}

}  // namespace deltaw
