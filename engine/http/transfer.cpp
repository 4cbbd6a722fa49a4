#include "engine/http/transfer.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/http/common_options.hpp"
#include "engine/http/curl/http2_session.hpp"
#include "engine/http/failure/curl_error.hpp"
#include "engine/http/failure/transfer_errors.hpp"
#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/gate/transfer_progress.hpp"
#include "engine/http/sent_fields.hpp"
#include "engine/http/tls/trust_store.hpp"

namespace leat::http {

namespace {

int close_socket(void* sockets, curl_socket_t fd) {
  static_cast<SocketTable*>(sockets)->close(fd);
  return 0;
}

}  // namespace

Transfer::Transfer(async::EventLoop& loop, const ClientOptions& options, const WireSettings& wire,
                   CURLSH* share, const curl_slist* common_headers, curl_slist* plain_headers,
                   TrustStore& trust, Throttle& throttle)
    : loop_(loop),
      throttle_(throttle),
      options_(options),
      wire_(wire),
      common_headers_(common_headers),
      plain_headers_(plain_headers),
      connecting_(loop, *this),
      body_(options.wire.compressed, options.max_size) {
  set_common_options(easy_, options, wire, trust);
  easy_.set(CURLOPT_SHARE, share);
  easy_.set(CURLOPT_PRIVATE, static_cast<Carried*>(this));
  easy_.set(CURLOPT_ERRORBUFFER, error_text_.data());
  easy_.set(CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  easy_.set(CURLOPT_HEADERDATA, this);
  easy_.set(CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  easy_.set(CURLOPT_WRITEDATA, this);
  easy_.set(CURLOPT_OPENSOCKETFUNCTION, &Transfer::on_open_socket);
  easy_.set(CURLOPT_OPENSOCKETDATA, this);
  easy_.set(CURLOPT_CLOSESOCKETFUNCTION, &close_socket);
  easy_.set(CURLOPT_PREREQFUNCTION, &Transfer::on_connected);
  easy_.set(CURLOPT_PREREQDATA, this);
  easy_.set(CURLOPT_HTTPHEADER, plain_headers);
}

void Transfer::prepare(const Hop& hop, const std::vector<std::string>& resolved, const ConnectBound& bound,
                       BodySink& sink, MultiShard& shard) {
  if (shard_ != &shard) easy_.set(CURLOPT_CLOSESOCKETDATA, &shard.sockets());
  shard_ = &shard;
  reader_.start();
  body_.start(sink);
  own_error_.reset();
  error_text_[0] = '\0';
  sent_ = 0;
  open_errno_ = 0;
  requests_ = 0;
  redirecting_ = connected_anew_ = sent_anew_ = blocked_ = has_enough_ = needs_fresh_ = lost_ = found_news_ =
      agreed_on_http2_ = false;
  may_redirect_ = hop.may_redirect;
  cookies_.start_hop(hop.may_redirect && !options_.wire.has_jar());
  progress_ = hop.progress;
  repeatable_ = is_idempotent(hop.method);
  tested_ = hop.tested;
  kept_ = hop.kept;
  to_head_ = hop.method == "HEAD";
  sends_body_ = hop.body != nullptr || hop.upload != nullptr;
  sender_ = SocketTable::Ends::none;
  early_.clear();
  encrypted_ = hop.url.is_https();
  // Setting an option costs as much as reading a header line, and these values hardly ever change.
  if (hop.timeout != timeout_) easy_.set(CURLOPT_TIMEOUT_MS, milliseconds(timeout_ = hop.timeout));
  if (bound.limit != connect_limit_)
    easy_.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(connect_limit_ = bound.limit));

  CURLU* const parsed = url_.assign(hop.url, options_.wire.path_as_is) ? url_.get() : nullptr;
  if (parsed != parsed_) easy_.set(CURLOPT_CURLU, parsed_ = parsed);
  easy_.set(CURLOPT_URL, hop.url.text().c_str());  // else libcurl makes a text of the parsed URL

  if (hop.fresh != fresh_) easy_.set(CURLOPT_FRESH_CONNECT, (fresh_ = hop.fresh) ? 1L : 0L);
  connecting_.begin(bound);
  // While nothing is connected yet they wait for the first connection and don't make one each.
  if (hop.shares != shares_) easy_.set(CURLOPT_PIPEWAIT, (shares_ = hop.shares) ? 1L : 0L);
  if (hop.http1 != http1_) {
    http1_ = hop.http1;
    easy_.set(CURLOPT_HTTP_VERSION,
              static_cast<long>(http1_ ? CURL_HTTP_VERSION_1_1 : CURL_HTTP_VERSION_2TLS));
  }
  if (wire_.has_proxies()) wire_.attach_proxy(easy_, hop.url.origin(), proxy_);
  prepare_target(hop.url);
  if (!resolved.empty()) {
    for (const auto& entry : resolved) append(resolved_, entry.c_str());
    easy_.set(CURLOPT_RESOLVE, resolved_.get());
  }

  const bool own_headers = hop.headers != nullptr && !hop.headers->empty();
  const bool has_body = hop.body != nullptr || hop.upload != nullptr;
  const bool conditional = hop.range != nullptr || hop.known != nullptr;
  const bool unusual = own_headers || conditional || !hop.luggage.is_all() || cookies_.are_kept();
  plain_ = hop.method == "GET" && !has_body && !unusual && !hop.userpwd;
  if (plain_) return;
  if (unusual) {
    std::string cookie;
    headers_ =
        sent_fields(common_headers_, hop, options_.wire.compressed, cookies_.are_kept() ? &cookie : nullptr);
    append_defaults(headers_, options_.user_agent);
    easy_.set(CURLOPT_HTTPHEADER, headers_.get());
    if (!hop.luggage.own) wire_.attach_own(easy_, false);
    if (!cookie.empty()) easy_.set(CURLOPT_COOKIE, cookie.c_str());
  }
  if (hop.userpwd) easy_.set(CURLOPT_USERPWD, hop.userpwd->c_str());
  prepare_body(hop);
}

// A proxy that forwards is sent what libcurl makes of the URL.
void Transfer::prepare_target(const Url& url) {
  const bool is_forwarded = proxy_ != nullptr && !proxy_->url.empty() && !url.is_https();
  std::string target;
  if (parsed_ != nullptr && !is_forwarded && !wire_.has_target()) target = url_.target_kept_from(url);
  if (target.empty() && !has_target_) return;
  has_target_ = !target.empty();
  easy_.set(CURLOPT_REQUEST_TARGET, has_target_ ? target.c_str() : nullptr);
}

void Transfer::prepare_body(const Hop& hop) {
  upload_ = hop.upload;
  if (upload_ != nullptr) {
    upload_->seek(0);
    easy_.set(CURLOPT_UPLOAD, 1L);
    easy_.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(upload_->size()));
    easy_.set(CURLOPT_READFUNCTION, &Transfer::on_read);
    easy_.set(CURLOPT_READDATA, this);
    easy_.set(CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
    easy_.set(CURLOPT_SEEKDATA, this);
    if (hop.method != "PUT") easy_.set(CURLOPT_CUSTOMREQUEST, hop.method.c_str());
  } else if (hop.body != nullptr) {
    easy_.set(CURLOPT_POST, 1L);
    easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(hop.body->size()));
    easy_.set(CURLOPT_POSTFIELDS, hop.body->c_str());
    if (hop.method != "POST") easy_.set(CURLOPT_CUSTOMREQUEST, hop.method.c_str());
  } else if (hop.method == "HEAD") {
    easy_.set(CURLOPT_NOBODY, 1L);
  } else if (hop.method != "GET") {
    easy_.set(CURLOPT_CUSTOMREQUEST, hop.method.c_str());
  }
}

void Transfer::reset() noexcept {
  disarm();
  unlink();
  connect_permit_.release();
  close_notify_.forget();
  if (sends_body_) shard_->sockets().rescue(sender_, nullptr);
  probe_.release();
  scout_.withdraw();
  if (resolved_) {
    easy_.set(CURLOPT_RESOLVE, static_cast<curl_slist*>(nullptr));
    resolved_.reset();
  }
  if (plain_) return;
  plain_ = true;
  if (std::exchange(upload_, nullptr) != nullptr) {
    easy_.set(CURLOPT_UPLOAD, 0L);
    easy_.set(CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(-1));
  }
  if (cookies_.are_kept() || wire_.has_own()) wire_.attach_own(easy_, true);
  easy_.set(CURLOPT_NOBODY, 0L);
  easy_.set(CURLOPT_CUSTOMREQUEST, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(-1));
  easy_.set(CURLOPT_HTTPGET, 1L);  // last, because POSTFIELDS means POST even if it is null
  easy_.set(CURLOPT_USERPWD, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_HTTPHEADER, plain_headers_);
  headers_.reset();
}

void Transfer::Run::start() {
  transfer_.waiter_ = this;
  if (transfer_.options_.stall.count() > 0) {
    transfer_.loop_.arm(transfer_, transfer_.started_ + transfer_.options_.stall);
  }
  transfer_.shard_->add(transfer_);
}

void Transfer::Run::on_cancel() noexcept {
  transfer_.waiter_ = nullptr;
  transfer_.disarm();
  transfer_.connecting_.end();
  transfer_.unlink();
  transfer_.shard_->remove(transfer_);
}

void Transfer::finished(CURLcode code) noexcept {
  connecting_.end();
  unlink();
  connect_permit_.release();
  if (code == CURLE_SEND_ERROR) read_early_answer();
  disarm();  // read_early_answer may have armed it again
  has_enough_ = has_enough_ || (redirecting_ && code != CURLE_OK);
  if (code == CURLE_UNSUPPORTED_PROTOCOL && has_met_a_rest()) lost_ = needs_fresh_ = true;
  // A handle on which libcurl has sent again remembers that, and gives up the sooner the next time.
  worn_ = worn_ || sent_again() > 0 || (code != CURLE_OK && requests_ > 0 && !reader_.has_begun());
  probe_.release();
  scout_.release();
  Run& waiter = *std::exchange(waiter_, nullptr);
  waiter.code_ = code;
  waiter.wake();
}

// What came on a kept connection where an answer should begin is no HTTP. A server that sends a line end, or
// more, behind a body may be late with it (RFC 9112, 9.2), so the request is sent again over a connection of
// its own, unless it must not be.
bool Transfer::has_met_a_rest() const noexcept {
  return repeatable_ && requests_ > 0 && !sent_anew_ && !reader_.has_begun() && !is_multiplexed();
}

// The timer is not moved for each byte. When it is due, this looks how long ago the last byte came.
void Transfer::on_timer() noexcept {
  if (redirecting_) {  // the rest of the redirect's body is not waited for
    shard_->remove(*this);
    return finished(CURLE_WRITE_ERROR);
  }
  // True if connected: only then does the stall count.
  const bool waiting = easy_.info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;
  const async::TimePoint now = loop_.now();
  const auto sent = easy_.info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T);
  if (!waiting || is_paused() || sent != sent_) last_byte_ = now;
  sent_ = sent;
  const async::TimePoint due = last_byte_ + options_.stall;
  if (now < due) {
    loop_.arm(*this, due);
    return;
  }
  const auto seconds = std::to_string(async::in_seconds(options_.stall));
  const std::string limit = seconds.substr(0, seconds.find('.') + 2) + " s";
  own_error_ = reader_.has_begun() ? Error(Errc::stalled, "no byte came for " + limit)
                                   : Error(Errc::timeout, "connected, but no answer came within " + limit);
  own_error_->http_status = reader_.head().status;
  shard_->remove(*this);
  finished(CURLE_ABORTED_BY_CALLBACK);
}

