#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/intrusive_list.hpp"
#include "engine/http/connector.hpp"
#include "engine/load/http2_connection.hpp"
#include "engine/load/http2_request.hpp"
#include "engine/load/receive_clock.hpp"
#include "engine/load/slot_driver.hpp"

namespace leat::load {

/// Makes the load of one thread by HTTP/2, many requests at once on each connection.
///
/// A slot always uses the same one of its origin's connections. A connection is used once the server's
/// SETTINGS have come, so its limits hold from the first request on; a request that they delay waits here,
/// and its time goes on. After GOAWAY, a connection is used no more, what is under way on it is waited for,
/// and what the server says it has not carried out is sent again over a new one. So is a request of which
/// nothing was sent when its connection was closed, and one of an idempotent method that met a connection
/// which had been closed meanwhile. Everything else that goes wrong is a failure of that request. Frames that
/// are ready together are sent together. A server that does not agree to HTTP/2 is a failure of each request:
/// there is no HTTP/1.1 instead. What came in one piece came at one time, which costs one look at the clock.
class Http2Driver final : public SlotDriver, private Http2Session::User {
 public:
  Http2Driver(async::EventLoop& loop, const LoadPlan& plan, const DriverPart& part);
  ~Http2Driver() override;

  async::Task<void> prepare() override;

 private:
  struct WaitTag;
  struct Lane;
  struct Connection;
  struct Slot;

  void dispatch(LoadSlot& slot) noexcept override;
  void abandon(LoadSlot& slot) noexcept override;
  void receive_rest() noexcept override;
  [[nodiscard]] bool has_rest() const noexcept override { return !readable_.empty(); }
  void send_ready() noexcept override;

  void on_begun(Http2Stream& stream) noexcept override;
  void on_answer(Http2Stream& stream) noexcept override;
  void on_failed(Http2Stream& stream, Errc code, std::string_view message) noexcept override;
  void on_unprocessed(Http2Stream& stream) noexcept override;

  void wait(Slot& slot) noexcept;
  void serve(Lane& lane) noexcept;
  void leave(Slot& slot) noexcept;
  void resend(Slot& slot, const Connection& connection, bool in_vain) noexcept;
  void lost(Slot& slot, const Connection& connection, std::string_view why) noexcept;
  [[nodiscard]] bool may_resend(const Slot& slot, const Connection& connection) const noexcept;

  void connect(Lane& lane) noexcept;
  async::Task<void> make_connection(Lane* lane);
  bool take(Lane& lane, http::Connected&& connected) noexcept;
  void fail_waiting(Lane& lane, const Error& why) noexcept;

  void on_socket(void* tag, bool hung_up) noexcept override;
  void receive(Connection& connection, bool hung_up) noexcept;
  bool feed(Connection& connection, std::string_view bytes) noexcept;
  void settle(Connection& connection) noexcept;
  void note(Connection& connection) noexcept;
  void retire(Connection& connection) noexcept;
  void gone(Connection& connection, long why) noexcept;
  void broken(Connection& connection) noexcept;
  void close(Connection& connection) noexcept;

  http::Connector connector_;
  ReceiveClock received_;
  std::size_t each_;  // connections of an origin
  std::vector<Slot> slots_;
  std::vector<Lane> lanes_;                       // for each origin `each_`
  std::vector<Http2Request> requests_;            // those of targets whose requests are all the same
  std::vector<std::unique_ptr<Connection>> all_;  // never freed: a turn's events may name them
  std::vector<Connection*> unused_;               // of them
  std::vector<Connection*> noted_;                // those for which there is something to do
  std::vector<Connection*> readable_;             // those that had more to receive than was fair
  std::uint64_t turns_ = 0;                       // requests that have begun
  std::size_t untried_ = 0;                       // the connections that are made ahead of the run
  async::TimePoint arrived_;                      // when that came which is being looked at
  std::array<char, 64 * 1024> buffer_;
};

}  // namespace leat::load
