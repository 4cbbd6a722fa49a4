#include "engine/http/client.hpp"

#include <algorithm>

#include "engine/async/sleep.hpp"
#include "engine/http/client_impl.hpp"
#include "engine/http/connect/descriptor_budget.hpp"
#include "engine/http/hops.hpp"
#include "engine/http/sent_fields.hpp"

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

Multiplexing multiplexing(const ClientOptions& options, bool shares_connections) {
  Multiplexing shared;
  if (shares_connections) {
    shared.streams = kMostStreams;
    return shared;
  }
  shared.streams = options.streams;
  if (options.streams > 0) shared.connections = (options.jobs + options.streams - 1) / options.streams;
  return shared;
}

}  // namespace

Client::Impl::Impl(async::EventLoop& event_loop, ClientOptions client_options, ClientPeers peers)
    : loop(event_loop),
      options(std::move(client_options)),
      clients(peers.clients),
      common_headers(header_list(options.headers)),
      wire(options.wire),
      plain_headers(header_list(options.headers)),
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
      shards(slots.shards()) {
  append_defaults(plain_headers, options.user_agent);
}

MultiShard& Client::Impl::shard(std::size_t index) {
  auto& made = shards[index];
  if (!made) {
    made = std::make_unique<MultiShard>(loop, sockets, connections_for(shards.size(), clients),
                                        multiplexing(options, shares_connections(options)));
  }
  return *made;
}

std::size_t most_clients() noexcept { return DescriptorBudget::of_process().multis(); }

Client::Client(async::EventLoop& loop, ClientOptions options, ClientPeers peers) {
  impl_ = std::make_unique<Impl>(loop, std::move(options), std::move(peers));
}

Client::~Client() = default;

const ClientOptions& Client::options() const noexcept { return impl_->options; }

async::Task<Result<Response>> Client::perform(const Request& request, BodySink& sink) {
  return perform_into(request, sink, nullptr);
}

async::Task<Result<Response>> Client::perform(const Request& request, BodySink& sink, Traffic& traffic) {
  return perform_into(request, sink, &traffic);
}

async::Task<Result<Response>> Client::perform_into(const Request& request, BodySink& sink, Traffic* wanted) {
  Hops hops(*impl_, request, sink, wanted);
  if (Status unreadable = hops.open_upload()) co_return std::move(*unreadable);
  while (!hops.are_done()) {
    if (Status wrong = hops.begin()) co_return std::move(*wrong);
    if (hops.must_look_up()) {
      auto finding = hops.look_up();
      if (Status none = co_await std::move(finding)) co_return std::move(*none);
      hops.looked_up();
    }
    if (hops.must_learn_protocol()) co_await hops.enter_stream_gate();
    hops.take_slot();
    if (hops.must_find_stream()) co_await hops.enter_stream_gate();
    if (const auto wait = hops.wait_for_test(); wait.count() > 0) {
      co_await async::sleep_for(wait);
      hops.waited();
    }
    hops.choose_connection();
    while (hops.must_run()) {
      if (hops.must_connect()) {
        co_await hops.enter_ramp();
        hops.waited();
      }
      hops.prepare();
      const CURLcode code = co_await hops.run();
      hops.ran(code);
      if (hops.was_lost()) {
        const bool goes = co_await hops.enter_resend_gate();
        hops.send_again(goes);
      }
    }
    if (Status failed = hops.end()) co_return std::move(*failed);
  }
  co_return hops.response();
}

}  // namespace leat::http
