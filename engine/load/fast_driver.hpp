#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/task.hpp"
#include "engine/http/connector.hpp"
#include "engine/load/receive_clock.hpp"
#include "engine/load/response_parser.hpp"
#include "engine/load/slot_driver.hpp"

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
class FastDriver final : public SlotDriver {
 public:
  FastDriver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part);
  ~FastDriver() override;

  async::Task<void> prepare() override;

 private:
  struct Slot;
  /// A slot's connection to one origin, or the place for it.
  struct Line {
    Slot* slot = nullptr;
    http::Wire wire;
    std::size_t origin = 0;
    std::uint32_t address = 0;  // as the recorder numbers them
    bool used = false;          // it has brought a response
  };
  /// A slot that is busy while its line has no wire is connecting.
  struct Slot final : LoadSlot {
    bool again = false;  // it is in readable_
    bool retried = false;
    bool wrote = false;  // something of the request has gone out on this connection
    bool has_first_byte = false;
    std::uint32_t attempt = 0;  // recognises a connection that nobody wants any more
    std::uint32_t serial = 0;   // the number of its request
    Line* line = nullptr;
    std::string_view left;  // the rest of the request that is still to be sent
    ResponseParser parser;
    std::string_view request;
    std::string room;  // holds a request that changes each time
    std::vector<Line> lines;
    async::TaskHandle<void> connecting;
  };

  void dispatch(LoadSlot& slot) noexcept override;
  void abandon(LoadSlot& slot) noexcept override;
  void receive_rest() noexcept override;
  [[nodiscard]] bool has_rest() const noexcept override { return !readable_.empty(); }
  void send_ready() noexcept override {}  // each request is sent at once: it has a connection of its own

  void send(Slot& slot) noexcept;
  bool push(Slot& slot) noexcept;
  void receive(Slot& slot, bool hung_up) noexcept;
  void complete(Slot& slot, bool reusable) noexcept;
  void lost(Slot& slot) noexcept;
  void fail(Slot& slot, const Error& error) noexcept;
  void fail_by_parser(Slot& slot) noexcept;

  void connect(Slot& slot) noexcept;
  async::Task<void> make_connection(Slot* slot, Line* line, std::uint32_t attempt);
  async::Task<void> connect_ahead(Line* line);
  bool stays_open(Line& line) noexcept;
  bool take_wire(Line& line, http::Connected&& connected) noexcept;
  void on_socket(void* tag, bool hung_up) noexcept override;

  http::Connector connector_;  // outlives the wires of the slots
  ReceiveClock received_;
  std::vector<ResponseParser::KnownHead> heads_;  // targets share them
  std::vector<Slot> slots_;
  std::vector<Slot*> readable_;         // those that had more to receive than was fair to the others
  std::size_t untried_ = 0;             // the connections that are made ahead of the run
  std::array<char, 64 * 1024> buffer_;  // what is received is parsed at once
};

}  // namespace leat::load
