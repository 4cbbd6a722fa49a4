#include "engine/http/client.hpp"

#include <algorithm>

#include "engine/async/sleep.hpp"
#include "engine/dns/name_service.hpp"
#include "engine/http/connect/connect_ramp.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/http/connect/hop_addresses.hpp"
#include "engine/http/connect/host_slots.hpp"
#include "engine/http/connect/stream_gate.hpp"
#include "engine/http/connect/throttle.hpp"
#include "engine/http/cookie_jar.hpp"
#include "engine/http/curl/curl_objects.hpp"
#include "engine/http/curl/multi_shard.hpp"
#include "engine/http/curl/socket_table.hpp"
#include "engine/http/failure/transfer_errors.hpp"
#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/hop_report.hpp"
#include "engine/http/hops.hpp"
#include "engine/http/http2_fallback.hpp"
#include "engine/http/message/ascii_host.hpp"
#include "engine/http/message/credentials.hpp"
#include "engine/http/message/upload_file.hpp"
#include "engine/http/redirect.hpp"
#include "engine/http/sent_fields.hpp"
#include "engine/http/tls/trust_store.hpp"
#include "engine/http/transfer.hpp"
#include "engine/http/wire_settings.hpp"

namespace leat::http {

namespace {

constexpr std::size_t kMaxShards = NameService::kMostShards;
constexpr std::size_t kJobsPerShard = 4;
constexpr std::size_t kManyJobs = 16;
constexpr std::size_t kMostIdle = 160;  // connections in one shard
// At once on one connection, if the server takes them (RFC 9113 5.1.2).
constexpr std::size_t kMostStreams = 100;

// There are many small shards, each made when it is first used, because libcurl's tables of hosts are small
// and its search for a connection is linear. If descriptors are few, so are the shards.
std::size_t shards_for(const ClientOptions& options, std::size_t clients) {
  if (options.shards > 0) return std::min(options.shards, kMaxShards);
  const std::size_t most =
      std::clamp<std::size_t>(DescriptorBudget::of_process().multis() / clients, 1, kMaxShards);
  return options.jobs < kManyJobs ? std::min((options.jobs + kJobsPerShard - 1) / kJobsPerShard, most) : most;
}

// Gives how many idle connections a shard may keep: as many as there are descriptors for, so that a list of
// thousands of hosts finds its connections again.
long connections_for(std::size_t shards, std::size_t clients) {
  const std::size_t all = DescriptorBudget::of_process().idle_connections();
  return static_cast<long>(std::clamp<std::size_t>(all / (shards * clients), 1, kMostIdle));
}

Slist header_list(const std::vector<std::string>& fields) {
  Slist list;
  for (const auto& field : fields) append_field(list, field.c_str());
  return list;
}

NameOptions name_options(const ClientOptions& options, ClientPeers& peers) {
  NameOptions names;
  names.lookup = std::move(peers.lookup);
  names.ttl = options.dns_ttl;
  names.fixed = FixedAddresses(options.wire.resolve);
  names.elsewhere = !options.wire.unix_socket.empty();
  names.ip = options.wire.ip;
  names.spread = options.spread;
  return names;
}

// Says whether transfers share connections by HTTP/2. Who asks for a fixed number of streams has fitted
// everything to it. A rate is kept by pausing transfers, and in 7.88 a paused stream stops its whole
// connection.
bool shares_connections(const ClientOptions& options) noexcept {
  return options.wire.http == WireOptions::Http::v2 && options.streams == 0 && options.limit_rate == 0 &&
         !options.fresh_connections;
}

Multiplexing multiplexing(const ClientOptions& options) {
  Multiplexing shared;
  if (shares_connections(options)) {
    shared.streams = kMostStreams;
    return shared;
  }
  shared.streams = options.streams;
  if (options.streams > 0) shared.connections = (options.jobs + options.streams - 1) / options.streams;
  return shared;
}

}  // namespace

struct Client::Impl {
  Impl(async::EventLoop& event_loop, ClientOptions client_options, ClientPeers peers)
      : loop(event_loop),
        options(std::move(client_options)),
        clients(peers.clients),
        common_headers(header_list(options.headers)),
        wire(options.wire),
        credentials(options.userpwd, options.wire),
        cookies(std::move(peers.cookies)),
        own_share(cookies ? nullptr : make_share({CURL_LOCK_DATA_SSL_SESSION})),
        share(cookies ? cookies->share() : own_share.get()),
        trust(options.wire.ca_file, options.wire.ca_path),
        throttle(event_loop, peers.rate ? std::move(peers.rate)
                                        : std::make_shared<ByteRate>(options.limit_rate, event_loop.now())),
        names(event_loop, name_options(options, peers)),
        ramp(event_loop, options.ramp),
        gate(event_loop),
        resends(event_loop),
        sockets(event_loop.uv()),
        slots(shards_for(options, clients)),
        shards(slots.shards()) {}