// Before curl_easy_pause returns, libcurl hands over what it kept back, and may be refused again.
void Transfer::go_on() noexcept {
  const CURLcode code = curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  if (code == CURLE_OK) return;
  shard_->remove(*this);
  finished(code);
}

FailureContext Transfer::failure_context() const {
  FailureContext context = failure_context_of(easy_, error_text_.data());
  context.connected = easy_.info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;
  context.elapsed = loop_.now() - started_;
  context.timeout = timeout_;
  context.http2 = agreed_on_http2_;
  context.has_status = reader_.head().status != 0 || (agreed_on_http2_ && http2_status(easy_.get()) != 0);
  context.has_head = reader_.is_whole();
  // A body that is longer than its length ends likewise, but of the frame that makes it so nothing comes.
  const std::uint64_t received = body_.received();
  context.lacks_body =
      context.has_head && received > 0 && received < reader_.head().content_length.value_or(0);
  wire_.describe_proxy(proxy_, context);
  return context;
}

Error Transfer::failure(CURLcode code) const {
  if (own_error_) return *own_error_;
  if (blocked_ && code == CURLE_COULDNT_CONNECT) return private_address_error();
  Error error = error_of(code, failure_context());
  const int status = reader_.head().status;
  if (status != 0 || agreed_on_http2_) error.http_status = status != 0 ? status : http2_status(easy_.get());
  error.os_errno = open_errno_ != 0 ? open_errno_ : static_cast<int>(easy_.info<long>(CURLINFO_OS_ERRNO));
  if (error.out_of_descriptors()) error.message = "no file descriptor is left for a connection (ulimit -n)";
  return error;
}

bool Transfer::give_up(Error error) {
  error.http_status = reader_.head().status;
  own_error_ = std::move(error);
  return false;
}

std::size_t Transfer::on_read(char* buffer, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::ptrdiff_t got = transfer.upload_->read(buffer, size * count);
  if (got >= 0) return static_cast<std::size_t>(got);
  transfer.give_up(Error(Errc::file_error, "the file that is sent can't be read, or has become shorter"));
  return CURL_READFUNC_ABORT;
}

int Transfer::on_seek(void* self, curl_off_t position, int) {
  static_cast<Transfer*>(self)->upload_->seek(static_cast<std::uint64_t>(position));
  return CURL_SEEKFUNC_OK;
}

}  // namespace leat::http
