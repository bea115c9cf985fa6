/* SPDX-License-Identifier: Apache-2.0
   Returns no table. */
#include <deltaw/abi.h>

const deltaw_plugin* deltaw_plugin_entry(void) { return 0; }
