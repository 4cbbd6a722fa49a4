#include "pipelines/state/exchange_recorder.hpp"

#include <chrono>
#include <utility>

namespace leat::pipelines {

/// Keeps what the response's sink is given, then gives it to that.
class ExchangeRecorder::Tee final : public http::BodySink {
 public:
  Tee(const ExchangeStore& store, const Redactor& redactor, Exchange& exchange, http::BodySink& sink)
      : redactor_(redactor), exchange_(exchange), sink_(sink), body_(store) {}

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

  /// The body is kept from here on. Why it couldn't be, if so.
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
  std::string held_;  // of the body: it may begin a secret
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

}  // namespace leat::pipelines
