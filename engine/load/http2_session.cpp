#include "engine/load/http2_session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <new>

#include "engine/load/http2_callbacks.hpp"
#include "engine/load/http2_memory.hpp"
#include "engine/load/response_parser.hpp"
#include "engine/text/number.hpp"

namespace leat::load {

namespace {

constexpr std::int32_t kWindow = (1 << 30) - 1;   // as h2load has it
constexpr std::size_t kMostIdleFrames = 10'000;   // in a row
constexpr std::uint32_t kMostContinuations = 16;  // nghttp2 has a bound of 8 since its CVE-2024-28182
constexpr std::size_t kLargeBlock = 48 * 1024;    // compressed; nghttp2 takes fields of up to 64 KiB
constexpr std::size_t kMostRequestHead = 1024 * 1024;
constexpr std::size_t kFrameHead = 9;

void check(int status) {
  if (status != 0) throw std::bad_alloc();  // they fail only for want of memory
}

struct OptionDeleter {
  void operator()(nghttp2_option* option) const noexcept { nghttp2_option_del(option); }
};
using OptionPtr = std::unique_ptr<nghttp2_option, OptionDeleter>;

OptionPtr make_option() {
  nghttp2_option* made = nullptr;
  check(nghttp2_option_new(&made));
  OptionPtr option(made);
  nghttp2_option_set_no_closed_streams(made, 1);
  nghttp2_option_set_max_send_header_block_length(made, kMostRequestHead);
  // Nothing is submitted before the server has said its limit, and then never more than that.
  nghttp2_option_set_peer_max_concurrent_streams(made, std::numeric_limits<std::int32_t>::max());
  return option;
}

}  // namespace

Http2Session::Http2Session(User& user) : user_(user) {
  static const OptionPtr option = make_option();
  nghttp2_session* made = nullptr;
  check(nghttp2_session_client_new3(&made, Callbacks::get(), this, option.get(), pooled_memory()));
  session_.reset(made);
  constexpr std::array<nghttp2_settings_entry, 3> kSettings{
      nghttp2_settings_entry{NGHTTP2_SETTINGS_ENABLE_PUSH, 0},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, kWindow},
      nghttp2_settings_entry{NGHTTP2_SETTINGS_NO_RFC7540_PRIORITIES, 1}};  // RFC 9218, 2.1: it sends none
  check(nghttp2_submit_settings(made, NGHTTP2_FLAG_NONE, kSettings.data(), kSettings.size()));
  check(nghttp2_session_set_local_window_size(made, NGHTTP2_FLAG_NONE, 0, kWindow));
}

// The frames of a stream and the fields of a head often follow each other. What isn't there may come to be.
Http2Stream* Http2Session::find(std::int32_t id) noexcept {
  if (id == found_id_) return found_;
  found_ = static_cast<Http2Stream*>(nghttp2_session_get_stream_user_data(session_.get(), id));
  found_id_ = found_ != nullptr ? id : 0;
  return found_;
}

bool Http2Session::submit(Http2Stream& stream, const Http2Request& request, bool keeps) noexcept {
  auto fields = request.fields();
  nghttp2_data_provider body{};
  body.source.ptr = &stream;
  body.read_callback = &Callbacks::read_body;
  const bool has_body = !request.body().empty();
  std::int32_t id = 0;
  if (keeps) {
    id = nghttp2_submit_request(session_.get(), nullptr, fields.data(), fields.size(),
                                has_body ? &body : nullptr, &stream);
  } else {
    copied_.assign(fields.begin(), fields.end());
    for (nghttp2_nv& field : copied_) field.flags = NGHTTP2_NV_FLAG_NONE;
    id = nghttp2_submit_request(session_.get(), nullptr, copied_.data(), copied_.size(),
                                has_body ? &body : nullptr, &stream);
  }
  if (id < 0) {
    is_ending_ = true;
    return false;
  }
  stream = Http2Stream();
  stream.id = id;
  stream.left = request.body();
  stream.came_before = bytes_in_;
  unsent_.push_back({id, &stream});
  ++streams_;
  return true;
}

void Http2Session::cancel(Http2Stream& stream) noexcept {
  const std::int32_t id = std::exchange(stream.id, 0);
  if (id == 0) return;
  for (std::size_t i = first_unsent_; i < unsent_.size(); ++i) {
    if (unsent_[i].id == id) unsent_[i].stream = nullptr;
  }
  nghttp2_session_set_stream_user_data(session_.get(), id, nullptr);
  found_id_ = 0;
  nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, id, NGHTTP2_CANCEL);
}

Http2Stream* Http2Session::take_unsent(std::int32_t id) noexcept {
  if (first_unsent_ == unsent_.size() || unsent_[first_unsent_].id != id) return nullptr;
  Http2Stream* const stream = unsent_[first_unsent_++].stream;
  if (first_unsent_ == unsent_.size()) {
    unsent_.clear();
    first_unsent_ = 0;
  }
  return stream;
}

int Http2Session::break_off(Errc code, std::string_view message) noexcept {
  if (!is_broken_) {
    is_broken_ = true;
    fault_ = code;
    message_ = message;
  }
  return NGHTTP2_ERR_CALLBACK_FAILURE;
}

