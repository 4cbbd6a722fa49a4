#pragma once

#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/dns/name_service.hpp"
#include "engine/http/client.hpp"
#include "engine/http/connect/connect_ramp.hpp"
#include "engine/http/connect/host_slots.hpp"
#include "engine/http/connect/resend_gate.hpp"
#include "engine/http/connect/stream_gate.hpp"
#include "engine/http/connect/throttle.hpp"
#include "engine/http/cookie_jar.hpp"
#include "engine/http/curl/curl_objects.hpp"
#include "engine/http/curl/multi_shard.hpp"
#include "engine/http/curl/socket_table.hpp"
#include "engine/http/message/credentials.hpp"
#include "engine/http/tls/trust_store.hpp"
#include "engine/http/transfer.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

/// What the requests of one Client have in common. For the Client and its Hops alone.
struct Client::Impl {
  class Borrowed;

  Impl(async::EventLoop& event_loop, ClientOptions client_options, ClientPeers peers);

  /// Says whether transfers share connections by HTTP/2. Who asks for a fixed number of streams has fitted
  /// everything to it. A rate is kept by pausing transfers, and in 7.88 a paused stream stops its whole
  /// connection.
  [[nodiscard]] static bool shares_connections(const ClientOptions& options) noexcept {
    return options.wire.http == WireOptions::Http::v2 && options.streams == 0 && options.limit_rate == 0 &&
           !options.fresh_connections;
  }
  /// Gives a shard, which is made when it is first used.
  MultiShard& shard(std::size_t index);

  async::EventLoop& loop;
  ClientOptions options;
  std::size_t clients;
  Slist common_headers;
  WireSettings wire;
  Slist plain_headers;  // those of a request that adds none
  Credentials credentials;
  std::shared_ptr<CookieJar> cookies;
  // Needed because 7.88 keeps TLS sessions per easy handle. It doesn't share addresses; see NameService.
  Share own_share;
  CURLSH* share;
  TrustStore trust;
  Throttle throttle;
  NameService names;
  ConnectRamp ramp;
  StreamGate gate;
  ResendGate resends;
  SocketTable sockets;
  HostSlots slots;
  std::vector<std::unique_ptr<MultiShard>> shards;
  std::vector<std::unique_ptr<Transfer>> idle;  // last, because handles must go before their multi handles
};

/// A Transfer that is taken from the pool for one request.
class Client::Impl::Borrowed {
 public:
  explicit Borrowed(Impl& client) : client_(client) { take(); }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    transfer_->reset();
    transfer_->cookies().forget();
    if (!transfer_->is_worn()) client_.idle.push_back(std::move(transfer_));
  }
  /// Makes it ready for another hop. If this Transfer is worn, another one takes its place.
  void renew() {
    transfer_->reset();
    if (!transfer_->is_worn()) return;
    const auto worn = std::move(transfer_);
    take();
    transfer_->cookies().take(worn->cookies());
  }
  Transfer* operator->() const noexcept { return transfer_.get(); }
  Transfer& operator*() const noexcept { return *transfer_; }

 private:
  void take() {
    if (client_.idle.empty()) {
      transfer_ = std::make_unique<Transfer>(client_.loop, client_.options, client_.wire, client_.share,
                                             client_.common_headers.get(), client_.plain_headers.get(),
                                             client_.trust, client_.throttle);
    } else {
      transfer_ = std::move(client_.idle.back());
      client_.idle.pop_back();
    }
  }

  Impl& client_;
  std::unique_ptr<Transfer> transfer_;
};

}  // namespace leat::http
