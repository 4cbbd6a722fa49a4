#include "pipelines/stages/network/streamed_body.hpp"

#include <algorithm>
#include <utility>

#include "engine/async/beside.hpp"
#include "engine/text/ascii.hpp"
#include "pipelines/stages/network/record_body.hpp"

namespace leat::pipelines {

namespace {

constexpr std::string_view kEventStream = "text/event-stream";

bool has_field(const std::vector<std::string>& fields, std::string_view name) {
  return std::any_of(fields.begin(), fields.end(), [name](const std::string& field) {
    return text::starts_with_ignoring_case(field, name);
  });
}

}  // namespace

/// However the sending ends, nobody waits for it any longer.
class StreamedBody::AtEnd {
 public:
  explicit AtEnd(StreamedBody& body) noexcept : body_(body) {}
  AtEnd(const AtEnd&) = delete;
  AtEnd& operator=(const AtEnd&) = delete;
  ~AtEnd() { body_.end_sending(); }

 private:
  StreamedBody& body_;
};

StreamedBody::StreamedBody(const FetchArgs& args, RecordBody& body, Record& record, Births& births,
                           std::uint64_t maker, const char* stage, RecordSender& out)
    : args_(args),
      body_(body),
      record_(record),
      births_(births),
      maker_(maker),
      out_(out),
      headers_(record.request.headers),
      items_(args.stream, args.body_limit, stage) {}

StreamedBody::~StreamedBody() { record_.request.headers = headers_; }

void StreamedBody::ask() {
  if (args_.stream != Streamed::sse) return;
  auto& fields = record_.request.headers;
  fields = headers_;
  if (!has_field(fields, "accept:") && !has_field(args_.client.headers, "accept:")) {
    fields.push_back("Accept: " + std::string(kEventStream));
  }
  const auto id = items_.events()->resume_id();
  if (id.empty()) return;
  std::erase_if(fields, [](const std::string& field) {
    return text::starts_with_ignoring_case(field, "last-event-id:");
  });
  fields.push_back("Last-Event-ID: " + std::string(id));
}

bool StreamedBody::may_ask_again() const noexcept {
  if (unwanted_) return false;
  return made_ == 0 || (items_.events() != nullptr && !items_.events()->resume_id().empty());
}

async::Duration StreamedBody::reconnection_time() const noexcept {
  const auto* events = items_.events();
  const async::Duration asked = events == nullptr
                                    ? std::chrono::milliseconds(0)
                                    : events->reconnection_time().value_or(std::chrono::milliseconds(0));
  return args_.retry_max_time.count() > 0 ? std::min(asked, args_.retry_max_time) : asked;
}

async::Task<Result<http::Response>> StreamedBody::receive(http::Performer& performer) {
  url_ = record_.request.url.text();
  waiting_.clear();
  arrived_.reset();
  sent_.emplace();
  taking_ = ended_ = whole_ = false;
  auto both = async::beside(perform(performer), send_items(), "stream");
  co_return co_await std::move(both);
}

async::Task<Result<http::Response>> StreamedBody::perform(http::Performer& performer) {
  auto performing = performer.perform(record_.request, *this);
  auto result = co_await std::move(performing);
  Status cut;
  if (result.ok() && taking_) cut = finish_unpacking();
  ended_ = true;
  whole_ = result.ok() && !cut;
  if (arrived_) arrived_->set();
  co_await sent_->wait();
  if (whole_ && taking_ && !items_.cut().empty()) {
    cut = Error(Errc::bad_response, items_.cut() + " where the answer ends");
  }
  if (cut) co_return std::move(*cut);
  co_return std::move(result);
}

Status StreamedBody::begin(const http::ResponseHead& head) {
  waiting_.clear();
  taking_ = false;
  if (auto refused = body_.begin(head)) return refused;
  if (!body_.is_kept() || head.status / 100 != 2) return std::nullopt;
  if (auto refused = check_type(head)) return refused;
  http::ResponseHead content = head;
  content.coded = false;  // those of the transfer are off
  // A coding that nobody knows is for whoever reads the bytes.
  if (decoder_.begin(content, !args_.client.wire.compressed)) {
    decoder_ = http::BodyDecoder();
  }
  unpacker_ = io::Unpacker();
  items_.start(head.headers.find("content-type").value_or(""), url_);
  taking_ = true;
  return std::nullopt;
}

// As WHATWG has it, so that a page that says what is wrong is not taken for a stream without events.
Status StreamedBody::check_type(const http::ResponseHead& head) const {
  if (args_.stream != Streamed::sse || head.status == 204) return std::nullopt;
  const auto type = head.headers.find("content-type").value_or("");
  const auto essence = text::trimmed(type.substr(0, type.find(';')));
  if (text::equal_ignoring_case(essence, kEventStream)) return std::nullopt;
  return Error(Errc::bad_response, "the answer is " +
                                       (essence.empty() ? "of no type" : std::string(essence)) +
                                       ", and an event stream is " + std::string(kEventStream));
}

Status StreamedBody::write(std::string_view bytes) {
  if (unwanted_) return Error(Errc::cancelled, "nobody reads what comes");
  if (auto refused = body_.write(bytes)) return refused;
  if (!taking_) return std::nullopt;
  if (decoder_.is_active()) {
    auto error = decoder_.decode(bytes, [this](std::string_view piece) { return unpack(piece); });
    if (error) return error;
  } else if (auto error = unpack(bytes)) {
    return error;
  }
  if (arrived_) arrived_->set();
  return std::nullopt;
}

// An event stream is text, so nothing in it waits to be told from a packed one.
Status StreamedBody::unpack(std::string_view bytes) {
  const auto take = [this](std::string_view piece) -> Status {
    waiting_ += piece;
    return std::nullopt;
  };
  return args_.stream == Streamed::sse ? take(bytes) : unpacker_.write(bytes, take);
}

Status StreamedBody::finish_unpacking() {
  if (decoder_.is_active()) {
    if (auto cut = decoder_.finish()) return cut;
  }
  return unpacker_.finish([this](std::string_view piece) -> Status {
    waiting_ += piece;
    return std::nullopt;
  });
}

bool StreamedBody::is_full(http::PausableTransfer& transfer) {
  if (unwanted_ || waiting_.size() < kMostWaiting) return false;
  paused_.push_back(transfer);
  return true;
}

void StreamedBody::go_on() noexcept {
  if (!paused_.empty()) paused_.pop_front().go_on();
}

void StreamedBody::end_sending() noexcept { sent_->set(); }

async::Task<void> StreamedBody::send_items() {
  const AtEnd at_end(*this);
  for (;;) {
    if (waiting_.empty() && !ended_) {
      arrived_.emplace();
      co_await arrived_->wait();
      arrived_.reset();
      continue;
    }
    std::string chunk = std::exchange(waiting_, {});
    const bool is_last = chunk.empty();
    if (is_last && !(whole_ && taking_)) break;  // what is left then is of no answer that is taken
    go_on();
    auto sending = send_all_of(std::move(chunk), is_last);
    const bool wanted = co_await std::move(sending);
    if (!wanted) {
      unwanted_ = true;
      go_on();
    }
    if (is_last || !wanted) break;
  }
}

async::Task<bool> StreamedBody::send_all_of(std::string chunk, bool at_end) {
  items_.feed(std::move(chunk), at_end);
  for (;;) {
    auto child = items_.next(record_, made_, at_end);
    if (child == nullptr) co_return true;
    ++made_;
    be_born(births_, *child, maker_);
    const bool wanted = co_await out_.send(std::move(child));
    if (!wanted) co_return false;
  }
}

}  // namespace leat::pipelines
