#include "engine/http/transfer.hpp"

#include <algorithm>
#include <cerrno>

#include "engine/http/curl_error.hpp"
#include "engine/http/private_address.hpp"
#include "engine/http/range.hpp"
#include "engine/http/socket_table.hpp"
#include "engine/http/trust_store.hpp"

namespace leat::http {

namespace {

constexpr std::uint64_t kMaxRedirectBody = 64 * 1024;  // read to keep the connection; beyond that it is cut

int close_socket(void* sockets, curl_socket_t fd) {
  static_cast<SocketTable*>(sockets)->close(fd);
  return 0;
}

long milliseconds(async::Duration duration) {
  return static_cast<long>(std::chrono::ceil<std::chrono::milliseconds>(duration).count());
}

Error private_address_error() {
  return Error(Errc::blocked, "the host's address is private, which --block-private refuses");
}

}  // namespace

Transfer::Transfer(async::EventLoop& loop, const ClientOptions& options, const WireSettings& wire,
                   CURLSH* share, curl_slist* common_headers, TrustStore& trust, Throttle& throttle)
    : loop_(loop), throttle_(throttle), options_(options), wire_(wire), common_headers_(common_headers) {
  easy_.set(CURLOPT_NOSIGNAL, 1L);  // saves three system calls a request
  easy_.set(CURLOPT_QUICK_EXIT, 1L);
  easy_.set(CURLOPT_PROTOCOLS_STR, "http,https");
  easy_.set(CURLOPT_CAPATH, static_cast<char*>(nullptr));  // else the CA store is parsed for each connection
  // Else every transfer that starts while none is connected yet makes a connection of its own.
  if (options.streams > 1) easy_.set(CURLOPT_PIPEWAIT, 1L);
  if (options.fresh_connections) easy_.set(CURLOPT_FORBID_REUSE, 1L);
  easy_.set(CURLOPT_SHARE, share);
  easy_.set(CURLOPT_DNS_CACHE_TIMEOUT, -1L);  // what is in it, we put there
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
  easy_.set(CURLOPT_BUFFERSIZE, 65536L);
  easy_.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  easy_.set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connect_timeout));
  easy_.set(CURLOPT_HTTPHEADER, common_headers);
  wire.attach(easy_);
  if (options.streams > 0) easy_.set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
  if (options.insecure) {
    easy_.set(CURLOPT_SSL_VERIFYPEER, 0L);
    easy_.set(CURLOPT_SSL_VERIFYHOST, 0L);
  } else {
    trust.attach(easy_.get());
  }
  if (!options.user_agent.empty()) easy_.set(CURLOPT_USERAGENT, options.user_agent.c_str());
}

