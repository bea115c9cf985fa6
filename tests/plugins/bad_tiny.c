/* SPDX-License-Identifier: Apache-2.0
   Says that its table ends before the version that it was made for. */
#include "table.h"

const deltaw_plugin* deltaw_plugin_entry(void) {
  static const deltaw_plugin plugin = {4, 1, 0, 1, rule_info, create};
  return &plugin;
}