  class Borrowed;

  // Only TLS servers are asked for HTTP/2.
  [[nodiscard]] bool may_share(const std::string& origin) const noexcept {
    return shares_connections(options) && origin.starts_with("https:");
  }

  // A request that goes back to HTTP/1.1 keeps out of the shard where others share; otherwise libcurl would
  // conclude that no request to this host can share.
  [[nodiscard]] std::size_t shard_for(const Hop& hop, const HostSlots::Lease& lease) const noexcept {
    return hop.http1 ? (lease.shard() + 1) % shards.size() : lease.shard();
  }

  MultiShard& shard(std::size_t index) {
    auto& made = shards[index];
    if (!made)
      made = std::make_unique<MultiShard>(loop, sockets, connections_for(shards.size(), clients),
                                          multiplexing(options));
    return *made;
  }

  // True for requests that must not be sent twice, if each connection carries one at a time and is kept.
  [[nodiscard]] bool needs_trust(const Hop& hop) const noexcept {
    return !is_idempotent(hop.method) && !options.fresh_connections && options.streams == 0 && !hop.shares;
  }
  [[nodiscard]] async::Duration wait_for_test(const Hop& hop, const HostSlots::Lease& lease) const;
  void choose_connection(Hop& hop, const HostSlots::Lease& lease) const;
  static void learn(const Transfer& transfer, const Hop& hop, const HostSlots::Lease& lease,
                    async::TimePoint now);

  async::EventLoop& loop;
  ClientOptions options;
  std::size_t clients;
  Slist common_headers;
  WireSettings wire;
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

// A Transfer that is taken from the pool for one request.
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
                                             client_.common_headers.get(), client_.trust, client_.throttle);
    } else {
      transfer_ = std::move(client_.idle.back());
      client_.idle.pop_back();
    }
  }

  Impl& client_;
  std::unique_ptr<Transfer> transfer_;
};

// Gives zero if there is nothing to wait for.
async::Duration Client::Impl::wait_for_test(const Hop& hop, const HostSlots::Lease& lease) const {
  const async::TimePoint now = loop.now();
  if (!needs_trust(hop) || lease.trust().use(now) != KeepAliveTrust::Use::tested) return {};
  return std::max(async::Duration(0), lease.trust().tested_from().value_or(now) - now);
}

void Client::Impl::choose_connection(Hop& hop, const HostSlots::Lease& lease) const {
  const bool careful = needs_trust(hop);
  const auto use = careful ? lease.trust().use(loop.now()) : KeepAliveTrust::Use::any;
  hop.fresh = use == KeepAliveTrust::Use::none;
  hop.tested = use == KeepAliveTrust::Use::tested;
}

void Client::Impl::learn(const Transfer& transfer, const Hop& hop, const HostSlots::Lease& lease,
                         async::TimePoint now) {
  KeepAliveTrust& trust = lease.trust();
  if (transfer.lost_connection() || (hop.tested && transfer.found_news())) {
    trust.closed(now);
  } else if (transfer.answered()) {
    trust.answered(!transfer.connected_anew(), now);
  }
}

std::size_t most_clients() noexcept { return DescriptorBudget::of_process().multis(); }

Client::Client(async::EventLoop& loop, ClientOptions options, ClientPeers peers) {
  impl_ = std::make_unique<Impl>(loop, std::move(options), std::move(peers));
}

Client::~Client() = default;

const ClientOptions& Client::options() const noexcept { return impl_->options; }

namespace {

// Gives what is left of --timeout, which covers all hops; zero means no limit.
async::Duration time_left(const ClientOptions& options, async::Duration used) {
  if (options.timeout.count() == 0) return options.timeout;
  return std::max<async::Duration>(options.timeout - used, std::chrono::milliseconds(1));
}

async::Duration dns_limit(const ClientOptions& options, async::Duration left) {
  if (left.count() == 0) return options.connect_timeout;
  return options.connect_timeout.count() == 0 ? left : std::min(left, options.connect_timeout);
}

// Says whether the hop goes on with the next addresses, and notes what became of those that were tried.
bool goes_on(HopAddresses& addresses, const Transfer& transfer, const Status& failure, async::TimePoint now) {
  if (failure && !transfer.answered()) {
    return addresses.goes_on(transfer.connecting(), *failure, transfer.must_not_repeat(), now);
  }
  addresses.connected(transfer.connecting());
  return false;
}

}  // namespace

