/* SPDX-License-Identifier: Apache-2.0
   Needs a minor version that does not exist yet. */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 7, 1, rule_info, create};
  return &plugin;
}
