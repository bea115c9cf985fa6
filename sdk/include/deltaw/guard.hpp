// SPDX-License-Identifier: Apache-2.0
// The border of the ABI: exceptions become a status and a message, and statuses exceptions.
#pragma once

#include <deltaw/abi.h>

#include <cstring>
#include <new>
#include <stdexcept>
#include <string>

namespace deltaw {

// Something that this rule or this host cannot do.
struct Unsupported : std::runtime_error {
  using std::runtime_error::runtime_error;
};
// Numbers that diverged or are singular.
struct NumericError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

namespace detail {

// The host called in another order than prepare, update.
struct OutOfOrder : std::runtime_error {
  using std::runtime_error::runtime_error;
};

inline deltaw_status report(deltaw_error* error, deltaw_status code, const char* message) noexcept {
  if (error != nullptr) {
    error->code = code;
    std::strncpy(error->message, message, sizeof error->message - 1);
    error->message[sizeof error->message - 1] = '\0';
  }
  return code;
}

// Runs f and turns what it throws into a status. The only catch (...) of the SDK.
template <class F>
deltaw_status guard(deltaw_error* error, F&& f) noexcept {
  try {
    f();
    return DELTAW_OK;
  } catch (const std::bad_alloc&) {
    return report(error, DELTAW_E_OUT_OF_MEMORY, "out of memory");
  } catch (const Unsupported& e) {
    return report(error, DELTAW_E_UNSUPPORTED, e.what());
  } catch (const NumericError& e) {
    return report(error, DELTAW_E_NUMERIC, e.what());
  } catch (const OutOfOrder& e) {
    return report(error, DELTAW_E_STATE, e.what());
  } catch (const std::logic_error& e) {
    return report(error, DELTAW_E_INVALID_ARGUMENT, e.what());
  } catch (const std::exception& e) {
    return report(error, DELTAW_E_INTERNAL, e.what());
  } catch (...) {
    return report(error, DELTAW_E_INTERNAL, "the rule threw something that is no std::exception");
  }
}

// Throws when a host service did not succeed.
inline void require(deltaw_status status, const char* service) {
  if (status != DELTAW_OK) {
    throw std::runtime_error(std::string("host service ") + service + " failed with status " +
                             std::to_string(status));
  }
}

}  // namespace detail
}  // namespace deltaw
