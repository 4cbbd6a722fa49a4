#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "engine/error.hpp"
#include "engine/http/message/headers.hpp"

namespace leat::http {

/// A response's status line and header fields.
struct ResponseHead {
  int status = 0;
  Headers headers;
  std::optional<std::uint64_t> content_length;
  bool chunked = false;  // Transfer-Encoding says so
  bool coded = false;    // Transfer-Encoding names another coding, too
};

class PausableTransfer;

/// Where the body of one response goes. It is called on the thread of the Client that has the transfer, from
/// inside it, so its functions must not suspend, throw or touch the client. Outlives the transfer.
class BodySink {
 public:
  virtual ~BodySink() = default;
  /// Is called each time a redirect is followed, with the URL that it leads to.
  virtual void moved(const std::string& /*url*/) {}
  /// Is called once for each final response, before its first byte; a redirect that is followed is none. An
  /// error ends the transfer with that error.
  virtual Status begin(const ResponseHead& head) = 0;
  /// Takes some decoded bytes of the body, in order.
  virtual Status write(std::string_view bytes) = 0;
  /// Is asked before `write`: whether there is no room for more at present. If so the transfer pauses, and
  /// takes little memory meanwhile (over HTTP/2 up to the stream's window, 32 MiB); the time limit goes on,
  /// that for silence does not. The sink puts the transfer into a list, and calls its `go_on` once there is
  /// room. Not for the transfers of a PerformerThread.
  virtual bool is_full(PausableTransfer& /*transfer*/) { return false; }
};

/// What came of one request that got a whole response. Times are in seconds since the request was handed to
/// the client, except those of the last hop's phases, which are libcurl's and count from that hop's start.
struct Response {
  ResponseHead head;
  std::string method;
  std::string url_effective;           // of the last hop
  const char* http_version = nullptr;  // "1.0", "1.1", "2"
  std::uint64_t size_download = 0;     // decoded bytes of the body
  std::uint64_t head_bytes = 0;        // all heads that came: status lines, 1xx and redirects included
  std::uint64_t bytes_sent = 0;        // heads and bodies of the requests, in all hops
  double speed_download = 0;           // bytes in a second
  int num_redirects = 0;
  std::string remote_ip;
  int remote_port = 0;
  bool length_verified = true;  // if false, only the closed connection says that the body is whole
  bool connected_anew = false;  // the last hop had to make a connection
  double time_namelookup = 0;
  double time_connect = 0;
  double time_appconnect = 0;
  double time_starttransfer = 0;
  double time_total = 0;
};

}  // namespace leat::http
