// SPDX-License-Identifier: Apache-2.0
// STDP as presynaptic rate times the change of postsynaptic activity, dW = S dV (Bengio, Mesnard,
// Fischer, Zhang and Wu 2015, arXiv:1509.05936): for spikes, and for rates.
#include "bengio_rate.hpp"
#include "bengio_spikes.hpp"

DELTAW_PLUGIN(BengioStdp, BengioRate)