bool Http2Session::feed(std::string_view bytes) noexcept {
  if (is_broken_) return false;
  if (bytes_in_ == 0 && bytes.starts_with("HTTP/1.")) {
    break_off(Errc::bad_response, "the server answers by HTTP/1.1, not by HTTP/2");
    return false;
  }
  bytes_in_ += bytes.size();
  const ssize_t taken = nghttp2_session_mem_recv(
      session_.get(), reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size());
  if (taken == NGHTTP2_ERR_TOO_MANY_CONTINUATIONS) {
    break_off(Errc::header_too_large, "the response's head comes in too many CONTINUATION frames");
  } else if (taken < 0) {
    break_off(Errc::bad_response, fmt::format("the server breaks the rules of HTTP/2: {}",
                                              nghttp2_strerror(static_cast<int>(taken))));
  }
  return !is_broken_;
}

void Http2Session::write(std::string& out, std::size_t enough) noexcept {
  while (out.size() < enough && !is_broken_) {
    const std::uint8_t* bytes = nullptr;
    sent_on_ = -1;
    const ssize_t size = nghttp2_session_mem_send(session_.get(), &bytes);
    if (size < 0) break_off(Errc::internal, nghttp2_strerror(static_cast<int>(size)));
    if (size <= 0) return;
    const auto count = static_cast<std::size_t>(size);
    out.append(reinterpret_cast<const char*>(bytes), count);
    bytes_out_ += count;
    unassigned_out_ += count;
    if (sent_on_ < 0) continue;  // CONTINUATION frames follow
    Http2Stream* const stream = sent_on_ > 0 ? find(sent_on_) : nullptr;
    (stream != nullptr ? stream->bytes_out : spare_.out) += std::exchange(unassigned_out_, 0);
  }
}

Http2Session::Spare Http2Session::take_spare() noexcept { return std::exchange(spare_, Spare()); }

// What a frame of DATA brings is counted when it comes: the frame may be cut.
int Http2Session::on_frame_begun(const nghttp2_frame_hd& head) noexcept {
  Http2Stream* const stream = head.stream_id > 0 ? find(head.stream_id) : nullptr;
  const std::size_t size = kFrameHead + (head.type == NGHTTP2_DATA && stream != nullptr ? 0 : head.length);
  (stream != nullptr ? stream->bytes_in : spare_.in) += size;
  if (++idle_frames_ > kMostIdleFrames) {
    return break_off(Errc::bad_response, "the server sends 10,000 frames in a row that bring nothing");
  }
  if (head.type == NGHTTP2_DATA && stream != nullptr) stream->announced += head.length;
  if (head.type == NGHTTP2_HEADERS) {
    block_bytes_ = head.length;
    continuations_ = 0;
    if (stream != nullptr && !std::exchange(stream->has_begun, true)) user_.on_begun(*stream);
  } else if (head.type == NGHTTP2_CONTINUATION) {
    block_bytes_ += head.length;
    if (++continuations_ > kMostContinuations) {
      return break_off(Errc::header_too_large, "the response's head comes in too many CONTINUATION frames");
    }
  }
  return 0;
}

void Http2Session::on_body(std::int32_t id, std::string_view bytes) noexcept {
  if (bytes.empty()) return;
  idle_frames_ = 0;
  Http2Stream* const stream = find(id);
  if (stream == nullptr) return;
  stream->body_bytes += bytes.size();
  stream->bytes_in += bytes.size();
  if (stream->watch != nullptr) stream->watch->take(bytes);
}

int Http2Session::on_field(const nghttp2_frame& frame, std::string_view name,
                           std::string_view value) noexcept {
  Http2Stream* const stream = find(frame.hd.stream_id);
  if (stream == nullptr) return 0;
  stream->head_bytes += name.size() + value.size();
  if (stream->head_bytes > ResponseParser::kMaxHead) {
    reset(*stream, Errc::header_too_large, "the response's head is over 256 KiB");
    return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE;
  }
  // nghttp2 has seen that both are numbers.
  if (name == ":status") {
    stream->status = text::parse_number<int>(value).value_or(0);
    stream->has_length = false;
  } else if (name == "content-length") {
    stream->has_length = true;
    stream->length = text::parse_number<std::uint64_t>(value).value_or(0);
  }
  return 0;
}

void Http2Session::on_frame(const nghttp2_frame& frame) noexcept {
  if (frame.hd.type == NGHTTP2_SETTINGS && (frame.hd.flags & NGHTTP2_FLAG_ACK) == 0) {
    is_ready_ = true;
    most_streams_ =
        nghttp2_session_get_remote_settings(session_.get(), NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS);
    return;
  }
  if (frame.hd.type == NGHTTP2_GOAWAY) return on_goaway(frame.goaway);
  Http2Stream* const stream = frame.hd.stream_id > 0 ? find(frame.hd.stream_id) : nullptr;
  if (stream == nullptr) return;
  const bool ends = (frame.hd.flags & NGHTTP2_FLAG_END_STREAM) != 0;
  if (frame.hd.type == NGHTTP2_HEADERS) {
    on_head(*stream, ends);
  } else if (frame.hd.type == NGHTTP2_DATA) {
    stream->bytes_in += frame.data.padlen;
    if (ends) on_end(*stream);
  } else if (frame.hd.type == NGHTTP2_RST_STREAM) {
    stream->is_reset = true;
  }
}

