#pragma once

#include <nghttp2/nghttp2.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engine/error.hpp"
#include "engine/load/body_watch.hpp"
#include "engine/load/http2_request.hpp"

namespace leat::load {

/// One request on its way through an Http2Session; whoever keeps the request derives from it.
struct Http2Stream {
  BodyWatch* watch = nullptr;  // is given the body; may be null
  std::uint64_t body_bytes = 0;
  std::uint64_t bytes_in = 0;  // all of its frames
  std::uint64_t bytes_out = 0;
  std::int32_t id = 0;  // 0: in no session
  int status = 0;
  bool has_begun = false;  // to be answered

 private:
  friend class Http2Session;
  std::string_view left;          // of the body that is to be sent
  std::uint64_t begins_at = 0;    // in all bytes of the session, once its HEADERS frame is made
  std::uint64_t came_before = 0;  // in the session, when it was submitted
  std::uint64_t length = 0;       // by Content-Length
  std::uint64_t announced = 0;    // by the heads of its DATA frames, padding included
  std::size_t head_bytes = 0;
  std::uint32_t informational = 0;
  bool has_length = false;
  bool is_sent = false;     // its HEADERS frame is made
  bool is_whole = false;    // its answer
  bool is_reset = false;    // by the server
  bool is_refused = false;  // by nghttp2, since the server has sent GOAWAY
  Errc fault = Errc::bad_response;
  const char* message = nullptr;
};

/// The protocol of one HTTP/2 connection of a client (RFC 9113), without the connection: bytes go in and come
/// out. nghttp2 reads and writes frames and checks answers; bodies are counted and not kept.
///
/// What a server can send without end is bounded: the frames that bring nothing, CONTINUATION frames, heads,
/// informational answers, and what waits to be sent in answer. Windows are as large as they can be, so
/// that flow control never slows an answer down. PING and SETTINGS are answered. A request for which the
/// server has no stream left (SETTINGS_MAX_CONCURRENT_STREAMS) is not taken: the caller asks `has_room`. Each
/// request ends by exactly one call of the User, or by `cancel`, or with the session. One thread. It
/// allocates only what nghttp2 does for a stream.
class Http2Session {
 public:
  /// The one whose requests these are. It may submit and cancel from inside these calls, and must not feed or
  /// write.
  class User {
   public:
    /// The first frame of an answer has come, informational ones included.
    virtual void on_begun(Http2Stream& stream) noexcept = 0;
    /// The whole answer has come. It has a status of 200 or more.
    virtual void on_answer(Http2Stream& stream) noexcept = 0;
    /// There will be no answer, or not a whole one.
    virtual void on_failed(Http2Stream& stream, Errc code, std::string_view message) noexcept = 0;
    /// The server has not carried it out and says so by GOAWAY: it may be sent again, whatever it is.
    virtual void on_unprocessed(Http2Stream& stream) noexcept = 0;

   protected:
    ~User() = default;
  };

  /// Throws std::bad_alloc.
  explicit Http2Session(User& user);
  Http2Session(const Http2Session&) = delete;
  Http2Session& operator=(const Http2Session&) = delete;

  /// The server has said by SETTINGS what it allows.
  [[nodiscard]] bool is_ready() const noexcept { return is_ready_; }
  /// Another request may be submitted now.
  [[nodiscard]] bool has_room() const noexcept {
    return is_ready_ && !is_ending_ && !is_broken_ && streams_ < most_streams_;
  }
  /// How many streams are not closed.
  [[nodiscard]] std::size_t streams() const noexcept { return streams_; }
  /// No more requests are taken, because the server has sent GOAWAY or no stream identifier is left.
  [[nodiscard]] bool is_ending() const noexcept { return is_ending_; }
  /// Nothing more can come of it. What is still to be written says why; its streams have not been ended.
  [[nodiscard]] bool is_broken() const noexcept { return is_broken_; }
  [[nodiscard]] Errc fault() const noexcept { return fault_; }
  [[nodiscard]] const std::string& message() const noexcept { return message_; }
  /// The reason that the server gave by GOAWAY, such as ENHANCE_YOUR_CALM; empty if none or if it was no
  /// error.
  [[nodiscard]] std::string_view reason() const noexcept { return reason_; }
  [[nodiscard]] std::uint64_t bytes_in() const noexcept { return bytes_in_; }

