/* SPDX-License-Identifier: Apache-2.0
   Says of its rule something else than the manifest: what CHANGE, a statement, does to info. */
#include "table.h"

static const deltaw_rule_info* changed_info(uint32_t index) {
  static deltaw_rule_info info;
  info = good_info;
  CHANGE;
  return index == 0 ? &info : 0;
}

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {sizeof plugin, 1, 0, 1, changed_info, create};
  return &plugin;
}
