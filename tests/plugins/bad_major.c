/* SPDX-License-Identifier: Apache-2.0
   Made for another major version of the ABI, with a smaller table. */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {8, 2, 0, 0, 0, 0};
  return &plugin;
}
