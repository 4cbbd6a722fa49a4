// This file is about what a Transfer makes of the answer. What it sends and how it runs is in transfer.cpp.
#include <algorithm>

#include "engine/http/gate/transfer_progress.hpp"
#include "engine/http/redirect.hpp"
#include "engine/http/transfer.hpp"

namespace leat::http {

std::size_t Transfer::on_header(char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  auto& transfer = *static_cast<Transfer*>(self);
  transfer.forget_challenge(line);
  const long status = transfer.reader_.is_at_start() ? transfer.easy_.info<long>(CURLINFO_RESPONSE_CODE) : 0;
  return transfer.take_header_line(line, static_cast<int>(status)) ? line.size() : 0;
}

// A 401 or 407 to which libcurl itself answers with credentials is followed by the answer that counts. Its
// body is not handed over.
void Transfer::forget_challenge(std::string_view line) {
  if (!wire_.negotiates() || !reader_.is_whole() || !line.starts_with("HTTP/")) return;
  const int status = reader_.head().status;
  if (status != 401 && status != 407) return;
  reader_.start();
  body_.start_again();
}

bool Transfer::take_header_line(std::string_view line, int status) {
  last_byte_ = loop_.poll_time();
  const bool is_first = reader_.is_at_start();
  if (is_first) {
    probe_.release();
    scout_.answered();
  }
  const HeadReader::Step step = is_first ? reader_.take_status_line(line, status) : reader_.take(line);
  if (step == HeadReader::Step::failed) return give_up(reader_.error());
  if (is_first) cookies_.see_status(reader_.head().status);
  return step == HeadReader::Step::more || end_of_head();
}

// libcurl 7.88 takes a head for whole if the connection ends within its fields.
Status Transfer::end_of_body() const {
  Status wrong;
  if (!reader_.is_whole()) {
    wrong = Error(Errc::truncated, "the connection was closed within the response's head");
  } else if (close_notify_.is_watching() && !close_notify_.has_come()) {
    wrong = Error(Errc::truncated,
                  "the TLS connection was closed without close_notify, and the body has no length");
  } else if (!redirecting_) {
    const bool is_cut = reader_.ends_unseen() && !has_close_delimited_body() && !has_whole_answer();
    wrong = is_cut ? Error(Errc::truncated, "the connection was closed in the middle of the body")
                   : body_.finish();
  }
  if (wrong) wrong->http_status = reader_.head().status;
  return wrong;
}

bool Transfer::end_of_head() {
  const ResponseHead& head = reader_.head();
  if (progress_ != nullptr) progress_->status.store(head.status, std::memory_order_relaxed);
  if (may_redirect_ && is_redirect(head.status) && !head.headers.find("location").value_or("").empty()) {
    begin_redirect(head);
    return true;
  }
  if (has_close_delimited_body() && encrypted_) close_notify_.watch(easy_.get());
  if (Status error = body_.begin(head)) return give_up(std::move(*error));
  has_enough_ = ends_by_unseen_length() && *head.content_length == 0;
  return !has_enough_;
}

void Transfer::begin_redirect(const ResponseHead& head) {
  redirecting_ = true;
  body_.skip(head);
  loop_.arm(*this, loop_.now() + redirect_body_wait(head));
}

bool Transfer::may_have_body() const noexcept {
  const int status = reader_.head().status;
  return !to_head_ && status != 204 && status != 304;
}

// HTTP/2 marks the end of a body itself.
bool Transfer::has_close_delimited_body() const noexcept {
  const ResponseHead& head = reader_.head();
  return may_have_body() && !head.content_length && !head.chunked &&
         easy_.info<long>(CURLINFO_HTTP_VERSION) < CURL_HTTP_VERSION_2_0;
}

bool Transfer::ends_by_unseen_length() const noexcept {
  const ResponseHead& head = reader_.head();
  return reader_.ends_unseen() && may_have_body() && !head.chunked && !head.coded && head.content_length;
}

bool Transfer::has_whole_answer() const noexcept {
  if (own_error_ || !reader_.is_whole()) return false;
  const ResponseHead& head = reader_.head();
  if (!may_have_body()) return true;
  if (head.chunked) return body_.has_last_chunk();
  return head.content_length && body_.received() >= *head.content_length;
}

void Transfer::read_early_answer() {
  while (!reader_.is_whole()) {
    const std::string_view line = early_.next_line();
    if (line.empty() || !take_header_line(line, HeadReader::status_in(line))) return;
  }
  const ResponseHead& head = reader_.head();
  std::string_view body = early_.rest();
  if (!head.chunked && head.content_length) body = body.substr(0, *head.content_length);
  if (may_have_body() && !body.empty()) take_body(body);
}

std::size_t Transfer::on_body(char* data, std::size_t size, std::size_t count, void* self) {
  auto& transfer = *static_cast<Transfer*>(self);
  const std::string_view bytes(data, size * count);
  transfer.last_byte_ = transfer.loop_.poll_time();
  if (!transfer.may_take(bytes.size())) return CURL_WRITEFUNC_PAUSE;  // libcurl will hand them over again
  return transfer.take_body(bytes) ? bytes.size() : 0;
}

// Gives false to have it pause. A sink that is full is asked first, so that nothing is taken from the rate
// for bytes that nobody takes.
bool Transfer::may_take(std::size_t bytes) {
  return redirecting_ || (!body_.is_full(*this) && throttle_.take(bytes, *this));
}

// Gives false to end the transfer.
bool Transfer::take_body(std::string_view bytes) {
  if (!reader_.is_whole()) {
    return give_up(Error(Errc::bad_response, "the body begins before the head has ended"));
  }
  const ResponseHead& head = reader_.head();
  const bool is_bounded = !redirecting_ && ends_by_unseen_length();
  if (is_bounded) bytes = bytes.substr(0, *head.content_length - body_.received());
  if (Status error = body_.take(bytes)) return give_up(std::move(*error));
  // 8.14 does not see the last chunk of "gzip, chunked" either.
  const bool looks_for_end = head.coded || reader_.ends_unseen();
  has_enough_ = redirecting_ ? body_.received() > kMaxRedirectBody
                             : (looks_for_end && body_.has_last_chunk()) ||
                                   (is_bounded && body_.received() == *head.content_length);
  return !has_enough_;
}

}  // namespace leat::http
