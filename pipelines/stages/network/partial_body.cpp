#include "pipelines/stages/network/partial_body.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/http/gate/retry_policy.hpp"
#include "engine/io/file_error.hpp"

namespace leat::pipelines {

bool may_refuse_the_part(int status) noexcept {
  constexpr std::array kOfTheWhole{401, 402, 404, 407, 410, 429, 451};
  return status >= 400 && std::find(kOfTheWhole.begin(), kOfTheWhole.end(), status) == kOfTheWhole.end();
}

void PartialBody::found(std::uint64_t size, std::string version, std::optional<std::uint64_t> total) {
  size_ = size;
  version_ = std::move(version);
  total_ = total;
}

void PartialBody::put_together(std::uint64_t size, std::uint64_t resumed_from) noexcept {
  total_ = size_ = size;
  end_.reset();
  resumed_from_ = resumed_from;
  asked_ = false;
}

const http::RangeRequest* PartialBody::ask() {
  asked_ = is_resumable() && !asks_whole_;
  if (!asked_) return nullptr;
  range_.first = size_;
  range_.condition = version_;
  range_.total = total_;
  return &range_;
}

bool PartialBody::is_no_answer(const Error& error, bool in_segments, bool has_file) const noexcept {
  if (io::is_about_a_file(error.code)) return false;
  if (in_segments) {
    const bool is_closed = error.code == Errc::reset && error.http_status == 0 && !has_file;
    return error.code == Errc::bad_response || is_closed;
  }
  const bool gained_nothing = asked_ && size_ == range_.first;
  return gained_nothing && (error.http_status == 206 || error.code == Errc::bad_response);
}

Result<PartialBody::Use> PartialBody::begin(const http::ResponseHead& head) {
  end_.reset();
  resumed_from_ = 0;
  const bool is_bare = head.status == 204 || head.status == 205;
  if (is_bare && (asked_ || (asks_whole_ && is_resumable()))) {
    Error error(Errc::bad_response,
                fmt::format("asked for {}, the answer is {}, which has no body",
                            asked_ ? range_.text() : "all of a body of which a part is there", head.status));
    error.http_status = head.status;
    return error;
  }
  if (!asked_) return start(head);
  switch (http::judge(range_, head)) {
    case http::RangeAnswer::part:
      return go_on(head);
    case http::RangeAnswer::complete:
      resumed_from_ = size_;
      return Use::complete;
    case http::RangeAnswer::mismatch:
      return http::mismatch_error(range_, head);
    case http::RangeAnswer::other:
      if (head.status >= 400 && !http::is_retryable_status(head.status))
        return http::mismatch_error(range_, head);
      break;
    case http::RangeAnswer::whole:
      break;
  }
  return start(head);
}

PartialBody::Use PartialBody::go_on(const http::ResponseHead& head) {
  const auto range = http::parse_content_range(*head.headers.find("content-range"));
  resumed_from_ = size_;
  end_ = range->last + 1;
  if (range->total) total_ = range->total;
  return Use::go_on;
}

PartialBody::Use PartialBody::start(const http::ResponseHead& head) {
  size_ = 0;
  version_ = head.status == 200 ? http::range_condition(head) : std::string();
  total_ = head.chunked || head.coded ? std::nullopt : head.content_length;
  return Use::afresh;
}

Status PartialBody::take(std::size_t bytes) {
  size_ += bytes;
  if (!end_ || size_ <= *end_) return std::nullopt;
  version_.clear();
  return Error(Errc::range_mismatch, "the body goes on beyond its Content-Range");
}

Status PartialBody::end() const {
  if (!end_) return std::nullopt;
  const std::uint64_t wanted = total_.value_or(*end_);
  if (size_ >= wanted) return std::nullopt;
  return Error(Errc::truncated, fmt::format("the body ends after {} of {} bytes", size_, wanted));
}

}  // namespace leat::pipelines
