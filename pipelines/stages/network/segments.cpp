#include "pipelines/stages/network/segments.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

#include "engine/async/errors.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/message/url.hpp"
#include "engine/io/file_error.hpp"
#include "pipelines/stages/network/segment_lane.hpp"

namespace leat::pipelines {

namespace {

constexpr std::size_t kMostPieces = io::PartNote::kMostPieces - 1;  // one more may be there already
constexpr std::size_t kPiecesEach = 4;  // of a connection, so that a slow server gets fewer than a fast one
constexpr int kFreshStarts = 2;         // with segments, after the first

}  // namespace

Segments::Segments(const FetchArgs& args, RunContext& context, http::Performer& performer,
                   http::HostGate& gate, RecordBody& body, Judge judge)
    : args_(args),
      context_(context),
      performer_(performer),
      gate_(gate),
      body_(body),
      judge_(std::move(judge)),
      started_(context.loop.now()) {}
Segments::~Segments() = default;

async::Task<Segments::Result> Segments::run(const http::Request& request, std::vector<std::string> urls,
                                            http::HostGate::Slot first) {
  request_ = &request;
  for (auto& url : urls) servers_.emplace_back(std::move(url));
  part_ = first.part();
  first_ = std::move(first);
  shared_ = std::make_shared<Shared>(context_.loop);
  watching_ = async::spawn(watch(shared_, context_.ending), "segments");
  bool cancelled = false;
  try {
    auto working = work();
    co_await std::move(working);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    const async::CancelShield shield;
    auto ending = end_lanes();
    co_await std::move(ending);
  }
  shared_->changed.reset();
  if (cancelled) throw async::Cancelled{};
  co_return std::move(result_);
}

async::Task<void> Segments::watch(std::shared_ptr<Shared> shared, async::Event& ending) {
  co_await ending.wait();
  shared->tell();
}

async::Task<void> Segments::work() {
  auto found = body_.split_rest(most_pieces());
  if (!found) {
    result_.answer = std::move(found.error());
    co_return;
  }
  file_ = std::move(*found);
  if (file_) resumed_from_ = file_->done();
  shared_->has_file = file_ != nullptr;
  if (!file_ && request_->range != nullptr) {
    auto asking = ask(request_->range);
    co_await std::move(asking);
    co_return;
  }
  for (int fresh = 0; !is_plain_; ++fresh) {
    auto filling = fill();
    co_await std::move(filling);
    if (whole_) {
      result_.answer = std::move(*whole_);
      co_return;
    }
    if (is_plain_ || !shared_->has_file) break;
    if (file_->is_whole() && !response_ && !fatal_ && fresh < kFreshStarts) {
      file_->forget_last_byte();
      is_spread_ = false;
    } else if (is_other_version() && !file_->is_whole()) {
      start_over();
      is_plain_ = fresh == kFreshStarts;
    } else {
      break;
    }
  }
  if (!is_plain_ && is_refused()) {
    auto asking = ask_in_place();
    co_await std::move(asking);
    if (!file_) co_return;
  }
  auto ending = is_plain_ ? ask(nullptr) : finish();
  co_await std::move(ending);
}

// Until nothing runs and nothing is to be done.
async::Task<void> Segments::fill() {
  for (;;) {
    shared_->changed.emplace();
    std::erase_if(lanes_, [](const auto& lane) { return lane->task.done(); });
    if (is_over()) {
      for (const auto& lane : lanes_) {
        if (lane->is_idle() || fatal_) lane->task.cancel();
      }
    } else {
      start_lanes();
    }
    if (lanes_.empty()) co_return;
    co_await shared_->changed->wait();
  }
}

// One that finds nothing to do ends, so there are never more than can be of use.
void Segments::start_lanes() {
  if (!shared_->has_file) {
    if (!lanes_.empty() || whole_ || is_plain_) return;
    lanes_.push_back(std::make_unique<Lane>(*this, std::move(first_)));
    return lanes_.back()->start();
  }
  if (std::exchange(is_spread_, true)) return;
  const std::size_t most = std::min(args_.segments, lanes_.size() + file_->free_pieces());
  while (lanes_.size() < most) {
    lanes_.push_back(std::make_unique<Lane>(*this, std::move(first_)));
    lanes_.back()->start();
  }
}

bool Segments::is_over() const noexcept {
  return fatal_ || context_.stopping || (shared_->has_file && file_->is_whole());
}

bool Segments::is_other_version() const noexcept {
  return !fatal_ && !context_.stopping &&
         std::any_of(servers_.begin(), servers_.end(), [](const Server& s) { return s.is_wrong; });
}

bool Segments::is_refused() const noexcept {
  return is_refused_ && file_ && !file_->is_whole() && !fatal_ && !context_.stopping;
}

std::size_t Segments::most_pieces() const noexcept {
  return std::min(args_.segments * (servers_.size() > 1 ? kPiecesEach : 1), kMostPieces);
}

bool Segments::has_others(const Server& server) const noexcept {
  return std::any_of(servers_.begin(), servers_.end(),
                     [&](const Server& other) { return &other != &server && !other.is_gone; });
}

// Of those that are ready the one with the least to do; else the one that is ready first.
Segments::Server* Segments::pick() {
  const async::TimePoint now = context_.loop.now();
  Server* best = nullptr;
  for (auto& server : servers_) {
    if (server.is_gone) continue;
    const auto rank = [now](const Server& s) { return std::pair(std::max(s.not_before, now), s.transfers); };
    if (best == nullptr || rank(server) < rank(*best)) best = &server;
  }
  return best;
}

void Segments::take(Server& server, std::size_t piece, leat::Result<http::Response> answer) {
  const async::Duration elapsed = context_.loop.now() - started_;
  retries_.resize(file_->pieces());
  int& retries = retries_[piece];
  if (answer.ok() && file_->is_whole(piece)) {
    server.failures = 0;
    judge_(server.url, answer, retries, elapsed);
    if (!response_) response_ = std::move(*answer);
    return;
  }
  if (file_->is_whole(piece)) {
    failed_ = std::move(answer);
    return;
  }
  if (answer.ok() && answer.value().head.status == 206) {
    answer = Error(Errc::truncated, "the answer ends before its Content-Range does");
  }
  if (!answer.ok() &&
      (io::is_about_a_file(answer.error().code) || answer.error().code == Errc::body_too_large)) {
    fatal_ = true;
    failed_ = std::move(answer);
    return;
  }
  const int before = retries;
  const auto delay = judge_(server.url, answer, retries, elapsed);
  failed_ = std::move(answer);
  if (!delay || retries > before) ++server.failures;
  if (delay) server.not_before = context_.loop.now() + *delay;
  if (delay && (server.failures <= args_.retry || !has_others(server))) {
    result_.retries += retries - before;
    return;
  }
  server.is_gone = true;
  const int status = failed_->ok() ? failed_->value().head.status : 0;
  is_refused_ = is_refused_ || may_refuse_the_part(status) || (status >= 400 && resumed_from_ > 0);
  retries = 0;
  if (has_others(server)) ++result_.retries;
}

void Segments::start_over() {
  file_->discard();
  file_.reset();
  shared_->has_file = false;
  resumed_from_ = 0;
  retries_.clear();
  is_spread_ = false;
  response_.reset();
  failed_.reset();
  ++result_.retries;
  for (auto& server : servers_) server.is_gone = server.is_wrong = false;
}

Error Segments::given_up() {
  return Error(Errc::connect_failed, "its host is given up, after failures in a row");
}

// In one piece, or what is missing of it in one.
async::Task<void> Segments::ask(const http::RangeRequest* range) {
  http::Request request = *request_;
  request.range = range;
  if (!first_.held()) {
    first_ = co_await gate_.enter(request.url.origin(), std::move(first_), 0, part_);
  }
  if (!first_.held()) {
    result_.answer = given_up();
    co_return;
  }
  auto asking = performer_.perform(request, body_);
  result_.answer = co_await std::move(asking);
  first_.reset();
}

/// Where the whole body goes in place of the pieces, which are given up only once it begins.
class Segments::Replacing final : public http::BodySink {
 public:
  explicit Replacing(Segments& owner) noexcept : owner_(owner) {}

