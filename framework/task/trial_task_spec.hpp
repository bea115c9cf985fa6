// SPDX-License-Identifier: Apache-2.0
// A task in trials as the experiment describes it: plain values. Times are in milliseconds from the
// trial's start, and each must be a whole number of steps.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace deltaw {

struct TimeSpan {
  double from = 0, to = 0;  // from <= t < to
};

// What the output should be in the response window.
struct Answers {
  double no = -1, yes = 1;
};

// "delayed-nonmatch" and "delayed-match": two stimuli with a delay between them; were they the
// same? The defaults are the times of Miconi 2017 (doi:10.7554/eLife.20899).
struct DelayedMatchSpec {
  TimeSpan first = {1, 201}, second = {400, 600}, response = {800, 1000};
  // From the end of the first stimulus to the onset of the second, drawn for each trial among the
  // whole steps of from <= t < to; from == to: always that long. The second stimulus keeps its
  // length, and nothing else moves.
  std::optional<TimeSpan> delay = {};
  Answers target = {-0.98, 0.98};
  // Types of this kind that are learnt afterwards, one after the other, `each` and the first for so
  // many trials: contexts, of which nothing is told but the reward. Empty: one context without end.
  std::vector<std::string> then = {};
  std::size_t each = 0;
};

// "selective-integration": which sign has the evidence of the attended one of two streams? Mante et
// al. 2013 (doi:10.1038/nature12742) with the numbers of Miconi 2017 (doi:10.7554/eLife.20899).
struct SelectiveIntegrationSpec {
  TimeSpan stimulus = {1, 501}, response = {500, 700};
  double bias = 0.5;         // evidence is scale * (N(0, 1) +- bias), drawn anew at every step
  double scale = 0.5;        // whatever dt is: a coarser dt shows less evidence
  Answers target = {-1, 1};  // for a negative bias, and a positive one
};

// "sine-sum": generate sum_k amplitudes[k] sin(2 pi frequencies[k] t), scaled so that its largest
// absolute value in the trial is `peak`. The defaults are the series of Sussillo & Abbott 2009
// (doi:10.1016/j.neuron.2009.07.018), of period 1 s; as a task for a reward-modulated rule in
// Hoerzer, Legenstein, Maass 2014 (doi:10.1093/cercor/bhs348).
struct SineSumSpec {
  std::vector<double> amplitudes = {1, 1.0 / 2, 1.0 / 6, 1.0 / 3};
  std::vector<double> frequencies = {1, 2, 3, 4};  // Hz
  double peak = 1;
  TimeSpan response = {200, 2000};     // before it: wash-in
  std::optional<TimeSpan> input = {};  // when the one channel is 1, else 0; none: all the time
};

// Every trial ends with its response window.
struct TrialTaskSpec {
  std::string type = "delayed-nonmatch";
  double dt = 1;                 // ms a step
  std::string order = "cyclic";  // kinds in turn, or "random": drawn
  DelayedMatchSpec match = {};   // the part of `type` counts, the others are not looked at
  SelectiveIntegrationSpec integration = {};
  SineSumSpec sines = {};
};

}  // namespace deltaw
