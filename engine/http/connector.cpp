#include "engine/http/connector.hpp"

#include <fmt/format.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <vector>

#include "engine/http/common_options.hpp"
#include "engine/http/connect/hop_addresses.hpp"
#include "engine/http/connector_impl.hpp"
#include "engine/http/failure/curl_error.hpp"
#include "engine/http/failure/transfer_errors.hpp"
#include "engine/http/message/url.hpp"
#include "engine/http/tls/certificate_name.hpp"
#include "engine/http/tls/openssl_connection.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kSharedCache = 0;  // one cache of names for all groups
constexpr std::size_t kGroup = 8;        // encrypted connections of one multi handle

NameOptions name_options(const ConnectorOptions& options) {
  NameOptions names = options.names;
  names.elsewhere = !options.unix_socket.empty();
  return names;
}

ConnectRampOptions ramp_options(const ConnectorOptions& options) {
  ConnectRampOptions ramp;
  ramp.at_once = options.at_once;
  return ramp;
}

}  // namespace

std::string address_text(std::string_view ip, long port) {
  const bool has_colons = ip.find(':') != std::string_view::npos;
  return fmt::format("{}{}{}:{}", has_colons ? "[" : "", ip, has_colons ? "]" : "", port);
}

Connector::Impl::Impl(async::EventLoop& event_loop, ConnectorOptions connector_options)
    : loop(event_loop),
      options(std::move(connector_options)),
      share(make_share({CURL_LOCK_DATA_SSL_SESSION, CURL_LOCK_DATA_DNS})),
      trust(options.ca_file),
      names(event_loop, name_options(options)),
      ramp(event_loop, ramp_options(options)),
      sockets(event_loop.uv()),
      connect_to_hosts(options.connect_to) {
  for (const auto& entry : options.connect_to) append(connect_to, entry.c_str());
  if (auto parsed = parse_proxy(options.proxy)) proxy = std::move(*parsed);
}

ConnectHandle::Run ConnectHandle::run() noexcept { return Run(*this); }

ConnectHandle::ConnectHandle(Connector::Impl& owner) : owner_(owner), connecting_(owner.loop, *this) {
  const ConnectorOptions& options = owner.options;
  easy_.set(CURLOPT_CONNECT_ONLY, 1L);
  easy_.set(CURLOPT_FRESH_CONNECT, 1L);
  easy_.set(CURLOPT_NOSIGNAL, 1L);
  easy_.set(CURLOPT_QUICK_EXIT, 1L);
  easy_.set(CURLOPT_PROTOCOLS_STR, "http,https");
  easy_.set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  easy_.set(CURLOPT_CAPATH, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_CAINFO, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  easy_.set(CURLOPT_SHARE, owner.share.get());
  easy_.set(CURLOPT_DNS_CACHE_TIMEOUT, -1L);
  easy_.set(CURLOPT_PRIVATE, static_cast<Carried*>(this));
  easy_.set(CURLOPT_ERRORBUFFER, error_text_.data());
  easy_.set(CURLOPT_OPENSOCKETFUNCTION, &ConnectHandle::on_open_socket);
  easy_.set(CURLOPT_OPENSOCKETDATA, this);
  easy_.set(CURLOPT_CLOSESOCKETFUNCTION, &Connector::Impl::on_close_socket);
  easy_.set(CURLOPT_CLOSESOCKETDATA, &owner);
  easy_.set(CURLOPT_SSL_CTX_FUNCTION, &ConnectHandle::on_tls_context);
  easy_.set(CURLOPT_SSL_CTX_DATA, this);
  // libcurl 8 speaks HTTP/2 by itself on a connection for which it has agreed on it.
  if (options.http2) easy_.set(CURLOPT_SSL_ENABLE_ALPN, 0L);
  easy_.set(CURLOPT_PREREQFUNCTION, &ConnectHandle::on_connected);
  easy_.set(CURLOPT_PREREQDATA, this);
  // If it is empty, the environment's proxies aren't used either.
  easy_.set(CURLOPT_PROXY, owner.proxy.url.c_str());
  easy_.set(CURLOPT_NOPROXY, "");
  if (!owner.proxy.userpwd.empty()) easy_.set(CURLOPT_PROXYUSERPWD, owner.proxy.userpwd.c_str());
  easy_.set(CURLOPT_HTTPPROXYTUNNEL, owner.proxy.url.empty() ? 0L : 1L);
  easy_.set(CURLOPT_PROXY_CAINFO, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_PROXY_CAPATH, static_cast<char*>(nullptr));
  if (!options.unix_socket.empty()) easy_.set(CURLOPT_UNIX_SOCKET_PATH, options.unix_socket.c_str());
  if (owner.connect_to) easy_.set(CURLOPT_CONNECT_TO, owner.connect_to.get());
  const auto [cert, password] = split_certificate(options.cert);
  if (!cert.empty()) easy_.set(CURLOPT_SSLCERT, cert.c_str());
  if (!options.key.empty()) easy_.set(CURLOPT_SSLKEY, options.key.c_str());
  // Given in any case, so that the TLS library asks nobody for it.
  if (!cert.empty()) {
    easy_.set(CURLOPT_KEYPASSWD, (options.key_password.empty() ? password : options.key_password).c_str());
  }
  if (!options.resumes) easy_.set(CURLOPT_SSL_SESSIONID_CACHE, 0L);
  if (options.insecure) {
    easy_.set(CURLOPT_SSL_VERIFYPEER, 0L);
    easy_.set(CURLOPT_SSL_VERIFYHOST, 0L);
  }
}

void ConnectHandle::prepare(const std::string& url, const std::vector<std::string>& resolved,
                            const ConnectBound& bound, Group& group) {
  connecting_.begin(bound);
  contexts_ = 0;
  tls_ = nullptr;
  easy_.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(bound.limit));
  encrypted_ = owner_.encrypts(url);
  if (encrypted_) server_ = origin_of(url);
  group_ = &group;
  if (encrypted_) ++group.taken;
  error_text_[0] = '\0';
  open_errno_ = 0;
  easy_.set(CURLOPT_URL, url.c_str());
  if (!resolved.empty()) {
    for (const auto& entry : resolved) append(resolved_, entry.c_str());
    easy_.set(CURLOPT_RESOLVE, resolved_.get());
  }
}

