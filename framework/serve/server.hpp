// SPDX-License-Identifier: Apache-2.0
// Gives the pages of a Site over HTTP, to browsers of this machine. One thread.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "serve/site.hpp"

namespace deltaw {

class Server {
 public:
  // Listens on `address` (127.0.0.1: this machine alone) and `port`, 0 for any that is free. Error:
  // E600 when it cannot, E002 when `address` is none.
  Server(Site site, const std::string& address, std::uint16_t port);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  [[nodiscard]] std::string url() const;  // of the list

  // Answers until `goes_on` says no; it is asked about ten times a second. GET and HEAD only, and
  // only to who asks for an address or for localhost: so that no page of the web can have its own
  // name lead here and read results through the user's browser.
  void run(const std::function<bool()>& goes_on);

 private:
  struct Listening;
  std::unique_ptr<Listening> listening_;
};

}  // namespace deltaw
