#include "engine/http/client.hpp"

#include <sys/resource.h>

#include <algorithm>

#include "engine/http/curl_global.hpp"
#include "engine/http/easy_handle.hpp"
#include "engine/http/host_slots.hpp"
#include "engine/http/multi_shard.hpp"
#include "engine/http/name_service.hpp"
#include "engine/http/redirect.hpp"
#include "engine/http/socket_table.hpp"
#include "engine/http/throttle.hpp"
#include "engine/http/transfer.hpp"
#include "engine/http/url.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kMaxShards = 64;
constexpr std::size_t kJobsPerShard = 4;
constexpr std::size_t kManyJobs = 16;
constexpr std::size_t kMostIdle = 160;  // connections, in one shard

std::size_t descriptors() {
  rlimit files{};
  return getrlimit(RLIMIT_NOFILE, &files) == 0 ? files.rlim_cur : 256;
}

// Many small ones, made when they are first used: libcurl's tables of hosts are small, its search for a
// connection is linear. A multi handle has two descriptors of its own: where they are few, so are the shards.
std::size_t shards_for(const ClientOptions& options, std::size_t clients) {
  if (options.shards > 0) return options.shards;
  const std::size_t most = std::clamp<std::size_t>(descriptors() / 32 / clients, 1, kMaxShards);
  return options.jobs < kManyJobs ? std::min((options.jobs + kJobsPerShard - 1) / kJobsPerShard, most) : most;
}

// Idle connections that a shard may keep: half of all descriptors together, so that a list of thousands
// of hosts finds its connections again.
long connections_for(std::size_t shards, std::size_t clients) {
  return static_cast<long>(std::clamp<std::size_t>(descriptors() / (2 * shards * clients), 1, kMostIdle));
}

Slist header_list(const std::vector<std::string>& fields) {
  curl_slist* list = nullptr;
  for (const auto& field : fields) list = curl_slist_append(list, field.c_str());
  return Slist(list);
}

Share session_share() {
  Share share(curl_share_init());
  // 7.88 keeps TLS sessions per easy handle, and DNS answers per multi handle.
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION);
  curl_share_setopt(share.get(), CURLSHOPT_SHARE, CURL_LOCK_DATA_DNS);
  return share;
}

const char* version_name(long version) noexcept {
  switch (version) {
    case CURL_HTTP_VERSION_1_0:
      return "1.0";
    case CURL_HTTP_VERSION_1_1:
      return "1.1";
    case CURL_HTTP_VERSION_2_0:
      return "2";
    default:
      return nullptr;
  }
}

// The end of one of libcurl's phases; 0 for one that did not take place. The name was resolved before libcurl
// started.
double phase(const EasyHandle& handle, CURLINFO what, double dns_time) noexcept {
  const auto microseconds = handle.info<curl_off_t>(what);
  return microseconds == 0 ? 0 : dns_time + static_cast<double>(microseconds) / 1e6;
}

}  // namespace

struct Client::Impl {
  Impl(async::EventLoop& event_loop, ClientOptions client_options, ClientPeers peers)
      : loop(event_loop),
        options(std::move(client_options)),
        clients(peers.clients),
        common_headers(header_list(options.headers)),
        share(session_share()),
        throttle(event_loop, peers.rate ? std::move(peers.rate)
                                        : std::make_shared<ByteRate>(options.limit_rate, event_loop.now())),
        names(event_loop, std::move(peers.lookup)),
        sockets(event_loop.uv()),
        slots(shards_for(options, clients)),
        shards(slots.shards()) {}
  // Handles go before the multis: a multi that is cleaned up still reports its sockets.
  ~Impl() { idle.clear(); }

  class Borrowed;

  MultiShard& shard(std::size_t index) {
    auto& made = shards[index];
    if (!made) made = std::make_unique<MultiShard>(loop, sockets, connections_for(shards.size(), clients));
    return *made;
  }

  async::EventLoop& loop;
  ClientOptions options;
  std::size_t clients;
  Slist common_headers;
  Share share;
  Throttle throttle;
  NameService names;
  SocketTable sockets;
  HostSlots slots;
  std::vector<std::unique_ptr<MultiShard>> shards;
  std::vector<std::unique_ptr<Transfer>> idle;
};

// A Transfer out of the pool for the life of one request.
class Client::Impl::Borrowed {
 public:
  explicit Borrowed(Impl& client) : client_(client) {
    if (client_.idle.empty()) {
      transfer_ = std::make_unique<Transfer>(client_.loop, client_.options, client_.share.get(),
                                             client_.common_headers.get(), client_.throttle);
    } else {
      transfer_ = std::move(client_.idle.back());
      client_.idle.pop_back();
    }
  }
  Borrowed(const Borrowed&) = delete;
  Borrowed& operator=(const Borrowed&) = delete;
  ~Borrowed() {
    transfer_->reset();
    client_.idle.push_back(std::move(transfer_));
  }
  Transfer* operator->() const noexcept { return transfer_.get(); }
  Transfer& operator*() const noexcept { return *transfer_; }

