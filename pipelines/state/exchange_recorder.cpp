#include "pipelines/state/exchange_recorder.hpp"

namespace leat::pipelines {

/// Keeps what the response's sink is given, then gives it to that.
class ExchangeRecorder::Tee final : public http::BodySink {
 public:
  Tee(const ExchangeStore& store, const Redactor& redactor, Exchange& exchange, http::BodySink& sink)
      : redactor_(redactor), exchange_(exchange), sink_(sink), body_(store) {}

  Status begin(const http::ResponseHead& head) override {
    exchange_.head = redactor_.head(head);
    body_.restart();
    return pass(sink_.begin(head));
  }
  Status write(std::string_view bytes) override {
    if (auto failed = body_.write(bytes)) return failure_ = failed;
    return pass(sink_.write(bytes));
  }

  /// The body is kept from here on. Why it couldn't be, if so.
  Status finish() {
    if (failure_) return failure_;
    auto sha256 = body_.finish();
    if (!sha256.ok()) return std::move(sha256.error());
    exchange_.sha256 = std::move(*sha256);
    exchange_.size = body_.size();
    return std::nullopt;
  }

 private:
  Status pass(Status refused) {
    exchange_.refused = refused.has_value();
    return refused;
  }

  const Redactor& redactor_;
  Exchange& exchange_;
  http::BodySink& sink_;
  ExchangeStore::BodyWriter body_;
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
  const ExchangeKey key(request, redactor_);
  Exchange exchange;
  exchange.ordinal = counts_.next(key);
  exchange.request.method = key.method;
  exchange.request.url = key.url;
  exchange.request.headers = redactor_.fields(request.headers);
  exchange.body_sha256 = key.body_sha256;
  if (request.times != nullptr) exchange.times = *request.times;
  Tee tee(store_, redactor_, exchange, sink);
  auto performing = next_.perform(request, tee);
  auto result = co_await std::move(performing);
  if (!result.ok() && result.error().out_of_descriptors()) {
    counts_.take_back(key, exchange.ordinal);
    co_return result;
  }
  if (auto failed = tee.finish()) co_return std::move(*failed);
  keep_result(exchange, result, redactor_);
  if (auto failed = store_.put(key.name, exchange)) co_return std::move(*failed);
  co_return result;
}

}  // namespace leat::pipelines
