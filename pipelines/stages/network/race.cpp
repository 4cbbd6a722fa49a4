#include "pipelines/stages/network/race.hpp"

#include <algorithm>

#include "engine/async/errors.hpp"
#include "engine/async/wait.hpp"
#include "engine/http/message/url.hpp"

namespace leat::pipelines {

namespace {

bool is_good(int status) noexcept { return status < 400; }

}  // namespace

/// What transfers, which may run on other threads, and the race have in common.
struct Race::Shared {
  explicit Shared(async::EventLoop& l) noexcept : loop(l) {}

  async::EventLoop& loop;
  std::atomic<const Lane*> winner = nullptr;
  std::optional<async::Event> changed;  // a lane has ended, or has the body. The loop's
};

/// One URL and its transfer.
class Race::Lane final : public http::BodySink {
 public:
  Lane(Race& race, std::string url, http::HostGate::Slot slot)
      : race_(race), shared_(race.shared_), request_(*race.request_), slot_(std::move(slot)) {
    request_.url = http::Url(std::move(url));
    if (request_.times != nullptr) {
      times_ = *request_.times;
      request_.times = &times_;
    }
  }

  // On the thread of the transfer.
  Status begin(const http::ResponseHead& head) override {
    has_body_ = is_good(head.status);
    if (!has_body_) return std::nullopt;
    const Lane* nobody = nullptr;
    if (!shared_->winner.compare_exchange_strong(nobody, this) && nobody != this) {
      return Error(Errc::cancelled, "another mirror was faster");
    }
    shared_->loop.post([shared = shared_] {
      if (shared->changed) shared->changed->set();
    });
    return race_.body_.begin(head);
  }
  Status write(std::string_view bytes) override {
    return has_body_ ? race_.body_.write(bytes) : std::nullopt;
  }

  async::Task<void> run() {
    const Ended ended(*shared_);
    if (!slot_.held()) {
      slot_ = co_await race_.gate_.enter(request_.url.origin(), std::move(slot_), 0, race_.part_);
    }
    if (!slot_.held()) {
      answer_.emplace(Error(Errc::connect_failed, "its host is given up, after failures in a row"));
      co_return;
    }
    ++race_.result_.attempts;
    auto transfer = race_.performer_.perform(request_, *this);
    answer_.emplace(co_await std::move(transfer));
  }

  [[nodiscard]] const std::string& url() const noexcept { return request_.url.text(); }
  [[nodiscard]] const http::RequestTimes& times() const noexcept { return times_; }
  /// Nothing: it was cancelled.
  std::optional<leat::Result<http::Response>>& answer() noexcept { return answer_; }
  async::TaskHandle<void> task;

 private:
  struct Ended {
    explicit Ended(Shared& s) noexcept : shared(s) {}
    Ended(const Ended&) = delete;
    Ended& operator=(const Ended&) = delete;
    ~Ended() {
      if (shared.changed) shared.changed->set();
    }
    Shared& shared;
  };

  Race& race_;
  std::shared_ptr<Shared> shared_;
  http::Request request_;
  http::RequestTimes times_;
  http::HostGate::Slot slot_;
  std::optional<leat::Result<http::Response>> answer_;
  bool has_body_ = false;
};

Race::Race(async::EventLoop& loop, http::Performer& performer, http::HostGate& gate, http::BodySink& body,
           Told told)
    : loop_(loop), performer_(performer), gate_(gate), body_(body), told_(std::move(told)) {}
Race::~Race() = default;

async::Task<Race::Result> Race::run(const http::Request& request, std::vector<std::string> urls,
                                    std::size_t n, http::HostGate::Slot first) {
  request_ = &request;
  urls_ = std::move(urls);
  std::reverse(urls_.begin(), urls_.end());
  part_ = first.part();
  first_ = std::move(first);
  shared_ = std::make_shared<Shared>(loop_);
  bool cancelled = false;
  try {
    auto competing = compete(n);
    co_await std::move(competing);
  } catch (const async::Cancelled&) {
    cancelled = true;
  }
  {
    const async::CancelShield shield;
    auto ending = end_lanes(nullptr);
    co_await std::move(ending);
  }
  shared_->changed.reset();
  if (cancelled) throw async::Cancelled{};
  co_return std::move(result_);
}

async::Task<void> Race::compete(std::size_t n) {
  for (;;) {
    shared_->changed.emplace();
    if (look_at_lanes()) co_return;
    const Lane* const winner = shared_->winner.load();
    if (winner != nullptr && lanes_.size() > 1) {
      auto ending = end_lanes(winner);
      co_await std::move(ending);
      continue;
    }
    if (winner == nullptr) start_lanes(n);
    if (lanes_.empty()) co_return;
    co_await shared_->changed->wait();
  }
}

void Race::start_lanes(std::size_t n) {
  while (lanes_.size() < n && !urls_.empty()) {
    auto lane = std::make_unique<Lane>(*this, std::move(urls_.back()), std::move(first_));
    urls_.pop_back();
    lane->task = async::spawn(lane->run(), "race");
    lanes_.push_back(std::move(lane));
  }
}

// Those that have ended: true if one of them has won.
bool Race::look_at_lanes() {
  for (std::size_t i = 0; i < lanes_.size();) {
    Lane& lane = *lanes_[i];
    if (!lane.task.done()) {
      ++i;
      continue;
    }
    const bool had_body = shared_->winner.load() == &lane;
    if (lane.answer()) {
      result_.url = lane.url();
      if (request_->times != nullptr) *request_->times = lane.times();
      result_.answer = std::move(*lane.answer());
      told_(result_.url, result_.answer);
      result_.won = result_.answer.ok() && is_good(result_.answer.value().head.status);
    }
    if (had_body) shared_->winner.store(nullptr);
    lanes_.erase(lanes_.begin() + static_cast<std::ptrdiff_t>(i));
    if (result_.won) return true;
  }
  return false;
}

// All but that one, which has the body. They are asked again should it fail after all.
async::Task<void> Race::end_lanes(const Lane* but) {
  std::vector<async::TaskHandle<void>> ending;
  for (const auto& lane : lanes_) {
    if (lane.get() == but) continue;
    urls_.push_back(lane->url());
    lane->task.cancel();
    ending.push_back(lane->task);
  }
  if (!ending.empty()) {
    auto waiting = async::wait(std::move(ending));
    co_await std::move(waiting);
  }
  std::erase_if(lanes_, [but](const auto& lane) { return lane.get() != but; });
}

}  // namespace leat::pipelines
