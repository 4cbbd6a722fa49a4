// Throws any bytes at the load's HTTP/2 session, as if a server had sent them. For example:
//
//     cmake --preset asan -B build/fuzz -DLEAT_FUZZ=ON && cmake --build build/fuzz --target http2_fuzz
//     build/fuzz/tests/fuzz/http2_fuzz -max_total_time=600 /tmp/found tests/fuzz/corpus/http2
//
// The first byte says how the rest is split, and how many requests are under way; the second, which of them
// are cancelled. Each request must end once, no count may be more than there were bytes, and what is to be
// sent in answer must not grow without end.

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "engine/load/http2_session.hpp"

namespace {

using namespace leat::load;

constexpr std::size_t kMostAnswer = 1024 * 1024;

void require(bool holds) {
  if (!holds) std::abort();
}

/// A client with eight places for requests, each of which sends its next one when the last has ended.
class Client final : public Http2Session::User {
 public:
  Client() : session_(*this) {
    get_.assign("GET / HTTP/1.1\r\nHost: h\r\n\r\n", "http");
    post_.assign("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello", "http");
    flush();
  }
  void feed(std::string_view bytes) {
    const bool goes_on = session_.feed(bytes);
    flush();
    if (goes_on) submit();
    flush();
    for (const Stream& stream : streams_) require(stream.body_bytes <= session_.bytes_in());
  }
  void cancel(std::size_t place) {
    Stream& stream = streams_[place % streams_.size()];
    session_.cancel(stream);
    stream.is_under_way = false;
    flush();
  }

 private:
  struct Stream final : Http2Stream {
    bool is_under_way = false;
  };
  void end(Http2Stream& ended) {
    auto& stream = static_cast<Stream&>(ended);
    require(stream.is_under_way);
    require(stream.id == 0);
    stream.is_under_way = false;
    submit();  // as a driver does, from inside the call
  }
  void submit() {
    for (Stream& stream : streams_) {
      if (stream.is_under_way || !session_.has_room() || ++requests_ > 10'000) continue;
      stream.is_under_way = true;
      const Http2Request& request = &stream == &streams_[0] ? post_ : get_;
      if (!session_.submit(stream, request, (requests_ & 1U) != 0)) stream.is_under_way = false;
    }
  }
  void flush() {
    for (;;) {
      out_.clear();
      session_.write(out_, 16 * 1024);
      if (out_.empty()) return;
      written_ += out_.size();
      require(written_ < kMostAnswer + 64 * session_.bytes_in());
    }
  }
  void on_begun(Http2Stream& stream) noexcept override { require(static_cast<Stream&>(stream).is_under_way); }
  void on_answer(Http2Stream& stream) noexcept override {
    require(stream.status >= 200 && stream.status <= 999);
    end(stream);
  }
  void on_failed(Http2Stream& stream, leat::Errc, std::string_view message) noexcept override {
    require(!message.empty());
    end(stream);
  }
  void on_unprocessed(Http2Stream& stream) noexcept override { end(stream); }

  Http2Request get_;
  Http2Request post_;
  std::array<Stream, 8> streams_;
  std::size_t requests_ = 0;
  std::size_t written_ = 0;
  std::string out_;
  Http2Session session_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data) + 2, size - 2);
  const std::size_t step = 1 + (data[0] >> 1);
  Client client;
  if ((data[0] & 1) != 0) client.feed(std::string_view("\0\0\0\4\0\0\0\0\0", 9));  // SETTINGS
  std::size_t pieces = 0;
  for (std::string_view rest = bytes; !rest.empty(); ++pieces) {
    client.feed(rest.substr(0, step));
    rest.remove_prefix(std::min(step, rest.size()));
    if (data[1] != 0 && pieces % data[1] == 1) client.cancel(pieces);
  }
  return 0;
}
