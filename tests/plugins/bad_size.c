/* SPDX-License-Identifier: Apache-2.0
   Says that its table is smaller than that of ABI 1.0. */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {24, 1, 0, 1, rule_info, create};
  return &plugin;
}
