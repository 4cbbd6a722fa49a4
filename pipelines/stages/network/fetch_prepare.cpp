// How fetch makes a record's request ready.
#include <algorithm>
#include <utility>

#include "engine/http/message/url.hpp"
#include "pipelines/record/own_origin.hpp"
#include "pipelines/stages/network/fetch.hpp"

namespace leat::pipelines {

namespace {

void add_query(http::Url& url, const std::string& query) {
  std::string text = url.text();
  const std::size_t end = std::min(text.find('#'), text.size());
  const std::size_t mark = text.find('?');
  const bool has_query = mark < end;
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
  if (!args_.query.empty()) add_query(record.request.url, args_.query);
  if (upload_) {
    if (auto error = upload_->apply(record, view_)) return error;
  }
  if (!record.request.url.empty()) return std::nullopt;
  return Error(Errc::bad_url, "the record has no URL: an item needs a member \"url\", or the stage url=");
}

}  // namespace leat::pipelines