curl_socket_t ConnectHandle::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& handle = *static_cast<ConnectHandle*>(self);
  const curl_socket_t fd = handle.owner_.sockets.open(*address);
  handle.open_errno_ = fd == CURL_SOCKET_BAD ? errno : 0;
  if (fd != CURL_SOCKET_BAD) handle.connecting_.opened(fd, address->addr);
  return fd;
}

// The first of two contexts is that of the proxy, which is spoken to by HTTP/1.1.
CURLcode ConnectHandle::on_tls_context(CURL*, void* context, void* self) {
  auto& handle = *static_cast<ConnectHandle*>(self);
  Connector::Impl& impl = handle.owner_;
  auto* const tls = static_cast<SSL_CTX*>(context);
  // A record then takes one system call and not two, one for its header and one for its content.
  SSL_CTX_set_read_ahead(tls, 1);
  const bool of_proxy = impl.proxy.url.starts_with("https:") && handle.contexts_++ == 0;
  if (impl.options.http2 && !of_proxy) offer_http2(tls);
  if (impl.options.resumes && !of_proxy) impl.sessions.attach(tls, handle.server_);
  if (impl.options.insecure || impl.trust.apply(tls)) return CURLE_OK;
  return CURLE_SSL_CACERT_BADFILE;
}

// After that, libcurl tells no more about the connection until something is sent over it.
int ConnectHandle::on_connected(void* self, char*, char*, int, int) {
  auto& handle = *static_cast<ConnectHandle*>(self);
  handle.tls_ = openssl_connection(handle.easy());
  return CURL_PREREQFUNC_OK;
}

bool ConnectHandle::connects_in_vain() noexcept {
  if (easy_.info<curl_off_t>(CURLINFO_CONNECT_TIME_T) > 0) return false;  // only TLS is missing
  inside_ = false;
  group_->shard.remove(*this);
  finished(CURLE_OPERATION_TIMEDOUT);
  return true;
}

// Taking a handle out of its multi handle closes its connection.
bool ConnectHandle::leaves(CURLcode code) noexcept {
  if (code != CURLE_OK) {
    inside_ = false;
    return true;
  }
  owner_.sockets.drop(fd());  // somebody else watches it from now on
  if (encrypted_) return false;
  owner_.adopted = fd();
  plain_ = io::Fd(fd());
  inside_ = false;
  return true;
}

void ConnectHandle::finished(CURLcode code) noexcept {
  owner_.adopted = CURL_SOCKET_BAD;
  connecting_.end();
  const char* address = code == CURLE_OK ? easy_.info<char*>(CURLINFO_PRIMARY_IP) : nullptr;
  if (address != nullptr) connecting_.connected(address);
  permit_.release();
  if (waiter_ == nullptr) return;
  Run& waiter = *std::exchange(waiter_, nullptr);
  waiter.code_ = code;
  waiter.wake();
}

void ConnectHandle::reset() noexcept {
  connecting_.end();
  if (std::exchange(inside_, false)) group_->shard.remove(*this);
  if (encrypted_ && group_ != nullptr) --group_->taken;
  group_ = nullptr;
  encrypted_ = false;
  permit_.release();
  plain_.reset();
  if (!resolved_) return;
  easy_.set(CURLOPT_RESOLVE, static_cast<curl_slist*>(nullptr));
  resolved_.reset();
}