  /// `request` outlives the stream if `keeps` says so; otherwise only its body does. False if the session can
  /// take no more requests at all; then the stream is untouched.
  bool submit(Http2Stream& stream, const Http2Request& request, bool keeps) noexcept;
  /// The stream is forgotten, and the server told so.
  void cancel(Http2Stream& stream) noexcept;
  /// Takes what has come. False if the session is broken.
  bool feed(std::string_view bytes) noexcept;
  /// Appends the frames that are ready, until there are `enough` bytes or no more frames.
  void write(std::string& out, std::size_t enough) noexcept;

  /// A byte of the request has been sent, if all has been but the last `unsent` bytes that were written.
  [[nodiscard]] bool was_sent(const Http2Stream& stream, std::size_t unsent) const noexcept {
    return stream.is_sent && bytes_out_ - unsent > stream.begins_at;
  }
  /// Something has come since the request was submitted, whatever it was about.
  [[nodiscard]] bool came_since(const Http2Stream& stream) const noexcept {
    return bytes_in_ > stream.came_before;
  }
  /// The bytes of frames that belong to no request, since the last call.
  struct Spare {
    std::uint64_t in = 0;
    std::uint64_t out = 0;
  };
  Spare take_spare() noexcept;

 private:
  struct Deleter {
    void operator()(nghttp2_session* session) const noexcept { nghttp2_session_del(session); }
  };
  /// A request whose HEADERS frame is not made yet.
  struct Unsent {
    std::int32_t id;
    Http2Stream* stream;  // null: cancelled
  };
  struct Callbacks;  // of nghttp2

  int on_frame_begun(const nghttp2_frame_hd& head) noexcept;
  void on_frame(const nghttp2_frame& frame) noexcept;
  int on_field(const nghttp2_frame& frame, std::string_view name, std::string_view value) noexcept;
  void on_bad_frame(const nghttp2_frame& frame, int why) noexcept;
  void on_sent(const nghttp2_frame& frame) noexcept;
  void on_not_sent(const nghttp2_frame& frame, int why) noexcept;
  void on_body(std::int32_t id, std::string_view bytes) noexcept;
  void on_closed(std::int32_t id, std::uint32_t code) noexcept;
  Http2Stream* take_unsent(std::int32_t id) noexcept;
  void on_head(Http2Stream& stream, bool ends) noexcept;
  void on_end(Http2Stream& stream) noexcept;
  void on_goaway(const nghttp2_goaway& frame) noexcept;
  void fail(Http2Stream& stream, std::uint32_t code) noexcept;
  int break_off(Errc code, std::string_view message) noexcept;
  void reset(Http2Stream& stream, Errc code, const char* message) noexcept;
  [[nodiscard]] Http2Stream* find(std::int32_t id) noexcept;

  std::unique_ptr<nghttp2_session, Deleter> session_;
  User& user_;
  std::vector<Unsent> unsent_;  // in the order of their identifiers
  std::size_t first_unsent_ = 0;
  std::vector<nghttp2_nv> copied_;  // fields of a request that nghttp2 has to copy
  std::size_t streams_ = 0;
  std::size_t most_streams_ = 0;
  std::uint64_t bytes_in_ = 0;
  std::uint64_t bytes_out_ = 0;
  std::uint64_t unassigned_out_ = 0;  // written, and not yet known to which stream it belongs
  Spare spare_;
  std::size_t idle_frames_ = 0;  // in a row, that brought nothing
  std::size_t block_bytes_ = 0;  // of the head that is being received
  std::uint32_t continuations_ = 0;
  std::int32_t found_id_ = 0;  // the stream that was looked for last; 0: none
  Http2Stream* found_ = nullptr;
  std::int32_t sent_on_ = -1;        // the stream of the frame that was made last
  std::int32_t last_processed_ = 0;  // by GOAWAY
  bool is_ready_ = false;
  bool is_ending_ = false;
  bool is_broken_ = false;
  bool has_goaway_ = false;
  Errc fault_ = Errc::bad_response;
  std::string message_;
  std::string_view reason_;
};

}  // namespace leat::load