  Status begin(const http::ResponseHead& head) override {
    if (head.status >= 300) return http::mismatch_error(http::RangeRequest(), head);
    owner_.file_->discard();
    owner_.file_.reset();
    owner_.body_.ask_no_parts();
    return owner_.body_.begin(head);
  }
  Status write(std::string_view bytes) override { return owner_.body_.write(bytes); }

 private:
  Segments& owner_;
};

async::Task<void> Segments::ask_in_place() {
  http::HostGate::Slot slot = co_await gate_.enter(request_->url.origin(), std::move(first_), 0, part_);
  if (!slot.held()) co_return;
  http::Request request = *request_;
  request.range = nullptr;
  Replacing sink(*this);
  auto asking = performer_.perform(request, sink);
  auto answer = co_await std::move(asking);
  if (!file_) result_.answer = std::move(answer);
}

// Whole, or never to be so.
async::Task<void> Segments::finish() {
  result_.split = true;
  if (file_ && file_->is_whole() && response_) {
    const double took = async::in_seconds(context_.loop.now() - started_);
    response_->size_download = file_->total() - resumed_from_;
    response_->time_total = took;
    if (took > 0) response_->speed_download = static_cast<double>(response_->size_download) / took;
    auto putting = body_.put_together(std::move(file_), resumed_from_);
    Status failed = co_await std::move(putting);
    if (failed) {
      result_.answer = std::move(*failed);
    } else {
      result_.answer = std::move(*response_);
      result_.whole = true;
    }
    co_return;
  }
  if (context_.stopping) {
    result_.answer = Error(Errc::cancelled, context_.stop_reason);
  } else if (failed_) {
    result_.answer = std::move(*failed_);
  } else {
    result_.answer = given_up();
  }
  const bool is_useless = !result_.answer.ok() && result_.answer.error().code == Errc::body_too_large;
  if (is_useless && file_) file_->discard();
  file_.reset();
}

async::Task<void> Segments::end_lanes() {
  std::vector<async::TaskHandle<void>> ending{watching_};
  watching_.cancel();
  for (const auto& lane : lanes_) {
    lane->task.cancel();
    ending.push_back(lane->task);
  }
  auto waiting = async::wait(std::move(ending));
  co_await std::move(waiting);
  lanes_.clear();
}

}  // namespace leat::pipelines
