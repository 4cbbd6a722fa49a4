// This file is about how a Transfer gets its connection: it makes one, uses a kept one or shares one.
#include <cerrno>
#include <chrono>

#include "engine/dns/private_address.hpp"
#include "engine/http/connect/keep_alive_trust.hpp"
#include "engine/http/curl/http2_faults.hpp"
#include "engine/http/curl/http2_session.hpp"
#include "engine/http/failure/http2_error.hpp"
#include "engine/http/failure/transfer_errors.hpp"
#include "engine/http/gate/transfer_progress.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  if (!transfer.may_send_again() || transfer.misses_kept_connection()) return CURL_SOCKET_BAD;
  transfer.connected_anew_ = true;
  if (transfer.options_.wire.block_private && is_private(address->addr)) {
    transfer.blocked_ = true;
    return CURL_SOCKET_BAD;
  }
  const curl_socket_t fd = transfer.shard_->sockets().open(*address);
  if (fd == CURL_SOCKET_BAD) {
    transfer.open_errno_ = errno;
  } else {
    transfer.connecting_.opened(fd, address->addr);
  }
  return fd;
}

// libcurl also calls this for a connection that is used again.
int Transfer::on_connected(void* self, char* remote, char*, int remote_port, int local_port) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.connect_permit_.release();
  transfer.connecting_.connected(remote);
  if (transfer.progress_ != nullptr) transfer.progress_->connected.store(true, std::memory_order_relaxed);
  if (transfer.options_.wire.block_private && is_private(remote)) {
    transfer.give_up(private_address_error());
    return CURL_PREREQFUNC_ABORT;
  }
  return transfer.may_send(remote, remote_port, local_port) ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// A connection that speaks HTTP/2 is left to libcurl, because it holds what belongs to other streams.
bool Transfer::may_send(const char* remote, int remote_port, int local_port) {
  if (!may_send_again()) return false;
  ++requests_;
  agreed_on_http2_ = may_be_http2() && has_agreed_on_http2(easy());
  sent_anew_ = connected_anew_;
  probe_.connected(connected_anew_, agreed_on_http2_);
  if (is_multiplexed()) return true;
  SocketTable& sockets = shard_->sockets();
  const SocketTable::Ends ends = SocketTable::ends(remote, remote_port, local_port);
  if (connected_anew_) {
    sockets.connected(connecting_.sockets(), ends, local_port);
  } else {
    found_news_ = sockets.has_news(ends);
    const bool too_young = tested_ && sockets.idle_time(ends) < KeepAliveTrust::kIdle;
    needs_fresh_ = lost_ || found_news_ || too_young;
  }
  if (sends_body_ && !encrypted_ && !needs_fresh_) {
    sender_ = ends;
    sockets.rescue(ends, &early_);
  }
  return !needs_fresh_;
}

// libcurl turns to another connection, because the one over which it had sent the request was used before and
// ended without a byte of an answer. False means that it must not: either ResendGate has to decide that, or
// the request must not be sent again at all.
bool Transfer::may_send_again() {
  if (requests_ == 0 || reader_.has_begun()) return true;
  if (is_multiplexed()) return may_repeat_by_http2();
  lost_ = worn_ = true;
  needs_fresh_ = repeatable_;
  return repeatable_ ? false : give_up(lost_connection_error());
}

// A request that its own connection left out is repeated once if nobody else repeats it because its method is
// not idempotent. libcurl has no words for that, but has some if it turns to HTTP/1.1 because the server asks
// for it.
bool Transfer::may_repeat_by_http2() {
  if (!sent_anew_ || !repeats_what_goaway_left_out() || (!repeatable_ && requests_ == 1)) return true;
  if (error_text_[0] != '\0') return true;
  return give_up(left_out_error());
}

// libcurl asks for a new connection, so it has found that the server closed the kept one.
bool Transfer::misses_kept_connection() noexcept {
  if (kept_ && requests_ == 0 && !may_be_http2()) needs_fresh_ = true;
  return needs_fresh_;
}

bool Transfer::connects_in_vain() noexcept {
  if (easy_.info<curl_off_t>(CURLINFO_CONNECT_TIME_T) > 0) return false;  // only TLS is missing
  own_error_ = silent_address_error();
  shard_->remove(*this);
  finished(CURLE_OPERATION_TIMEDOUT);
  return true;
}

}  // namespace leat::http
