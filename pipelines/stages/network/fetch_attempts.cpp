#include "pipelines/stages/network/fetch_attempts.hpp"

#include <algorithm>
#include <utility>

#include "engine/http/gate/host_gate.hpp"
#include "engine/http/gate/retry_policy.hpp"
#include "engine/http/message/status_text.hpp"
#include "engine/io/file_error.hpp"
#include "engine/text/hash.hpp"
#include "pipelines/stages/network/unpack_body.hpp"
#include "pipelines/state/job.hpp"
#include "pipelines/state/recording.hpp"

namespace leat::pipelines {

namespace {

constexpr async::Duration kDescriptorWait = std::chrono::milliseconds(20);

bool is_overload(int status) noexcept { return status == 429 || status == 503; }

http::HostSign sign_of(const Result<http::Response>& result) noexcept {
  if (!result) return http::sign_of(result.error());
  const int status = result.value().head.status;
  return http::sign_of_status(status, http::is_retryable_status(status));
}

Error status_error(int status) {
  Error error(Errc::http_status, http::status_text(status));
  error.http_status = status;
  error.retryable = http::is_retryable_status(status);
  return error;
}

// Whether the request went without what the stage or its record's line sends to the record's own origin.
bool went_without_own_data(const http::Request& request, const http::ClientOptions& client) {
  const auto origin = request.url.origin();
  const auto& trusted = client.trusted_origins;
  if (request.own_origin.empty() || request.own_origin == origin || client.location_trusted) return false;
  if (std::find(trusted.begin(), trusted.end(), origin) != trusted.end()) return false;
  const auto& wire = client.wire;
  return !client.userpwd.empty() || !client.headers.empty() || !request.headers.empty() ||
         !wire.cookies.empty() || !wire.cert.empty() || wire.netrc != http::WireOptions::Netrc::off;
}

}  // namespace

void Fetch::Attempts::start(const http::HostGate::Slot& slot) {
  begun_ = fetch_.context_.loop.now();
  record_.request.progress = slot.progress();
  times_ = http::RequestTimes();
  times_.started_at = std::chrono::system_clock::now();
  times_.waited = begun_ - record_.born;
  times_.attempt = ++made_;
  was_split_ = in_segments_ = false;
  times_.maker = text::mix64(record_.id ^ text::mix64(fetch_.maker_));
  record_.request.times = &times_;
  record_.num_retries = made_ + more_made_ - 1;
  tell_times();
}

void Fetch::Attempts::raced(const Race::Result& result) {
  race_url_ = result.won ? result.url : "";
  more_made_ += static_cast<int>(std::max<std::size_t>(result.attempts, 1)) - 1;
  record_.num_retries = made_ + more_made_ - 1;
}

// Where it came to nothing every mirror has been tried.
void Fetch::Attempts::was_split(const Segments::Result& result) {
  was_split_ = result.split;
  in_segments_ = true;
  more_made_ += result.retries;
  record_.num_retries = made_ + more_made_ - 1;
  if (!result.split || result.whole) return;
  body_.set_aside();
  record_.mirrors.clear();
}

std::optional<async::Duration> Fetch::Attempts::judge(const std::string& url,
                                                      const Result<http::Response>& answer, int& retries,
                                                      async::Duration elapsed) {
  if (!answer && answer.error().out_of_descriptors() && fetch_.go_slower()) return kDescriptorWait;
  fetch_.out_of_descriptors_ = 0;
  const std::string origin = http::origin_of(url);
  const auto delay = delay_after(answer, retries, elapsed);
  tell_gate(origin, answer, delay.value_or(async::Duration(0)));
  if (!delay) return std::nullopt;
  ++retries;
  return *delay + fetch_.gate_.take_retry(origin);
}

// An origin that says when to come back is left alone until then, by all its records.
void Fetch::Attempts::tell_gate(std::string_view origin, const Result<http::Response>& result,
                                async::Duration delay) {
  if (fetch_.is_replay()) return;
  const int status = result ? result.value().head.status : 0;
  const auto field = is_overload(status) ? result.value().head.headers.find("retry-after") : std::nullopt;
  if (field) {
    const auto asked = http::parse_retry_after(*field, std::chrono::system_clock::now());
    const auto most = fetch_.args_.retry_max_time;
    auto wait = asked.value_or(async::Duration(0));
    if (most.count() > 0) wait = std::min(wait, most);
    const auto until = fetch_.context_.loop.now() + std::max(wait, delay);
    fetch_.gate_.park(origin, until);
    if (fetch_.context_.job != nullptr) fetch_.context_.job->park(origin, until);
  }
  const http::HostSign sign = sign_of(result);
  if (sign == http::HostSign::good || sign == http::HostSign::nothing) {
    fetch_.gate_.report(origin, sign, page_, begun_, nullptr);
    return;
  }
  http::PageHistory none;
  const Error why = result ? status_error(status) : result.error();
  fetch_.gate_.report(origin, sign, origin == this->origin() ? page_ : none, begun_, &why);
}

std::optional<async::Duration> Fetch::Attempts::finish(Result<http::Response>&& result) {
  tell_times();
  if (!result && !was_split_ && result.error().out_of_descriptors() && !fetch_.context_.stopping &&
      fetch_.go_slower()) {
    --made_;  // it was never made
    return kDescriptorWait;
  }
  const bool stopping = fetch_.context_.stopping;
  fetch_.out_of_descriptors_ = 0;
  if (result && (!race_url_ || !race_url_->empty())) {
    if (auto error = body_.check_whole()) result = std::move(*error);
  }
  if (!result && result.error().code == Errc::range_mismatch && body_.give_up_part() && !stopping) {
    --made_;  // nothing failed but an attempt to save bytes
    return async::Duration(0);
  }
  const auto delay = was_last() ? std::nullopt : delay_after(result);
  if (!race_url_ && !was_split_) tell_gate(origin(), result, delay.value_or(async::Duration(0)));
  if (delay && !stopping) {
    if (const auto wait = wait_for_retry()) {
      last_ = result ? status_error(result.value().head.status) : std::move(result.error());
      if (fetch_.is_replay()) return async::Duration(0);
      const auto asked = streamed_ == nullptr ? async::Duration(0) : streamed_->reconnection_time();
      return std::max(*delay, asked) + *wait;
    }
  }
  if (!stopping && !was_last() && body_.ask_whole(result, in_segments_)) {
    --made_;
    return async::Duration(0);
  }
  if (race_url_) end_race(*std::exchange(race_url_, std::nullopt));
  if (result) {
    accept(std::move(*result));
  } else {
    fail(std::move(result.error()));
  }
  if (!fetch_.is_replay()) fetch_.breaker_.settle(origin(), record_);
  if (stopping || (streamed_ != nullptr && was_last()) || !turn_to_mirror()) return std::nullopt;
  return async::Duration(0);
}

bool Fetch::Attempts::origin_is_gone() {
  if (made_ > made_elsewhere_) {
    fail(std::move(last_));
  } else {
    fetch_.breaker_.end_untried(record_, origin(), fetch_.stage_);
  }
  return turn_to_mirror();
}

// Of a replayed attempt only now: it was made when its recording was.
void Fetch::Attempts::tell_times() {
  if (made_ == 1) record_.started_at = times_.started_at;
  if (made_ == made_elsewhere_ + 1) first_ = times_.waited;
  record_.waited = times_.waited;
}

// Since the record was born.
async::Duration Fetch::Attempts::age() const {
  if (fetch_.is_replay()) return times_.waited + times_.took;
  return fetch_.context_.loop.now() - record_.born;
}

std::chrono::system_clock::time_point Fetch::Attempts::wall_time() const {
  using Clock = std::chrono::system_clock;
  if (!fetch_.is_replay()) return Clock::now();
  return times_.started_at + std::chrono::duration_cast<Clock::duration>(times_.took);
}

// How much longer than its own pause; nothing if it was not made when it was recorded.
std::optional<async::Duration> Fetch::Attempts::wait_for_retry() {
  if (!fetch_.is_replay()) return fetch_.gate_.take_retry(origin());
  if (!fetch_.context_.player->was_tried_again(times_).value_or(true)) return std::nullopt;
  return async::Duration(0);
}

std::optional<async::Duration> Fetch::Attempts::delay_after(const Result<http::Response>& result) {
  if (result && !fetch_.retry_.is_retryable(result.value().head.status)) return std::nullopt;
  return delay_after(result, made_here() - 1, age() - first_);
}

std::optional<async::Duration> Fetch::Attempts::delay_after(const Result<http::Response>& result, int retries,
                                                            async::Duration elapsed) {
  if (result && !fetch_.retry_.is_retryable(result.value().head.status)) return std::nullopt;
  http::FailedAttempt failed;
  failed.method = record_.request.effective_method();
  failed.retries_so_far = retries;
  failed.elapsed = elapsed;
  if (result) {
    const auto& head = result.value().head;
    failed.status = head.status;
    failed.retry_after = head.headers.find("retry-after").value_or(std::string_view());
    failed.now = wall_time();
  } else {
    failed.error = &result.error();
  }
  return fetch_.retry_.next(failed);
}

void Fetch::Attempts::accept(http::Response&& response) {
  const int status = response.head.status;
  record_.response = std::move(response);
  if (status == 304 && body_.is_conditional()) {
    record_.outcome = Outcome::not_modified;
    if (record_.request.known != nullptr) record_.filename = body_.shown_name();
    return;
  }
  body_.take_text(fetch_.context_.body_budget);
  const bool decoded = fetch_.args_.client.wire.compressed;
  if (fetch_.body_use_ == BodyUse::text && record_.body) {
    auto error = unpack_body(record_, decoded, fetch_.args_.body_limit, fetch_.context_.body_budget);
    if (error) {
      error->http_status = status;
      return fail(std::move(*error));
    }
  }
  const bool fails =
      fetch_.args_.fail.contains(status) || (streamed_ != nullptr && !streamed_->took_answer());
  if (fails && !body_.is_complete()) {
    Error error = status_error(status);
    const bool asks_who = status == 401 || status == 403;
    if (asks_who && went_without_own_data(record_.request, fetch_.args_.client)) {
      error.message += "; credentials and headers went only to " + record_.request.own_origin +
                       ", with which the record began: trust= names other origins for them";
    }
    fail(std::move(error));
  } else if (auto error = body_.commit()) {
    error->http_status = status;
    fail(std::move(*error));
  }
}

void Fetch::Attempts::fail(Error error) {
  error.attempts = made_ + more_made_;
  if (error.code == Errc::body_too_large) body_.give_up_part();
  const char* stage = io::is_about_a_file(error.code) ? "save" : fetch_.stage_;
  record_.fail(std::move(error), stage);
  if (record_.error->code != Errc::disk_full) return;
  body_.keep_part();
  fetch_.context_.abort(*record_.error);
}

// The winner's URL is the record's from now on, should its body turn out to be wrong the others are left;
// where nobody has won all have been asked.
void Fetch::Attempts::end_race(const std::string& winner) {
  if (winner.empty()) {
    body_.set_aside();
    return record_.mirrors.clear();
  }
  if (winner == record_.request.url) return;
  std::replace(record_.mirrors.begin(), record_.mirrors.end(), winner, record_.request.url.text());
  if (record_.input.empty()) record_.input = record_.request.url.text();
  record_.request.url = winner;
  page_ = http::PageHistory();
}

// The next of the record's mirrors, with tries of its own, if the failure may be that server's.
bool Fetch::Attempts::turn_to_mirror() {
  if (!record_.error || record_.mirrors.empty() || io::is_about_a_file(record_.error->code)) return false;
  if (record_.input.empty()) record_.input = record_.request.url.text();
  record_.request.url = http::Url(std::move(record_.mirrors.front()));
  record_.mirrors.erase(record_.mirrors.begin());
  record_.error.reset();
  record_.outcome = Outcome::ok;
  record_.response.reset();
  record_.body.reset();
  record_.raw_body.reset();
  body_.give_up_part();
  made_elsewhere_ = made_;
  page_ = http::PageHistory();
  return true;
}

}  // namespace leat::pipelines
