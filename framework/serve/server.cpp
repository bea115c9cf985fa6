// SPDX-License-Identifier: Apache-2.0
// Boost.Beast: one request a connection, so that no connection outlives its answer.
#include "serve/server.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>

#include "core/error.hpp"

namespace deltaw {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
using tcp = boost::asio::ip::tcp;
using Request = http::request<http::empty_body>;
using Answer = http::response<http::string_body>;

constexpr auto k_patience = std::chrono::seconds(10);  // with a client that says nothing

// "localhost:8642" at "localhost".
bool is_this_machine(std::string_view host) {
  const std::string_view name = host.substr(0, host.find_last_of(':'));
  return name == "127.0.0.1" || name == "localhost" || name == "[::1]";
}

Response respond(const Site& site, const Request& request, bool is_loopback) {
  const auto host = request[http::field::host];
  if (is_loopback && !is_this_machine({host.data(), host.size()})) {
    return {403, "text/plain; charset=utf-8", "ask for 127.0.0.1 or localhost\n"};
  }
  if (request.method() != http::verb::get && request.method() != http::verb::head) {
    return {405, "text/plain; charset=utf-8", "results are only read: GET or HEAD\n"};
  }
  try {
    return site.get({request.target().data(), request.target().size()});
  } catch (const std::exception& error) {  // a folder that is written or damaged meanwhile
    return {500, "text/plain; charset=utf-8", fmt::format("{}\n", error.what())};
  }
}

class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Site& site, bool is_loopback)
      : stream_(std::move(socket)), site_(site), is_loopback_(is_loopback) {}

  void start() {
    stream_.expires_after(k_patience);
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->answer();
                     });
  }

 private:
  void answer() {
    Response response = respond(site_, request_, is_loopback_);
    answer_.result(response.status);
    answer_.version(request_.version());
    answer_.set(http::field::content_type, response.type);
    answer_.set(http::field::cache_control, "no-store");
    answer_.set("X-Content-Type-Options", "nosniff");
    answer_.keep_alive(false);
    answer_.body() = std::move(response.body);
    answer_.prepare_payload();
    if (request_.method() == http::verb::head) answer_.body().clear();
    stream_.expires_after(k_patience);
    http::async_write(stream_, answer_,
                      [self = shared_from_this()](beast::error_code, std::size_t) {
                        beast::error_code ignored;
                        self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
                      });
  }

  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  Request request_;
  Answer answer_;
  const Site& site_;
  bool is_loopback_;
};

}  // namespace

struct Server::Listening {
  explicit Listening(Site what) : site(std::move(what)), acceptor(context) {}

  void accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error) {
        std::make_shared<Session>(std::move(socket), site, at.address().is_loopback())->start();
      }
      if (acceptor.is_open()) accept();
    });
  }

  Site site;
  boost::asio::io_context context{1};
  tcp::acceptor acceptor;
  tcp::endpoint at;
};

Server::Server(Site site, const std::string& address, std::uint16_t port)
    : listening_(std::make_unique<Listening>(std::move(site))) {
  beast::error_code error;
  const auto place = boost::asio::ip::make_address(address, error);
  if (error) {
    throw Error(Code::E002, fmt::format("'{}' is no address", address),
                {.expected = "127.0.0.1, or an address of this machine"});
  }
  tcp::acceptor& acceptor = listening_->acceptor;
  acceptor.open(place.is_v6() ? tcp::v6() : tcp::v4(), error);
  if (!error) acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error) acceptor.bind({place, port}, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  if (error) {
    throw Error(Code::E600, fmt::format("cannot listen on {} port {}", address, port),
                {.found = error.message(), .hint = "another --port; 0 takes one that is free"});
  }
  listening_->at = acceptor.local_endpoint();
}

Server::~Server() = default;

std::string Server::url() const {
  const auto address = listening_->at.address();
  const std::string host = address.to_string();
  return fmt::format("http://{}:{}/", address.is_v6() ? "[" + host + "]" : host,
                     listening_->at.port());
}

void Server::run(const std::function<bool()>& goes_on) {
  listening_->accept();
  while (goes_on()) listening_->context.run_for(std::chrono::milliseconds(100));
}

}  // namespace deltaw
