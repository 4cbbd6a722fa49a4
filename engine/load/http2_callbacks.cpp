#include "engine/load/http2_callbacks.hpp"

#include <algorithm>
#include <cstring>
#include <memory>
#include <new>

namespace leat::load {

namespace {

struct CallbacksDeleter {
  void operator()(nghttp2_session_callbacks* callbacks) const noexcept {
    nghttp2_session_callbacks_del(callbacks);
  }
};
using CallbacksPtr = std::unique_ptr<nghttp2_session_callbacks, CallbacksDeleter>;

}  // namespace

const nghttp2_session_callbacks* Http2Session::Callbacks::get() {
  static const CallbacksPtr all = [] {
    nghttp2_session_callbacks* made = nullptr;
    if (nghttp2_session_callbacks_new(&made) != 0) throw std::bad_alloc();
    set_receivers(made);
    set_senders(made);
    return CallbacksPtr(made);
  }();
  return all.get();
}

void Http2Session::Callbacks::set_receivers(nghttp2_session_callbacks* callbacks) {
  nghttp2_session_callbacks_set_on_begin_frame_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame_hd* head, void* self) {
        return of(self).on_frame_begun(*head);
      });
  nghttp2_session_callbacks_set_on_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
        of(self).on_frame(*frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_header_callback(
      callbacks,
      [](nghttp2_session*, const nghttp2_frame* frame, const std::uint8_t* name, std::size_t name_size,
         const std::uint8_t* value, std::size_t value_size, std::uint8_t, void* self) {
        return of(self).on_field(*frame, http2_text(name, name_size), http2_text(value, value_size));
      });
  nghttp2_session_callbacks_set_on_data_chunk_recv_callback(
      callbacks, [](nghttp2_session*, std::uint8_t, std::int32_t id, const std::uint8_t* data,
                    std::size_t size, void* self) {
        of(self).on_body(id, http2_text(data, size));
        return 0;
      });
  nghttp2_session_callbacks_set_on_invalid_frame_recv_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, int why, void* self) {
        of(self).on_bad_frame(*frame, why);
        return 0;
      });
  nghttp2_session_callbacks_set_on_stream_close_callback(
      callbacks, [](nghttp2_session*, std::int32_t id, std::uint32_t code, void* self) {
        of(self).on_closed(id, code);
        return 0;
      });
}

void Http2Session::Callbacks::set_senders(nghttp2_session_callbacks* callbacks) {
  nghttp2_session_callbacks_set_on_frame_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, void* self) {
        of(self).on_sent(*frame);
        return 0;
      });
  nghttp2_session_callbacks_set_on_frame_not_send_callback(
      callbacks, [](nghttp2_session*, const nghttp2_frame* frame, int why, void* self) {
        of(self).on_not_sent(*frame, why);
        return 0;
      });
}

ssize_t Http2Session::Callbacks::read_body(nghttp2_session* session, std::int32_t id, std::uint8_t* to,
                                           std::size_t size, std::uint32_t* flags,
                                           nghttp2_data_source* source, void*) {
  auto& stream = *static_cast<Http2Stream*>(source->ptr);
  if (nghttp2_session_get_stream_user_data(session, id) != &stream) {
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;  // the request was given up
  }
  const std::size_t count = std::min(size, stream.left.size());
  std::memcpy(to, stream.left.data(), count);
  stream.left.remove_prefix(count);
  if (stream.left.empty()) *flags |= NGHTTP2_DATA_FLAG_EOF;
  return static_cast<ssize_t>(count);
}

}  // namespace leat::load
