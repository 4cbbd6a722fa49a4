#include "pipelines/state/recording.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/sleep.hpp"
#include "engine/http/message/pausable_transfer.hpp"
#include "pipelines/state/recording_seal.hpp"

namespace leat::pipelines {

/// Keeps what the response's sink is given, and passes it on to the sink.
class ExchangeRecorder::Tee final : public http::BodySink {
 public:
  Tee(const ExchangeStore& store, const Redactor& redactor, Exchange& exchange, http::BodySink& sink)
      : redactor_(redactor), exchange_(exchange), sink_(sink), body_(store) {}

  void moved(const std::string& url) override { sink_.moved(url); }
  Status begin(const http::ResponseHead& head) override {
    exchange_.head = redactor_.head(head);
    held_.clear();
    body_.restart();
    return pass(sink_.begin(head));
  }
  Status write(std::string_view bytes) override {
    if (auto failed = keep(bytes, false)) return failure_ = failed;
    return pass(sink_.write(bytes));
  }
  bool is_full(http::PausableTransfer& transfer) override { return sink_.is_full(transfer); }

  /// The body is complete and is kept. The error says why it could not be.
  Status finish() {
    if (failure_) return failure_;
    if (auto failed = keep({}, true)) return failed;
    auto sha256 = body_.finish();
    if (!sha256.ok()) return std::move(sha256.error());
    exchange_.sha256 = std::move(*sha256);
    exchange_.size = body_.size();
    return std::nullopt;
  }

 private:
  Status keep(std::string_view bytes, bool is_last) {
    if (redactor_.hiding().empty()) return body_.write(bytes);
    return body_.write(redactor_.hiding().apply_piece(held_, bytes, is_last));
  }
  Status pass(Status refused) {
    exchange_.refused = refused.has_value();
    return refused;
  }

  const Redactor& redactor_;
  Exchange& exchange_;
  http::BodySink& sink_;
  ExchangeStore::BodyWriter body_;
  std::string held_;  // the end of the body so far, which may be the beginning of a secret
  Status failure_;
};

namespace {

void keep_result(Exchange& exchange, const Result<http::Response>& result, const Redactor& redactor) {
  if (result.ok()) {
    http::Response& response = exchange.response.emplace(result.value());
    response.head = redactor.head(response.head);
    response.url_effective = redactor.url(response.url_effective);
  } else {
    Error& error = exchange.error.emplace(result.error());
    error.message = redactor.text(error.message);
  }
}

}  // namespace

async::Task<Result<http::Response>> ExchangeRecorder::perform(const http::Request& request,
                                                              http::BodySink& sink) {
  const Redactor& redactor = recording_.redactor;
  const ExchangeKey key(request, redactor);
  Exchange exchange;
  exchange.ordinal = recording_.counts.next(key);
  exchange.request.method = key.method;
  exchange.request.url = key.url;
  exchange.request.headers = redactor.fields(request.headers);
  exchange.body_sha256 = key.body_sha256;
  if (request.times != nullptr) exchange.times = *request.times;
  Tee tee(recording_.store, redactor, exchange, sink);
  const auto started = std::chrono::steady_clock::now();
  auto performing = next_.perform(request, tee);
  auto result = co_await std::move(performing);
  exchange.times.took = std::chrono::steady_clock::now() - started;
  if (request.times != nullptr) request.times->took = exchange.times.took;
  if (!result.ok() && result.error().out_of_descriptors()) {
    recording_.counts.take_back(key, exchange.ordinal);
    co_return result;
  }
  if (auto failed = tee.finish()) co_return std::move(*failed);
  keep_result(exchange, result, redactor);
  if (auto failed = recording_.store.put(key.name, exchange)) co_return std::move(*failed);
  co_return result;
}

Error ExchangePlayer::not_recorded(const ExchangeKey& key, std::uint32_t ordinal) const {
  const std::string more = ordinal == 1 ? "" : fmt::format(" ({} times)", ordinal);
  return Error(Errc::not_recorded,
               fmt::format("{} {}{} is not in the recording '{}'; record it with --record", key.method,
                           key.url, more, recording_.store.directory()));
}

std::optional<bool> ExchangePlayer::was_tried_again(const http::RequestTimes& times) const {
  if (!makers_.has_attempt(times.maker, times.attempt)) return std::nullopt;
  return makers_.has_attempt(times.maker, times.attempt + 1);
}

namespace {

/// What is played waits for a sink that is full, as a transfer does.
class PlayedPause final : public http::PausableTransfer {
 public:
  void go_on() noexcept override { over_.set(); }
  [[nodiscard]] async::Event::Wait wait() noexcept { return over_.wait(); }

