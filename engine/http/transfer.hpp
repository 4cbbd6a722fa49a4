#pragma once

#include <curl/curl.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/async/event_loop.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/http/body_decoder.hpp"
#include "engine/http/client.hpp"
#include "engine/http/connect_ramp.hpp"
#include "engine/http/easy_handle.hpp"
#include "engine/http/head_reader.hpp"
#include "engine/http/multi_shard.hpp"
#include "engine/http/parsed_url.hpp"
#include "engine/http/request.hpp"
#include "engine/http/response.hpp"
#include "engine/http/throttle.hpp"
#include "engine/http/upload_file.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

class TrustStore;

/// One hop: a request to one URL and its answer, before any redirect is followed.
struct Hop {
  Hop() = default;

  std::string url;  // without userinfo
  std::string method;
  std::optional<std::string> userpwd;  // empty: no credentials
  const std::string* body = nullptr;
  UploadFile* upload = nullptr;                       // in place of a body
  const std::vector<std::string>* headers = nullptr;  // the request's own, besides the client's
  const RangeRequest* range = nullptr;
  const Validators* known = nullptr;
  std::atomic<bool>* connected = nullptr;  // to be set once it is; may be null
  bool client_headers = true;
  bool may_redirect = false;   // a 3xx with a Location is not for the sink
  async::Duration timeout{0};  // of this hop
};

/// An easy handle and what goes with it while it runs one hop; pooled by the Client, which keeps one for each
/// transfer under way.
///
/// What all requests share is set once; a hop sets only what differs. Loop thread only.
class Transfer final : public Carried, private async::Timer, private Throttled {
 public:
  class Run;

  /// All of it outlives the transfer.
  Transfer(async::EventLoop& loop, const ClientOptions& options, const WireSettings& wire, CURLSH* share,
           curl_slist* common_headers, TrustStore& trust, Throttle& throttle);

  /// Sets the handle up. `hop` and what it points to, and `sink`, outlive the run. `resolved` is for
  /// CURLOPT_RESOLVE; empty: libcurl has the addresses, or finds them.
  void prepare(const Hop& hop, const std::string& resolved, BodySink& sink, MultiShard& shard);
  /// `CURLcode code = co_await transfer.run(now);` Cancellation takes the handle out at once.
  [[nodiscard]] Run run(async::TimePoint now) noexcept;
  /// Back to what all requests share.
  void reset() noexcept;

  /// From the shard, once.
  void finished(CURLcode code) noexcept override;

  [[nodiscard]] CURL* easy() const noexcept override { return easy_.get(); }
  [[nodiscard]] const EasyHandle& handle() const noexcept { return easy_; }
  [[nodiscard]] ResponseHead& head() noexcept { return reader_.head(); }
  [[nodiscard]] std::uint64_t received() const noexcept { return received_; }
  [[nodiscard]] bool redirecting() const noexcept { return redirecting_; }
  /// True if the hop had to make a connection.
  [[nodiscard]] bool connected_anew() const noexcept { return connected_anew_; }
  /// To be held when a run starts that may have to connect; given back once the connection is there.
  [[nodiscard]] ConnectRamp::Permit& connect_permit() noexcept { return connect_permit_; }

  /// Why the hop failed, for a code other than CURLE_OK.
  [[nodiscard]] Error failure(CURLcode code) const;
  /// What is wrong with an answer that libcurl takes for whole.
  [[nodiscard]] Status end_of_body() const;

 private:
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_connected(void* self, char* remote, char* local, int remote_port, int local_port);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t position, int origin);
  void prepare_body(const Hop& hop);
  bool take_header_line(std::string_view line);
  bool end_of_head();
  Status take_body(std::string_view bytes);
  bool give_up(Error error);
  void on_timer() noexcept override;
  void go_on() noexcept override;
  [[nodiscard]] bool is_paused() const noexcept { return is_linked(); }

  EasyHandle easy_;
  ParsedUrl url_;
  async::EventLoop& loop_;
  Throttle& throttle_;
  const ClientOptions& options_;
  const WireSettings& wire_;
  const Proxy* proxy_ = nullptr;  // that the handle is set to
  curl_slist* common_headers_;
  Slist headers_;
  Slist resolved_;
  MultiShard* shard_ = nullptr;
  BodySink* sink_ = nullptr;
  UploadFile* upload_ = nullptr;
  std::atomic<bool>* connected_ = nullptr;  // to be set once it is; may be null
  BodyDecoder decoder_;
  Run* waiter_ = nullptr;
  ConnectRamp::Permit connect_permit_;
  HeadReader reader_;
  std::optional<Error> own_error_;  // why we, not libcurl, ended it
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  async::TimePoint started_;
  async::TimePoint last_byte_;
  async::Duration timeout_{0};
  std::uint64_t received_ = 0;
  std::uint64_t decoded_ = 0;  // of them, given to the sink; as many where nothing is encoded
  curl_off_t sent_ = 0;        // when the stall timer looked last
  int open_errno_ = 0;         // why no socket could be made
  bool plain_ = true;          // nothing to reset
  bool may_redirect_ = false;
  bool redirecting_ = false;
  bool connected_anew_ = false;
  bool blocked_ = false;  // an address was
};

class Transfer::Run final : public async::Waiter {
 public:
  explicit Run(Transfer& transfer) noexcept : transfer_(transfer) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "transfer")) return false;
    start();
    return suspend();
  }
  CURLcode await_resume() const {
    check();
    return code_;
  }

 private:
  friend class Transfer;
  void start();
  void on_cancel() noexcept override;

  Transfer& transfer_;
  CURLcode code_ = CURLE_OK;
};

inline Transfer::Run Transfer::run(async::TimePoint now) noexcept {
  started_ = last_byte_ = now;
  return Run(*this);
}

}  // namespace leat::http
