// SPDX-License-Identifier: Apache-2.0
// Boost.Beast: one request a connection, so that no connection outlives its answer.
#include "serve/server.hpp"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
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
constexpr auto k_slow = std::chrono::minutes(10);      // with one to whom a large file goes
constexpr std::size_t k_most_open = 128;               // connections

// "localhost:8642" at "localhost", "[::1]:8642" at "[::1]".
std::string_view name_in(std::string_view host) {
  if (host.starts_with('[')) return host.substr(0, host.find(']') + 1);
  return host.substr(0, host.find(':'));
}

// No name that somebody else may lead here: an address as it stands, or localhost.
bool is_address(std::string_view host) {
  const std::string_view name = name_in(host);
  if (name == "localhost") return true;
  const std::string plain(name.starts_with('[') && name.size() > 2 ? name.substr(1, name.size() - 2)
                                                                   : name);
  beast::error_code error;
  boost::asio::ip::make_address(plain, error);
  return !error;
}

Response respond(const Site& site, const Request& request) {
  const auto host = request[http::field::host];
  if (!is_address({host.data(), host.size()})) {
    return {403, "text/plain; charset=utf-8", "ask for an address, or for localhost\n"};
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
  // `open` counts those that live.
  Session(tcp::socket socket, const Site& site, std::size_t& open)
      : stream_(std::move(socket)), site_(site), open_(open) {
    ++open_;
  }
  ~Session() { --open_; }
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start() {
    stream_.expires_after(k_patience);
    http::async_read(stream_, buffer_, request_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) return self->answer(respond(self->site_, self->request_));
                       if (error == http::error::end_of_stream || error == beast::error::timeout)
                         return;
                       const bool has_body = error == http::error::unexpected_body;
                       self->answer({has_body ? 405U : 400U, "text/plain; charset=utf-8",
                                     "results are only read: GET or HEAD\n"});
                     });
  }

 private:
  void answer(Response response) {
    answer_.result(response.status);
    answer_.version(request_.version());
    answer_.set(http::field::content_type, response.type);
    answer_.set(http::field::cache_control, "no-store");
    answer_.set("X-Content-Type-Options", "nosniff");
    answer_.keep_alive(false);
    answer_.body() = std::move(response.body);
    answer_.prepare_payload();
    if (request_.method() == http::verb::head) answer_.body().clear();
    stream_.expires_after(k_slow);
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
  std::size_t& open_;
};

}  // namespace

struct Server::Listening {
  explicit Listening(Site what) : site(std::move(what)), acceptor(context), pause(context) {}

  void accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (!error && open < k_most_open) {
        std::make_shared<Session>(std::move(socket), site, open)->start();
      }
      if (!error) return accept();
      pause.expires_after(std::chrono::milliseconds(200));  // no descriptors are left, say
      pause.async_wait([this](beast::error_code) { accept(); });
    });
  }

  Site site;
  std::size_t open = 0;  // connections; outlives the context, which ends those that are left
  boost::asio::io_context context{1};
  tcp::acceptor acceptor;
  boost::asio::steady_timer pause;
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
