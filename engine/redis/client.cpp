#include "engine/redis/client.hpp"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include "engine/async/semaphore.hpp"
#include "engine/async/sleep.hpp"
#include "engine/async/wait_for.hpp"
#include "engine/http/connector.hpp"
#include "engine/io/fd.hpp"
#include "engine/io/fd_ready.hpp"
#include "engine/text/printable.hpp"
#include "engine/text/units.hpp"

namespace leat::redis {

namespace {

constexpr std::size_t kChunk = 64 * 1024;
constexpr std::size_t kShownOfReply = 200;

http::ConnectorOptions connector_options(const ClientOptions& options) {
  http::ConnectorOptions made;
  made.timeout = options.connect_limit;
  made.unix_socket = options.url.socket;
  made.ca_file = options.url.ca_file;
  return made;
}

// The watches of the two directions have descriptors of their own, since libuv watches each only once.
io::Fd twin_of(int fd) { return io::Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 0)); }

struct Direction {
  Direction(async::EventLoop& loop, int fd, io::Direction direction)
      : twin(twin_of(fd)), ready(loop, twin.get(), direction) {}

  io::Fd twin;
  io::FdReady ready;  // goes before its descriptor
};

struct Connection {
  Connection(async::EventLoop& loop, http::Wire made)
      : wire(std::move(made)),
        readable(loop, wire.fd(), io::Direction::read),
        writable(loop, wire.fd(), io::Direction::write) {}

  http::Wire wire;
  Direction readable;
  Direction writable;
  ReplyReader reader;
  std::array<char, kChunk> chunk;  // what was received last
  async::TimePoint used{};
};

/// Why Redis says no, as far as the user can do something about it.
std::string_view advice_for(std::string_view code, std::string_view text) {
  if (code == "WRONGPASS" || text.find("invalid password") != std::string_view::npos ||
      text.find("without any password configured") != std::string_view::npos)
    return "the user or the password of its URL is wrong";
  if (code == "NOAUTH") return "it wants a password: redis://user:pass@host";
  if (code == "NOPERM") return "this user may not do that";
  if (code == "OOM") return "its memory is full: free some of it, or raise its maxmemory";
  if (code == "READONLY") return "it is a replica, which nobody writes to: name its master";
  if (code == "WRONGTYPE") return "the key is something else already: name another one";
  if (code == "MISCONF") return "it can't save its data to its disk, and so takes none";
  if (code == "NOSCRIPT" || code == "BUSY") return "another program's script stands in the way";
  return {};
}

}  // namespace

struct Client::Impl {
  Impl(async::EventLoop& l, ClientOptions o)
      : loop(l), options(std::move(o)), connector(l, connector_options(options)), turn(1) {}

  async::Task<Result<Replies>> converse(std::vector<Command> commands, async::Duration limit);
  async::Task<Result<Replies>> exchange(std::vector<Command> commands);
  async::Task<Status> connect();
  async::Task<Status> make_connection();
  async::Task<Status> greet();
  async::Task<Status> make_sure();
  async::Task<Result<Replies>> call(std::vector<Command> commands, async::Duration wait);
  [[nodiscard]] Error lost(const std::string& how) const;
  [[nodiscard]] Error refusal(const Reply& reply, std::string_view what) const;

  async::EventLoop& loop;
  ClientOptions options;
  http::Connector connector;
  async::Semaphore turn;
  std::optional<Connection> connection;  // goes before the connector
  bool in_use = false;                   // answers of a call are outstanding
  std::uint64_t calls = 0;
  std::uint64_t connections = 0;
};

Error Client::Impl::lost(const std::string& how) const {
  return Error(Errc::reset, "Redis at " + options.url.shown() + " " + how);
}

Error Client::Impl::refusal(const Reply& reply, std::string_view what) const {
  Error error(Errc::bad_input, "Redis at " + options.url.shown() + " ");
  error.message.append(what).append(": ").append(text::printable(reply.text, kShownOfReply));
  const auto advice = advice_for(reply.error_code(), reply.text);
  if (!advice.empty()) error.message.append("; ").append(advice);
  error.retryable = may_pass(reply);
  return error;
}