void Transfer::prepare(const Hop& hop, const std::string& resolved, BodySink& sink, MultiShard& shard) {
  shard_ = &shard;
  sink_ = &sink;
  reader_.start();
  own_error_.reset();
  error_text_[0] = '\0';
  received_ = decoded_ = 0;
  sent_ = 0;
  open_errno_ = 0;
  redirecting_ = connected_anew_ = blocked_ = false;
  may_redirect_ = hop.may_redirect;
  connected_ = hop.connected;
  timeout_ = hop.timeout;

  easy_.set(CURLOPT_CURLU, url_.assign(hop.url) ? url_.get() : nullptr);
  easy_.set(CURLOPT_URL, hop.url.c_str());  // else libcurl makes a text of the parsed one
  easy_.set(CURLOPT_CLOSESOCKETDATA, &shard.sockets());
  easy_.set(CURLOPT_TIMEOUT_MS, milliseconds(hop.timeout));

  if (wire_.has_proxies()) wire_.attach_proxy(easy_, hop.url, proxy_);
  if (!resolved.empty()) {
    append(resolved_, resolved.c_str());
    easy_.set(CURLOPT_RESOLVE, resolved_.get());
  }

  const bool own_headers = hop.headers != nullptr && !hop.headers->empty();
  const bool has_body = hop.body != nullptr || hop.upload != nullptr;
  const bool conditional = hop.range != nullptr || hop.known != nullptr;
  plain_ =
      hop.method == "GET" && !has_body && !own_headers && !conditional && hop.client_headers && !hop.userpwd;
  if (plain_) return;
  if (own_headers || conditional || !hop.client_headers) {
    Slist list;
    if (hop.client_headers) {
      for (const curl_slist* item = common_headers_; item != nullptr; item = item->next) {
        append(list, item->data);
      }
    }
    if (own_headers) {
      for (const auto& field : *hop.headers) append(list, field.c_str());
    }
    if (hop.range != nullptr && options_.wire.compressed) {
      append(list, "Accept-Encoding: identity");
    }
    for (const auto& field : condition_fields(hop.range, hop.known)) {
      append(list, field.c_str());
    }
    easy_.set(CURLOPT_HTTPHEADER, list.get());
    headers_ = std::move(list);
  }
  if (!hop.client_headers && wire_.has_own_cookies()) wire_.attach_cookies(easy_, false);
  if (hop.userpwd) easy_.set(CURLOPT_USERPWD, hop.userpwd->c_str());
  prepare_body(hop);
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
  if (wire_.has_own_cookies()) wire_.attach_cookies(easy_, true);
  easy_.set(CURLOPT_NOBODY, 0L);
  easy_.set(CURLOPT_CUSTOMREQUEST, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_POSTFIELDS, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(-1));
  easy_.set(CURLOPT_HTTPGET, 1L);  // last: POSTFIELDS means POST, null or not
  easy_.set(CURLOPT_USERPWD, static_cast<char*>(nullptr));
  easy_.set(CURLOPT_HTTPHEADER, common_headers_);
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
  transfer_.unlink();
  transfer_.shard_->remove(transfer_);
}

void Transfer::finished(CURLcode code) noexcept {
  disarm();
  unlink();
  connect_permit_.release();
  Run& waiter = *std::exchange(waiter_, nullptr);
  waiter.code_ = code;
  waiter.wake();
}

// The timer is not moved for each byte: when it is due it looks how long ago the last one came.
void Transfer::on_timer() noexcept {
  const bool waiting =
      easy_.info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;  // connected: the stall counts
  const async::TimePoint now = loop_.now();
  const auto sent = easy_.info<curl_off_t>(CURLINFO_SIZE_UPLOAD_T);
  if (!waiting || is_paused() || sent != sent_) last_byte_ = now;
  sent_ = sent;
  const async::TimePoint due = last_byte_ + options_.stall;
  if (now < due) {
    loop_.arm(*this, due);
    return;
  }
  const auto seconds = std::to_string(std::chrono::duration<double>(options_.stall).count());
  const std::string limit = seconds.substr(0, seconds.find('.') + 2) + " s";
  own_error_ = reader_.has_begun() ? Error(Errc::stalled, "no byte came for " + limit)
                                   : Error(Errc::timeout, "connected, but no answer came within " + limit);
  shard_->remove(*this);
  finished(CURLE_ABORTED_BY_CALLBACK);
}

// libcurl hands over what it kept back before this returns, and may be refused again.
void Transfer::go_on() noexcept {
  const CURLcode code = curl_easy_pause(easy_.get(), CURLPAUSE_CONT);
  if (code == CURLE_OK) return;
  shard_->remove(*this);
  finished(code);
}

Error Transfer::failure(CURLcode code) const {
  if (own_error_) return *own_error_;
  if (blocked_ && code == CURLE_COULDNT_CONNECT) return private_address_error();
  FailureContext context;
  context.text = error_text_.data();
  context.os_errno = easy_.info<long>(CURLINFO_OS_ERRNO);
  context.resolved = easy_.info<curl_off_t>(CURLINFO_NAMELOOKUP_TIME_T) > 0;
  context.connected = easy_.info<curl_off_t>(CURLINFO_PRETRANSFER_TIME_T) > 0;
  context.elapsed = loop_.now() - started_;
  context.timeout = timeout_;
  Error error = error_of(code, context);
  error.http_status = reader_.head().status;
  error.os_errno = open_errno_;
  if (error.out_of_descriptors()) error.message = "no file descriptor is left for a connection";
  return error;
}

