// SPDX-License-Identifier: Apache-2.0
// Spike-timing-dependent plasticity: pairs of spikes, triplets, and the forms of Diehl & Cook.
#include "diehl_cook.hpp"
#include "pair.hpp"
#include "triplet.hpp"

DELTAW_PLUGIN(Stdp, TripletStdp, DiehlCook)
