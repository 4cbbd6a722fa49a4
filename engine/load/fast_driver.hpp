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

/// Makes the load of one thread over connections with its own HTTP/1.1.
///
/// A request that is answered in one piece costs one send, one receive, and one look at the clock, which ends
/// it and begins the next one. A slot has one request at a time, and a connection for each origin that it has
/// used. If a request's kept connection turns out to be closed before a byte of an answer came, the request
/// is sent once more over a new one, and its time includes all of that; but one whose method is not
/// idempotent is sent again only if nothing of it had been written. Everything else that goes wrong is a
/// failure of that request, and its connection is closed. Nothing is allocated for a request
/// unless it needs a connection. In an open loop over plain HTTP, an answer counts as there when the kernel
/// had it. The thread wakes up to read it later, and on a virtual machine this takes longer than many a
/// server: what the client adds is not the server's time. In a closed loop the answer counts when it was
/// read, since the next request is not sent earlier: rate times service time is the number of connections.
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
  /// A slot's connection to one origin, or the place for it.
  struct Line {
    Slot* slot = nullptr;
    http::Wire wire;
    std::size_t origin = 0;
    bool used = false;  // it has brought a response
  };
  enum class SlotState : std::uint8_t { free, connecting, busy, resting };
  struct Slot {
    SlotState state = SlotState::free;
    bool again = false;  // it is in readable_
    bool retried = false;
    bool wrote = false;  // something of the request has gone out on this connection
    bool has_first_byte = false;
    std::uint32_t attempt = 0;   // recognises a connection that nobody wants any more
    std::uint32_t failures = 0;  // failures to connect in a row
    std::uint32_t serial = 0;    // the number of its request
    Line* line = nullptr;
    Exchange exchange;
    std::string_view left;  // the rest of the request that is still to be sent
    ResponseParser parser;
    std::string_view request;
    std::string room;  // holds a request that changes each time
    std::vector<Line> lines;
    async::TaskHandle<void> connecting;
  };
  struct Rest {
    async::TimePoint until;
    Slot* slot;
    [[nodiscard]] bool operator<(const Rest& other) const noexcept { return until > other.until; }
  };
  enum class Hurry : std::uint8_t { none, drain, now };

  // The functions for a request's life.
  void begin_slots() noexcept;
  void next(Slot& slot, async::TimePoint now) noexcept;
  void begin(Slot& slot, async::TimePoint planned, async::TimePoint now) noexcept;
  void send(Slot& slot) noexcept;
  bool push(Slot& slot) noexcept;
  void receive(Slot& slot, bool hung_up) noexcept;
  void complete(Slot& slot, bool reusable) noexcept;
  void lost(Slot& slot) noexcept;
  void fail(Slot& slot, const Error& error) noexcept;
  void fail_by_parser(Slot& slot) noexcept;
  void rest(Slot& slot, async::TimePoint until) noexcept;

  void connect(Slot& slot) noexcept;
  async::Task<void> make_connection(Slot* slot, Line* line, std::uint32_t attempt);
  async::Task<void> connect_ahead(Line* line);
  async::Task<void> end_connecting();
  void on_end(async::TaskState& task) noexcept override;
  bool stays_open(Line& line) noexcept;
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
  std::size_t first_slot_;       // the number of the first of them among all threads' slots
  std::vector<Slot*> free_;      // slots of an open loop with nothing to do
  std::vector<Slot*> readable_;  // those that had more to receive than was fair to the others
  std::vector<Rest> resting_;    // a heap
  std::size_t in_flight_ = 0;
  std::size_t untried_ = 0;        // the connections that are made ahead of the run
  async::TimePoint now_;           // the time of the last look at the clock
  async::TimePoint last_planned_;  // the planned time of the last request that was sent
  async::TimePoint next_scan_;
  async::TimePoint drained_ = async::TimePoint::max();  // from then on nothing is waited for
  bool running_ = false;
  Hurry hurry_ = Hurry::none;
  async::TimePoint start_;  // the times of the run, once they are known
  async::Event prepared_;
  async::Event begun_;
  async::Event ended_;
  std::optional<async::Event> all_gone_;  // the scope of the tasks that connect
  std::array<char, 64 * 1024> buffer_;    // what is received is parsed at once
  ReceiveClock received_;
  Poller poller_;  // the last member: it calls the others
};

}  // namespace leat::load