// In the connection's own time; whoever calls limits it.
async::Task<Result<Replies>> Client::Impl::exchange(std::vector<Command> commands) {
  std::string bytes;
  for (const auto& command : commands) append_command(bytes, command);
  Connection& link = *connection;
  in_use = true;
  ++calls;
  for (std::string_view rest = bytes; !rest.empty();) {
    const long sent = link.wire.send(rest);
    if (sent > 0) {
      rest.remove_prefix(static_cast<std::size_t>(sent));
    } else if (sent == http::Wire::kAgain) {
      co_await link.writable.ready.wait();
    } else {
      co_return lost("has closed the connection");
    }
  }
  Replies replies;
  while (replies.size() < commands.size()) {
    if (auto reply = link.reader.next()) {
      replies.push_back(std::move(*reply));
      continue;
    }
    if (link.reader.is_broken())
      co_return Error(Errc::bad_response, "what listens at " + options.url.shown() + " is no Redis server");
    const long got = link.wire.receive(link.chunk.data(), link.chunk.size());
    if (got > 0) {
      link.reader.feed(std::string_view(link.chunk.data(), static_cast<std::size_t>(got)));
    } else if (got == http::Wire::kAgain) {
      co_await link.readable.ready.wait();
    } else {
      co_return lost("has closed the connection");
    }
  }
  in_use = false;
  link.used = loop.now();
  co_return replies;
}

// Any end but a good one drops the connection: what is left of the answers would stand before the next ones.
async::Task<Result<Replies>> Client::Impl::converse(std::vector<Command> commands, async::Duration limit) {
  Result<Replies> replies = Replies();
  try {
    auto exchanging = async::wait_for(exchange(std::move(commands)), limit);
    replies = co_await std::move(exchanging);
  } catch (const async::TimeoutError&) {
    replies = Error(Errc::timeout, "Redis at " + options.url.shown() + " gave no answer for " +
                                       text::format_duration(limit));
  }
  if (!replies) {
    connection.reset();
    in_use = false;
  }
  co_return replies;
}

async::Task<Status> Client::Impl::make_connection() {
  const RedisUrl& url = options.url;
  const std::string host = url.socket.empty() ? url.host : "localhost";
  auto connecting =
      connector.connect((url.tls ? "https://" : "http://") + host + ":" + std::to_string(url.port));
  auto made = co_await std::move(connecting);
  if (!made) {
    Error error = std::move(made.error());
    error.message = "no connection to Redis at " + url.shown() + ": " + error.message;
    co_return error;
  }
  connection.emplace(loop, std::move(made->wire));
  in_use = false;
  ++connections;
  auto greeting = greet();
  co_return co_await std::move(greeting);
}

// A server that waits for a password, or has no such database, says so here and not at some later command.
async::Task<Status> Client::Impl::greet() {
  const RedisUrl& url = options.url;
  std::vector<Command> commands;
  if (!url.user.empty()) {
    commands.push_back({"AUTH", url.user, url.password});
  } else if (!url.password.empty()) {
    commands.push_back({"AUTH", url.password});
  }
  if (url.db != 0) commands.push_back({"SELECT", std::to_string(url.db)});
  commands.push_back({"PING"});
  auto conversing = converse(std::move(commands), options.connect_limit);
  auto replies = co_await std::move(conversing);
  if (!replies) co_return std::move(replies.error());
  for (const auto& reply : *replies) {
    if (!reply.is_error()) continue;
    connection.reset();  // of the wrong database, or nobody's
    co_return refusal(reply, "lets nobody in");
  }
  co_return std::nullopt;
}

// A connection that was closed while nobody used it is replaced, and one that lay long is asked first.
async::Task<Status> Client::Impl::make_sure() {
  if (connection && (in_use || !connection->wire.is_silent())) {
    connection.reset();
    in_use = false;
  }
  if (connection && loop.now() - connection->used >= options.idle_limit) {
    std::vector<Command> ping{{"PING"}};
    auto asking = converse(std::move(ping), options.connect_limit);
    static_cast<void>(co_await std::move(asking));  // where it gave no answer, the connection is gone
  }
  if (connection) co_return std::nullopt;
  auto connecting = make_connection();
  co_return co_await std::move(connecting);
}

