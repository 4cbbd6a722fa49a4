#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/async/clock.hpp"
#include "engine/async/task.hpp"
#include "engine/http/gate/host_gate.hpp"
#include "engine/http/message/request.hpp"
#include "engine/http/message/response.hpp"
#include "engine/http/performer.hpp"
#include "engine/io/segment_file.hpp"
#include "pipelines/flow/run_context.hpp"
#include "pipelines/options/fetch_settings.hpp"
#include "pipelines/stages/network/record_body.hpp"

namespace leat::pipelines {

/// One record's body in segments: over several connections, and from all of its URLs, at once.
///
/// The first request asks for all of it. If its answer shows that the server has ranges, a version that can
/// be told apart from others, and enough bytes, the file is laid out in pieces: this transfer goes on with
/// the first one, and with those behind it for as long as nobody else has them; others start at the end. If
/// not, the answer is the body, as if nobody had thought of segments. All pieces are of the version of the
/// first answer, by If-Range, ETag or Last-Modified, and total: a server that answers otherwise is asked no
/// more; where that leaves none, all begins afresh, at last without segments. Where servers refuse pieces,
/// the whole is asked for, and what there is is kept until that begins. What an earlier run has left is gone
/// on with.
///
/// A slot of the gate is held by each transfer, never while a server is waited for, so that one slot in all
/// is enough. A piece that fails is left to whichever server is ready first. Once the run stops no request is
/// made any more, and what has come stays to be gone on with. Loop thread only, sinks on the threads of their
/// transfers; whatever runs is cancelled and gone when `run` ends. Outlives it.
class Segments {
 public:
  struct Result {
    Result() = default;
    leat::Result<http::Response> answer = Error(Errc::cancelled, "no URL was asked");
    bool split = false;  // its retries, and its mirrors, are behind it; else it is the answer of one attempt
    bool whole = false;  // all of it is in the body's file
    int retries = 0;     // requests made again
  };

  /// Who hears of every answer for a piece, and says how long its server is to be left alone; nothing: the
  /// piece has been tried often enough there. `retries`, so far, is his to count.
  using Judge = std::function<std::optional<async::Duration>(const std::string& url,
                                                             const leat::Result<http::Response>& answer,
                                                             int& retries, async::Duration elapsed)>;

  /// Everything outlives this.
  Segments(const FetchArgs& args, RunContext& context, http::Performer& performer, http::HostGate& gate,
           RecordBody& body, Judge judge);
  Segments(const Segments&) = delete;
  Segments& operator=(const Segments&) = delete;
  ~Segments();

  /// `request` with each of the URLs, the first of which has its slot already.
  async::Task<Result> run(const http::Request& request, std::vector<std::string> urls,
                          http::HostGate::Slot first);

 private:
  struct Server;
  struct Shared;
  class Lane;
  class Replacing;

  async::Task<void> work();
  async::Task<void> fill();
  async::Task<void> finish();
  async::Task<void> ask(const http::RangeRequest* range);
  async::Task<void> ask_in_place();
  async::Task<void> end_lanes();
  [[nodiscard]] static Error given_up();
  static async::Task<void> watch(std::shared_ptr<Shared> shared, async::Event& ending);
  void start_lanes();
  void start_over();
  [[nodiscard]] Server* pick();
  [[nodiscard]] bool is_over() const noexcept;
  [[nodiscard]] std::size_t most_pieces() const noexcept;
  [[nodiscard]] bool has_others(const Server& server) const noexcept;
  [[nodiscard]] bool is_other_version() const noexcept;
  [[nodiscard]] bool is_refused() const noexcept;
  void take(Server& server, std::size_t piece, leat::Result<http::Response> answer);

  const FetchArgs& args_;
  RunContext& context_;
  http::Performer& performer_;
  http::HostGate& gate_;
  RecordBody& body_;
  Judge judge_;
  const http::Request* request_ = nullptr;
  http::HostGate::Slot first_;
  std::size_t part_ = 0;  // of the record, as of that slot
  std::vector<Server> servers_;
  std::vector<std::unique_ptr<Lane>> lanes_;
  std::shared_ptr<Shared> shared_;
  async::TaskHandle<void> watching_;
  std::unique_ptr<io::SegmentFile> file_;               // made by the first transfer, or found
  std::vector<int> retries_;                            // of each piece
  std::optional<http::Response> response_;              // of a piece that came well
  std::optional<leat::Result<http::Response>> whole_;   // of a first request that was not split
  std::optional<leat::Result<http::Response>> failed_;  // the last one that was
  std::uint64_t resumed_from_ = 0;
  async::TimePoint started_;
  bool is_spread_ = false;   // all connections have been begun
  bool is_plain_ = false;    // ranges have been answered wrongly
  bool fatal_ = false;       // no server can help
  bool is_refused_ = false;  // a server will not give a piece
  Result result_;
};

}  // namespace leat::pipelines
