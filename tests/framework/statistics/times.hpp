// SPDX-License-Identifier: Apache-2.0
// Censored times for the tests: plain ones, and those of a trial that textbooks share.
#pragma once

#include <vector>

#include "statistics/time.hpp"

using Times = std::vector<deltaw::Time>;

inline Times times(const std::vector<double>& reached, const std::vector<double>& ends = {}) {
  Times all;
  for (const double end : ends) all.push_back({end, false});
  for (const double time : reached) all.push_back({time, true});
  return all;
}

// Weeks of remission of children with leukaemia (Freireich et al. 1963; Gehan 1965), k-th of
// each is a pair of the trial.
inline Times placebo() {
  Times all;
  for (const double t : {1, 22, 3, 12, 8, 17, 2, 11, 8, 12, 2, 5, 4, 15, 8, 23, 5, 11, 4, 1, 8}) {
    all.push_back({t, true});
  }
  return all;
}
inline Times mercaptopurine() {
  return {{10, true},  {7, true},   {32, false}, {23, true},  {22, true},  {6, true},
          {16, true},  {34, false}, {32, false}, {25, false}, {11, false}, {20, false},
          {19, false}, {6, true},   {17, false}, {35, false}, {6, true},   {13, true},
          {9, false},  {6, false},  {10, false}};
}
