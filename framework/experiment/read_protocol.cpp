// SPDX-License-Identifier: Apache-2.0
#include "experiment/read_specs.hpp"

namespace deltaw::detail {
namespace {

constexpr std::size_t k_longest_sweep = 100000;

SweepSpec read_sweep(const Node& node, SweepSpec sweep) {
  node.read("from", sweep.from);
  node.read("to", sweep.to);
  node.read("step", sweep.step);
  if (sweep.from <= sweep.to && (sweep.to - sweep.from) / sweep.step < k_longest_sweep) {
    return sweep;
  }
  node.fail(Code::E503, "sweeps over nothing, or too much",
            {.expected = fmt::format("from <= to, in at most {} steps", k_longest_sweep),
             .found = fmt::format("{} .. {} by {}", sweep.from, sweep.to, sweep.step)});
}

}  // namespace

ProtocolSpec read_protocol(const Node& node) {
  check_keys(node, {{"recording", {}, {"show"}},
                    {"pairing", {}, {"lags", "pairs", "interval"}},
                    {"current-sweep", {}, {"values", "show"}},
                    {"rectification", {}, {"samples", "tolerance", "show"}}});
  ProtocolSpec spec;
  node.read("type", spec.type);
  node.read("show", spec.show);
  if (node.has("lags")) spec.lags = read_sweep(node["lags"], spec.lags);
  node.read("pairs", spec.pairs);
  node.read("interval", spec.interval);
  if (node.has("values")) spec.values = read_sweep(node["values"], spec.values);
  node.read("samples", spec.samples);
  node.read("tolerance", spec.tolerance);
  if (spec.type != "current-sweep" || (spec.values.from >= 0 && spec.values.to <= 1)) return spec;
  node["values"].fail(Code::E403, "cannot be shown",
                      {.expected = "values from 0 to 1",
                       .found = fmt::format("{} .. {}", spec.values.from, spec.values.to),
                       .hint = "an \"amplitude\" of the source of currents"});
}

}  // namespace deltaw::detail
