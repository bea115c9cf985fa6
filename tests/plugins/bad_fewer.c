/* SPDX-License-Identifier: Apache-2.0
   Promises two rules, has one. */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 0, 2, rule_info, create};
  return &plugin;
}