Error ConnectHandle::failure(CURLcode code, async::Duration elapsed) const {
  FailureContext context = failure_context_of(easy_, error_text_.data());
  context.elapsed = elapsed;
  context.proxied = !owner_.proxy.url.empty();
  context.proxy_looks_up = owner_.proxy.looks_names_up();
  Error error = error_of(code, context);
  error.os_errno = open_errno_ != 0 ? open_errno_ : static_cast<int>(context.os_errno);
  if (error.out_of_descriptors()) error.message = "no file descriptor is left for a connection (ulimit -n)";
  if (error.os_errno == EADDRNOTAVAIL) error.message = "no local port is left for a connection";
  return error;
}

ConnectTimes ConnectHandle::times() const noexcept {
  const auto at = [this](CURLINFO what) { return std::chrono::microseconds(easy_.info<curl_off_t>(what)); };
  ConnectTimes times;
  times.connect = at(CURLINFO_CONNECT_TIME_T) - at(CURLINFO_NAMELOOKUP_TIME_T);
  const auto secured = at(CURLINFO_APPCONNECT_TIME_T);  // 0 if only the way to the proxy is encrypted
  if (encrypted_ && secured.count() > 0) times.tls = secured - at(CURLINFO_CONNECT_TIME_T);
  return times;
}

std::string ConnectHandle::address() const {
  const char* const ip = easy_.info<char*>(CURLINFO_PRIMARY_IP);
  return ip == nullptr ? std::string() : address_text(ip, easy_.info<long>(CURLINFO_PRIMARY_PORT));
}

void ConnectHandleDeleter::operator()(ConnectHandle* handle) const noexcept {
  handle->owner().give_back(handle);
}

ConnectHandlePtr Connector::Impl::take_handle() {
  if (idle.empty()) return ConnectHandlePtr(new ConnectHandle(*this));
  ConnectHandlePtr handle(idle.back().release());
  idle.pop_back();
  return handle;
}

void Connector::Impl::give_back(ConnectHandle* handle) noexcept {
  handle->reset();
  idle.emplace_back(handle);
}

Group& Connector::Impl::group(bool is_encrypted) {
  if (!is_encrypted) {
    if (!plain) plain = std::make_unique<Group>(loop, sockets);
    return *plain;
  }
  const auto roomy = std::find_if(encrypted.begin(), encrypted.end(),
                                  [](const auto& candidate) { return candidate->taken < kGroup; });
  if (roomy != encrypted.end()) return **roomy;
  encrypted.push_back(std::make_unique<Group>(loop, sockets));
  return *encrypted.back();
}

Connector::Connector(async::EventLoop& loop, ConnectorOptions options) {
  impl_ = std::make_unique<Impl>(loop, std::move(options));
}

Connector::~Connector() = default;

async::Task<Result<Connected>> Connector::connect(std::string url) {
  Impl& impl = *impl_;
  const std::string origin = origin_of(url);
  HopAddresses addresses(impl.names, origin, impl.peer_of(origin), impl.options.timeout);
  const async::TimePoint asked = impl.loop.now();
  const bool looks_up = !addresses.are_known();
  if (looks_up) {
    auto finding = addresses.find(impl.options.timeout);
    if (Status none = co_await std::move(finding)) co_return std::move(*none);
  }
  const async::TimePoint resolved = impl.loop.now();
  ConnectHandlePtr handle = impl.take_handle();
  for (;;) {
    co_await impl.ramp.enter(origin, handle->permit());
    const auto route = addresses.next(kSharedCache, true, async::Duration(0), impl.loop.now());
    handle->prepare(url, route.entries, route.bound, impl.group(impl.encrypts(url)));
    const CURLcode code = co_await handle->run();
    if (code == CURLE_OK) break;
    const Error error = handle->failure(code, impl.loop.now() - resolved);
    if (!addresses.goes_on(handle->connecting(), error, false, impl.loop.now())) co_return error;
    handle->reset();
  }
  addresses.connected(handle->connecting());
  ConnectTimes times = handle->times();
  if (looks_up) times.dns = resolved - asked;
  std::string address = impl.options.unix_socket.empty() ? handle->address() : std::string();
  if (io::Fd plain = handle->take_plain()) {
    co_return Connected(Wire(std::move(plain)), times, std::move(address));
  }
  const int fd = handle->fd();
  ssl_st* const tls = handle->tls();
  times.resumed = tls != nullptr && SSL_session_reused(tls) == 1;
  CURL* const easy = handle->easy();
  const bool stands_between = impl.proxy.url.starts_with("https:");
  Wire wire(std::move(handle), easy, stands_between ? nullptr : tls, fd);
  co_return Connected(std::move(wire), times, std::move(address), agreed_protocol(tls));
}

}  // namespace leat::http
