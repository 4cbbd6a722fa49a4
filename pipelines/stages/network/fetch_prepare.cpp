// How fetch makes a record's request ready, and lets go of one that it does not send.
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "engine/http/message/url.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/record/own_origin.hpp"
#include "pipelines/stages/network/fetch.hpp"

namespace leat::pipelines {

namespace {

constexpr int kDescriptorTries = 500;  // in a row; then somebody else has them all

// The pairs that the URL does not have.
std::string lacking_in(std::string_view own, std::string_view query) {
  const auto has = [own](std::string_view pair) {
    for (const auto one : text::split(own, '&')) {
      if (one == pair) return true;
    }
    return false;
  };
  std::string lacking;
  for (const auto pair : text::split(query, '&')) {
    if (has(pair)) continue;
    if (!lacking.empty()) lacking += '&';
    lacking += pair;
  }
  return lacking;
}

// A URL that came out of an answer, such as the next page's, has mostly kept what was added to the one
// before.
void add_query(http::Url& url, std::string query, bool is_named_by_server) {
  std::string text = url.text();
  const std::size_t end = std::min(text.find('#'), text.size());
  const std::size_t mark = text.find('?');
  const bool has_query = mark < end;
  if (has_query && is_named_by_server) {
    query = lacking_in(std::string_view(text).substr(mark + 1, end - mark - 1), query);
    if (query.empty()) return;
  }
  const bool is_open = has_query && (mark + 1 == end || text[end - 1] == '&');
  text.insert(end, (!has_query ? "?" : is_open ? "" : "&") + query);
  url = http::Url(std::move(text));
}

}  // namespace

// `until` is of the answer, so that the request's worker is asked in here.
std::vector<const Program*> Fetch::programs() const {
  auto programs = shape_.programs();
  if (request_body_) {
    const auto more = request_body_->programs();
    programs.insert(programs.end(), more.begin(), more.end());
  }
  return programs;
}

// What an earlier fetch brought, and an error that an on-error block has got.
void Fetch::start_over(Record& record) {
  record.error.reset();
  record.error_handled = false;
  record.outcome = Outcome::ok;
  record.response.reset();
  record.body.reset();
  record.raw_body.reset();
  record.body_share = {};
  record.digests = {};
  record.filename.clear();
  record.resumed_from = 0;
}

// The request may be made of what an earlier fetch brought, which is let go of after that.
void Fetch::prepare(Record& record) {
  if (auto error = shape(record)) {
    start_over(record);
    record.fail(std::move(*error), stage_);
    return;
  }
  start_over(record);
  http::Request& request = record.request;
  if (!record.mirrors.empty()) request.own_origin = own_origin_of(record, true);
  if (!request.body && args_.body) request.body = args_.body;
  if (request.method.empty() && !args_.method.empty()) request.method = args_.method;
}

Status Fetch::shape(Record& record) {
  if (!args_.shape.empty()) {
    view_.look_at(record);
    shape_.apply(record, view_);
    if (record.failed()) return std::move(record.error);
  }
  const auto& fixed = record.fixed;
  if (request_body_ && std::find(fixed.begin(), fixed.end(), "body") == fixed.end()) {
    if (auto error = request_body_->apply(record, view_)) return error;
  }
  record.fixed.clear();
  if (!args_.query.empty()) add_query(record.request.url, args_.query, record.walk_depth > 0);
  if (upload_) {
    if (auto error = upload_->apply(record, view_)) return error;
  }
  if (!record.request.url.empty()) return std::nullopt;
  return Error(Errc::bad_url, "the record has no URL: an item needs a member \"url\", or the stage url=");
}

// Descriptors have run out: fewer transfers at once from now on, and this one again.
bool Fetch::go_slower() {
  gate_.lower_slots();
  return ++out_of_descriptors_ < kDescriptorTries;
}

void Fetch::cancel(Record& record, int attempts) const {
  Error error(Errc::cancelled, context_.stop_reason);
  error.attempts = attempts;
  record.fail(std::move(error), stage_);
}

}  // namespace leat::pipelines