async::Task<Result<Response>> Client::perform(const Request& request, BodySink& sink) {
  Impl& client = *impl_;
  const async::TimePoint started = client.loop.now();
  Impl::Borrowed transfer(client);
  UploadFile upload;
  if (!request.upload.empty()) {
    if (Status unreadable = upload.open(request.upload)) co_return std::move(*unreadable);
  }
  Hop hop = first_hop(request, client.options, client.credentials);
  if (!request.upload.empty()) hop.upload = &upload;
  HopTimes times(started);
  Traffic traffic;
  int last_status = 0;  // of the hop before this one
  Http2Fallback fallback;
  for (int redirects = 0;;) {
    if (Status wrong = make_host_ascii(hop.url)) co_return std::move(*wrong);
    const std::string origin(hop.url.origin());
    HopAddresses addresses(client.names, origin, client.wire.peer_of(origin), client.options.connect_timeout);
    if (!addresses.are_known()) {
      const auto left = time_left(client.options, times.start - started);
      auto finding = addresses.find(dns_limit(client.options, left));
      if (Status none = co_await std::move(finding)) co_return std::move(*none);
      times.begun = times.resolved = client.loop.now();
    }
    const bool may_share = client.may_share(origin) && !hop.http1;
    if (may_share && client.gate.protocol_of(origin) == StreamGate::Protocol::unknown) {
      co_await client.gate.enter(origin, transfer->probe());
    }
    hop.shares = may_share && client.gate.protocol_of(origin) == StreamGate::Protocol::two;
    HostSlots::Lease lease = client.slots.lease(origin, std::nullopt, hop.shares);
    if (hop.shares && !lease.is_warm() && !transfer->probe().is_out()) {
      co_await client.gate.enter(origin, transfer->probe());
    }
    const std::size_t shard = client.shard_for(hop, lease);
    if (auto wait = client.wait_for_test(hop, lease); wait.count() > 0) {
      co_await async::sleep_for(wait);
      times.begun = client.loop.now();
    }
    client.choose_connection(hop, lease);
    Status failure;
    CURLcode code = CURLE_OK;
    for (bool connects = !lease.is_warm();; connects = true) {
      if (connects) {
        co_await client.ramp.enter(origin, transfer->connect_permit());
        times.begun = client.loop.now();
      }
      hop.timeout = time_left(client.options, times.begun - started);
      hop.kept = !connects && !hop.fresh && !client.options.fresh_connections;
      const auto route = addresses.next(shard, connects || hop.fresh, hop.timeout, times.begun);
      transfer->prepare(hop, route.entries, route.bound, sink, client.shard(shard));
      code = co_await transfer->run(times.begun);
      Impl::learn(*transfer, hop, lease, client.loop.now());
      if (transfer->needs_fresh_connection()) {
        hop.fresh = true;
        transfer.renew();
        const bool goes = co_await client.resends.enter(origin, transfer->scout());
        if (goes) continue;
        failure = lost_with_others_error();
        break;
      }
      failure.reset();
      if (code != CURLE_OK && !transfer->has_enough()) failure = transfer->failure(code);
      if (!goes_on(addresses, *transfer, failure, client.loop.now())) break;
      transfer.renew();
    }
    if (failure) {
      lease.set_warm(false);
      if (client.options.streams == 0 && fallback.takes(code, *transfer, hop)) {
        transfer.renew();
        times = HopTimes(client.loop.now());
        continue;
      }
      failure = fallback.reason(std::move(*failure));
      if (failure->http_status == 0) failure->http_status = last_status;
      co_return std::move(*failure);
    }
    lease.set_warm(code == CURLE_OK && !transfer->connected_anew());
    if (may_share && transfer->agreed_on_http2() != hop.shares) {
      client.gate.learn(origin, hop.shares ? StreamGate::Protocol::one : StreamGate::Protocol::two);
    }
    traffic.add(*transfer, hop);
    if (Status cut = transfer->end_of_body()) co_return std::move(*cut);
    if (!transfer->redirecting()) {
      Response response = describe(*transfer, hop, redirects, times, client.loop.now() - started);
      response.head_bytes = traffic.head_bytes;
      response.bytes_sent = traffic.sent;
      co_return response;
    }
    if (redirects >= client.options.max_redirects)
      co_return too_many_redirects(transfer->head().status, redirects);
    if (Status refused = next_hop(hop, transfer->head(), client.options, client.credentials)) {
      co_return std::move(*refused);
    }
    last_status = transfer->head().status;
    transfer.renew();
    hop.http1 = false;
    ++redirects;
    times = HopTimes(client.loop.now());
  }
}

}  // namespace leat::http
