#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/async/event.hpp"
#include "engine/http/message/body_decoder.hpp"
#include "engine/http/message/pausable_transfer.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/performer.hpp"
#include "engine/io/unpacker.hpp"
#include "pipelines/flow/births.hpp"
#include "pipelines/flow/stage.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/stages/network/body_items.hpp"

namespace leat::pipelines {

class RecordBody;

/// The body of one record's answer whose items become records while it comes; see BodyItems.
///
/// The bytes go through the RecordBody first, which counts them and knows whether they are an answer's at
/// all. A transfer pauses while kMostWaiting bytes are here, so that a slow reader costs no memory. When it
/// has ended, well or ill, all items that came whole have been sent.
///
/// What was sent is not taken back: a request is sent again after that only where the items are events and
/// the server has given the last of them an id, which the request then names. Loop thread only.
class StreamedBody final : public http::BodySink {
 public:
  static constexpr std::size_t kMostWaiting = 64 * 1024;

  /// All arguments outlive it. `maker` is the number of the stage, whose name is `stage`.
  StreamedBody(const FetchArgs& args, RecordBody& body, Record& record, Births& births, std::uint64_t maker,
               const char* stage, RecordSender& out);
  StreamedBody(const StreamedBody&) = delete;
  StreamedBody& operator=(const StreamedBody&) = delete;
  /// Gives the record its own header fields back.
  ~StreamedBody() override;

  /// Has the next request ask for what comes after the last event, if there is one.
  void ask();
  /// Makes one attempt, and sends what comes of it. Once at a time.
  async::Task<Result<http::Response>> receive(http::Performer& performer);

  /// Whether another attempt would give nothing a second time.
  [[nodiscard]] bool may_ask_again() const noexcept;
  /// How long the server wants to be left alone before that.
  [[nodiscard]] async::Duration reconnection_time() const noexcept;
  /// Whether the last answer was one whose body becomes records: one of success.
  [[nodiscard]] bool took_answer() const noexcept { return taking_; }
  /// How many records it has become.
  [[nodiscard]] std::uint32_t made() const noexcept { return made_; }

  void moved(const std::string& url) override { url_ = url; }
  Status begin(const http::ResponseHead& head) override;
  Status write(std::string_view bytes) override;
  bool is_full(http::PausableTransfer& transfer) override;

 private:
  class AtEnd;
  async::Task<Result<http::Response>> perform(http::Performer& performer);
  async::Task<void> send_items();
  async::Task<bool> send_all_of(std::string chunk, bool at_end);
  [[nodiscard]] Status unpack(std::string_view bytes);
  [[nodiscard]] Status finish_unpacking();
  [[nodiscard]] Status check_type(const http::ResponseHead& head) const;
  void end_sending() noexcept;
  void go_on() noexcept;

  const FetchArgs& args_;
  RecordBody& body_;
  Record& record_;
  Births& births_;
  const std::uint64_t maker_;
  RecordSender& out_;
  const std::vector<std::string> headers_;  // the record's own
  BodyItems items_;
  http::BodyDecoder decoder_;
  io::Unpacker unpacker_;  // of what is packed although no Content-Encoding says so
  std::string url_;        // where the answer comes from
  std::string waiting_;    // bytes that nobody has looked at
  http::PausedTransfers paused_;
  std::optional<async::Event> arrived_;  // bytes, or the end
  std::optional<async::Event> sent_;     // all that there will be
  std::uint32_t made_ = 0;
  bool taking_ = false;  // the bytes of this answer
  bool ended_ = false;   // no more bytes come
  bool whole_ = false;   // and none is missing
  bool unwanted_ = false;
};

}  // namespace leat::pipelines
