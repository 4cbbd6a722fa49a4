#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/event_loop.hpp"
#include "engine/async/task.hpp"
#include "engine/error.hpp"
#include "engine/redis/redis_url.hpp"
#include "engine/redis/reply.hpp"

namespace leat::redis {

using Replies = std::vector<Reply>;

/// Where a Client's server is, and how long it is waited for.
struct ClientOptions {
  ClientOptions() = default;
  explicit ClientOptions(RedisUrl u) : url(std::move(u)) {}

  RedisUrl url;
  async::Duration connect_limit{std::chrono::seconds(5)};  // for the connection with AUTH and SELECT
  async::Duration answer_limit{std::chrono::seconds(10)};  // for the answers of one call
  async::Duration idle_limit{
      std::chrono::seconds(15)};  // a connection that lay so long is asked first (PING)
  async::Duration first_pause{std::chrono::milliseconds(50)};  // before the second attempt of `insist`
  async::Duration longest_pause{std::chrono::seconds(2)};      // pauses double until they are so long
};

/// Speaks to one Redis server over one connection, which it makes when it is first needed, and anew when it
/// is lost.
///
///     Client redis(loop, ClientOptions(url));
///     auto calling = redis.call(std::move(commands));
///     auto replies = co_await std::move(calling);     // one for each command, in their order
///
/// The commands of a call are sent at once (pipelined), and calls take their turns. A call that is cancelled
/// or too late drops the connection, since its answers may still come; Redis may have done its commands, or
/// not. TLS, names and Unix sockets are http::Connector's. Errors are values: those of the connection as its
/// codes are (connect_refused, tls_failed, timeout, reset, …), bad_input for a wrong password or database,
/// bad_response for a server that is no Redis. What Redis refuses is a Reply. No message holds a password.
/// Loop thread only. Outlives its calls.
class Client {
 public:
  Client(async::EventLoop& loop, ClientOptions options);
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// Sends the commands and gives their replies. `wait` is how long Redis itself may wait before it answers,
  /// as in XREADGROUP's BLOCK; it comes on top of the limit.
  async::Task<Result<Replies>> call(std::vector<Command> commands, async::Duration wait = async::Duration(0));

  /// Does the same, and again with pauses where the connection fails, or Redis says that it can't do the
  /// command now (see may_pass); those commands that were done are not repeated. After `limit` it gives the
  /// last error. A command whose answer was lost is repeated, so it may be done twice.
  async::Task<Result<Replies>> insist(std::vector<Command> commands, async::Duration limit);
  /// The same for one command.
  async::Task<Result<Reply>> insist_on_one(Command command, async::Duration limit);
  /// Says what is wrong with a key that has to be a stream, or not to be there yet. bad_input.
  async::Task<Status> check_stream(std::string key, async::Duration limit);

  /// What a reply that is an error means for people: the server, what it said, and what to do about it.
  /// bad_input.
  [[nodiscard]] Error error_of(const Reply& reply) const;

  /// How the server is named to people.
  [[nodiscard]] std::string shown() const;
  /// How often it has sent something, and how many connections it has made.
  [[nodiscard]] std::uint64_t calls() const noexcept;
  [[nodiscard]] std::uint64_t connections() const noexcept;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Says whether Redis may do later what it refused with this reply: it loads its data, runs a script, has no
/// memory left.
[[nodiscard]] bool may_pass(const Reply& reply) noexcept;

}  // namespace leat::redis
