#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace leat::outage {

/// What happens to the server for a time; help_text() says what each does.
enum class FaultKind {
  none,
  status,
  reset,
  close,
  half_close,
  refuse,
  restart,
  freeze,
  slow,
  limit,
  unreachable,
  drop,
};

/// How a connection is ended: not at all, by FIN or by RST.
enum class Ending { keep, close, reset };

/// What happens to connections beyond a limit.
enum class Beyond { reset, close, refuse, queue };

/// What the command line asks for.
struct Options {
  std::vector<std::string> hosts;   // addresses that it listens on
  std::vector<std::string> silent;  // addresses whose SYNs are dropped for as long as this runs
  std::uint16_t port = 0;           // 0: any free port
  std::string port_file;
  std::string certificate;  // with `key`: the server has TLS
  std::string key;
  bool parent_pid_exit = false;
  bool own_network = false;
  bool help = false;

  std::chrono::milliseconds delay{1};  // before each answer
  std::size_t body = 3;                // bytes of each answer
  bool chunked = false;
  bool announce = false;         // each answer says "Connection: close"
  Ending behind = Ending::keep;  // what is sent after each answer
  unsigned per_connection = 0;   // so many answers, the last of which says "Connection: close"; 0: no end
  std::optional<std::chrono::milliseconds> idle;  // it closes a connection that has no request for so long
  unsigned nth = 0;                   // it does not answer this request of each connection; 0: it answers all
  Ending nth_ending = Ending::close;  // but ends the connection like this

  bool has_fault = false;  // `fault` says nothing of them if they are only commands
  FaultKind fault = FaultKind::none;
  unsigned value = 0;  // the status, the milliseconds of `slow`, or the connections of `limit`
  Beyond beyond = Beyond::reset;
  std::uint64_t after = 0;                           // the fault begins after this many answers
  std::optional<std::chrono::milliseconds> lasting;  // nothing: it never ends
  std::string fault_host;  // only connections to this address have the fault; empty: all have it
  std::string begin_command;
  std::string end_command;
};

/// Gives nothing, and the reason in `error`, if the command line makes no sense.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv, std::string& error);

[[nodiscard]] std::string help_text();

}  // namespace leat::outage
