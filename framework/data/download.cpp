// SPDX-License-Identifier: Apache-2.0
// HTTP and HTTPS through libcurl. Its callbacks are C: what they throw waits until curl is done.
#include <curl/curl.h>
#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <memory>
#include <new>

#include "data/transfer.hpp"

namespace deltaw {
namespace {

class Transfer {
 public:
  Transfer(PartFile& part, std::uint64_t bytes, const OnBytes& on_bytes)
      : part_(part), bytes_(bytes), on_bytes_(on_bytes) {
    curl_.reset(curl_easy_init());
    if (!curl_) throw std::bad_alloc();
  }

  void run(const std::string& url, double timeout);

 private:
  static std::size_t on_body(char* data, std::size_t, std::size_t count, void* self) noexcept;
  static int on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept;

  template <class T>
  void set(CURLoption option, T value) {
    if (curl_easy_setopt(curl_.get(), option, value) != CURLE_OK) {
      throw TransferFailed("libcurl lacks an option that deltaw needs");
    }
  }
  [[nodiscard]] long status() const;
  void begin();
  [[nodiscard]] std::string reason(CURLcode result) const;

  PartFile& part_;
  std::uint64_t bytes_;
  const OnBytes& on_bytes_;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl_{nullptr, &curl_easy_cleanup};
  char message_[CURL_ERROR_SIZE] = {};
  bool has_begun_ = false;
  std::exception_ptr thrown_;
};

long Transfer::status() const {
  long status = 0;
  curl_easy_getinfo(curl_.get(), CURLINFO_RESPONSE_CODE, &status);
  return status;
}

// The first bytes are there: do they belong where the part ends?
void Transfer::begin() {
  has_begun_ = true;
  std::uint64_t announced = 0;
  if (status() == 206) {
    curl_header* range = nullptr;
    unsigned long long from = 0, last = 0, all = 0;
    if (curl_easy_header(curl_.get(), "Content-Range", 0, CURLH_HEADER, -1, &range) != CURLHE_OK ||
        std::sscanf(range->value, "bytes %llu-%llu/%llu", &from, &last, &all) != 3 ||
        from != part_.size()) {
      throw TransferFailed("sends another range than was asked for");
    }
    announced = all;
  } else {
    curl_off_t length = -1;
    curl_easy_getinfo(curl_.get(), CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    announced = length < 0 ? bytes_ : static_cast<std::uint64_t>(length);
  }
  if (announced != bytes_) {
    throw TransferFailed(fmt::format("has {} bytes instead of {}", announced, bytes_));
  }
  if (status() != 206) part_.restart();
}

std::size_t Transfer::on_body(char* data, std::size_t, std::size_t count, void* self) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (!transfer.has_begun_) transfer.begin();
    if (transfer.part_.size() + count > transfer.bytes_) {
      transfer.part_.restart();
      throw TransferFailed(fmt::format("has more than {} bytes", transfer.bytes_));
    }
    transfer.part_.append(data, count);
    return count;
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return count + 1;  // any other number than `count` ends the transfer
  }
}

int Transfer::on_progress(void* self, curl_off_t, curl_off_t, curl_off_t, curl_off_t) noexcept {
  auto& transfer = *static_cast<Transfer*>(self);
  try {
    if (!transfer.on_bytes_(transfer.part_.size())) throw Stopped();
    return 0;
  } catch (...) {
    transfer.thrown_ = std::current_exception();
    return 1;
  }
}

std::string Transfer::reason(CURLcode result) const {
  if (result == CURLE_HTTP_RETURNED_ERROR) {
    return status() == 416 ? fmt::format("has less than {} bytes", part_.size() + 1)
                           : fmt::format("HTTP status {}", status());
  }
  std::string text = message_[0] != '\0' ? message_ : curl_easy_strerror(result);
  if (result == CURLE_PARTIAL_FILE || result == CURLE_RECV_ERROR || has_begun_) {
    text += fmt::format(" (after {} of {} bytes)", part_.size(), bytes_);
  }
  return text;
}

void Transfer::run(const std::string& url, double timeout) {
  const auto milliseconds = static_cast<long>(timeout * 1000);
  const auto seconds = static_cast<long>(timeout < 1 ? 1 : timeout);
  const std::string range = fmt::format("{}-", part_.size());
  set(CURLOPT_URL, url.c_str());
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https");
  set(CURLOPT_FOLLOWLOCATION, 1L);
  set(CURLOPT_MAXREDIRS, 5L);
  set(CURLOPT_FAILONERROR, 1L);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_USERAGENT, "deltaw/" DELTAW_VERSION);
  set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, seconds);
  set(CURLOPT_ERRORBUFFER, message_);
  set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Transfer::on_progress);
  set(CURLOPT_XFERINFODATA, this);
  // Unlike CURLOPT_RESUME_FROM, this lets a server without ranges send the whole file.
  if (part_.size() > 0) set(CURLOPT_RANGE, range.c_str());
  const CURLcode result = curl_easy_perform(curl_.get());
  if (thrown_) std::rethrow_exception(thrown_);
  if (result != CURLE_OK) throw TransferFailed(reason(result));
  if (part_.size() != bytes_) {
    const std::uint64_t came = part_.size();
    part_.restart();
    throw TransferFailed(fmt::format("has {} bytes instead of {}", came, bytes_));
  }
}

}  // namespace

void download(const std::string& url, PartFile& part, std::uint64_t bytes, double timeout,
              const OnBytes& on_bytes) {
  static const CURLcode is_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (is_ready != CURLE_OK) throw TransferFailed(curl_easy_strerror(is_ready));
  Transfer(part, bytes, on_bytes).run(url, timeout);
}

}  // namespace deltaw
