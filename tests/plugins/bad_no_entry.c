/* SPDX-License-Identifier: Apache-2.0
   A library, but no plugin. */
#include "table.h"

__attribute__((visibility("default"))) uint32_t some_function(void);
uint32_t some_function(void) { return rule_info(0)->grain; }