 private:
  Impl& client_;
  std::unique_ptr<Transfer> transfer_;
};

std::size_t most_clients() noexcept { return std::max<std::size_t>(descriptors() / 32, 1); }

Client::Client(async::EventLoop& loop, ClientOptions options, ClientPeers peers) {
  ensure_curl_global();
  impl_ = std::make_unique<Impl>(loop, std::move(options), std::move(peers));
}

Client::~Client() = default;

const ClientOptions& Client::options() const noexcept { return impl_->options; }

namespace {

Hop first_hop(const Request& request, const ClientOptions& options) {
  Hop hop;
  hop.url = without_userinfo(request.url);
  hop.method = !request.method.empty() ? request.method : request.body ? "POST" : "GET";
  if (request.body) hop.body = &*request.body;
  hop.headers = &request.headers;
  hop.may_redirect = options.max_redirects > 0;
  if (auto user = userinfo_of(request.url)) {
    hop.userpwd = std::move(user);
  } else if (!options.userpwd.empty()) {
    hop.userpwd = options.userpwd;
  }
  return hop;
}

bool is_connect_failure(Errc code) noexcept {
  return code == Errc::connect_refused || code == Errc::connect_timeout || code == Errc::connect_failed;
}

async::Duration dns_limit(const ClientOptions& options, const Hop& hop) {
  if (hop.timeout.count() == 0) return options.connect_timeout;
  return options.connect_timeout.count() == 0 ? hop.timeout : std::min(hop.timeout, options.connect_timeout);
}

Response describe(Transfer& transfer, Hop& hop, int redirects, double elapsed, double dns_time) {
  const EasyHandle& handle = transfer.handle();
  Response response;
  response.head = std::move(transfer.head());
  response.url_effective = std::move(hop.url);
  response.http_version = version_name(handle.info<long>(CURLINFO_HTTP_VERSION));
  response.size_download = transfer.received();
  response.num_redirects = redirects;
  if (const char* ip = handle.info<char*>(CURLINFO_PRIMARY_IP)) response.remote_ip = ip;
  response.remote_port = static_cast<int>(handle.info<long>(CURLINFO_PRIMARY_PORT));
  response.time_namelookup = phase(handle, CURLINFO_NAMELOOKUP_TIME_T, dns_time);
  response.time_connect = phase(handle, CURLINFO_CONNECT_TIME_T, dns_time);
  response.time_appconnect = phase(handle, CURLINFO_APPCONNECT_TIME_T, dns_time);
  response.time_starttransfer = phase(handle, CURLINFO_STARTTRANSFER_TIME_T, dns_time);
  response.time_total = elapsed;
  if (elapsed > 0) response.speed_download = static_cast<double>(response.size_download) / elapsed;
  const int status = response.head.status;
  const bool has_body = hop.method != "HEAD" && status != 204 && status != 304;
  response.length_verified =
      !has_body || response.head.content_length || response.head.headers.find("transfer-encoding");
  response.method = std::move(hop.method);
  return response;
}

}  // namespace

async::Task<Result<Response>> Client::perform(const Request& request, BodySink& sink) {
  Impl& client = *impl_;
  const async::TimePoint started = client.loop.now();
  Impl::Borrowed transfer(client);
  Hop hop = first_hop(request, client.options);
  for (int redirects = 0;; ++redirects) {
    const async::TimePoint hop_started = client.loop.now();
    if (client.options.timeout.count() > 0) {
      hop.timeout = std::max<async::Duration>(client.options.timeout - (hop_started - started),
                                              std::chrono::milliseconds(1));
    }
    const std::string origin = origin_of(hop.url);
    hop.resolved.clear();
    if (!client.names.is_known(origin)) {
      auto preparing = client.names.prepare(origin, dns_limit(client.options, hop));
      auto resolved = co_await std::move(preparing);
      if (!resolved.ok()) co_return std::move(resolved.error());
      hop.resolved = std::move(*resolved);
    }
    const double dns_time = std::chrono::duration<double>(client.loop.now() - hop_started).count();
    const HostSlots::Lease lease = client.slots.lease(origin);
    transfer->prepare(hop, sink, client.shard(lease.shard()));
    const CURLcode code = co_await transfer->run();
    if (code != CURLE_OK && !(code == CURLE_WRITE_ERROR && transfer->redirecting())) {
      Error error = transfer->failure(code);
      if (is_connect_failure(error.code)) client.names.failed(origin);
      co_return error;
    }
    if (!transfer->redirecting()) {
      const double elapsed = std::chrono::duration<double>(client.loop.now() - started).count();
      co_return describe(*transfer, hop, redirects, elapsed, dns_time);
    }
    const char* target = transfer->handle().info<char*>(CURLINFO_REDIRECT_URL);
    const std::string location = target != nullptr ? target : "";
    if (redirects >= client.options.max_redirects)
      co_return too_many_redirects(transfer->head().status, redirects);
    if (Status refused = redirect(hop, transfer->head().status, location, client.options.location_trusted)) {
      co_return std::move(*refused);
    }
    transfer->reset();
  }
}

}  // namespace leat::http
