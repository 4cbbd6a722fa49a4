#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/http/client_impl.hpp"
#include "engine/http/connect/hop_addresses.hpp"
#include "engine/http/hop.hpp"
#include "engine/http/hop_report.hpp"
#include "engine/http/http2_fallback.hpp"

namespace leat::http {

/// One request on its way through its hops: what Client::perform does between its waits, in the order in
/// which it does it.
///
/// A hop finds the addresses of its host, takes one of the host's slots, and runs until it has an answer:
/// again on another connection if a kept one has ended, and again at further addresses if the first ones give
/// no connection. Neither is a retry. Then the request is done, or the next hop begins. Loop thread only.
/// Request and sink outlive it.
class Client::Hops {
 public:
  /// What goes over the wire is added to `traffic`, which may be null.
  Hops(Impl& client, const Request& request, BodySink& sink, Traffic* traffic);
  Hops(const Hops&) = delete;
  Hops& operator=(const Hops&) = delete;
  ~Hops() = default;

  /// Opens the file that is sent, if there is one.
  [[nodiscard]] Status open_upload();
  /// Begins a hop. The error is bad_url.
  [[nodiscard]] Status begin();

  [[nodiscard]] bool must_look_up() { return !addresses_->are_known(); }
  [[nodiscard]] async::Task<Status> look_up();
  void looked_up() noexcept { times_.begun = times_.resolved = client_.loop.now(); }

  // Transfers that share connections by HTTP/2 find out one by one what there is; see StreamGate.
  [[nodiscard]] bool must_learn_protocol() const noexcept {
    return may_share_ && client_.gate.protocol_of(origin()) == StreamGate::Protocol::unknown;
  }
  [[nodiscard]] bool must_find_stream() const noexcept {
    return hop_.shares && !lease_->is_warm() && !transfer_->probe().is_out();
  }
  [[nodiscard]] StreamGate::Enter enter_stream_gate() {
    return client_.gate.enter(origin(), transfer_->probe());
  }

  /// Takes a slot of the host.
  void take_slot();
  /// Says how long a request that must not be sent twice waits for the test of KeepAliveTrust; zero if there
  /// is nothing to wait for.
  [[nodiscard]] async::Duration wait_for_test() const;
  void choose_connection();
  void waited() noexcept { times_.begun = client_.loop.now(); }

  [[nodiscard]] bool must_run() const noexcept { return must_run_; }
  /// Says whether the run will hardly find a connection to use.
  [[nodiscard]] bool must_connect() const noexcept { return connects_; }
  [[nodiscard]] ConnectRamp::Enter enter_ramp() noexcept {
    return client_.ramp.enter(origin(), transfer_->connect_permit());
  }
  void prepare();
  [[nodiscard]] Transfer::Run run() noexcept { return transfer_->run(times_.begun); }
  /// Looks at how the run ended, and says by must_run() whether there is to be another one.
  void ran(CURLcode code);
  /// Says whether the run was lost with a kept connection. Then ResendGate decides.
  [[nodiscard]] bool was_lost() const noexcept { return was_lost_; }
  [[nodiscard]] ResendGate::Enter enter_resend_gate() {
    return client_.resends.enter(origin(), transfer_->scout());
  }
  void send_again(bool goes);

  /// Ends the hop. If the request is not done, `begin` follows. An error is the request's own.
  [[nodiscard]] Status end();
  [[nodiscard]] bool are_done() const noexcept { return are_done_; }
  /// Gives what came of the last hop, once.
  [[nodiscard]] Response response();

 private:
  [[nodiscard]] std::string_view origin() const noexcept { return hop_.url.origin(); }
  [[nodiscard]] bool needs_trust() const noexcept;
  void learn_of_connection();
  [[nodiscard]] bool goes_on();
  [[nodiscard]] Status end_failed();
  [[nodiscard]] Status follow();

  Impl& client_;
  const Request& request_;
  BodySink& sink_;
  const async::TimePoint started_;
  Impl::Borrowed transfer_;
  UploadFile upload_;
  Hop hop_;
  HopTimes times_;
  Traffic own_traffic_;
  Traffic& traffic_;
  Http2Fallback fallback_;
  int redirects_ = 0;
  int last_status_ = 0;  // of the hop before this one

  // Of the present hop.
  std::optional<HopAddresses> addresses_;
  std::optional<HostSlots::Lease> lease_;
  std::size_t shard_ = 0;
  bool may_share_ = false;
  bool connects_ = false;
  bool must_run_ = true;
  bool was_lost_ = false;
  bool are_done_ = false;
  async::TimePoint ended_;  // when the last run ended
  CURLcode code_ = CURLE_OK;
  Status failure_;
};

}  // namespace leat::http
