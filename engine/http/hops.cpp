#include "engine/http/hops.hpp"

#include <algorithm>
#include <string_view>

#include "engine/http/connect/keep_alive_trust.hpp"
#include "engine/http/failure/transfer_errors.hpp"
#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/message/ascii_host.hpp"
#include "engine/http/message/redirect_rule.hpp"
#include "engine/http/message/url_parts.hpp"
#include "engine/http/redirect.hpp"

namespace leat::http {

namespace {

Trust trust_in(const ClientOptions& options, std::string_view origin) noexcept {
  if (options.location_trusted) return Trust::all;
  const auto& trusted = options.trusted_origins;
  return std::find(trusted.begin(), trusted.end(), origin) == trusted.end() ? Trust::none : Trust::origin;
}

bool gets_own_data(const Request& request, const ClientOptions& options) noexcept {
  const std::string_view origin = request.url.origin();
  return request.own_origin.empty() || origin == request.own_origin ||
         trust_in(options, origin) != Trust::none;
}

Hop first_hop(const Request& request, const ClientOptions& options, const Credentials& credentials) {
  Hop hop;
  hop.url = sent_url(request.url);
  hop.method = request.effective_method();
  if (request.body) hop.body = &*request.body;
  hop.headers = &request.headers;
  hop.range = request.range;
  hop.known = request.known;
  hop.progress = request.progress;
  hop.redirects = request.redirects.get();
  hop.may_redirect = options.max_redirects > 0;
  hop.luggage.own = gets_own_data(request, options);
  hop.userpwd = hop.luggage.own ? credentials.of(request.url) : userinfo_of(request.url);
  return hop;
}

// Gives what is left of --timeout, which covers all hops; zero means no limit.
async::Duration time_left(const ClientOptions& options, async::Duration used) {
  if (options.timeout.count() == 0) return options.timeout;
  return std::max<async::Duration>(options.timeout - used, std::chrono::milliseconds(1));
}

async::Duration dns_limit(const ClientOptions& options, async::Duration left) {
  if (left.count() == 0) return options.connect_timeout;
  return options.connect_timeout.count() == 0 ? left : std::min(left, options.connect_timeout);
}

}  // namespace

Client::Hops::Hops(Impl& client, const Request& request, BodySink& sink, Traffic* traffic)
    : client_(client),
      request_(request),
      sink_(sink),
      started_(client.loop.now()),
      transfer_(client),
      hop_(first_hop(request, client.options, client.credentials)),
      times_(started_),
      traffic_(traffic != nullptr ? *traffic : own_traffic_) {}

Status Client::Hops::open_upload() {
  if (request_.upload.empty()) return std::nullopt;
  hop_.upload = &upload_;
  return upload_.open(request_.upload);
}

// Only TLS servers are asked for HTTP/2.
Status Client::Hops::begin() {
  if (Status wrong = make_host_ascii(hop_.url)) return wrong;
  addresses_.emplace(client_.names, origin(), client_.wire.peer_of(origin()),
                     client_.options.connect_timeout);
  may_share_ = Impl::shares_connections(client_.options) && hop_.url.is_https() && !hop_.http1;
  must_run_ = true;
  return std::nullopt;
}

async::Task<Status> Client::Hops::look_up() {
  const auto left = time_left(client_.options, times_.start - started_);
  return addresses_->find(dns_limit(client_.options, left));
}

// A request that goes back to HTTP/1.1 keeps out of the shard where others share; otherwise libcurl would
// conclude that no request to this host can share.
void Client::Hops::take_slot() {
  hop_.shares = may_share_ && client_.gate.protocol_of(origin()) == StreamGate::Protocol::two;
  lease_.emplace(client_.slots.lease(origin(), std::nullopt, hop_.shares));
  shard_ = hop_.http1 ? (lease_->shard() + 1) % client_.shards.size() : lease_->shard();
  connects_ = !lease_->is_warm();
}

// True for requests that must not be sent twice, if each connection carries one at a time and is kept.
bool Client::Hops::needs_trust() const noexcept {
  const ClientOptions& options = client_.options;
  return !is_idempotent(hop_.method) && !options.fresh_connections && options.streams == 0 && !hop_.shares;
}

async::Duration Client::Hops::wait_for_test() const {
  if (!needs_trust()) return {};
  const async::TimePoint now = client_.loop.now();
  if (lease_->trust().use(now) != KeepAliveTrust::Use::tested) return {};
  return std::max(async::Duration(0), lease_->trust().tested_from().value_or(now) - now);
}

void Client::Hops::choose_connection() {
  const auto use = needs_trust() ? lease_->trust().use(client_.loop.now()) : KeepAliveTrust::Use::any;
  hop_.fresh = use == KeepAliveTrust::Use::none;
  hop_.tested = use == KeepAliveTrust::Use::tested;
}

void Client::Hops::prepare() {
  hop_.timeout = time_left(client_.options, times_.begun - started_);
  hop_.kept = !connects_ && !hop_.fresh && !client_.options.fresh_connections;
  const auto route = addresses_->next(shard_, connects_ || hop_.fresh, hop_.timeout, times_.begun);
  transfer_->prepare(hop_, route.entries, route.bound, sink_, client_.shard(shard_));
}

void Client::Hops::learn_of_connection() {
  KeepAliveTrust& trust = lease_->trust();
  if (transfer_->lost_connection() || (hop_.tested && transfer_->found_news())) {
    trust.closed(ended_);
  } else if (transfer_->answered()) {
    trust.answered(!transfer_->connected_anew(), ended_);
  }
}

// Says whether the hop goes on with the next addresses, and notes what became of those that were tried.
bool Client::Hops::goes_on() {
  const ConnectWatch& connecting = transfer_->connecting();
  if (failure_ && !transfer_->answered())
    return addresses_->goes_on(connecting, *failure_, transfer_->must_not_repeat(), ended_);
  addresses_->connected(connecting);
  return false;
}

void Client::Hops::ran(CURLcode code) {
  ended_ = client_.loop.now();
  code_ = code;
  learn_of_connection();
  traffic_.add(*transfer_, hop_);
  traffic_.resent += transfer_->sent_again();
  was_lost_ = transfer_->needs_fresh_connection();
  if (was_lost_) {
    hop_.fresh = true;
    traffic_.resent += transfer_->lost_connection() ? 1 : 0;
    transfer_.renew();
    return;
  }
  failure_.reset();
  if (code != CURLE_OK && !transfer_->has_enough()) failure_ = transfer_->failure(code);
  must_run_ = connects_ = goes_on();
  if (must_run_) transfer_.renew();
}

void Client::Hops::send_again(bool goes) {
  must_run_ = connects_ = goes;
  if (!goes) failure_ = lost_with_others_error();
}

Status Client::Hops::end() {
  if (failure_) return end_failed();
  lease_->set_warm(code_ == CURLE_OK && !transfer_->connected_anew());
  if (may_share_ && transfer_->agreed_on_http2() != hop_.shares) {
    client_.gate.learn(origin(), hop_.shares ? StreamGate::Protocol::one : StreamGate::Protocol::two);
  }
  if (Status cut = transfer_->end_of_body()) return cut;
  if (transfer_->redirecting()) return follow();
  are_done_ = true;
  return std::nullopt;
}

Status Client::Hops::end_failed() {
  lease_->set_warm(false);
  if (client_.options.streams == 0 && fallback_.takes(code_, *transfer_, hop_)) {
    ++traffic_.resent;
    lease_.reset();
    failure_.reset();
    transfer_.renew();
    times_ = HopTimes(client_.loop.now());
    return std::nullopt;
  }
  Error failure = fallback_.reason(std::move(*failure_));
  if (failure.http_status == 0) failure.http_status = last_status_;
  return failure;
}

// Turns the hop into the one that its answer, a redirect, leads to.
Status Client::Hops::follow() {
  const ResponseHead& head = transfer_->head();
  const ClientOptions& options = client_.options;
  last_status_ = head.status;
  if (redirects_ >= options.max_redirects) return too_many_redirects(head.status, redirects_);
  const auto location = head.headers.find("location").value_or(std::string_view());
  auto target = redirect_target(hop_.url, head.status, location);
  if (!target) return std::move(target.error());
  if (hop_.redirects != nullptr) {
    if (Status refused = hop_.redirects->check(target->text())) return refused;
  }
  const std::string from(origin());
  const Trust trust = trust_in(options, target->origin());
  lease_.reset();
  if (Status refused = redirect(hop_, head.status, *target, trust)) return refused;
  const bool is_trusted = trust != Trust::none && hop_.luggage.own;
  if (is_trusted && client_.credentials.are_by_host() && origin() != from)
    hop_.userpwd = client_.credentials.of(*target);
  sink_.moved(hop_.url.text());
  transfer_.renew();
  hop_.http1 = false;
  ++redirects_;
  times_ = HopTimes(client_.loop.now());
  return std::nullopt;
}

Response Client::Hops::response() {
  Response response = describe(*transfer_, hop_, redirects_, times_, ended_ - started_);
  response.head_bytes = traffic_.head_bytes;
  response.bytes_sent = traffic_.sent;
  return response;
}

}  // namespace leat::http
