#pragma once

#include <nghttp2/nghttp2.h>

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "engine/load/http2_session.hpp"

namespace leat::load {

/// Bytes as nghttp2 gives them.
inline std::string_view http2_text(const std::uint8_t* bytes, std::size_t size) noexcept {
  return {reinterpret_cast<const char*>(bytes), size};
}

/// What nghttp2 calls, given on to the session whose nghttp2 it is. Nothing here throws. Any thread.
struct Http2Session::Callbacks {
  /// All of them, made once. Throws std::bad_alloc.
  [[nodiscard]] static const nghttp2_session_callbacks* get();
  /// Copies the next part of a request's body into a frame; the source is its Http2Stream.
  static ssize_t read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* to, std::size_t size,
                           std::uint32_t* flags, nghttp2_data_source* source, void* self);

 private:
  static Http2Session& of(void* self) noexcept { return *static_cast<Http2Session*>(self); }
  static void set_receivers(nghttp2_session_callbacks* callbacks);
  static void set_senders(nghttp2_session_callbacks* callbacks);
};

}  // namespace leat::load
