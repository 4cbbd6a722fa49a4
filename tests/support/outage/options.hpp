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

/// What becomes of connections beyond a limit.
enum class Beyond { reset, close, refuse, queue };

/// What was asked for on the command line.
struct Options {
  std::vector<std::string> hosts;   // addresses that are listened on
  std::vector<std::string> silent;  // addresses whose SYNs are dropped for as long as this runs
  std::uint16_t port = 0;           // 0: any free one
  std::string port_file;
  std::string certificate;  // with `key`: the server speaks TLS
  std::string key;
  bool parent_pid_exit = false;
  bool own_network = false;
  bool help = false;

  std::chrono::milliseconds delay{1};  // before each answer
  std::size_t body = 3;                // bytes of each answer
  bool chunked = false;
  bool announce = false;         // each answer says "Connection: close"
  Ending behind = Ending::keep;  // what follows each answer
  unsigned per_connection = 0;   // so many answers, the last of which says "Connection: close"; 0: no end
  std::optional<std::chrono::milliseconds> idle;  // closes a connection that has no request for so long
  unsigned nth = 0;                               // this request of each connection is not answered; 0: none
  Ending nth_ending = Ending::close;              // but the connection ended so

  bool has_fault = false;  // of which `fault` says nothing where it is only commands
  FaultKind fault = FaultKind::none;
  unsigned value = 0;  // the status, the milliseconds of `slow`, or the connections of `limit`
  Beyond beyond = Beyond::reset;
  std::uint64_t after = 0;                           // begins behind so many answers
  std::optional<std::chrono::milliseconds> lasting;  // nothing: for ever
  std::string fault_host;  // only what comes to this address has the fault; empty: all has
  std::string begin_command;
  std::string end_command;
};

/// Nothing, and the reason in `error`, where the command line makes no sense.
[[nodiscard]] std::optional<Options> parse_options(int argc, char** argv, std::string& error);

[[nodiscard]] std::string help_text();

}  // namespace leat::outage
