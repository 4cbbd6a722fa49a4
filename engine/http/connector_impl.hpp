#pragma once

#include <curl/curl.h>

#include <array>
#include <coroutine>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/async/waiter.hpp"
#include "engine/http/connect/connect_ramp.hpp"
#include "engine/http/connect/connect_to.hpp"
#include "engine/http/connect/connect_watch.hpp"
#include "engine/http/connect/proxies.hpp"
#include "engine/http/connector.hpp"
#include "engine/http/curl/easy_handle.hpp"
#include "engine/http/curl/multi_shard.hpp"
#include "engine/http/curl/socket_table.hpp"
#include "engine/http/tls/tls_sessions.hpp"
#include "engine/http/tls/trust_store.hpp"

struct ssl_st;

namespace leat::http {

/// A multi handle with the number of encrypted connections that it has.
struct Group {
  Group(async::EventLoop& loop, SocketTable& sockets) : shard(loop, sockets, kMost) {}
  static constexpr long kMost = 4096;
  MultiShard shard;
  std::size_t taken = 0;
};

struct Connector::Impl {
  Impl(async::EventLoop& event_loop, ConnectorOptions connector_options);

  ConnectHandlePtr take_handle();
  void give_back(ConnectHandle* handle) noexcept;
  Group& group(bool encrypted);
  // It counts as encrypted, too, if only the way to the proxy is.
  [[nodiscard]] bool encrypts(const std::string& url) const noexcept {
    return url.starts_with("https:") || proxy.url.starts_with("https:");
  }

  static int on_close_socket(void* self, curl_socket_t fd) {
    auto& impl = *static_cast<Impl*>(self);
    if (fd == impl.adopted) return 0;
    impl.sockets.close(fd);
    return 0;
  }

  async::EventLoop& loop;
  ConnectorOptions options;
  Share share;
  TrustStore trust;
  TlsSessions sessions;
  NameService names;
  ConnectRamp ramp;
  // The origin of the host that is connected to in place of this one; empty if there is none.
  [[nodiscard]] std::string peer_of(const std::string& origin) const {
    if (!proxy.url.empty()) return proxy.origin();
    return connect_to ? connect_to_hosts.of(origin) : std::string();
  }

  SocketTable sockets;
  ConnectTo connect_to_hosts;
  Slist connect_to;
  Proxy proxy;
  std::unique_ptr<Group> plain;
  std::vector<std::unique_ptr<Group>> encrypted;
  // Last, because handles must go before their multi handles.
  std::vector<std::unique_ptr<ConnectHandle>> idle;
  curl_socket_t adopted = CURL_SOCKET_BAD;  // ours now, so libcurl must not close it
};

/// An easy handle that connects; these are pooled. With TLS it stays with its connection.
class ConnectHandle final : public Carried, private ConnectWatch::Owner {
 public:
  class Run;

  explicit ConnectHandle(Connector::Impl& owner);

  void prepare(const std::string& url, const std::vector<std::string>& resolved, const ConnectBound& bound,
               Group& group);
  [[nodiscard]] Run run() noexcept;
  void reset() noexcept;

  [[nodiscard]] CURL* easy() const noexcept override { return easy_.get(); }
  bool leaves(CURLcode code) noexcept override;
  void finished(CURLcode code) noexcept override;

  [[nodiscard]] Connector::Impl& owner() const noexcept { return owner_; }
  [[nodiscard]] Error failure(CURLcode code, async::Duration elapsed) const;
  [[nodiscard]] ConnectTimes times() const noexcept;
  [[nodiscard]] std::string address() const;
  [[nodiscard]] const ConnectWatch& connecting() const noexcept { return connecting_; }
  [[nodiscard]] io::Fd take_plain() noexcept { return std::move(plain_); }
  [[nodiscard]] ssl_st* tls() const noexcept { return tls_; }
  [[nodiscard]] int fd() const noexcept {
    return static_cast<int>(easy_.info<curl_socket_t>(CURLINFO_ACTIVESOCKET));
  }
  ConnectRamp::Permit& permit() noexcept { return permit_; }

 private:
  static curl_socket_t on_open_socket(void* self, curlsocktype, curl_sockaddr* address);
  static CURLcode on_tls_context(CURL*, void* context, void* self);
  static int on_connected(void* self, char*, char*, int, int);
  bool connects_in_vain() noexcept override;

  EasyHandle easy_;
  Connector::Impl& owner_;
  Group* group_ = nullptr;
  Slist resolved_;
  Run* waiter_ = nullptr;
  ConnectRamp::Permit permit_;
  ConnectWatch connecting_;
  io::Fd plain_;
  int open_errno_ = 0;  // why no socket could be made
  std::array<char, CURL_ERROR_SIZE> error_text_{};
  ssl_st* tls_ = nullptr;  // OpenSSL's side of the connection
  std::string server_;     // the origin of its URL
  int contexts_ = 0;       // of TLS that the connection has asked for
  bool encrypted_ = false;
  bool inside_ = false;  // the easy handle is in its multi handle
};

/// An awaitable that waits until the connection stands or has failed.
class ConnectHandle::Run final : public async::Waiter {
 public:
  explicit Run(ConnectHandle& handle) noexcept : handle_(handle) {}
  [[nodiscard]] bool await_ready() const noexcept { return false; }
  template <class P>
  bool await_suspend(std::coroutine_handle<P> handle) {
    if (!begin(handle, "connection")) return false;
    handle_.waiter_ = this;
    handle_.inside_ = true;
    handle_.group_->shard.add(handle_);
    return suspend();
  }
  CURLcode await_resume() const {
    check();
    return code_;
  }

 private:
  friend class ConnectHandle;
  void on_cancel() noexcept override { handle_.waiter_ = nullptr; }

  ConnectHandle& handle_;
  CURLcode code_ = CURLE_OK;
};

}  // namespace leat::http