bool Transfer::give_up(Error error) {
  error.http_status = reader_.head().status;
  own_error_ = std::move(error);
  return false;
}

curl_socket_t Transfer::on_open_socket(void* self, curlsocktype, curl_sockaddr* address) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.connected_anew_ = true;
  if (transfer.options_.wire.block_private && is_private(address->addr)) {
    transfer.blocked_ = true;
    return CURL_SOCKET_BAD;
  }
  const curl_socket_t fd = transfer.shard_->sockets().open(*address);
  if (fd == CURL_SOCKET_BAD) transfer.open_errno_ = errno;
  return fd;
}

// Called for a connection that is used again, too.
int Transfer::on_connected(void* self, char* remote, char*, int, int) {
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.connect_permit_.release();
  if (transfer.connected_ != nullptr) transfer.connected_->store(true, std::memory_order_relaxed);
  if (!transfer.options_.wire.block_private || !is_private(remote)) return CURL_PREREQFUNC_OK;
  transfer.give_up(private_address_error());
  return CURL_PREREQFUNC_ABORT;
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

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  return static_cast<Transfer*>(self)->take_header_line(line) ? line.size() : 0;
}

bool Transfer::take_header_line(std::string_view line) {
  last_byte_ = loop_.poll_time();
  const HeadReader::Step step = reader_.take(line);
  if (step == HeadReader::Step::failed) return give_up(reader_.error());
  return step == HeadReader::Step::more || end_of_head();
}

// libcurl 7.88 takes a head that ends with the connection, within its fields, for a whole one.
Status Transfer::end_of_body() const {
  if (!reader_.is_whole())
    return Error(Errc::truncated, "the connection was closed within the response's head");
  return decoder_.is_active() ? decoder_.finish() : std::nullopt;
}

bool Transfer::end_of_head() {
  const ResponseHead& head = reader_.head();
  const bool redirect = head.status == 301 || head.status == 302 || head.status == 303 ||
                        head.status == 307 || head.status == 308;
  if (redirect && may_redirect_ && head.headers.find("location")) {
    redirecting_ = true;
    return true;
  }
  if (options_.wire.compressed) {
    if (Status error = decoder_.begin(head)) return give_up(std::move(*error));
  }
  const bool too_large = options_.max_size > 0 && head.content_length.value_or(0) > options_.max_size;
  if (too_large && !decoder_.is_active()) {
    return give_up(Error(Errc::body_too_large, "the body is larger than --max-size"));
  }
  if (Status error = sink_->begin(head)) return give_up(std::move(*error));
  return true;
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view bytes(data, size * count);
  transfer.last_byte_ = transfer.loop_.poll_time();
  if (!transfer.throttle_.take(bytes.size(), transfer)) return CURL_WRITEFUNC_PAUSE;  // they will come again
  transfer.received_ += bytes.size();
  if (transfer.redirecting_) return transfer.received_ > kMaxRedirectBody ? 0 : bytes.size();
  Status error = transfer.decoder_.is_active()
                     ? transfer.decoder_.decode(
                           bytes, [&transfer](std::string_view piece) { return transfer.take_body(piece); })
                     : transfer.take_body(bytes);
  if (!error) return bytes.size();
  transfer.give_up(std::move(*error));
  return 0;
}

Status Transfer::take_body(std::string_view bytes) {
  decoded_ += bytes.size();
  if (options_.max_size > 0 && decoded_ > options_.max_size) {
    return Error(Errc::body_too_large, "the body is larger than --max-size");
  }
  return sink_->write(bytes);
}

}  // namespace leat::http
