// SPDX-License-Identifier: Apache-2.0
// Parameters of a rule as the ABI carries them, for tests.
#pragma once

#include <deltaw/abi.h>

#include <cstdint>

namespace deltaw::testing {

inline deltaw_param parameter(const char* name, double value) {
  deltaw_param out{name, DELTAW_PARAM_F64, 0, {}};
  out.value.f64 = value;
  return out;
}
inline deltaw_param parameter(const char* name, std::int64_t value) {
  deltaw_param out{name, DELTAW_PARAM_I64, 0, {}};
  out.value.i64 = value;
  return out;
}
inline deltaw_param parameter(const char* name, bool value) {
  deltaw_param out{name, DELTAW_PARAM_BOOL, 0, {}};
  out.value.i64 = value;
  return out;
}
inline deltaw_param parameter(const char* name, const char* value) {
  deltaw_param out{name, DELTAW_PARAM_STR, 0, {}};
  out.value.str = value;
  return out;
}

}  // namespace deltaw::testing