 private:
  async::Event over_;
};

}  // namespace

async::Task<Status> ExchangePlayer::play_body(const Exchange& exchange, http::BodySink& sink) {
  if (!exchange.head) co_return std::nullopt;
  const Redactor& redactor = recording_.redactor;
  if (exchange.response && exchange.response->num_redirects > 0) {
    sink.moved(redactor.restored(exchange.response->url_effective));
  }
  if (auto refused = sink.begin(redactor.restored(*exchange.head))) co_return refused;
  ExchangeStore::BodyReader body(recording_.store, exchange);
  std::string held;
  for (;;) {
    auto piece = body.read();
    if (!piece.ok()) co_return std::move(piece.error());
    const bool is_last = (*piece).empty();
    const std::string whole = redactor.restoring().apply_piece(held, *piece, is_last);
    if (!whole.empty()) {
      if (auto refused = sink.write(whole)) co_return refused;
    }
    if (is_last) co_return std::nullopt;
    if (PlayedPause pause; sink.is_full(pause)) {
      co_await pause.wait();
    } else {
      co_await async::yield();
    }
  }
}

async::Task<Result<http::Response>> ExchangePlayer::perform(const http::Request& request,
                                                            http::BodySink& sink) {
  const Redactor& redactor = recording_.redactor;
  const ExchangeKey key(request, redactor);
  const std::uint32_t counted = recording_.counts.next(key);
  const std::uint64_t maker = request.times == nullptr ? 0 : request.times->maker;
  const std::uint32_t ordinal = makers_.find(key.name, maker).value_or(counted);
  move();
  auto found = recording_.store.get(key.name, ordinal);
  if (!found.ok()) co_return std::move(found.error());
  if (!*found) co_return not_recorded(key, ordinal);
  Exchange& exchange = **found;
  if (request.times != nullptr) {
    *request.times = exchange.times;
    request.times->maker = maker;
  }
  auto playing = play_body(exchange, sink);
  if (auto refused = co_await std::move(playing)) co_return std::move(*refused);
  if (exchange.refused) co_return not_recorded(key, ordinal);  // all of it
  if (exchange.error) {
    exchange.error->message = redactor.restored(exchange.error->message);
    co_return std::move(*exchange.error);
  }
  http::Response& response = *exchange.response;
  response.head = redactor.restored(response.head);
  response.url_effective = redactor.restored(response.url_effective);
  co_return std::move(response);
}

Status Exchanges::open(const std::string& record_dir, const std::string& replay_dir,
                       const Redactor& redactor) {
  if (!record_dir.empty()) {
    auto store = ExchangeStore::create(record_dir);
    if (!store) return std::move(store.error());
    if (auto failed = break_recording_seal(record_dir)) return failed;
    if (auto failed = (*store).begin_run()) return failed;
    recording = std::make_unique<Recording>(std::move(*store), redactor);
  }
  if (!replay_dir.empty()) {
    auto store = ExchangeStore::open(replay_dir);
    if (!store) return std::move(store.error());
    if (auto failed = check_recording_seal(replay_dir)) return failed;
    auto makers = (*store).makers();
    if (!makers) return std::move(makers.error());
    Recording played(std::move(*store), redactor);
    player = std::make_unique<ExchangePlayer>(std::move(played), std::move(*makers));
  }
  return std::nullopt;
}

}  // namespace leat::pipelines
