#pragma once

#include <curl/curl.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/async/event_loop.hpp"
#include "engine/async/timer_queue.hpp"
#include "engine/async/waiter.hpp"
#include "engine/http/client.hpp"
#include "engine/http/connect/connect_ramp.hpp"
#include "engine/http/connect/connect_watch.hpp"
#include "engine/http/connect/resend_gate.hpp"
#include "engine/http/connect/stream_gate.hpp"
#include "engine/http/connect/throttle.hpp"
#include "engine/http/curl/early_answer.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/curl/multi_shard.hpp"
#include "engine/http/curl/socket_table.hpp"
#include "engine/http/failure/curl_error.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/message/body_reader.hpp"
#include "engine/http/message/head_reader.hpp"
#include "engine/http/message/parsed_url.hpp"
#include "engine/http/message/pausable_transfer.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/message/upload_file.hpp"
#include "engine/http/redirect_cookies.hpp"
#include "engine/http/tls/close_notify.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

class TrustStore;
struct TransferProgress;

/// An easy handle and what goes with it while it runs one hop. The Client pools them and keeps one for each
/// transfer under way.
///
/// What all requests share is set once; a hop sets only what differs. Loop thread only.
class Transfer final : public Carried,
                       private async::Timer,
                       private PausableTransfer,
                       private ConnectWatch::Owner {
 public:
  class Run;

  /// All arguments outlive the transfer. `common_headers` are the client's; `plain_headers` is all that a
  /// request without fields of its own sends.
  Transfer(async::EventLoop& loop, const ClientOptions& options, const WireSettings& wire, CURLSH* share,
           const curl_slist* common_headers, curl_slist* plain_headers, TrustStore& trust,
           Throttle& throttle);

  /// Sets the handle up. `hop` and what it points to, and `sink`, outlive the run. `resolved` is for
  /// CURLOPT_RESOLVE; it is empty if libcurl has the addresses or finds them itself.
  void prepare(const Hop& hop, const std::vector<std::string>& resolved, const ConnectBound& bound,
               BodySink& sink, MultiShard& shard);
  /// Use as `CURLcode code = co_await transfer.run(now);`. Cancellation takes the handle out at once.
  [[nodiscard]] Run run(async::TimePoint now) noexcept;
  /// Goes back to what all requests share, and leaves only `cookies` as they are.
  void reset() noexcept;
  [[nodiscard]] RedirectCookies& cookies() noexcept { return cookies_; }

  /// The shard calls it once.
  void finished(CURLcode code) noexcept override;

  [[nodiscard]] CURL* easy() const noexcept override { return easy_.get(); }
  [[nodiscard]] const EasyHandle& handle() const noexcept { return easy_; }
  [[nodiscard]] ResponseHead& head() noexcept { return reader_.head(); }
  [[nodiscard]] std::uint64_t received() const noexcept { return body_.received(); }
  /// Says whether the answer is a redirect to be followed.
  [[nodiscard]] bool redirecting() const noexcept { return redirecting_; }
  /// Says whether all that is wanted of the answer has come: either we ended the transfer then, or it failed
  /// later, while the rest of the request was sent.
  [[nodiscard]] bool has_enough() const noexcept { return has_enough_ || has_whole_answer(); }
  /// Says whether the hop may run again over a fresh connection: it failed before anything of an answer had
  /// come, because the connection that it was to use, or had used, no longer existed. It is false if the
  /// request may have been carried out and must not be carried out twice.
  [[nodiscard]] bool needs_fresh_connection() const noexcept { return needs_fresh_; }
  /// Says whether the kept connection that libcurl had chosen had ended or held something that nobody asked
  /// for.
  [[nodiscard]] bool found_news() const noexcept { return found_news_; }
  /// Says whether a kept connection ended under the request.
  [[nodiscard]] bool lost_connection() const noexcept { return lost_; }
  /// How often libcurl has sent the request again by itself, as it does if a server refuses an HTTP/2 stream.
  [[nodiscard]] std::uint64_t sent_again() const noexcept {
    return is_multiplexed() && requests_ > 1 ? static_cast<std::uint64_t>(requests_) - 1 : 0;
  }
  /// Says that the handle must not carry another request. libcurl counts how often a handle's requests lost
  /// their connection and were sent again, over all transfers that it ever carried; at five it fails (7.88;
  /// `state.retrycount`).
  [[nodiscard]] bool is_worn() const noexcept { return worn_; }
  /// Says whether a body that only the connection's end ends has come over TLS and the server has said that
  /// it ends.
  [[nodiscard]] bool ended_by_close_notify() const noexcept { return close_notify_.has_come(); }
  /// Says whether anything of an answer came.
  [[nodiscard]] bool answered() const noexcept { return reader_.has_begun(); }
  /// Says whether the hop had to make a connection.
  [[nodiscard]] bool connected_anew() const noexcept { return connected_anew_; }
  /// Says how the hop connected, if it had to.
  [[nodiscard]] const ConnectWatch& connecting() const noexcept { return connecting_; }
  /// Says whether the request, or a part of it, may have gone out and its method is not idempotent.
  [[nodiscard]] bool must_not_repeat() const noexcept { return requests_ > 0 && !repeatable_; }
  /// Says whether its connection speaks HTTP/2.
  [[nodiscard]] bool agreed_on_http2() const noexcept { return agreed_on_http2_; }
  /// It must be held when a run starts that may have to connect; it is given back once the connection is
  /// there.
  [[nodiscard]] ConnectRamp::Permit& connect_permit() noexcept { return connect_permit_; }
  /// The same for a run that may find a connection to share.
  [[nodiscard]] StreamGate::Probe& probe() noexcept { return probe_; }
  /// The same for a run whose request was lost with a kept connection.
  [[nodiscard]] ResendGate::Scout& scout() noexcept { return scout_; }

  /// Give what is known about a hop that failed, and why it did, for a code other than CURLE_OK.
  [[nodiscard]] FailureContext failure_context() const;
  [[nodiscard]] Error failure(CURLcode code) const;
  /// Says what is wrong with an answer that libcurl takes for whole.
  [[nodiscard]] Status end_of_body() const;

 private:
  static curl_socket_t on_open_socket(void* self, curlsocktype purpose, curl_sockaddr* address);
  static int on_connected(void* self, char* remote, char* local, int remote_port, int local_port);
  static std::size_t on_header(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_read(char* buffer, std::size_t size, std::size_t count, void* self);
  static int on_seek(void* self, curl_off_t position, int origin);
  void prepare_target(const Url& url);
  void prepare_body(const Hop& hop);
  bool may_send(const char* remote, int remote_port, int local_port);
  bool may_send_again();
  bool may_repeat_by_http2();
  bool misses_kept_connection() noexcept;
  [[nodiscard]] bool has_met_a_rest() const noexcept;
  [[nodiscard]] bool may_be_http2() const noexcept {
    return options_.streams > 0 || options_.wire.http == WireOptions::Http::v2;
  }
  [[nodiscard]] bool is_multiplexed() const noexcept { return options_.streams > 0 || agreed_on_http2_; }
  void forget_challenge(std::string_view line);
  bool take_header_line(std::string_view line, int status);
  void read_early_answer();
  [[nodiscard]] bool has_whole_answer() const noexcept;
  [[nodiscard]] bool may_have_body() const noexcept;
  bool end_of_head();
  void begin_redirect(const ResponseHead& head);
  bool may_take(std::size_t bytes);
  bool take_body(std::string_view bytes);
  [[nodiscard]] bool has_close_delimited_body() const noexcept;
  [[nodiscard]] bool ends_by_unseen_length() const noexcept;
  bool give_up(Error error);
  void on_timer() noexcept override;
  bool connects_in_vain() noexcept override;
  void go_on() noexcept override;
  [[nodiscard]] bool is_paused() const noexcept { return is_linked(); }

  EasyHandle easy_;
  ParsedUrl url_;
  async::EventLoop& loop_;
  Throttle& throttle_;
  const ClientOptions& options_;
  const WireSettings& wire_;
  const Proxy* proxy_ = nullptr;  // the one that the handle is set to
  const curl_slist* common_headers_;
  curl_slist* plain_headers_;
  Slist headers_;
  Slist resolved_;
  MultiShard* shard_ = nullptr;
  UploadFile* upload_ = nullptr;
  TransferProgress* progress_ = nullptr;  // may be null
  RedirectCookies cookies_{easy_};
  CloseNotify close_notify_;
  EarlyAnswer early_;
  SocketTable::Ends sender_ = SocketTable::Ends::none;  // the connection that early_ waits for
  Run* waiter_ = nullptr;
  ConnectRamp::Permit connect_permit_;
  ConnectWatch connecting_;
  StreamGate::Probe probe_;
  ResendGate::Scout scout_;
  HeadReader reader_;
  BodyReader body_;
  std::optional<Error> own_error_;  // why we and not libcurl ended it
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  async::TimePoint started_;
  async::TimePoint last_byte_;
  async::Duration timeout_{0};         // what the handle is set to
  async::Duration connect_limit_{-1};  // what the handle is set to; libcurl's own at first
  CURLU* parsed_ = nullptr;            // what the handle is set to: what url_ holds
  bool has_target_ = false;            // the handle is set to a request target of its own
  curl_off_t sent_ = 0;                // as it was when the stall timer looked last
  int open_errno_ = 0;                 // why no socket could be made
  int requests_ = 0;   // requests that libcurl has begun to send: more than one if it sends again
  bool plain_ = true;  // there is nothing to reset
  bool may_redirect_ = false;
  bool redirecting_ = false;
  bool connected_anew_ = false;
  bool sent_anew_ = false;   // the last request went over a connection that was made for it
  bool blocked_ = false;     // an address was blocked
  bool repeatable_ = false;  // the method is idempotent
  bool to_head_ = false;     // the method is HEAD
  bool sends_body_ = false;
  bool encrypted_ = false;        // the URL is https
  bool fresh_ = false;            // what the handle is set to
  bool http1_ = false;            // what the handle is set to
  bool shares_ = false;           // what the handle is set to
  bool agreed_on_http2_ = false;  // for the connection that it has now
  bool tested_ = false;
  bool kept_ = false;  // a kept connection should be there
  bool lost_ = false;
  bool found_news_ = false;
  bool has_enough_ = false;
  bool needs_fresh_ = false;
  bool worn_ = false;
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
