#include "pipelines/state/exchange_player.hpp"

#include <fmt/format.h>

#include "engine/async/sleep.hpp"

namespace leat::pipelines {

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

async::Task<Status> ExchangePlayer::play_body(const Exchange& exchange, http::BodySink& sink) {
  if (!exchange.head) co_return std::nullopt;
  const Redactor& redactor = recording_.redactor;
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
    co_await async::yield();
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

}  // namespace leat::pipelines
