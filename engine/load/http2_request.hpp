#pragma once

#include <nghttp2/nghttp2.h>

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leat::load {

/// One request as HTTP/2 sends it, made of the bytes that HTTP/1.1 would send (RFC 9113, 8.3.1).
///
/// The request line becomes `:method`, `:scheme` and `:path`, and Host becomes `:authority`. Names are
/// written in lower case. What is about the connection is left out (8.2.2): Connection, the fields that it
/// names, Keep-Alive, Proxy-Connection, Transfer-Encoding, Upgrade, and TE unless it says no more than
/// trailers. It is not moved, because its fields point into it, and it allocates nothing once it has held a
/// request as long. One thread.
class Http2Request {
 public:
  Http2Request() = default;
  Http2Request(const Http2Request&) = delete;
  Http2Request& operator=(const Http2Request&) = delete;

  /// `bytes` is a request as RequestBook writes it, and outlives the body; `scheme` outlives this.
  void assign(std::string_view bytes, std::string_view scheme);

  /// These are valid until the next `assign`. Pseudo-header fields come first.
  [[nodiscard]] std::span<const nghttp2_nv> fields() const noexcept { return fields_; }
  [[nodiscard]] std::string_view body() const noexcept { return body_; }

 private:
  void add(std::string_view name, std::string_view value);

  std::string head_;
  std::string_view body_;
  std::vector<nghttp2_nv> fields_;
  std::vector<std::string_view> named_;  // by Connection
};

}  // namespace leat::load