async::Task<Result<Replies>> Client::Impl::call(std::vector<Command> commands, async::Duration wait) {
  const auto permit = co_await turn.acquire();
  auto making = make_sure();
  if (auto error = co_await std::move(making)) co_return std::move(*error);
  auto conversing = converse(std::move(commands), options.answer_limit + wait);
  co_return co_await std::move(conversing);
}

Client::Client(async::EventLoop& loop, ClientOptions options)
    : impl_(std::make_unique<Impl>(loop, std::move(options))) {}
Client::~Client() = default;

async::Task<Result<Replies>> Client::call(std::vector<Command> commands, async::Duration wait) {
  return impl_->call(std::move(commands), wait);
}

async::Task<Result<Replies>> Client::insist(std::vector<Command> commands, async::Duration limit) {
  Impl& impl = *impl_;
  const async::TimePoint end = async::later(impl.loop.now(), limit);
  Replies replies(commands.size());
  std::vector<std::size_t> places(commands.size());  // of the commands that are not done
  for (std::size_t i = 0; i < places.size(); ++i) places[i] = i;
  for (async::Duration pause = impl.options.first_pause;;
       pause = std::min(pause * 2, impl.options.longest_pause)) {
    std::vector<Command> left;
    for (const auto place : places) left.push_back(commands[place]);
    auto calling = impl.call(std::move(left), async::Duration(0));
    auto answered = co_await std::move(calling);
    std::vector<std::size_t> undone;
    for (std::size_t i = 0; answered.ok() && i < places.size(); ++i) {
      if (may_pass((*answered)[i])) undone.push_back(places[i]);
      replies[places[i]] = std::move((*answered)[i]);
    }
    if (answered.ok() && undone.empty()) co_return replies;
    if (!answered.ok() && !answered.error().retryable) co_return std::move(answered.error());
    if (answered.ok()) places = std::move(undone);
    if (impl.loop.now() + pause >= end) {
      if (!answered.ok()) co_return std::move(answered.error());
      co_return replies;
    }
    co_await async::sleep_for(pause);
  }
}

async::Task<Result<Reply>> Client::insist_on_one(Command command, async::Duration limit) {
  std::vector<Command> commands;
  commands.push_back(std::move(command));
  auto calling = insist(std::move(commands), limit);
  auto replies = co_await std::move(calling);
  if (!replies) co_return std::move(replies.error());
  co_return std::move(replies->front());
}

async::Task<Status> Client::check_stream(std::string key, async::Duration limit) {
  Command command{"TYPE", key};
  auto asking = insist_on_one(std::move(command), limit);
  auto type = co_await std::move(asking);
  if (!type) co_return std::move(type.error());
  if (type->is_error()) co_return error_of(*type);
  if (type->text == "stream" || type->text == "none") co_return std::nullopt;
  co_return Error(Errc::bad_input, "the key \"" + key + "\" of Redis at " + shown() + " holds a " +
                                       type->text + ", and no stream: name another one");
}

Error Client::error_of(const Reply& reply) const { return impl_->refusal(reply, "refuses"); }

std::string Client::shown() const { return impl_->options.url.shown(); }
std::uint64_t Client::calls() const noexcept { return impl_->calls; }
std::uint64_t Client::connections() const noexcept { return impl_->connections; }

bool may_pass(const Reply& reply) noexcept {
  static constexpr std::array<std::string_view, 6> kPassing{"LOADING",  "BUSY",       "OOM",
                                                            "TRYAGAIN", "MASTERDOWN", "CLUSTERDOWN"};
  const auto code = reply.error_code();
  return !code.empty() && std::find(kPassing.begin(), kPassing.end(), code) != kPassing.end();
}

}  // namespace leat::redis
