#include "pipelines/state/exchange_player.hpp"

#include <fmt/format.h>

#include "engine/async/sleep.hpp"

namespace leat::pipelines {

Error ExchangePlayer::not_recorded(const ExchangeKey& key, std::uint32_t ordinal) const {
  const std::string more = ordinal == 1 ? "" : fmt::format(" ({} times)", ordinal);
  return Error(Errc::not_recorded,
               fmt::format("{} {}{} is not in the recording '{}'; record it with --record", key.method,
                           key.url, more, store_.directory()));
}

async::Task<Status> ExchangePlayer::play_body(const Exchange& exchange, http::BodySink& sink) {
  if (!exchange.head) co_return std::nullopt;
  if (auto refused = sink.begin(*exchange.head)) co_return refused;
  ExchangeStore::BodyReader body(store_, exchange);
  for (;;) {
    auto piece = body.read();
    if (!piece.ok()) co_return std::move(piece.error());
    if ((*piece).empty()) co_return std::nullopt;
    if (auto refused = sink.write(*piece)) co_return refused;
    co_await async::yield();
  }
}

async::Task<Result<http::Response>> ExchangePlayer::perform(const http::Request& request,
                                                            http::BodySink& sink) {
  const ExchangeKey key(request, redactor_);
  const std::uint32_t ordinal = counts_.next(key);
  co_await async::yield();
  auto found = store_.get(key.name, ordinal);
  if (!found.ok()) co_return std::move(found.error());
  if (!*found) co_return not_recorded(key, ordinal);
  const Exchange& exchange = **found;
  if (request.times != nullptr) *request.times = exchange.times;
  auto playing = play_body(exchange, sink);
  if (auto refused = co_await std::move(playing)) co_return std::move(*refused);
  if (exchange.refused) co_return not_recorded(key, ordinal);  // all of it
  if (exchange.error) co_return *exchange.error;
  co_return *exchange.response;
}

}  // namespace leat::pipelines