void Http2Session::on_head(Http2Stream& stream, bool ends) noexcept {
  idle_frames_ = 0;
  stream.head_bytes = 0;
  const bool informational = stream.status < 200;
  if (informational && ++stream.informational > ResponseParser::kMaxInformational) {
    return reset(stream, Errc::bad_response, "more than 64 informational (1xx) responses");
  }
  if (ends) on_end(stream);
}

// nghttp2 closes the stream once both sides have ended; a server may answer before it has all of the request
// (RFC 9113, 8.1).
void Http2Session::on_end(Http2Stream& stream) noexcept {
  stream.is_whole = stream.status >= 200;
  if (!stream.left.empty()) {
    nghttp2_submit_rst_stream(session_.get(), NGHTTP2_FLAG_NONE, stream.id, NGHTTP2_NO_ERROR);
  }
}

void Http2Session::on_goaway(const nghttp2_goaway& frame) noexcept {
  has_goaway_ = is_ending_ = true;
  last_processed_ = frame.last_stream_id;
  if (frame.error_code != NGHTTP2_NO_ERROR) reason_ = nghttp2_http2_strerror(frame.error_code);
}

void Http2Session::on_bad_frame(const nghttp2_frame& frame, int why) noexcept {
  Http2Stream* const stream = frame.hd.stream_id > 0 ? find(frame.hd.stream_id) : nullptr;
  if (stream != nullptr) stream->message = nghttp2_strerror(why);
}

void Http2Session::on_sent(const nghttp2_frame& frame) noexcept {
  sent_on_ = frame.hd.stream_id;
  if (frame.hd.type == NGHTTP2_HEADERS) {
    Http2Stream* const stream = take_unsent(frame.hd.stream_id);
    if (stream == nullptr) return;
    stream->is_sent = true;
    stream->begins_at = bytes_out_ - unassigned_out_;
  } else if (frame.hd.type == NGHTTP2_DATA) {
    idle_frames_ = 0;
  } else if (frame.hd.type == NGHTTP2_GOAWAY && frame.goaway.error_code != NGHTTP2_NO_ERROR) {
    const bool large = frame.goaway.error_code == NGHTTP2_COMPRESSION_ERROR && block_bytes_ > kLargeBlock;
    const std::string_view said = http2_text(frame.goaway.opaque_data, frame.goaway.opaque_data_len);
    break_off(large ? Errc::header_too_large : Errc::bad_response,
              fmt::format("the server breaks the rules of HTTP/2: {}{}{}",
                          nghttp2_http2_strerror(frame.goaway.error_code), said.empty() ? "" : ", ", said));
  }
}

// If nghttp2 has opened the stream already, it closes it next.
void Http2Session::on_not_sent(const nghttp2_frame& frame, int why) noexcept {
  if (frame.hd.type != NGHTTP2_HEADERS) return;
  Http2Stream* const stream = take_unsent(frame.hd.stream_id);
  const bool is_open = nghttp2_session_find_stream(session_.get(), frame.hd.stream_id) != nullptr;
  if (!is_open) --streams_;
  if (stream == nullptr) return;
  if (is_open && why == NGHTTP2_ERR_FRAME_SIZE_ERROR) {
    stream->fault = Errc::bad_input;
    stream->message = "the request's head is too large";
  } else if (is_open) {
    stream->is_refused = true;
  } else {
    stream->id = 0;
    user_.on_unprocessed(*stream);
  }
}

void Http2Session::on_closed(std::int32_t id, std::uint32_t code) noexcept {
  --streams_;
  Http2Stream* const stream = find(id);
  found_id_ = 0;
  if (stream == nullptr) return;
  idle_frames_ = 0;
  stream->id = 0;
  if (stream->is_whole) {
    user_.on_answer(*stream);
  } else if (stream->is_refused || (has_goaway_ && id > last_processed_ && !stream->is_reset)) {
    user_.on_unprocessed(*stream);
  } else {
    fail(*stream, code);
  }
}

void Http2Session::fail(Http2Stream& stream, std::uint32_t code) noexcept {
  if (stream.is_reset) {
    return user_.on_failed(stream, Errc::reset,
                           fmt::format("the server reset the stream: {}", nghttp2_http2_strerror(code)));
  }
  if (stream.message == nullptr && stream.has_length && stream.announced < stream.length) {
    return user_.on_failed(stream, Errc::truncated, "the body is shorter than its content-length");
  }
  user_.on_failed(stream, stream.fault,
                  stream.message != nullptr ? stream.message
                                            : "the response is malformed: its fields, or a body longer than "
                                              "its content-length (RFC 9113, 8.1.1)");
}

void Http2Session::reset(Http2Stream& stream, Errc code, const char* message) noexcept {
  cancel(stream);
  user_.on_failed(stream, code, message);
}

}  // namespace leat::load
