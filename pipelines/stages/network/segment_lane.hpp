#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/http/message/range.hpp"
#include "pipelines/stages/network/segments.hpp"

namespace leat::pipelines {

/// One of the URLs that have the body.
struct Segments::Server {
  explicit Server(std::string u) : url(std::move(u)) {}

  std::string url;
  std::size_t transfers = 0;    // that run, or wait for its host
  int failures = 0;             // in a row
  async::TimePoint not_before;  // is it to be asked again
  bool is_gone = false;         // it is asked no more
  bool is_wrong = false;        // since it has another version, or no ranges
};

/// What transfers, which may run on other threads, and the loop have in common.
struct Segments::Shared {
  explicit Shared(async::EventLoop& l) noexcept : loop(l) {}
  void tell() noexcept {
    if (changed) changed->set();
  }

  async::EventLoop& loop;
  std::optional<async::Event> changed;  // a lane has ended, or there is something to do. The loop's
  bool has_file = false;                // the first answer has been split. The loop's
};

/// One of the connections: a transfer after the other, each for a piece.
class Segments::Lane final : public http::BodySink {
 public:
  /// The slot, where one is held, is for the first server.
  Lane(Segments& owner, http::HostGate::Slot slot);

  void start();
  /// It waits for its server, or for a slot.
  [[nodiscard]] bool is_idle() const noexcept { return idle_; }
  async::TaskHandle<void> task;

  Status begin(const http::ResponseHead& head) override;
  Status write(std::string_view bytes) override;

 private:
  enum class Use : std::uint8_t { piece, all, aside };
  struct Ended;
  struct Busy;

  async::Task<void> run();
  async::Task<void> wait_for(Server& server);
  async::Task<void> transfer(Server& server);
  void ended(Server& server, leat::Result<http::Response> answer);
  Status begin_all(const http::ResponseHead& head);
  Status split(std::string version, std::uint64_t total);
  Status write_on(std::string_view bytes);

  Segments& owner_;
  std::shared_ptr<Shared> shared_;
  http::HostGate::Slot slot_;
  http::RangeRequest range_;
  std::size_t piece_ = 0;
  Use use_ = Use::aside;
  bool idle_ = false;
  bool asks_for_all_;       // the first request
  bool has_split_ = false;  // its answer
  bool is_wrong_ = false;   // the answer is not what was asked for
  bool has_met_ = false;    // what comes next somebody else has
};

}  // namespace leat::pipelines
