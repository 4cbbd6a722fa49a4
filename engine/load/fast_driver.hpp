#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/http/connector.hpp"
#include "engine/load/driver.hpp"
#include "engine/load/poller.hpp"
#include "engine/load/receive_clock.hpp"
#include "engine/load/recorder.hpp"
#include "engine/load/request_book.hpp"
#include "engine/load/response_parser.hpp"
#include "engine/load/turns.hpp"

namespace leat::load {

/// The load of one thread over connections of its own framing: for a request that is answered in one piece
/// one send, one receive, and one look at the clock, which ends it and begins the next.
///
/// A slot has one request at a time, and a connection for each origin that it had to do with. A request whose
/// kept-alive connection turns out to be closed, before a byte of an answer came, goes once more over a new
/// one, as libcurl does it; all of that is in its time. Everything else that goes wrong is a failure of that
/// request, and its connection is closed. Nothing is allocated for a request unless it needs a connection.
///
/// In an open loop over plain HTTP an answer has come when the kernel had it, not when this thread woke up to
/// read it, which on a virtual machine takes longer than many a server: what the client adds is no time of
/// the server's. In a closed loop it has come when it was read, since the next request goes no earlier: rate
/// times service time is the number of connections.
class FastDriver final : public Driver, private Poller::User, private async::TaskScope {
 public:
  FastDriver(async::EventLoop& loop, const LoadPlan& plan, DriverPart part);
  FastDriver(const FastDriver&) = delete;
  FastDriver& operator=(const FastDriver&) = delete;
  ~FastDriver() override = default;

  async::Task<void> prepare() override;
  async::Task<LoadResult> run(async::TimePoint start) override;
  void stop() noexcept override;

 private:
  struct Slot;
  /// A connection of a slot to one origin, or the place for it.
  struct Line {
    Slot* slot = nullptr;
    http::Wire wire;
    std::size_t origin = 0;
    bool used = false;  // has brought a response
  };
  enum class SlotState : std::uint8_t { free, connecting, busy, resting };
  struct Slot {
    SlotState state = SlotState::free;
    bool again = false;  // stands in readable_
    bool retried = false;
    bool has_first_byte = false;
    std::uint32_t attempt = 0;   // tells a connection that nobody wants any more
    std::uint32_t failures = 0;  // to connect, one after the other
    std::uint32_t serial = 0;    // of its requests
    Line* line = nullptr;
    Exchange exchange;
    std::string_view left;  // of the request, to be sent
    ResponseParser parser;
    std::string_view request;
    std::string room;  // for a request that is written anew
    std::vector<Line> lines;
    async::TaskHandle<void> connecting;
  };
  struct Rest {
    async::TimePoint until;
    Slot* slot;
    [[nodiscard]] bool operator<(const Rest& other) const noexcept { return until > other.until; }
  };
  enum class Hurry : std::uint8_t { none, drain, now };

  // A request's life.
  void next(Slot& slot, async::TimePoint now) noexcept;
  void begin(Slot& slot, async::TimePoint planned, async::TimePoint now) noexcept;
  void send(Slot& slot) noexcept;
  bool push(Slot& slot) noexcept;
  void receive(Slot& slot, bool hung_up) noexcept;
  void complete(Slot& slot, bool reusable) noexcept;
  void lost(Slot& slot) noexcept;
  void fail(Slot& slot, Errc code, std::string_view message) noexcept;
  void rest(Slot& slot, async::TimePoint until) noexcept;

  void connect(Slot& slot) noexcept;
  async::Task<void> make_connection(Slot* slot, Line* line, std::uint32_t attempt);
  async::Task<void> connect_ahead(Line* line);
  async::Task<void> end_connecting();
  void on_end(async::TaskState& task) noexcept override;
  bool take_wire(Line& line, http::Connected&& connected) noexcept;

  void on_socket(void* tag, bool hung_up) noexcept override;
  void on_turn(async::TimePoint began) noexcept override;
  void do_what_is_due(async::TimePoint now) noexcept;
  void send_what_is_planned(async::TimePoint now) noexcept;
  void wake_rested(async::TimePoint now) noexcept;
  void end_overdue(async::TimePoint now) noexcept;
  void wake_in_time(async::TimePoint now) noexcept;
  void end_if_over(async::TimePoint now) noexcept;

  [[nodiscard]] bool is_open() const noexcept { return plan_.mode == LoadPlan::Mode::open; }

  async::EventLoop& loop_;
  const LoadPlan& plan_;
  RequestBook book_;
  Recorder recorder_;
  Turns turns_;
  http::Connector connector_;
  std::vector<Slot> slots_;
  std::vector<Slot*> free_;      // open loop: nothing to do
  std::vector<Slot*> readable_;  // had more to receive than was good for the others
  std::vector<Rest> resting_;    // a heap
  std::size_t in_flight_ = 0;
  std::size_t untried_ = 0;        // connections ahead of the run
  async::TimePoint now_;           // the last look at the clock
  async::TimePoint last_planned_;  // of what has gone
  async::TimePoint next_scan_;
  async::TimePoint drained_ = async::TimePoint::max();  // nothing is waited for from then on
  bool running_ = false;
  Hurry hurry_ = Hurry::none;
  async::TimePoint start_;  // of the run, once it is known
  async::Event prepared_;
  async::Event begun_;
  async::Event ended_;
  std::optional<async::Event> all_gone_;  // of the tasks that connect
  std::array<char, 64 * 1024> buffer_;    // what comes is parsed at once
  ReceiveClock received_;
  Poller poller_;  // last: it calls
};

}  // namespace leat::load
